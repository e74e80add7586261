import fc from 'fast-check';
import { expect, test } from 'vitest';
import { evaluate } from '../../src/policy/evaluate.js';
import { implies } from '../../src/policy/implies.js';
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
  someRelated,
  startsWith,
  yes,
} from '../../src/policy/residual.js';

const TEXTS = ['x', 'xy', 'y'];
const text = fc.constantFrom('a', 'b');
const list = fc.constantFrom('as', 'bs');
const values = fc.uniqueArray(fc.constantFrom(...TEXTS), { minLength: 1, maxLength: 3 });

const leaf: fc.Arbitrary<Residual> = fc.oneof(
  fc.tuple(text, fc.constantFrom(...TEXTS)).map(([field, value]) => equals(field, value)),
  fc.tuple(text, values).map(([field, some]) => oneOf(field, some)),
  text.map(isNull),
  fc.oneof(text, list).map(notNull),
  fc.tuple(text, fc.constantFrom(...TEXTS)).map(([field, value]) => startsWith(field, value)),
  fc.tuple(list, values).map(([field, some]) => overlaps(field, some)),
  fc.tuple(list, values).map(([field, some]) => disjoint(field, some)),
  fc.constant(pairs(['as', 'bs'], 'kept', [{ firsts: ['x'], seconds: ['y'] }])),
  fc.constantFrom(yes, no),
);

const { residual } = fc.letrec<{ residual: Residual }>((tie) => {
  const parts = fc.array(tie('residual'), { minLength: 1, maxLength: 3 });
  return {
    residual: fc.oneof(
      { maxDepth: 2, depthSize: 'small' },
      { arbitrary: leaf, weight: 3 },
      { arbitrary: parts.map((of) => and(...of)), weight: 1 },
      { arbitrary: parts.map((of) => or(...of)), weight: 1 },
      {
        arbitrary: fc
          .tuple(fc.constantFrom('r', 's'), tie('residual'))
          .map(([relation, of]) => related(relation, of)),
        weight: 1,
      },
      {
        arbitrary: fc
          .tuple(fc.constantFrom(someRelated, noneRelated), fc.constantFrom('t', 'u'), leaf)
          .map(([make, relation, of]) => make(relation, of)),
        weight: 1,
      },
    ),
  };
});

const textValue = fc.constantFrom(...TEXTS, 'z', null);
const listValue = fc.subarray([...TEXTS, 'z']);
const columns = { a: textValue, b: textValue, as: listValue, bs: listValue };
const { row } = fc.letrec<{ row: object }>((tie) => {
  const one = fc.option(tie('row'), { depthSize: 'medium', maxDepth: 3 });
  const many = fc.array(fc.record(columns), { maxLength: 2 });
  return { row: fc.record({ ...columns, r: one, s: one, t: many, u: many }) };
});

test('a yes is certain: no row satisfies the narrower and not the wider', () => {
  let certain = 0;
  fc.assert(
    fc.property(
      residual,
      residual,
      fc.array(row, { minLength: 6, maxLength: 6 }),
      (narrow, wide, rows) => {
        if (!implies(narrow, wide)) return;
        certain += 1;
        for (const one of rows) {
          if (evaluate(narrow, one as never) === 'yes') {
            expect(evaluate(wide, one as never)).toBe('yes');
          }
        }
      },
    ),
    { numRuns: 1200, seed: 7 },
  );
  expect(certain).toBeGreaterThan(100);
});

const a = equals('a', 'x');
const b = isNull('b');

test.each<[name: string, narrow: Residual, wide: Residual, answer: boolean]>([
  ['a value and a list with it', a, oneOf('a', ['x', 'y']), true],
  ['a value and a list without it', a, oneOf('a', ['y', 'z']), false],
  ['a value and another', a, equals('a', 'y'), false],
  ['a value and that of another column', a, equals('b', 'x'), false],
  ['fewer values and more', oneOf('a', ['x', 'y']), oneOf('a', ['x', 'y', 'z']), true],
  ['more values and fewer', oneOf('a', ['x', 'y', 'z']), oneOf('a', ['x', 'y']), false],
  ['values of another column', oneOf('a', ['x', 'y']), oneOf('b', ['x', 'y']), false],
  [
    'being one of values and overlapping them',
    oneOf('a', ['x', 'y']),
    overlaps('a', ['x', 'y']),
    false,
  ],
  ['overlapping fewer values and more', overlaps('a', ['x']), overlaps('a', ['x', 'y']), true],
  ['a null column and another', isNull('a'), isNull('b'), false],
  ['a longer prefix and a shorter', startsWith('a', 'x/y/'), startsWith('a', 'x/'), true],
  ['a shorter prefix and a longer', startsWith('a', 'x/'), startsWith('a', 'x/y/'), false],
  ['a value and a column with any', a, notNull('a'), true],
  ['a part and the whole', a, and(a, b), false],
  ['the whole and a part', and(a, b), a, true],
  ['an alternative and all of them', a, or(b, a), true],
  ['alternatives and one of them', or(a, b), a, false],
  ['a related row and one of another relation', related('r', a), related('s', a), false],
  ['some related row and a related row', someRelated('r', a), related('r', a), false],
  ['a related row of whatever kind and one that is so', related('r', yes), related('r', a), false],
  ['none of many and none of few', noneRelated('r', or(a, b)), noneRelated('r', a), true],
  ['none of few and none of many', noneRelated('r', a), noneRelated('r', or(a, b)), false],
  ['nothing and whatever', no, a, true],
  ['whatever and nothing', a, no, false],
])('%s', (_name, narrow, wide, answer) => {
  expect(implies(narrow, wide)).toBe(answer);
});
