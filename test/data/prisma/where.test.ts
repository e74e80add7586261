import { expect, test } from 'vitest';
import { Prisma } from '../../../src/data/generated/client.js';
import { whereOf } from '../../../src/data/prisma/where.js';
import { equals } from '../../../src/policy/residual.js';
import type { DataModel, FieldShape } from '../../../src/query/data-model.js';
import type { Test } from '../../../src/query/filter.js';
import type { GuardedFilter } from '../../../src/query/guarded.js';

const relation = (type: string, list: boolean): FieldShape => ({
  ...{ kind: 'relation', type, list, required: false, from: [], to: [], inverse: 'notes' },
});
const dataModel: DataModel = {
  Note: {
    table: 'note',
    uniques: { id: ['id'] },
    fields: { author: relation('Tag', false), tags: relation('Tag', true) },
  },
  // Its key is no id.
  Tag: { table: 'tag', uniques: { noteId_name: ['noteId', 'name'] }, fields: {} },
};
const rendered = (filter: GuardedFilter) => whereOf(dataModel, 'Note', filter);
const compare = (test: Test, negated = false): GuardedFilter => ({
  ...{ op: 'compare', field: 'a', test, negated },
});

test.each<[Test, object]>([
  [{ is: 'oneOf', values: ['x', 'y'] }, { in: ['x', 'y'] }],
  [{ is: 'equal', value: 'x' }, { equals: 'x' }],
  [{ is: 'less', value: 1 }, { lt: 1 }],
  [{ is: 'atMost', value: 1 }, { lte: 1 }],
  [{ is: 'greater', value: 1 }, { gt: 1 }],
  [{ is: 'atLeast', value: 1 }, { gte: 1 }],
  [{ is: 'contains', text: '1%_\\', folded: false }, { contains: '1\\%\\_\\\\' }],
  [
    { is: 'startsWith', text: '_', folded: true },
    { startsWith: '\\_', mode: 'insensitive' },
  ],
  [{ is: 'endsWith', text: 'x', folded: false }, { endsWith: 'x' }],
  [{ is: 'hasAll', values: ['x', 'y'] }, { hasEvery: ['x', 'y'] }],
  [{ is: 'hasSome', values: ['x', 'y'] }, { hasSome: ['x', 'y'] }],
  [{ is: 'listEqual', values: ['x', 'y'] }, { equals: ['x', 'y'] }],
  [{ is: 'empty', value: true }, { isEmpty: true }],
  [{ is: 'json', how: 'equals', value: { x: 1 } }, { equals: { x: 1 } }],
  [
    { is: 'json', how: 'lt', path: ['x'], value: 1 },
    { path: ['x'], lt: 1 },
  ],
])('a comparison in the words of Prisma: %j', (one, words) => {
  expect(rendered(compare(one))).toEqual({ a: words });
  expect(rendered(compare(one, true))).toEqual({ NOT: { a: words } });
});

test('D45: what lies at a path in JSON, and the exact complement, where nothing may be', () => {
  const at = (value: unknown) => ({ a: { path: ['x'], equals: value } });
  const missing = at(Prisma.DbNull);
  const isNull = at(Prisma.JsonNull);
  const one: Test = { is: 'at', path: ['x'], values: [1, 'y'] };
  expect(rendered(compare(one))).toEqual({ OR: [at(1), at('y')] });
  expect(rendered(compare(one, true))).toEqual({
    OR: [missing, { NOT: { OR: [at(1), at('y')] } }],
  });
  const none: Test = { is: 'nothingAt', path: ['x'] };
  expect(rendered(compare(none))).toEqual({ OR: [missing, isNull] });
  expect(rendered(compare(none, true))).toEqual({ AND: [{ NOT: missing }, { NOT: isNull }] });
});

const isX = compare({ is: 'equal', value: 'x' });
const x = { a: { equals: 'x' } };

test.each<[GuardedFilter, object]>([
  [{ op: 'all' }, {}],
  [{ op: 'none' }, { id: { in: [] } }],
  [{ op: 'residual', residual: equals('a', 'x'), negated: false }, x],
  [{ op: 'residual', residual: equals('a', 'x'), negated: true }, { NOT: x }],
  [{ op: 'isNull', field: 'a', negated: false }, { a: null }],
  [{ op: 'isNull', field: 'a', negated: true }, { a: { not: null } }],
  [{ op: 'or', of: [isX, { op: 'none' }] }, { OR: [x, { id: { in: [] } }] }],
  [{ op: 'and', of: [isX, { op: 'and', of: [isX, isX] }] }, { AND: [x, x, x] }],
  [{ op: 'is', relation: 'author', of: isX, negated: false }, { author: { is: x } }],
  [{ op: 'is', relation: 'author', of: isX, negated: true }, { NOT: { author: { is: x } } }],
  [{ op: 'some', relation: 'tags', of: isX, negated: false }, { tags: { some: x } }],
  [{ op: 'some', relation: 'tags', of: isX, negated: true }, { tags: { none: x } }],
  [
    { op: 'some', relation: 'tags', of: { op: 'none' }, negated: true },
    { tags: { none: { noteId: { in: [] } } } },
  ],
])('a filter in the words of Prisma: %j', (filter, where) => {
  expect(rendered(filter)).toEqual(where);
});
