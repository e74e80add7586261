import { describe, expect, it } from 'vitest';
import { nodesOf, refusals } from '../support/answers.js';
import { gatewayWith } from '../support/gateway.js';
import { PLATFORM } from '../support/world.js';

// Of equal names, in every tier; and such as bytes, code units and alphabets order differently.
const NAMES = ['a', 'b', 'Z', 'é', 'ｚ', '𝒳', "it's", '100%'];
const TIMES = ['2026-01-01T00:00:00.001Z', '2026-01-01T00:00:00.002Z'];

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const spots = [PLATFORM, await world.scope(a, null), await world.scope(a, null)];
  let made = 0;
  for (const at of spots) {
    for (const name of NAMES) {
      const createdAt = TIMES[made % TIMES.length];
      await world.row('form', at, name, { more: { createdAt } });
      made += 1;
    }
  }
  for (const name of ['a', 'a', 'b', null]) await world.scope(a, name);
  return { a, manager: await world.manager(a, ['scope:read', 'form:read']) };
});
const ask = (source: string, variables = {}) =>
  shared.ask(shared.w.manager.email, source, variables);

interface Page {
  readonly totalCount: number;
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  readonly edges: readonly { readonly cursor: string; readonly node: { id: string } }[];
}

type Field = 'forms' | 'scopes';

async function page(field: Field, args: string, variables = {}): Promise<Page> {
  const source = `query ($cursor: String) { list: ${field}(${args}) {
    totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node { id name createdAt } }
  } }`.replace('($cursor: String)', args.includes('$cursor') ? '($cursor: String)' : '');
  const { data, errors } = await ask(source, variables);
  expect(errors).toEqual([]);
  return data.list;
}

/** All rows, a page at a time. */
async function walk(field: Field, order: string, size: number, backwards = false) {
  const seen: { id: string }[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < 100; pages += 1) {
    const step: string = backwards
      ? `last: ${size}${cursor === null ? '' : ', before: $cursor'}`
      : `first: ${size}${cursor === null ? '' : ', after: $cursor'}`;
    const found: Page = await page(field, `${step}, ${order}`, { cursor });
    const { pageInfo, edges } = found;
    if (backwards) seen.unshift(...nodesOf(found));
    else seen.push(...nodesOf(found));
    expect(pageInfo.startCursor).toBe(edges[0]?.cursor ?? null);
    expect(pageInfo.endCursor).toBe(edges.at(-1)?.cursor ?? null);
    const { hasNextPage, hasPreviousPage } = pageInfo;
    expect(backwards ? hasNextPage : hasPreviousPage).toBe(cursor !== null);
    if (!(backwards ? hasPreviousPage : hasNextPage)) return seen;
    expect(edges).toHaveLength(size);
    cursor = backwards ? pageInfo.startCursor : pageInfo.endCursor;
  }
  throw new Error('the pages do not end');
}

const ORDERS: readonly (readonly [Field, string])[] = [
  ['forms', 'orderBy: []'],
  ['forms', 'orderBy: [{ field: NAME, direction: DESC }]'],
  ['forms', 'orderBy: [{ field: CREATED_AT }]'],
  ['forms', 'orderBy: [{ field: CREATED_AT, direction: DESC }, { field: NAME }]'],
  ['forms', 'orderBy: [{ field: ID, direction: DESC }]'],
  ['scopes', 'orderBy: [{ field: NAME }]'],
  ['scopes', 'orderBy: [{ field: NAME, direction: DESC }]'],
  ['scopes', 'orderBy: [{ field: NAME, direction: DESC }, { field: ID, direction: DESC }]'],
];

describe.each(ORDERS)('paging %s by %s', (field, order) => {
  it('gives every row once, forwards and backwards, in the order of the whole list', async () => {
    const whole = await page(field, `first: 200, ${order}`);
    expect(whole.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: false });
    const rows = nodesOf(whole);
    expect(rows).toHaveLength(field === 'forms' ? NAMES.length * 3 : 7);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    expect(whole.totalCount).toBe(rows.length);
    expect(nodesOf(await page(field, `last: 200, ${order}`))).toEqual(rows);
    const sizes = field === 'forms' ? [7] : [1, 3];
    for (const size of sizes) {
      expect(await walk(field, order, size)).toEqual(rows);
      expect(await walk(field, order, size, true)).toEqual(rows);
    }
  });
});

describe('a page', () => {
  it('sorts text by its bytes', async () => {
    const { data } = await ask('{ forms(scope: null, first: 200) { edges { node { name } } } }');
    const names = nodesOf<{ name: string }>(data.forms).map(({ name }) => name);
    const byBytes = [...NAMES].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(names).toEqual(byBytes);
  });

  it('sorts missing values last going up, and first going down', async () => {
    const names = async (direction: string) => {
      const source = `{ scopes(orderBy: { field: NAME, direction: ${direction} }) { edges { node { name } } } }`;
      const { data } = await ask(source);
      return nodesOf<{ name: string | null }>(data.scopes).map(({ name }) => name);
    };
    // The root of the organization has no name either.
    expect(await names('ASC')).toEqual(['a', 'a', 'b', null, null, null, null]);
    expect(await names('DESC')).toEqual([null, null, null, null, 'b', 'a', 'a']);
  });

  it('has 50 rows unless told otherwise, at most 200, and may have none', async () => {
    const { world } = shared;
    const many = await world.organization('many');
    const reader = await world.manager(many, ['form:read']);
    await world.client.form.createMany({
      data: Array.from({ length: 210 }, (_, n) => ({
        name: `form ${String(n).padStart(3, '0')}`,
        scopeId: many.scopeId,
        organizationId: many.id,
      })),
    });
    const size = async (args: string) => {
      const where = 'where: { name: { contains: "form" } }';
      const source = `{ forms(${args} ${where}) { totalCount pageInfo { hasNextPage } edges { cursor } } }`;
      const { data } = await shared.ask(reader.email, source);
      expect(data.forms.totalCount).toBe(210);
      return [data.forms.edges.length, data.forms.pageInfo.hasNextPage];
    };
    expect(await size('')).toEqual([50, true]);
    expect(await size('first: null, last: null, after: null, before: null')).toEqual([50, true]);
    expect(await size('first: 200')).toEqual([200, true]);
    expect(await size('first: 0')).toEqual([0, true]);
  });

  it('counts its total only when that is asked for', async () => {
    const counts = async (fields: string) => {
      const sent = await shared.statements(() => ask(`{ forms(first: 1) { ${fields} } }`));
      return sent.filter((sql) => /count\(/i.test(sql)).length;
    };
    expect(await counts('edges { cursor }')).toBe(0);
    // One for the tenant, one for the global tier.
    expect(await counts('edges { cursor } totalCount')).toBe(2);
  });
});

const cursorOf = (...content: unknown[]) =>
  Buffer.from(JSON.stringify(content)).toString('base64url');
const AN_ID = '018f0000-0000-7000-8000-00000000dead';

describe('BAD_USER_INPUT is the answer to', () => {
  it.each([
    'first: -1',
    'last: -1',
    'first: 201',
    'last: 201',
    'first: 2147483647',
    'first: 1, last: 1',
    'first: 1, before: "x"',
    'last: 1, after: "x"',
    'after: "x", before: "x"',
    'after: "nonsense"',
    'after: ""',
    'before: "%%%"',
    `after: "${cursorOf('name asc,id asc')}"`,
    `after: "${cursorOf('name asc,id asc', 'a')}"`,
    `after: "${cursorOf('name asc,id asc', 'a', 'no id')}"`,
    `after: "${cursorOf('name asc,id asc', null, AN_ID)}"`,
    `after: "${cursorOf('name asc,id asc', 1, AN_ID)}"`,
    `after: "${cursorOf('name asc,id asc', { not: 'a' }, AN_ID)}"`,
    `after: "${cursorOf('name asc,id asc', 'a\0', AN_ID)}"`,
    `after: "${cursorOf('name asc,id asc', 'a', AN_ID, 'more')}"`,
    `after: "${cursorOf('name desc,id asc', 'a', AN_ID)}"`,
    `after: "${cursorOf('isActive asc,id asc', true, AN_ID)}"`,
    `after: "${Buffer.from('null').toString('base64url')}"`,
    'orderBy: [{ field: NAME }, { field: NAME, direction: DESC }]',
  ])('forms(%s)', async (args) => {
    const { data, errors } = await ask(`{ forms(${args}) { edges { cursor } } }`);
    expect(data).toEqual({ forms: null });
    expect(refusals(errors)).toEqual(['BAD_USER_INPUT forms']);
  });

  it.each([
    '+010000-01-01T00:00:00.000Z',
    '+275760-09-13T00:00:00.000Z',
    '-000001-01-01T00:00:00.000Z',
    '0000-01-01T00:00:00.000Z',
    '2026-02-30T00:00:00.000Z',
    '2026-01-01',
  ])('a cursor at the time %s, or an empty page', async (time) => {
    const after = cursorOf('createdAt asc,id asc', time, AN_ID);
    const source = `{ forms(after: "${after}", orderBy: [{ field: CREATED_AT }]) { edges { cursor } } }`;
    const { errors } = await ask(source);
    for (const refusal of refusals(errors)) expect(refusal).toBe('BAD_USER_INPUT forms');
  });

  it.each(['-1', '201'])('Scope.children(first: %s)', async (first) => {
    const source = `{ scope(id: "${shared.w.a.scopeId}") { children(first: ${first}) { edges { cursor } } } }`;
    const { data, errors } = await ask(source);
    expect(data.scope).toBeNull();
    expect(refusals(errors)).toEqual(['BAD_USER_INPUT scope.children']);
  });
});

describe('a cursor', () => {
  it('says where to go on whatever is selected of the rows', async () => {
    const order = 'orderBy: [{ field: CREATED_AT, direction: DESC }, { field: NAME }]';
    const whole = nodesOf<{ id: string }>(await page('forms', `first: 200, ${order}`));
    const seen: string[] = [];
    for (let after = '', pages = 0; pages < 4; pages += 1) {
      const { data, errors } = await ask(
        `{ forms(first: 7, ${after} ${order}) { edges { cursor node { id } } } }`,
      );
      expect(errors).toEqual([]);
      seen.push(...nodesOf<{ id: string }>(data.forms).map(({ id }) => id));
      after = `after: "${data.forms.edges.at(-1)?.cursor}",`;
    }
    expect(seen).toEqual(whole.map(({ id }) => id));
  });

  it('of a row that is gone, or never was, still says where to go on', async () => {
    const after = cursorOf('name asc,id asc', 'a', 'ffffffff-ffff-7fff-8fff-ffffffffffff');
    const { data, errors } = await ask(
      `{ forms(after: "${after}", scope: null) { edges { node { name } } } }`,
    );
    expect(errors).toEqual([]);
    expect(nodesOf<{ name: string }>(data.forms).map(({ name }) => name)).toEqual([
      'b',
      "it's",
      'é',
      'ｚ',
      '𝒳',
    ]);
  });

  it('holds nothing but what the caller has been shown', async () => {
    const { edges } = await page('forms', 'first: 1');
    const [edge] = edges;
    const content = JSON.parse(Buffer.from(edge?.cursor ?? '', 'base64url').toString());
    expect(content).toEqual(['name asc,id asc', '100%', edge?.node.id]);
  });
});
