import fc from 'fast-check';
import { expect, test } from 'vitest';
import { evaluate } from '../../src/policy/evaluate.js';
import { type Facts, factsFor } from '../../src/policy/facts.js';
import {
  and,
  equals,
  isNull,
  noneRelated,
  or,
  overlaps,
  type Residual,
  related,
  rule,
  someRelated,
  yes,
} from '../../src/policy/residual.js';
import { simplify } from '../../src/policy/simplify.js';

test('columns and relations of every part, once', () => {
  const condition = and(
    isNull('a'),
    or(equals('b', 'x'), rule('r', 'text', related('one', isNull('c')))),
    related('one', related('deep', overlaps('d', ['x']))),
    noneRelated('many', equals('e', 'x')),
  );
  expect(factsFor(condition)).toEqual({
    a: true,
    b: true,
    one: { select: { c: true, deep: { select: { d: true } } } },
    many: { select: { e: true } },
  });
});

test('a relation that must merely exist is selected, and never loses what else is asked of it', () => {
  expect(factsFor(someRelated('r', yes))).toEqual({ r: true });
  expect(factsFor(and(someRelated('r', yes), someRelated('r', isNull('a'))))).toEqual({
    r: { select: { a: true } },
  });
  expect(factsFor(and(someRelated('r', isNull('a')), someRelated('r', yes)))).toEqual({
    r: { select: { a: true } },
  });
});

/** A row that has just the facts, and nothing more. */
function rowOf(facts: Facts): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(facts).map(([name, inner]) => {
      const row = inner === true ? {} : rowOf(inner.select);
      if (name.startsWith('many')) return [name, [row]];
      return [name, name.startsWith('one') ? row : null];
    }),
  );
}

test('with its facts a condition is never unknown', () => {
  const leaf = fc.constantFrom<Residual>(yes, isNull('a'), equals('b', 'x'), overlaps('c', ['x']));
  const { tree } = fc.letrec<{ tree: Residual }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      leaf,
      fc.array(tie('tree'), { maxLength: 3 }).map((of) => and(...of)),
      fc.array(tie('tree'), { maxLength: 3 }).map((of) => or(...of)),
      tie('tree').map((of) => related('one', of)),
      tie('tree').map((of) => someRelated('many', of)),
      tie('tree').map((of) => noneRelated('many', of)),
    ),
  }));
  fc.assert(
    fc.property(tree, (condition) => {
      const row = rowOf(factsFor(condition));
      const answer = evaluate(condition, row);
      expect(answer).not.toBe('unknown');
      expect(evaluate(simplify(condition), row)).toBe(answer);
    }),
  );
});
