import { expect, test } from 'vitest';
import {
  and,
  equals,
  isNull,
  no,
  noneRelated,
  oneOf,
  or,
  overlaps,
  pairs,
  type Residual,
  related,
  rule,
  someRelated,
  yes,
} from '../../src/policy/residual.js';
import { simplify } from '../../src/policy/simplify.js';

const a = equals('a', 'x');
const b = isNull('b');
const c = isNull('c');

test.each<[name: string, given: Residual, wanted: Residual]>([
  ['an empty and is yes', and(), yes],
  ['an empty or is no', or(), no],
  ['an or of empty ands is yes', or(and(), no), yes],
  ['an and of an empty or is no, not everything (§6.1)', and(or()), no],
  ['no absorbs an and', and(a, no, b), no],
  ['yes absorbs an or', or(a, yes, b), yes],
  ['yes is neutral in an and', and(yes, a), a],
  ['no is neutral in an or', or(no, a), a],
  ['a constant below a rule counts', and(a, rule('r', 'text', or())), no],
  ['junctions of one kind are flattened', and(a, and(b, and(c))), and(a, b, c)],
  ['junctions of two kinds are not', and(b, or(a, c)), and(b, or(a, c))],
  ['a wider alternative absorbs a narrower one', or(and(a, b), c, a), or(c, a)],
  [
    'so does a list of values one of fewer',
    or(and(b, oneOf('a', ['x'])), oneOf('a', ['x', 'y'])),
    oneOf('a', ['x', 'y']),
  ],
  [
    'not the other way round',
    or(and(b, oneOf('a', ['x', 'y'])), a),
    or(and(b, oneOf('a', ['x', 'y'])), a),
  ],
  ['what follows from the rest need not be asked', and(a, or(a, b)), a],
  ['of two that say the same the first stays', or(and(a, b), and(b, a)), and(a, b)],
  [
    'a wider test of related rows absorbs',
    or(related('r', and(a, b)), related('r', a)),
    related('r', a),
  ],
  [
    'that none passes the wider test says more',
    or(noneRelated('r', and(a, b)), noneRelated('r', a)),
    noneRelated('r', and(a, b)),
  ],
  ['rules are unwrapped', rule('r', 'text', rule('s', 'text', a)), a],
  ['a related row that must satisfy no is no', related('r', and(a, no)), no],
  ['some row that must satisfy no is no', someRelated('r', no), no],
  ['none that satisfies no is yes', noneRelated('r', no), yes],
  ['a related row without a test must still exist', related('r', yes), related('r', yes)],
  ['some row without a test must still exist', someRelated('r', yes), someRelated('r', yes)],
  ['none at all is not yes', noneRelated('r', or(yes, a)), noneRelated('r', yes)],
  [
    'alternatives that test one column are one test',
    or(equals('a', 'x'), b, oneOf('a', ['y', 'x']), equals('a', 'z')),
    or(oneOf('a', ['x', 'y', 'z']), b),
  ],
  [
    'so are alternatives that ask for an overlap, and the two are not mixed up',
    or(overlaps('a', ['x']), equals('a', 'x'), overlaps('a', ['y'])),
    or(overlaps('a', ['x', 'y']), equals('a', 'x')),
  ],
  ['one test that is left stands alone', or(a, a), a],
  [
    'tests of two columns, or of flags, stay',
    or(a, equals('c', 'x'), equals('d', true), equals('d', false)),
    or(a, equals('c', 'x'), equals('d', true), equals('d', false)),
  ],
  ['tests that must both hold stay', and(a, equals('a', 'y')), and(a, equals('a', 'y'))],
])('%s', (_name, given, wanted) => {
  expect(simplify(given)).toEqual(wanted);
});

test('a list of no values matches nothing (§6.1)', () => {
  expect(oneOf('id', [])).toEqual(no);
  expect(overlaps('ids', [])).toEqual(no);
  expect(oneOf('id', ['x'])).toEqual(equals('id', 'x'));
});

test('§6.3: no pairs match nothing, nor does half a pair; one pair asks for both halves', () => {
  const fields = ['a', 'b'] as const;
  const whole = { firsts: ['x'], seconds: ['y'] };
  expect(pairs(fields, 'kept', [])).toEqual(no);
  expect(pairs(fields, 'kept', [{ firsts: ['x'], seconds: [] }])).toEqual(no);
  expect(pairs(fields, 'kept', [{ firsts: [], seconds: ['y'] }])).toEqual(no);
  const one = and(overlaps('a', ['x']), overlaps('b', ['y']));
  expect(pairs(fields, 'kept', [whole, { firsts: ['z'], seconds: [] }])).toEqual(one);
  expect(pairs(fields, 'kept', [whole, whole])).toEqual({
    op: 'pairs',
    fields,
    kept: 'kept',
    groups: [whole, whole],
  });
});

test('a constant is left at the top alone, whatever the tree', () => {
  const parts = [yes, no, a, related('r', yes)];
  const trees = parts.flatMap((p) =>
    parts.flatMap((q) => [and(p, q), or(p, q), or(and(p, q), rule('r', 'text', and(q)))]),
  );
  const inside = (c: Residual): boolean =>
    (c.op === 'and' || c.op === 'or') && c.of.some((p) => p.op === 'constant' || inside(p));
  expect(trees.map(simplify).filter(inside)).toEqual([]);
});
