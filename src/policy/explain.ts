import { type Answer, evaluate, type Row } from './evaluate.js';
import type { Residual } from './residual.js';

/** One rule of a decision, with its answer and those of the rules it is made of. */
export interface Explanation {
  readonly rule: string;
  readonly text: string;
  readonly answer: Answer;
  readonly because: readonly Explanation[];
}

/**
 * The unsimplified residual with an answer at each named rule: the same tree that decides, so the
 * reason can never differ from the decision.
 */
export function explain(residual: Residual, row: Row): Explanation {
  return {
    rule: 'decision',
    text: 'may this principal do this with this row',
    answer: evaluate(residual, row),
    because: rulesIn(residual, row),
  };
}

function rulesIn(residual: Residual, row: Row): Explanation[] {
  switch (residual.op) {
    case 'rule':
      return [
        {
          rule: residual.rule,
          text: residual.text,
          answer: evaluate(residual.of, row),
          because: rulesIn(residual.of, row),
        },
      ];
    case 'and':
    case 'or':
      return residual.of.flatMap((part) => rulesIn(part, row));
    case 'related': {
      const target = row[residual.relation];
      return typeof target === 'object' && target !== null
        ? rulesIn(residual.of, target as Row)
        : [];
    }
    default:
      return [];
  }
}
