import { describe, expect, it } from 'vitest';
import { namesOf } from '../support/answers.js';
import { gatewayWith } from '../support/gateway.js';
import { type Person, PLATFORM, type Spot, SYSTEM } from '../support/world.js';

const PERMITS = ['form:read', 'config:read', 'role:read', 'permission:read', 'scopeType:read'];

/** What lives at the root of its organization. */
const PEOPLE = ['user:read', 'team:read', 'organization:read'];

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const wall = await world.scopeType(a, 'DEFINE');
  const strange = await world.scopeType(a, 'INHERIT');
  const spots: Record<string, Spot> = { root: a, platform: PLATFORM };
  const add = async (name: string, parent: Spot, type?: Parameters<typeof world.scope>[2]) => {
    const spot = await world.scope(parent, name, type);
    spots[name] = spot;
    return spot;
  };
  const workspace = await add('workspace', a, 'Workspace');
  const project = await add('project', workspace);
  await add('environment', project, 'Environment');
  const sibling = await add('sibling', workspace);
  const vault = await add('vault', a, wall);
  await add('in vault', vault, wall);
  await add('strange', a, strange);
  for (const [name, at] of Object.entries(spots)) {
    await world.row('form', at, name, { access: 'ROLE_BASED' });
    await world.row('config', at, name);
  }
  const holder = async (at: Spot, permits = PERMITS) => world.manager(a, permits, { at });
  const atPlatform = await world.user(a, 'at platform');
  await world.hold(atPlatform, SYSTEM.Viewer, PLATFORM);
  const people: Record<string, Person> = {
    root: await holder(a),
    workspace: await holder(workspace),
    project: await holder(project),
    vault: await holder(vault),
    'people at root': await holder(a, PEOPLE),
    'people at project': await holder(project, PEOPLE),
    writer: await holder(
      a,
      PERMITS.map((permit) => permit.replace(':read', ':update')),
    ),
    'at platform': atPlatform,
  };
  return { ...{ a, wall, sibling, people } };
});

async function list(who: string, kind: 'forms' | 'configs' = 'forms'): Promise<string[]> {
  const name = kind === 'forms' ? 'name' : 'key';
  const { data } = await shared.ask(
    shared.w.people[who]?.email ?? '',
    `{ list: ${kind}(first: 200) { totalCount edges { node { ${name} } } } }`,
  );
  const names = namesOf(data.list);
  expect(data.list.totalCount).toBe(names.length);
  return names;
}

const BELOW_ROOT = ['environment', 'project', 'root', 'sibling', 'workspace'];

describe('D8: a grant', () => {
  it('is inherited downwards, through everything that merges', async () => {
    expect(await list('root')).toEqual(BELOW_ROOT);
    expect(await list('workspace')).toEqual(['environment', 'project', 'sibling', 'workspace']);
  });

  it('flows neither upwards nor sideways', async () => {
    expect(await list('project')).toEqual(['environment', 'project']);
  });

  it('below the root does not reach the people, the teams and the organization there', async () => {
    await shared.world.team(shared.w.a, shared.w.people.root as Person, []);
    const source = '{ users { totalCount } teams { totalCount } organizations { totalCount } }';
    const counts = async (who: string) => {
      const { data } = await shared.ask(shared.w.people[who]?.email ?? '', source);
      return Object.values<{ totalCount: number }>(data).map(({ totalCount }) => totalCount > 0);
    };
    expect(await counts('people at root')).toEqual([true, true, true]);
    expect(await counts('people at project')).toEqual([false, false, false]);
  });

  it('ends at a DEFINE boundary, from outside and again inside', async () => {
    for (const who of ['root', 'workspace']) expect(await list(who)).not.toContain('vault');
    expect(await list('vault')).toEqual(['vault']);
  });

  it('a stored mode that nobody knows counts as DEFINE', async () => {
    expect(await list('root')).not.toContain('strange');
    const { data } = await shared.ask(
      shared.w.people.root?.email ?? '',
      '{ scopeTypes { edges { node { name permissionMode } } } }',
    );
    const modes = data.scopeTypes.edges.map(
      ({ node }: { node: { permissionMode: string } }) => node.permissionMode,
    );
    expect(new Set(modes)).toEqual(new Set(['DEFINE', 'MERGE']));
    expect(modes.filter((mode: string) => mode === 'MERGE')).toHaveLength(3);
  });

  it('follows a type whose mode is flipped, at the next request', async () => {
    const { wall } = shared.w;
    const flip = (permissionMode: string) =>
      shared.world.client.scopeType.update({ where: { id: wall.id }, data: { permissionMode } });
    await flip('MERGE');
    expect(await list('root')).toEqual([...BELOW_ROOT, 'in vault', 'vault'].sort());
    expect(await list('vault')).toEqual(['in vault', 'vault']);
    await flip('DEFINE');
    expect(await list('root')).toEqual(BELOW_ROOT);
    expect(await list('vault')).toEqual(['vault']);
  });

  it('follows a scope that is moved, at the next request', async () => {
    const { sibling, a } = shared.w;
    const { client } = shared.world;
    const before = await client.scope.findUniqueOrThrow({ where: { id: sibling.id } });
    const move = (parentId: string | null) =>
      client.scope.update({ where: { id: sibling.id }, data: { parentId } });
    await move(a.scopeId);
    expect(await list('workspace')).not.toContain('sibling');
    expect(await list('root')).toContain('sibling');
    await move(before.parentId);
    expect(await list('workspace')).toContain('sibling');
  });

  it('that is taken back is gone at the next request', async () => {
    const { world, w } = shared;
    const user = await world.manager(w.a, ['form:read']);
    w.people.former = user;
    expect(await list('former')).toEqual(BELOW_ROOT);
    await world.client.membership.deleteMany({ where: { userId: user.id } });
    expect(await list('former')).toEqual([]);
  });
});

describe('D8: global rows', () => {
  const GLOBALS = /* GraphQL */ `
    {
      forms(scope: null) { totalCount }
      configs(scope: null) { totalCount }
      roles(scope: null) { totalCount }
      permissions(scope: null) { totalCount }
      scopeTypes(scope: null) { totalCount }
    }
  `;
  const reads = async (who: string) => {
    const { data } = await shared.ask(shared.w.people[who]?.email ?? '', GLOBALS);
    const counts = Object.entries(data as Record<string, { totalCount: number }>);
    return counts.flatMap(([kind, { totalCount }]) => (totalCount > 0 ? [kind] : []));
  };

  it('configs, roles, permissions and types are read by a read grant at the root', async () => {
    expect(await reads('root')).toEqual(['configs', 'roles', 'permissions', 'scopeTypes']);
  });

  it('and by none below it, nor by a grant to change them', async () => {
    expect(await reads('workspace')).toEqual([]);
    expect(await reads('project')).toEqual([]);
    expect(await reads('writer')).toEqual([]);
  });

  it('all else needs a grant at the platform root', async () => {
    expect(await reads('at platform')).toEqual([
      'forms',
      'configs',
      'roles',
      'permissions',
      'scopeTypes',
    ]);
    // Which does not flow into a tenant.
    expect(await list('at platform')).toEqual(['platform']);
    expect(await list('at platform', 'configs')).toEqual(['platform']);
  });
});
