import { expect, test } from 'vitest';
import { residualWhere } from '../../../src/data/prisma/residual-where.js';
import {
  and,
  disjoint,
  equals,
  isNull,
  no,
  noneRelated,
  notNull,
  oneOf,
  or,
  overlaps,
  related,
  someRelated,
  startsWith,
  yes,
} from '../../../src/policy/residual.js';

test('§6.1: all is an empty filter, nothing is an empty list of ids', () => {
  expect(residualWhere(yes)).toEqual({});
  expect(residualWhere(no)).toEqual({ id: { in: [] } });
  expect(residualWhere(no, 'formId')).toEqual({ formId: { in: [] } });
});

test.each([
  [equals('a', 'x'), { a: { equals: 'x' } }],
  [equals('a', false), { a: { equals: false } }],
  [oneOf('a', ['x', 'y']), { a: { in: ['x', 'y'] } }],
  [isNull('a'), { a: { equals: null } }],
  [notNull('a'), { a: { not: null } }],
  [overlaps('a', ['x']), { a: { hasSome: ['x'] } }],
  [disjoint('a', ['x', 'y']), { NOT: { a: { hasSome: ['x', 'y'] } } }],
  [related('r', equals('a', 'x')), { r: { is: { a: { equals: 'x' } } } }],
  [related('r', yes), { r: { is: {} } }],
  [someRelated('r', yes), { r: { some: {} } }],
  [noneRelated('r', isNull('a')), { r: { none: { a: { equals: null } } } }],
  [
    or(and(isNull('a'), isNull('b')), isNull('c')),
    { OR: [{ AND: [{ a: { equals: null } }, { b: { equals: null } }] }, { c: { equals: null } }] },
  ],
])('%j', (residual, where) => {
  expect(residualWhere(residual)).toEqual(where);
});

test('§6.4, D10: a prefix is literal in LIKE', () => {
  expect(residualWhere(startsWith('a', '100%_\\/'))).toEqual({
    a: { startsWith: '100\\%\\_\\\\/' },
  });
});

test('§6.1: an unsimplified tree throws instead of matching everything', () => {
  expect(() => residualWhere(and(equals('a', 'x'), yes))).toThrow('simplify');
  expect(() => residualWhere(related('r', no))).toThrow('simplify');
  expect(() => residualWhere(and(or(), equals('a', 'x')))).toThrow('simplify');
  expect(() => residualWhere(and())).toThrow('simplify');
  expect(() => residualWhere(someRelated('r', and()))).toThrow('simplify');
});
