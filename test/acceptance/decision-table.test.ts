import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type RunningGateway, startGateway } from '../support/gateway.js';
import { type Identified, NAME_OF, type Person, PLATFORM, type Spot } from '../support/world.js';

type Kind = 'form' | 'workflow' | 'agent' | 'app';
type Caller = 'holder' | 'other' | 'admin';
/** What a caller is to find: nothing, a row to use, one to use and manage, or only to manage. */
type Cell = 'hidden' | 'use' | 'use, manage' | 'manage, not chat';

const KINDS: readonly Kind[] = ['form', 'workflow', 'agent', 'app'];
const CALLERS: readonly Caller[] = ['holder', 'other', 'admin'];

/** Model §5, row by row: name of the row, then the cells. */
const TABLE: readonly [name: string, ...cells: Cell[]][] = [
  ['global authenticated', 'use', 'use', 'use, manage'],
  ['global role-based without roles', 'hidden', 'hidden', 'use, manage'],
  ['global role-based with x', 'use', 'hidden', 'use, manage'],
  ['A authenticated', 'use', 'use', 'use, manage'],
  ['A role-based with x', 'use', 'hidden', 'use, manage'],
];
const PRIVATE_ROW = [
  'A agent private',
  'hidden',
  'hidden',
  'manage, not chat',
] as const satisfies (typeof TABLE)[number];

const ROWS_OF_B = ['B authenticated', 'B role-based without roles', 'B role-based with y'];

const CELLS = KINDS.flatMap((kind) =>
  [...TABLE, ...(kind === 'agent' ? [PRIVATE_ROW] : [])].flatMap(([name, ...cells]) =>
    CALLERS.map((caller, index) => ({ kind, name, caller, cell: cells[index] as Cell })),
  ),
);

const typeOf = (kind: Kind) => `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
const lookupOf = (kind: Kind) => (kind === 'app' ? 'appBySlug' : `${kind}ByName`);

const WAYS = [
  'byId',
  'byName',
  'inScope',
  'node',
  'nodes',
  'entities',
  'list',
  'listInScope',
] as const;

/** Rows on each of the ways that lead to them; the fields of the n-th begin with `r<n>_`. */
function ways(kind: Kind, rows: readonly { id: string; name: string }[], scope?: string): string {
  const place = scope === undefined ? '' : `, scope: "${scope}"`;
  const key = NAME_OF[kind];
  const asked = rows.map(
    ({ id, name }, n) => /* GraphQL */ `
      r${n}_byId: ${kind}(id: "${id}") { ...row }
      r${n}_byName: ${lookupOf(kind)}(${key}: "${name}") { ...row }
      r${n}_inScope: ${lookupOf(kind)}(${key}: "${name}"${place}) { ...row }
      r${n}_node: node(id: "${id}") { ...row }
      r${n}_nodes: nodes(ids: ["${id}"]) { ...row }
      r${n}_entities: _entities(representations: [{ __typename: "${typeOf(kind)}", id: "${id}" }]) { ...row }
      r${n}_list: ${kind}s(where: { id: { eq: "${id}" } }) { ...rows }
      r${n}_listInScope: ${kind}s(where: { id: { eq: "${id}" } }${place}) { ...rows }`,
  );
  return `{ ${asked.join('\n')} }
    fragment rows on ${typeOf(kind)}Connection { totalCount edges { node { ...row } } }
    fragment row on ${typeOf(kind)} { id canUse accessLevel }`;
}

interface Found {
  readonly id: string;
  readonly canUse: boolean;
  readonly accessLevel: string | null;
}

interface Rows {
  readonly totalCount: number;
  readonly edges: readonly { readonly node: Found }[];
}

type Ways = Record<Exclude<(typeof WAYS)[number], 'list' | 'listInScope'>, Found | null> &
  Record<'list' | 'listInScope', Rows>;

const NOTHING = { totalCount: 0, edges: [] };
const HIDDEN = {
  ...Object.fromEntries(WAYS.map((way) => [way, null])),
  list: NOTHING,
  listInScope: NOTHING,
};
const PRIVATE = { access: 'PRIVATE' };

describe('model §5, the decision table', () => {
  let gateway: RunningGateway;
  let a: Spot;
  let b: Spot;
  const callers = {} as Record<Caller, Person>;
  const rows = new Map<string, Identified>();
  const idOf = (kind: Kind, name: string): string => rows.get(`${kind} ${name}`)?.id ?? '';

  beforeAll(async () => {
    gateway = await startGateway();
    const { world } = gateway;
    a = await world.organization('A');
    b = await world.organization('B');
    callers.holder = await world.user(a, 'holder');
    callers.other = await world.user(a, 'other');
    callers.admin = await world.user(a, 'admin', { isPlatformAdmin: true });
    const globalX = await world.role(PLATFORM, [], { name: 'x' });
    const x = await world.role(a, [], { name: 'x' });
    const y = await world.role(b, [], { name: 'x' });
    await world.hold(callers.holder, globalX, a);
    await world.hold(callers.holder, x, a);

    const open = { access: 'AUTHENTICATED' };
    const closed = { access: 'ROLE_BASED' };
    const planted = [
      ['global authenticated', PLATFORM, open],
      ['global role-based without roles', PLATFORM, closed],
      ['global role-based with x', PLATFORM, { ...closed, roles: [globalX] }],
      ['A authenticated', a, open],
      ['A role-based with x', a, { ...closed, roles: [x] }],
      ['B authenticated', b, open],
      ['B role-based without roles', b, closed],
      ['B role-based with y', b, { ...closed, roles: [y] }],
    ] as const;
    for (const kind of KINDS) {
      for (const [name, at, options] of planted) {
        rows.set(`${kind} ${name}`, await world.row(kind, at, name, options));
      }
      rows.set(`${kind} far`, await world.row(kind, PLATFORM, 'n', open));
      rows.set(`${kind} near`, await world.row(kind, a, 'n', { ...closed, roles: [x] }));
    }
    rows.set('agent A agent private', await world.row('agent', a, PRIVATE_ROW[0], PRIVATE));
    rows.set('agent B private', await world.row('agent', b, 'B private', PRIVATE));
  });

  afterAll(() => gateway.close());

  const looks = new Map<string, Promise<Answer>>();

  /** What a caller finds of a row on each way. All rows of a kind are asked for at once. */
  async function look(caller: Caller, kind: Kind, name: string, scope?: string) {
    const names = [...rows.keys()].filter((one) => one.startsWith(`${kind} `));
    const asked = names.map((one) => ({
      id: rows.get(one)?.id ?? '',
      name: one.slice(kind.length + 1),
    }));
    const n = names.indexOf(`${kind} ${name}`);
    expect(n).toBeGreaterThanOrEqual(0);
    const key = `${caller} ${kind} ${scope}`;
    const answer = looks.get(key) ?? gateway.ask(callers[caller].email, ways(kind, asked, scope));
    looks.set(key, answer);
    const { data, errors } = await answer;
    const found = Object.fromEntries(WAYS.map((way) => [way, data[`r${n}_${way}`]]));
    return {
      found: { ...found, nodes: found.nodes[0], entities: found.entities[0] } as Ways,
      codes: errors
        .filter(({ path = [] }) => String(path[0]).startsWith(`r${n}_`))
        .map(({ extensions }) => extensions.code),
    };
  }

  it.each(CELLS)('$kind: $name is $cell for the $caller', async ({ kind, name, caller, cell }) => {
    const { found, codes } = await look(caller, kind, name);
    const { list, listInScope, ...ones } = found;
    if (cell === 'hidden') {
      expect(found).toEqual(HIDDEN);
      expect(codes).toEqual([]);
      return;
    }
    const shown = [...Object.values(ones), list.edges[0]?.node, listInScope.edges[0]?.node];
    expect([list.totalCount, listInScope.totalCount]).toEqual([1, 1]);
    const manages = cell !== 'use';
    for (const row of shown) {
      expect(row?.id).toBe(idOf(kind, name));
      expect(row?.canUse).toBe(cell !== 'manage, not chat');
      expect(row?.accessLevel === null).toBe(!manages);
    }
    expect(codes).toEqual([]);
  });

  describe.each(KINDS)('%s of B', (kind) => {
    const names = [...ROWS_OF_B, ...(kind === 'agent' ? ['B private'] : [])];

    it.each(names)('%s is hidden from the users of A, wherever they look', async (name) => {
      for (const caller of ['holder', 'other'] as const) {
        expect((await look(caller, kind, name)).found).toEqual(HIDDEN);
        const there = await gateway.ask(
          callers[caller].email,
          `query ($scope: ID) { ${kind}s(scope: $scope) { totalCount } }`,
          { scope: b.id },
        );
        expect(there.errors[0]?.extensions.code).toBe('SCOPE_FORBIDDEN');
      }
    });

    it.each(names)('%s is for the platform admin by D4: by id, and acting in B', async (name) => {
      const { found, codes } = await look('admin', kind, name, b.id);
      const { byName, list, listInScope, ...ones } = found;
      // Without a scope names and lists are A's.
      expect({ byName, list }).toEqual({ byName: null, list: NOTHING });
      expect(listInScope.totalCount).toBe(1);
      const canUse = name !== 'B private';
      for (const row of [...Object.values(ones), listInScope.edges[0]?.node]) {
        expect(row).toMatchObject({ id: idOf(kind, name), canUse });
        expect(row?.accessLevel).not.toBeNull();
      }
      expect(codes).toEqual([]);
    });
  });

  describe.each(KINDS)('%s: A has a role-based "n" with x, and there is a global one', (kind) => {
    const source = /* GraphQL */ `{
      byName: ${lookupOf(kind)}(${NAME_OF[kind]}: "n") { id }
      list: ${kind}s(where: { ${NAME_OF[kind]}: { eq: "n" } }) { totalCount edges { node { id } } }
    }`;

    it.each(CALLERS)('what the %s gets', async (caller) => {
      const { data } = await gateway.ask(callers[caller].email, source);
      const near = { id: idOf(kind, 'near') };
      expect(data).toEqual(
        caller === 'other'
          ? { byName: null, list: NOTHING }
          : { byName: near, list: { totalCount: 1, edges: [{ node: near }] } },
      );
    });
  });

  it.each(KINDS)('a whole list of %s holds what may be read, and counts no more', async (kind) => {
    const source = `{ ${kind}s(first: 200) { totalCount edges { node { id } } } }`;
    const expected: Record<Caller, readonly string[]> = {
      holder: readableBy('holder'),
      other: readableBy('other'),
      admin: readableBy('admin'),
    };
    function readableBy(caller: Caller): string[] {
      const cells = CELLS.filter((one) => one.kind === kind && one.caller === caller);
      const names = cells.filter(({ cell }) => cell !== 'hidden').map(({ name }) => name);
      return [...names, ...(caller === 'other' ? [] : ['near'])].map((name) => idOf(kind, name));
    }
    for (const caller of CALLERS) {
      const { data } = await gateway.ask(callers[caller].email, source);
      const { totalCount, edges } = data[`${kind}s`];
      const ids = edges.map(({ node }: { node: Identified }) => node.id);
      expect(ids.sort()).toEqual([...expected[caller]].sort());
      expect(totalCount).toBe(expected[caller].length);
    }
  });
});
