import { expect, test } from 'vitest';
import { evaluate } from '../../src/policy/evaluate.js';
import { explain } from '../../src/policy/explain.js';
import { and, equals, or, related, rule } from '../../src/policy/residual.js';
import { simplify } from '../../src/policy/simplify.js';

const decision = and(
  rule('D4', 'tenancy', equals('org', 'a')),
  or(
    rule('D6', 'use', and(equals('active', true), rule('D6', 'level', equals('level', 'open')))),
    rule('§4', 'manage', equals('owner', 'me')),
  ),
  related('scope', rule('D8', 'reached', equals('id', 's'))),
);

test('each named rule has its own answer, in the shape of the decision', () => {
  const row = { org: 'a', active: true, level: 'closed', owner: null, scope: { id: 's' } };
  expect(explain(decision, row)).toEqual({
    rule: 'decision',
    text: 'may this principal do this with this row',
    answer: 'no',
    because: [
      { rule: 'D4', text: 'tenancy', answer: 'yes', because: [] },
      {
        rule: 'D6',
        text: 'use',
        answer: 'no',
        because: [{ rule: 'D6', text: 'level', answer: 'no', because: [] }],
      },
      { rule: '§4', text: 'manage', answer: 'no', because: [] },
      { rule: 'D8', text: 'reached', answer: 'yes', because: [] },
    ],
  });
});

test('the explained answer is that of the simplified decision, unknowns included', () => {
  for (const owner of ['me', 'you', undefined]) {
    for (const level of ['open', 'closed', undefined]) {
      for (const scope of [{ id: 's' }, { id: 't' }, null, undefined]) {
        const row = { org: 'a', active: true, level, owner, scope };
        expect(explain(decision, row).answer).toBe(evaluate(simplify(decision), row));
      }
    }
  }
});

test('of what is unknown it is told whether nobody has said it, or it may not be shown', () => {
  const whole = { org: 'a', active: true, level: 'open', owner: undefined, scope: { id: 's' } };
  const { answer, unknown, because } = explain(decision, { ...whole, level: undefined }, whole);
  // It would be permitted by the level, which is not for this caller; the owner is not known to anybody.
  expect([answer, unknown]).toEqual(['unknown', 'hidden']);
  expect(because.map(({ text, unknown: why }) => [text, why])).toEqual([
    ['tenancy', undefined],
    ['use', 'hidden'],
    ['manage', 'missing'],
    ['reached', undefined],
  ]);
});

test('a related row that is missing is explained without its rules', () => {
  expect(
    explain(related('scope', rule('D8', 'reached', equals('id', 's'))), { scope: null }),
  ).toMatchObject({ answer: 'no', because: [] });
});
