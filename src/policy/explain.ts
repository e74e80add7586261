import type { Condition } from './condition.js';
import { type Answer, evaluate, type Row } from './evaluate.js';

/** One rule of a decision, with its answer and those of the rules it is made of. */
export interface Explanation {
  readonly rule: string;
  readonly text: string;
  readonly answer: Answer;
  readonly because: readonly Explanation[];
}

/**
 * The unsimplified condition with an answer at each named rule: the same tree that decides, so the
 * reason can never differ from the decision.
 */
export function explain(condition: Condition, row: Row): Explanation {
  return {
    rule: 'decision',
    text: 'may this principal do this with this row',
    answer: evaluate(condition, row),
    because: rulesIn(condition, row),
  };
}

function rulesIn(condition: Condition, row: Row): Explanation[] {
  switch (condition.op) {
    case 'rule':
      return [
        {
          rule: condition.rule,
          text: condition.text,
          answer: evaluate(condition.of, row),
          because: rulesIn(condition.of, row),
        },
      ];
    case 'and':
    case 'or':
      return condition.of.flatMap((part) => rulesIn(part, row));
    case 'related': {
      const target = row[condition.relation];
      return typeof target === 'object' && target !== null
        ? rulesIn(condition.of, target as Row)
        : [];
    }
    default:
      return [];
  }
}
