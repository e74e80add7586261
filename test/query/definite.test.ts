import { expect, test } from 'vitest';
import {
  and,
  equals,
  isNull,
  noneRelated,
  notNull,
  oneOf,
  or,
  overlaps,
  pairs,
  type Residual,
  related,
  rule,
  someRelated,
  startsWith,
  yes,
} from '../../src/policy/residual.js';
import type { DataModel, FieldShape } from '../../src/query/data-model.js';
import { definite } from '../../src/query/definite.js';

const column = (required: boolean): FieldShape => ({
  ...{ kind: 'scalar', type: 'String', list: false, column: 'c', uuid: false, defaulted: false },
  required,
});
const relation = (type: string, list: boolean): FieldShape => ({
  ...{ kind: 'relation', type, list, required: false, from: [], to: [], inverse: 'notes' },
});
const fields = {
  ...{ id: column(true), a: column(false), b: column(false) },
  r: relation('Note', false),
  t: relation('Note', true),
};
const dataModel: DataModel = { Note: { table: 'note', uniques: { id: ['id'] }, fields } };

const a = equals('a', 'x');
const whole = and(notNull('a'), a);
const groups = [
  { firsts: ['x'], seconds: ['y'] },
  { firsts: ['u'], seconds: ['v'] },
];

test.each<[Residual, Residual]>([
  [equals('id', 'x'), equals('id', 'x')],
  [a, whole],
  [oneOf('a', ['x', 'y']), and(notNull('a'), oneOf('a', ['x', 'y']))],
  [overlaps('a', ['x']), and(notNull('a'), overlaps('a', ['x']))],
  [startsWith('a', 'x/'), and(notNull('a'), startsWith('a', 'x/'))],
  [isNull('a'), isNull('a')],
  [notNull('a'), notNull('a')],
  [yes, yes],
  [pairs(['id', 'id'], 'kept', groups), pairs(['id', 'id'], 'kept', groups)],
  [pairs(['id', 'b'], 'kept', groups), and(notNull('b'), pairs(['id', 'b'], 'kept', groups))],
  [
    pairs(['a', 'b'], 'kept', groups),
    and(notNull('a'), notNull('b'), pairs(['a', 'b'], 'kept', groups)),
  ],
  [or(a, isNull('b')), or(whole, isNull('b'))],
  [rule('D7', 'text', and(a)), rule('D7', 'text', and(whole))],
  [related('r', a), related('r', whole)],
  [someRelated('t', related('r', a)), someRelated('t', related('r', whole))],
  [noneRelated('t', a), noneRelated('t', whole)],
])('%j says no where it would be neither', (residual, wanted) => {
  expect(definite(dataModel, 'Note', residual)).toEqual(wanted);
});

test('it is the same object each time, so that a filter asks for it once', () => {
  expect(definite(dataModel, 'Note', a)).toBe(definite(dataModel, 'Note', a));
});
