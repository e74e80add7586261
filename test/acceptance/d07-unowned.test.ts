import { describe, expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';
import { mutate } from '../support/mutate.js';
import { type Person, PLATFORM, type RowKind, SYSTEM } from '../support/world.js';

const KINDS: readonly RowKind[] = ['form', 'workflow', 'agent', 'app', 'config'];
const ACTIONS = ['read', 'create', 'update', 'delete', 'transfer'];
const OF_FORMS = [...ACTIONS, 'share'].map((action) => `form:${action}`);

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const b = await world.organization('B');
  const project = await world.scope(a, 'Project');
  const vault = await world.scope(a, 'Vault', await world.scopeType(a, 'DEFINE'));
  const owner = await world.user(a, 'owner');
  await world.hold(owner, SYSTEM.Owner, a);
  const admin = await world.user(b, 'admin', { isPlatformAdmin: true });
  const forms = await world.manager(a, [...OF_FORMS, 'user:read']);
  const named = await world.manager(a, ['form:read', 'form:transfer:form of root']);
  const own = await world.manager(a, OF_FORMS, { dataAccess: 'OWN_DATA' });
  const below = await world.manager(a, OF_FORMS, { at: project });
  const reader = await world.manager(a, ['form:read', 'workflow:read']);
  const plain = await world.user(a, 'plain');
  const team = await world.team(a, owner, []);
  // By name: what is nobody's.
  const unowned: Record<string, string> = {};
  const spots = { root: a, project, vault, foreign: b, global: PLATFORM };
  for (const [spot, at] of Object.entries(spots)) {
    for (const kind of KINDS) {
      const name = `${kind} of ${spot}`;
      unowned[name] = (await world.row(kind, at, name)).id;
    }
  }
  for (const kind of KINDS) {
    await world.row(kind, a, `${kind} of somebody`, { owner });
    await world.row(kind, a, `${kind} of a team`, { team });
  }
  // Whoever made it is not who owns it; and a nearer one shadows it.
  unowned['form by somebody'] = (await world.row('form', a, 'shadowed', { by: plain })).id;
  await world.row('form', project, 'shadowed', { owner });
  const people = { owner, admin, forms, named, own, below, reader, plain };
  return { a, b, project, ...people, unowned };
});

type Who = 'owner' | 'admin' | 'forms' | 'named' | 'own' | 'below' | 'reader' | 'plain';

const LIST = `query ($first: Int, $after: String, $last: Int, $before: String, $scope: ID, $across: Boolean) {
  unownedRows(first: $first, after: $after, last: $last, before: $before, scope: $scope, acrossOrganizations: $across) {
    totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { node { __typename id ... on Form { name owner { id } } ... on App { slug } } }
  }
}`;

const nameOf = (id: string) =>
  Object.entries(shared.w.unowned).find(([, one]) => one === id)?.[0] ?? id;

async function page(who: Who, variables: object = {}) {
  const { email } = shared.w[who] as Person;
  const { data, errors } = await shared.ask(email, LIST, variables as Record<string, unknown>);
  expect(errors).toEqual([]);
  const { edges, totalCount, pageInfo } = data.unownedRows;
  const nodes = edges.map(({ node }: { node: { id: string } }) => node);
  return { nodes, names: nodes.map(({ id }: { id: string }) => nameOf(id)), totalCount, pageInfo };
}

const ofSpots = (kinds: readonly string[], ...spots: string[]) =>
  kinds.flatMap((kind) => spots.map((spot) => `${kind} of ${spot}`));

describe('D7: rows of nobody', () => {
  it.each<[Who, object, () => string[]]>([
    ['owner', {}, () => [...ofSpots(KINDS, 'root', 'project'), 'form by somebody']],
    ['forms', {}, () => ['form of root', 'form of project', 'form by somebody']],
    ['named', {}, () => ['form of root']],
    ['below', {}, () => ['form of project']],
    // Nobody's are written with ALL_DATA alone.
    ['own', {}, () => []],
    ['reader', {}, () => []],
    ['plain', {}, () => []],
    ['admin', {}, () => ofSpots(KINDS, 'foreign', 'global')],
    ['admin', { scope: null }, () => ofSpots(KINDS, 'global')],
    [
      'admin',
      { across: true },
      () => [
        ...ofSpots(KINDS, 'root', 'project', 'vault', 'foreign', 'global'),
        'form by somebody',
      ],
    ],
  ])('%s is told of them in %j', async (who, variables, expected) => {
    const { names, totalCount } = await page(who, variables);
    expect([...names].sort()).toEqual(expected().sort());
    expect(totalCount).toBe(names.length);
  });

  it('at a scope: of its chain', async () => {
    const { names } = await page('owner', { scope: shared.w.project.id });
    expect([...names].sort()).toEqual(
      [...ofSpots(KINDS, 'root', 'project'), 'form by somebody'].sort(),
    );
  });

  it('are of their types, with their fields', async () => {
    const { nodes } = await page('forms');
    expect(nodes).toEqual(
      expect.arrayContaining([
        {
          __typename: 'Form',
          id: shared.w.unowned['form of root'],
          name: 'form of root',
          owner: null,
        },
      ]),
    );
    const { nodes: all } = await page('owner');
    expect(new Set(all.map((node: { __typename: string }) => node.__typename))).toEqual(
      new Set(['Form', 'Workflow', 'Agent', 'App', 'Config']),
    );
  });

  it.each([1, 2, 3, 7])('are paged by %i, forwards and backwards, each once', async (size) => {
    const { names: all } = await page('owner');
    const forwards: string[] = [];
    for (let after: string | null = null; ; ) {
      const { names, pageInfo } = await page('owner', { first: size, after });
      forwards.push(...names);
      if (!pageInfo.hasNextPage) break;
      after = pageInfo.endCursor;
    }
    const backwards: string[] = [];
    for (let before: string | null = null; ; ) {
      const { names, pageInfo } = await page('owner', { last: size, before });
      backwards.unshift(...names);
      if (!pageInfo.hasPreviousPage) break;
      before = pageInfo.startCursor;
    }
    expect(forwards).toEqual(all);
    expect(backwards).toEqual(all);
  });
});

describe('D7: rows of nobody are given to somebody', () => {
  const transfer = (who: Who, forms: readonly object[]) =>
    mutate(
      shared,
      (shared.w[who] as Person).email,
      'transferForms',
      { forms },
      'forms { name owner { id } }',
    );
  const to = (name: string, owner: string) => ({ id: shared.w.unowned[name], owner });

  it('all or none, naming the one at fault', async () => {
    const { plain } = shared.w;
    const before = await page('owner');
    const refused = await transfer('forms', [
      to('form of root', plain.id),
      to('form of vault', plain.id),
    ]);
    expect(refused).toMatchObject({
      answer: null,
      // It is open to everybody, and so there; it is no manager's of the root.
      code: 'FORBIDDEN',
      issues: [{ path: ['forms', 1] }],
    });
    const nobody = await transfer('forms', [{ id: shared.w.unowned['form of root'], owner: null }]);
    expect(nobody).toMatchObject({
      code: 'BAD_USER_INPUT',
      issues: [{ path: ['forms', 0, 'owner'] }],
    });
    expect(await page('owner')).toEqual(before);
    const given = await transfer('owner', [
      to('form of root', plain.id),
      to('form of project', plain.id),
    ]);
    expect(given).toMatchObject({
      code: undefined,
      answer: { forms: [{ owner: { id: plain.id } }, { owner: { id: plain.id } }] },
    });
    const { names } = await page('owner');
    expect(names).not.toContain('form of root');
    expect(names).not.toContain('form of project');
    const recorded = await shared.world.client.auditEntry.count({
      where: { action: 'form:transfer', outcome: 'PERMITTED' },
    });
    expect(recorded).toBe(2);
  });

  it('500 at most at once', async () => {
    const many = Array.from({ length: 501 }, () => to('form by somebody', shared.w.plain.id));
    expect(await transfer('owner', many)).toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});
