import { describe, expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';
import { NAME_OF, PLATFORM, type RowKind, type Spot, type World } from '../support/world.js';

const KINDS: readonly RowKind[] = ['form', 'workflow', 'agent', 'app', 'config'];
const LOOKUP: Record<RowKind, string> = {
  form: 'formByName',
  workflow: 'workflowByName',
  agent: 'agentByName',
  app: 'appBySlug',
  config: 'configByKey',
};
const PERMITS = KINDS.map((kind) => `${kind}:read`);
/** Denied to all but managers; a config is so anyway. */
const CLOSED = { access: 'ROLE_BASED' };

async function plantNames(world: World, kind: RowKind, spots: Record<string, Spot>) {
  const { platform, root, workspace, project, sibling } = spots as Record<string, Spot>;
  const put = (at: Spot | undefined, name: string, options = {}) =>
    world.row(kind, at as Spot, name, options);
  const closed = kind === 'config' ? {} : CLOSED;
  return {
    everywhere: {
      platform: await put(platform, 'everywhere'),
      root: await put(root, 'everywhere'),
      workspace: await put(workspace, 'everywhere'),
      project: await put(project, 'everywhere'),
      sibling: await put(sibling, 'everywhere'),
    },
    denied: {
      platform: await put(platform, 'denied'),
      root: await put(root, 'denied'),
      workspace: await put(workspace, 'denied', closed),
    },
    inactive: {
      platform: await put(platform, 'inactive'),
      root: await put(root, 'inactive', { inactive: true }),
    },
    below: { project: await put(project, 'below') },
    like: { platform: await put(platform, 'a_c') },
  };
}

const shared = gatewayWith(async (world) => {
  const root = await world.organization('A');
  const workspace = await world.scope(root, 'workspace', 'Workspace');
  const project = await world.scope(workspace, 'project');
  const sibling = await world.scope(workspace, 'sibling');
  const spots = { platform: PLATFORM, root, workspace, project, sibling };
  const names = {} as Record<RowKind, Awaited<ReturnType<typeof plantNames>>>;
  for (const kind of KINDS) names[kind] = await plantNames(world, kind, spots);
  const user = await world.user(root);
  // May read every config of the tenant but the denied one: a config has no access level.
  const configs = ['everywhere', 'inactive', 'below', 'a_c'].map((key) => `config:read:${key}`);
  await world.hold(user, await world.role(root, configs), root);
  const admin = await world.user(root, 'admin', { isPlatformAdmin: true });
  return { spots, names, user, admin, manager: await world.manager(root, PERMITS) };
});

type Who = 'user' | 'admin' | 'manager';

/** What a name means to somebody at a scope; `null` is the global tier, undefined no argument. */
async function lookUp(who: Who, kind: RowKind, name: string, scope?: string | null) {
  const source = `query ($name: String!, $scope: ID) {
    found: ${LOOKUP[kind]}(${NAME_OF[kind]}: $name${scope === undefined ? '' : ', scope: $scope'}) { id }
  }`.replace(', $scope: ID', scope === undefined ? '' : ', $scope: ID');
  const variables = { name, ...(scope === undefined ? {} : { scope }) };
  const { data, errors } = await shared.ask(shared.w[who].email, source, variables);
  expect(errors).toEqual([]);
  return data.found?.id ?? null;
}

describe.each(KINDS)('D2: looking up a %s by name', (kind) => {
  it.each(['project', 'workspace', 'root'] as const)('at the %s finds the nearest', async (at) => {
    const { spots, names } = shared.w;
    expect(await lookUp('user', kind, 'everywhere', spots[at].id)).toBe(
      names[kind].everywhere[at].id,
    );
  });

  it('without a scope walks from the root of the organization', async () => {
    const { names } = shared.w;
    expect(await lookUp('user', kind, 'everywhere')).toBe(names[kind].everywhere.root.id);
    expect(await lookUp('user', kind, 'below')).toBeNull();
  });

  it('with null stays in the global tier', async () => {
    const { names, spots } = shared.w;
    expect(await lookUp('user', kind, 'everywhere', null)).toBe(names[kind].everywhere.platform.id);
    expect(await lookUp('user', kind, 'below', spots.project.id)).toBe(
      names[kind].below.project.id,
    );
    expect(await lookUp('user', kind, 'below', null)).toBeNull();
  });

  it('compares exactly', async () => {
    const { names } = shared.w;
    expect(await lookUp('user', kind, 'a_c')).toBe(names[kind].like.platform.id);
    for (const name of ['A_C', 'abc', 'a_', '%', '', 'a_c ']) {
      expect(await lookUp('admin', kind, name)).toBeNull();
    }
  });

  it('never falls through a denied row to a farther one', async () => {
    const { spots, names } = shared.w;
    expect(await lookUp('user', kind, 'denied', spots.workspace.id)).toBeNull();
    expect(await lookUp('user', kind, 'denied', spots.project.id)).toBeNull();
    expect(await lookUp('manager', kind, 'denied', spots.project.id)).toBe(
      names[kind].denied.workspace.id,
    );
    // From the root the denied one is not on the way.
    const fromRoot = await lookUp('user', kind, 'denied', spots.root.id);
    expect(fromRoot).toBe(kind === 'config' ? null : names[kind].denied.root.id);
  });

  it('takes the nearest row although it is inactive', async () => {
    const { names } = shared.w;
    const { root } = names[kind].inactive;
    expect(await lookUp('manager', kind, 'inactive')).toBe(root.id);
    expect(await lookUp('admin', kind, 'inactive')).toBe(root.id);
    // A config is not used but managed, and so is seen while it is inactive.
    expect(await lookUp('user', kind, 'inactive')).toBe(kind === 'config' ? root.id : null);
  });

  it('cascades for platform admins too', async () => {
    const { spots, names } = shared.w;
    const { everywhere } = names[kind];
    expect(await lookUp('admin', kind, 'everywhere', spots.project.id)).toBe(everywhere.project.id);
    expect(await lookUp('admin', kind, 'everywhere', spots.sibling.id)).toBe(everywhere.sibling.id);
    expect(await lookUp('admin', kind, 'everywhere', null)).toBe(everywhere.platform.id);
  });

  it('by id does not cascade: a shadowed row is reached', async () => {
    const { names, user, admin } = shared.w;
    const source = `query ($ids: [ID!]!) { nodes(ids: $ids) { id } }`;
    const { root, workspace, project } = names[kind].everywhere;
    const ids = [root.id, workspace.id, project.id];
    for (const who of [user, admin]) {
      const { data } = await shared.ask(who.email, source, { ids });
      expect(data.nodes).toEqual(ids.map((id) => ({ id })));
    }
  });
});
