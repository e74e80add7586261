import { describe, expect, it } from 'vitest';
import { nodesOf } from '../support/answers.js';
import { gatewayWith } from '../support/gateway.js';
import { type Identified, type Person, PLATFORM } from '../support/world.js';

type Kind = 'form' | 'workflow' | 'agent' | 'app';
const KINDS: readonly Kind[] = ['form', 'workflow', 'agent', 'app'];

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const workspace = await world.scope(a, 'workspace', 'Workspace');
  const project = await world.scope(workspace, 'project');
  const environment = await world.scope(project, 'environment', 'Environment');
  const sibling = await world.scope(workspace, 'sibling');
  const vault = await world.scope(a, 'vault', await world.scopeType(a, 'DEFINE'));
  const x = await world.role(a, [], { name: 'x' });
  const namesake = await world.role(project, [], { name: 'x' });
  const z = await world.role(a, [], { name: 'z' });
  const globalX = await world.role(PLATFORM, [], { name: 'x' });
  const bound = { access: 'ROLE_BASED', roles: [x, globalX] };
  const rows = [
    ['root', a, bound],
    ['workspace', workspace, bound],
    ['project', project, bound],
    ['environment', environment, bound],
    ['sibling', sibling, bound],
    ['vault', vault, bound],
    ['global', PLATFORM, { access: 'ROLE_BASED', roles: [globalX] }],
    ['two roles', a, { access: 'ROLE_BASED', roles: [z, x] }],
    ['no roles', a, { access: 'ROLE_BASED' }],
    ['null', a, { access: null, roles: [x] }],
    ['unknown', a, { access: 'EVERYONE', roles: [x] }],
    ['lower case', a, { access: 'authenticated', roles: [x] }],
    ['inactive', a, { inactive: true }],
    ['inactive x', a, { ...bound, inactive: true }],
    ['open', a, { roles: [x] }],
  ] as const;
  for (const kind of KINDS) {
    for (const [name, at, options] of rows) await world.row(kind, at, name, options);
  }
  await world.row('agent', a, 'private', { access: 'PRIVATE', roles: [x] });
  await world.row('agent', PLATFORM, 'global private', { access: 'PRIVATE' });

  const holder = async (role: Identified, at = a) => {
    const user = await world.user(a, 'holder');
    await world.hold(user, role, at);
    return user;
  };
  const inTeam = await world.user(a, 'in team');
  const team = await world.team(a, inTeam, [inTeam]);
  await world.hold({ team }, x, a);
  const creator = await world.user(a, 'creator');
  await world.team(a, creator, []);
  return {
    people: {
      nobody: await world.user(a, 'nobody'),
      root: await holder(x),
      project: await holder(x, project),
      vault: await holder(x, vault),
      namesake: await holder(namesake, project),
      z: await holder(z),
      global: await holder(globalX),
      globalAtProject: await holder(globalX, project),
      inTeam,
      manager: await world.manager(
        a,
        KINDS.map((kind) => `${kind}:read`),
      ),
      admin: await world.user(a, 'admin', { isPlatformAdmin: true }),
    } satisfies Record<string, Person>,
    ...{ a, x, project },
  };
});

type Who = keyof typeof shared.w.people;
const OPEN = ['open'];

/** What somebody finds, in order: the rows that they may use, and those that they merely see. */
async function find(who: Who, kind: Kind) {
  const source = `{ list: ${kind}s(first: 200) { totalCount edges { node { name canUse } } } }`;
  const { data } = await shared.ask(shared.w.people[who].email, source);
  const rows = nodesOf<{ name: string; canUse: boolean }>(data.list);
  expect(data.list.totalCount).toBe(rows.length);
  const names = (canUse: boolean) =>
    rows.filter((row) => row.canUse === canUse).map(({ name }) => name);
  return { use: names(true), see: names(false) };
}

const use = (...names: string[]) => ({ use: [...names].sort(), see: [] });
const AT_ROOT = ['root', 'workspace', 'project', 'environment', 'sibling', 'two roles'];

describe.each(KINDS)('D6: the access level of a %s', (kind) => {
  it('AUTHENTICATED lets in everybody who is signed in', async () => {
    expect(await find('nobody', kind)).toEqual(use(...OPEN));
  });

  it('ROLE_BASED lets in who holds one of the roles there or above', async () => {
    expect(await find('root', kind)).toEqual(use(...OPEN, ...AT_ROOT));
    expect(await find('z', kind)).toEqual(use(...OPEN, 'two roles'));
  });

  it('a role held at a project opens nothing beside it and nothing above it', async () => {
    expect(await find('project', kind)).toEqual(use(...OPEN, 'project', 'environment'));
  });

  it('a role does not reach beyond a DEFINE boundary, and opens what is behind it if held there', async () => {
    expect((await find('root', kind)).use).not.toContain('vault');
    expect(await find('vault', kind)).toEqual(use(...OPEN, 'vault'));
  });

  it('a role is told by its id: one of the same name opens nothing', async () => {
    expect(await find('namesake', kind)).toEqual(use(...OPEN));
  });

  it('of a global row asks for the role at the root of the organization', async () => {
    expect(await find('global', kind)).toEqual(
      use(...OPEN, ...AT_ROOT.filter((name) => name !== 'two roles'), 'global'),
    );
    expect(await find('globalAtProject', kind)).toEqual(use(...OPEN, 'project', 'environment'));
  });

  it('a role held by a team lets in its members', async () => {
    expect(await find('inTeam', kind)).toEqual(use(...OPEN, ...AT_ROOT));
  });

  it('null, unknown and misspelt levels deny, to platform admins too; they still manage', async () => {
    const { use: used, see } = await find('admin', kind);
    const denied = ['inactive', 'inactive x', 'lower case', 'null', 'unknown'];
    expect(see).toEqual(
      kind === 'agent' ? ['global private', ...denied, 'private'].sort() : denied,
    );
    expect(used).toEqual([...OPEN, ...AT_ROOT, 'global', 'no roles', 'vault'].sort());
  });

  it('managing is not using: a manager sees, and may use what is open to everybody', async () => {
    const { use: used, see } = await find('manager', kind);
    expect(used).toEqual(OPEN);
    const closed = [
      ...AT_ROOT,
      'inactive',
      'inactive x',
      'lower case',
      'no roles',
      'null',
      'unknown',
    ];
    expect(see).toEqual([...closed, ...(kind === 'agent' ? ['private'] : [])].sort());
  });

  it('shows a level that this version does not know as null', async () => {
    const source = `{ list: ${kind}s(where: { name: { contains: "unknown" } }) { edges { node { accessLevel } } } }`;
    const { data, errors } = await shared.ask(shared.w.people.manager.email, source);
    expect(nodesOf(data.list)).toEqual([{ accessLevel: null }]);
    expect(errors).toEqual([]);
  });
});

describe('D6: PRIVATE', () => {
  it('hides an agent from all but its managers, and is used by nobody', async () => {
    const source = '{ agentByName(name: "private") { canUse accessLevel } }';
    for (const who of ['nobody', 'root', 'inTeam'] as const) {
      const { data } = await shared.ask(shared.w.people[who].email, source);
      expect(data.agentByName).toBeNull();
    }
    for (const who of ['manager', 'admin'] as const) {
      const { data } = await shared.ask(shared.w.people[who].email, source);
      expect(data.agentByName).toEqual({ canUse: false, accessLevel: 'PRIVATE' });
    }
  });
});

describe('D6: a role that an override disables', () => {
  it('opens nothing from the next request on', async () => {
    const { a, x, people } = shared.w;
    expect((await find('root', 'form')).use).toContain('root');
    const data = { scopeId: a.scopeId, organizationId: a.id, roleId: x.id, state: 'disabled' };
    const override = await shared.world.client.scopeOverride.create({ data });
    expect(await find('root', 'form')).toEqual(use(...OPEN));
    await shared.world.client.scopeOverride.delete({ where: { id: override.id } });
    expect((await find('root', 'form')).use).toContain('root');
    expect(people.root).toBeDefined();
  });
});
