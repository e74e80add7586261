import { buildSchema, getIntrospectionQuery, parse } from 'graphql';
import { expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/limits/limits.js';
import { querySize } from '../../src/limits/query-size.js';

const SCHEMA = buildSchema(/* GraphQL */ `
  interface Named { id: ID }
  type Row implements Named {
    id: ID
    a(first: Int, last: Int): [Row]
    b(first: Int, last: Int): [Row]
    c: Row
    all: [Row]
    children(first: Int = 20): [Row]
  }
  type Query {
    a(first: Int, last: Int): [Row]
    named(last: Int): [Named]
    c: Row
    children: Row
    nodes(ids: [ID!]!): [Row]
  }
  type Mutation { a: [Row] }
`);

const sizeOf = (query: string, limits = {}) =>
  querySize(parse(query), SCHEMA, { ...DEFAULT_LIMITS, ...limits });
const costOf = (query: string, limits = {}) => sizeOf(query, limits).cost;

test('the largest operation of a document counts', () => {
  expect(sizeOf('query A { a(first: 1) } query B { c { id c } }')).toEqual({
    depth: 2,
    fields: 3,
    repeats: 1,
    introspections: 0,
    cost: 3,
    nameLength: 2,
  });
});

test('lists within lists are counted as long as they may be', () => {
  expect(costOf('{ a(first: 10) { b(last: 3) { c } } }')).toBe(1 + 10 * (1 + 3));
  expect(costOf('query Q($n: Int) { a(first: $n) { b } }')).toBe(51);
  expect(costOf('{ a(first: 2147483647) { b } }')).toBe(201);
  expect(costOf('{ a(first: 0) { b } }')).toBe(2);
  expect(costOf('{ a(first: null) { b } }')).toBe(51);
});

test('a page that a document leaves out has the default of its schema, or of all pages', () => {
  expect(costOf('{ a { b { id } } }')).toBe(1 + 50 * 51);
  expect(costOf('{ named { id } }')).toBe(51);
  expect(costOf('{ c { children { children { id } } } }')).toBe(1 + 1 + 20 * 21);
  // Of the same name, and without a page.
  expect(costOf('{ children { id } }')).toBe(2);
  expect(costOf('{ c { all { id } } }')).toBe(3);
  expect(costOf('mutation { a { id } }')).toBe(2);
});

test('10.3 what is left to a variable is as long as the variable says', () => {
  const source =
    'query Q($n: Int = 30, $ids: [ID!]!) { a(first: $n) { id } nodes(ids: $ids) { id } }';
  const cost = (variables: object) =>
    querySize(parse(source), SCHEMA, DEFAULT_LIMITS, { variables: { ...variables } }).cost;
  expect(cost({ n: 200, ids: ['1', '2', '3'] })).toBe(201 + 4);
  expect(cost({ ids: [] })).toBe(31 + 2);
  expect(cost({ n: 1_000, ids: Array(1_000).fill('1') })).toBe(201 + 201);
  expect(costOf('{ nodes(ids: ["1", "2"]) { id } }')).toBe(3);
});

test('10.3 and no other operation says how long', () => {
  const source = 'query A($n: Int = 200) { a(first: $n) { id } } query B($n: Int = 1) { me }';
  const request = { variables: {}, operationName: 'A' };
  expect(querySize(parse(source), SCHEMA, DEFAULT_LIMITS, request).cost).toBe(201);
});

test('the longest name in the answer counts, wherever it is', () => {
  const { nameLength } = sizeOf('{ a { ...F } } fragment F on Row { long_alias: id }');
  expect(nameLength).toBe('long_alias'.length);
});

test('the lengths of pages follow the limits', () => {
  const limits = { pageSize: 5, maxPageSize: 9 };
  expect(costOf('{ a { id } }', limits)).toBe(6);
  expect(costOf('{ a(first: 100) { id } }', limits)).toBe(10);
});

test('pages are found within fragments, by the types that these are on', () => {
  const cost = 1 + 2 * 51;
  expect(costOf('{ a(first: 2) { ... { b { id } } } }')).toBe(cost);
  expect(costOf('{ a(first: 2) { ...F } } fragment F on Row { b { id } }')).toBe(cost);
  expect(costOf('{ named(last: 2) { ... on Row { b { id } } } }')).toBe(cost);
});

test('what the schema does not have counts as one', () => {
  expect(costOf('{ no(first: 9) { b { id } } ... on No { a { id } } ...No }')).toBe(3 + 2);
  expect(costOf('subscription { a { id } }')).toBe(2);
  expect(costOf('{ ...F } fragment F on Row { a(first: 2) { ...F } }')).toBe(1);
});

test('the schema is counted as often as it is answered', () => {
  const count = (query: string) => sizeOf(query).introspections;
  expect(count(getIntrospectionQuery())).toBe(1);
  expect(
    count('{ __schema { queryType { name } } __type(name: "Row") { name } _service { sdl } }'),
  ).toBe(3);
  expect(
    count('{ ...F ...F } fragment F on Query { a: __typename b: __schema { types { name } } }'),
  ).toBe(2);
  expect(count('{ __schema { types { name } types { name kind } } }')).toBe(1);
  const types = (fields: string) =>
    `{ __schema { a: types { ${fields} } b: types { ${fields} } } }`;
  expect(count(types('name'))).toBe(2);
  expect(count(types('x: description y: description z: description'))).toBe(6);
  expect(
    count(
      '{ __schema { ...A } } fragment A on __Schema { a: types { b: name c: name } types { name } }',
    ),
  ).toBe(3);
});
