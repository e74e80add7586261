import { describe, expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';
import { SYSTEM } from '../support/world.js';

const NOBODY = '018f0000-0000-7000-8000-00000000dead';

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const viewer = await world.user(a, 'viewer');
  await world.hold(viewer, SYSTEM.Viewer, a);
  const b = await world.organization('B');
  const project = await world.scope(a, 'project', 'Project', { externalId: 'erp-7' });
  const names = Array.from({ length: 40 }, (_, index) => `app-${index}`);
  const apps = [];
  for (const name of names) apps.push(await world.row('app', project, name));
  return {
    ...{ a, b, project, viewer, apps, names },
    // Uses every app of the organization, and may read no scope.
    user: await world.user(a, 'user'),
    // The same, but for the scopes.
    reader: await world.manager(a, ['scope:read']),
    keeper: await world.manager(a, ['config:read', 'scope:read', 'organization:read']),
    root: await world.row('app', a, 'app-0'),
    config: await world.row('config', project, 'theme'),
    shut: await world.row('app', project, 'shut', { access: 'ROLE_BASED' }),
    other: await world.row('app', b, 'app-0'),
    elsewhere: await world.scope(b, 'elsewhere', 'Project', { externalId: 'erp-7' }),
  };
});

const ENTITIES = /* GraphQL */ `
  query ($of: [_Any!]!) {
    _entities(representations: $of) {
      __typename
      ... on App { id slug scope { id } }
      ... on Config { id key }
      ... on Scope { id externalId }
    }
  }
`;
type Representation = Readonly<Record<string, unknown>>;
const ask = (of: readonly Representation[], who = shared.w.viewer, headers = {}) =>
  shared.ask(who.email, ENTITIES, { of }, headers);
const idsOf = async (...asked: Parameters<typeof ask>) => {
  const { data, errors } = await ask(...asked);
  expect(errors).toEqual([]);
  return data._entities.map((one: { id: string } | null) => one?.id ?? null);
};

const app = (scope: unknown, slug: unknown): Representation => ({
  __typename: 'App',
  scope: { id: scope },
  slug,
});
const config = (scope: unknown, key: unknown): Representation => ({
  __typename: 'Config',
  scope: { id: scope },
  key,
});
const scope = (organization: unknown, externalId: unknown): Representation => ({
  __typename: 'Scope',
  organization: { id: organization },
  externalId,
});

describe('an entity by its natural key', () => {
  it('is the row that has it, in the order asked for, beside others by id', async () => {
    const { a, project, root, apps, config: theme, keeper } = shared.w;
    const of = [
      app(project.id.toUpperCase(), 'app-3'),
      { __typename: 'App', id: apps[0]?.id },
      app(a.scopeId, 'app-0'),
      app(project.id, 'app-0'),
      app(project.id, 'app-3'),
      scope(a.id, 'erp-7'),
      config(project.id, 'theme'),
    ];
    const [three, zero] = [apps[3]?.id, apps[0]?.id];
    const all = [three, zero, root.id, zero, three, project.id, theme.id];
    expect(await idsOf(of, keeper)).toEqual(all);
    // D4: wherever the caller could act, whatever the place is.
    expect(await idsOf(of, keeper, { 'x-heimdall-scope': 'global' })).toEqual(all);
  });

  it('is what the list finds by the same words, to each caller', async () => {
    const { project, a, b, user, viewer, keeper } = shared.w;
    const source = /* GraphQL */ `
      query ($scope: ID!, $slug: String!) {
        apps(where: { scope: { is: { id: { eq: $scope } } }, slug: { eq: $slug } }) {
          edges { node { id } }
        }
      }
    `;
    const found: number[] = [];
    for (const who of [user, viewer, keeper]) {
      for (const [at, slug] of [
        [project.id, 'app-1'],
        [project.id, 'shut'],
        [a.scopeId, 'app-0'],
        [b.scopeId, 'app-0'],
      ] as const) {
        const { data } = await shared.ask(who.email, source, { scope: at, slug });
        const [edge] = data.apps.edges;
        expect(await idsOf([app(at, slug)], who)).toEqual([edge?.node.id ?? null]);
        found.push(data.apps.edges.length);
      }
    }
    expect(new Set(found)).toEqual(new Set([0, 1]));
  });

  it('is null where the row or what it belongs to is hidden, as where there is none (D14)', async () => {
    const { project, b, user, viewer, elsewhere } = shared.w;
    const unknown = await ask([app(project.id, 'none'), scope(NOBODY, 'erp-7')], viewer);
    const hidden = [
      [app(project.id, 'shut'), scope(b.id, 'erp-7')],
      [app(b.scopeId, 'app-0'), scope(b.id, 'erp-7')],
      [app(elsewhere.id, 'app-0'), scope(NOBODY, 'erp-7')],
    ];
    for (const of of hidden) expect(await ask(of, user)).toEqual(unknown);
    // The app may be used, and its scope not be read: that it is there would be told.
    expect(await ask([app(project.id, 'app-1'), scope(NOBODY, 'erp-7')], user)).toEqual(unknown);
  });

  it('takes the same statements whether or not it may be read', async () => {
    const { project, b, reader } = shared.w;
    expect(await idsOf([app(project.id, 'app-1')], reader)).not.toEqual([null]);
    const said = (of: Representation) => shared.statements(() => ask([of], reader));
    const unknown = await said(app(project.id, 'none'));
    expect(await said(app(project.id, 'shut'))).toEqual(unknown);
    expect(await said(app(b.scopeId, 'app-0'))).toEqual(unknown);
  });

  it('is one statement a type and key, however many there are', async () => {
    const { project, a, names, apps, keeper } = shared.w;
    const of = (count: number): Representation[] => [
      ...names.slice(0, count).map((slug) => app(project.id, slug)),
      ...apps.slice(0, count).map(({ id }) => ({ __typename: 'App', id })),
      ...names.slice(0, count).map(() => config(project.id, 'theme')),
      ...names.slice(0, count).map(() => scope(a.id, 'erp-7')),
    ];
    const flat = /* GraphQL */ `
      query ($of: [_Any!]!) {
        _entities(representations: $of) { ... on App { id } ... on Config { id } ... on Scope { id } }
      }
    `;
    const count = (n: number) =>
      shared.statements(() => shared.ask(keeper.email, flat, { of: of(n) }));
    // The scopes and organizations that they belong to are asked for by the same statements.
    expect(await count(40)).toHaveLength((await count(1)).length);
  });

  it('a thousand of them, of a thousand scopes, are one statement', async () => {
    const { project } = shared.w;
    const of = Array.from({ length: 999 }, (_, index) =>
      app(`018f0000-0000-7000-8000-${String(index).padStart(12, '0')}`, `app-${index}`),
    );
    const all = [...of, app(project.id, 'app-9')];
    expect((await idsOf(all)).at(-1)).toBe(shared.w.apps[9]?.id);
    const one = await shared.statements(() => ask([app(project.id, 'app-9')]));
    expect(await shared.statements(() => ask(all))).toHaveLength(one.length);
  });

  it.each<[string, Representation]>([
    ['nothing of it', {}],
    ['no text', { scope: { id: NOBODY } }],
    ['no owner', { slug: 'app-0' }],
    ['an owner without an id', { scope: {}, slug: 'app-0' }],
    ['null', { scope: null, slug: null }],
    ['a text for an owner', { scope: NOBODY, slug: 'app-0' }],
    ['a list for an owner', { scope: [{ id: NOBODY }], slug: 'app-0' }],
    ['an owner by more than an id', { scope: { id: { in: [NOBODY] } }, slug: 'app-0' }],
    ['a number', { scope: { id: NOBODY }, slug: 7 }],
    ['an object for a text', { scope: { id: NOBODY }, slug: { contains: 'a' } }],
    ['a huge text', { scope: { id: NOBODY }, slug: 'x'.repeat(100_000) }],
    ['a null character', { scope: { id: NOBODY }, slug: 'a\0b' }],
    ['half a character', { scope: { id: NOBODY }, slug: '\ud800' }],
    ['the key of another type', { organization: { id: NOBODY }, externalId: 'erp-7' }],
    ['an id that is none, beside a key', { id: 'x', scope: { id: NOBODY }, slug: 'app-0' }],
  ])('%s is the key of nothing, and takes no statement', async (_what, given) => {
    const { project } = shared.w;
    const text = JSON.stringify(given).replaceAll(NOBODY, project.id);
    const of = [{ __typename: 'App', ...JSON.parse(text) }];
    expect(await idsOf(of)).toEqual([null]);
    const statements = await shared.statements(() => ask(of));
    expect(statements.filter((sql) => /FROM "(public"\.")?app"/i.test(sql))).toEqual([]);
  });

  it('believes the id, where a representation says both', async () => {
    const { project, apps } = shared.w;
    const of = [{ ...app(project.id, 'app-1'), id: apps[2]?.id }];
    expect(await idsOf(of)).toEqual([apps[2]?.id]);
  });
});
