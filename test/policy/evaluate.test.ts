import { expect, test } from 'vitest';
import { type Answer, evaluate, type Row } from '../../src/policy/evaluate.js';
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
  pairs,
  type Residual,
  related,
  rule,
  someRelated,
  startsWith,
  yes,
} from '../../src/policy/residual.js';

const isX = equals('a', 'x');
const two = oneOf('a', ['x', 'y']);
const paired = pairs(['a', 'b'], 'kept', [
  { firsts: ['x'], seconds: ['y'] },
  { firsts: ['u', 'v'], seconds: ['w'] },
]);

test.each<[Residual, Row, Answer]>([
  [isX, { a: 'x' }, 'yes'],
  [isX, { a: 'X' }, 'no'],
  [isX, { a: null }, 'no'],
  [isX, {}, 'unknown'],
  [isX, { a: undefined }, 'unknown'],
  [equals('a', false), { a: null }, 'no'],
  [equals('a', false), { a: 0 }, 'no'],
  [two, { a: 'y' }, 'yes'],
  [two, { a: null }, 'no'],
  [isNull('a'), { a: null }, 'yes'],
  [isNull('a'), { a: '' }, 'no'],
  [isNull('a'), {}, 'unknown'],
  [notNull('a'), { a: null }, 'no'],
  [notNull('a'), {}, 'unknown'],
  [overlaps('a', ['x', 'y']), { a: ['z', 'y'] }, 'yes'],
  [overlaps('a', ['x']), { a: [] }, 'no'],
  [overlaps('a', ['x']), { a: 'x' }, 'no'],
  [overlaps('a', ['x']), { a: null }, 'no'],
  [disjoint('a', ['x', 'y']), { a: ['z'] }, 'yes'],
  [disjoint('a', ['x']), { a: [] }, 'yes'],
  [disjoint('a', ['x', 'y']), { a: ['z', 'y'] }, 'no'],
  // What is no list is none that could be told to lack something.
  [disjoint('a', ['x']), { a: 'z' }, 'no'],
  [disjoint('a', ['x']), { a: null }, 'no'],
  [disjoint('a', ['x']), {}, 'unknown'],
  [disjoint('a', []), {}, 'yes'],
  [startsWith('a', 'x/'), { a: 'x/y' }, 'yes'],
  [startsWith('a', 'x/'), { a: 'xy' }, 'no'],
  [startsWith('a', 'x/'), { a: 7 }, 'no'],
  [paired, { a: ['x'], b: ['y'] }, 'yes'],
  [paired, { a: ['z', 'v'], b: ['w'] }, 'yes'],
  // Nothing of one pair counts in another.
  [paired, { a: ['x'], b: ['w'] }, 'no'],
  [paired, { a: ['x'], b: [] }, 'no'],
  [paired, { a: [], b: ['y'] }, 'no'],
  [paired, { a: ['x'] }, 'unknown'],
  [paired, { b: ['y'] }, 'unknown'],
  [paired, { a: null, b: ['y'] }, 'unknown'],
])('%j on %j: %s', (condition, row, answer) => {
  expect(evaluate(condition, row)).toBe(answer);
});

const unknown = equals('missing', 'x');
test.each<[string, Residual, Answer]>([
  ['no ∧ unknown', and(unknown, no), 'no'],
  ['yes ∧ unknown', and(yes, unknown), 'unknown'],
  ['yes ∨ unknown', or(unknown, yes), 'yes'],
  ['no ∨ unknown', or(no, unknown), 'unknown'],
  ['an empty and', and(), 'yes'],
  ['an empty or', or(), 'no'],
  ['a rule is what it stands for', rule('r', 'text', unknown), 'unknown'],
])('three-valued: %s', (_name, condition, answer) => {
  expect(evaluate(condition, {})).toBe(answer);
});

test.each<[string, Residual, Row, Answer]>([
  ['a related row', related('r', isX), { r: { a: 'x' } }, 'yes'],
  ['no related row', related('r', yes), { r: null }, 'no'],
  ['a relation that was not loaded', related('r', yes), {}, 'unknown'],
  ['a related row without the column', related('r', isX), { r: {} }, 'unknown'],
  ['some', someRelated('r', isX), { r: [{ a: 'y' }, { a: 'x' }] }, 'yes'],
  ['some, of none', someRelated('r', yes), { r: [] }, 'no'],
  ['some, with one unknown', someRelated('r', isX), { r: [{}, { a: 'y' }] }, 'unknown'],
  ['some, yes beside an unknown', someRelated('r', isX), { r: [{}, { a: 'x' }] }, 'yes'],
  ['some, not loaded', someRelated('r', yes), {}, 'unknown'],
  ['none', noneRelated('r', isX), { r: [{ a: 'y' }] }, 'yes'],
  ['none, but there is', noneRelated('r', isX), { r: [{ a: 'x' }] }, 'no'],
  ['none, with one unknown', noneRelated('r', isX), { r: [{}] }, 'unknown'],
  // An unknown that is negated must not become a yes.
  ['none, not loaded', noneRelated('r', isX), {}, 'unknown'],
])('relations: %s', (_name, condition, row, answer) => {
  expect(evaluate(condition, row)).toBe(answer);
});
