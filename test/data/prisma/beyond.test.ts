import { expect, test } from 'vitest';
import { dataModel } from '../../../src/data/generated-data-model.js';
import { beyondWhere } from '../../../src/data/prisma/beyond.js';
import type { KeyValue, OrderKey } from '../../../src/query/query.js';

const key = (field: string, direction: 'asc' | 'desc' = 'asc'): OrderKey => ({ field, direction });
const beyond = (order: OrderKey[], values: KeyValue[]) =>
  beyondWhere(dataModel, 'Scope', order, values);

test('rows beyond are those of a greater key, or of the same and a greater one after it', () => {
  expect(beyond([key('version'), key('id')], [1, 'x'])).toEqual({
    AND: [
      { version: { gte: 1 } },
      { OR: [{ AND: [{ version: { gt: 1 } }] }, { AND: [{ version: 1 }, { id: { gt: 'x' } }] }] },
    ],
  });
  expect(beyond([key('id', 'desc')], ['x'])).toEqual({
    AND: [{ id: { lte: 'x' } }, { OR: [{ AND: [{ id: { lt: 'x' } }] }] }],
  });
});

test('nulls come last going up and first going down, and no bound leaves them out', () => {
  const after = { OR: [{ name: { gt: 'x' } }, { name: null }] };
  expect(beyond([key('name')], ['x'])).toEqual({ OR: [{ AND: [after] }] });
  expect(beyond([key('name'), key('id')], [null, 'x'])).toEqual({
    OR: [{ AND: [{ name: null }, { id: { gt: 'x' } }] }],
  });
  expect(beyond([key('name', 'desc')], [null])).toEqual({
    OR: [{ AND: [{ name: { not: null } }] }],
  });
});

test('§6.1: beyond the last there is nothing', () => {
  const nothing = { id: { in: [] } };
  expect(beyond([key('name')], [null])).toEqual(nothing);
  expect(beyondWhere(dataModel, 'Form', [key('isActive')], [true])).toEqual(nothing);
  expect(beyondWhere(dataModel, 'Form', [key('isActive', 'desc')], [false])).toEqual(nothing);
  expect(beyondWhere(dataModel, 'Form', [key('isActive')], [false])).toEqual({
    OR: [{ AND: [{ isActive: true }] }],
  });
});
