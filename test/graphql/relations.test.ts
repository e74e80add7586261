import { type GraphQLResolveInfo, parse } from 'graphql';
import { expect, test } from 'vitest';
import { loadKept, loadMany, loadOne } from '../../src/graphql/relations.js';
import { DEFAULT_LIMITS } from '../../src/limits/limits.js';
import type { Context } from '../../src/request/context.js';
import { schema } from '../../src/schema.js';

const rows = ['b', 'Z', 'é', 'a'].map((name) => ({ id: name, name }));

const loader = {
  load: async (id: string) => rows.find((row) => row.id === id) ?? null,
  loadMany: async (ids: string[]) => ids.map((id) => rows.find((row) => row.id === id) ?? null),
};
const context = {
  place: {},
  limits: DEFAULT_LIMITS,
  loaders: {
    row: () => loader,
  },
} as unknown as Context;
const info = {
  operation: parse('{ __typename }').definitions[0],
  fragments: {},
  schema,
  variableValues: {},
  fieldNodes: [],
} as unknown as GraphQLResolveInfo;
const source = { id: 'x' };
const names = (found: readonly object[]) => found.map((row) => (row as { name: string }).name);
const SORTED = ['Z', 'a', 'b', 'é'];

test('related rows are sorted by the bytes of their names, without those that are hidden', async () => {
  const ids = ['b', 'gone', 'a', 'Z', 'é'];
  expect(names(await loadKept('Role', ids, source, context, info))).toEqual(SORTED);
  // Where the ids say an order it stays.
  expect(names(await loadMany('Scope', ids, source, context, info))).toEqual(['b', 'a', 'Z', 'é']);
});

test('a key that was not read is an error, and not no row', async () => {
  expect(() => loadOne('User', undefined, source, context, info)).toThrow('was not loaded');
  expect(loadOne('User', null, source, context, info)).toBeNull();
  const kept = loadKept('Role', undefined, source, context, info);
  await expect(kept).rejects.toThrow('were not loaded');
});
