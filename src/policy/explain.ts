import { type Answer, evaluate, type Row } from './evaluate.js';
import type { Residual } from './residual.js';

/** One rule of a decision, with its answer and those of the rules it is made of. */
export interface Explanation {
  readonly rule: string;
  readonly text: string;
  readonly answer: Answer;
  /** Of what is unknown: whether the row does not bring it, or whoever asks may not see what it brings. */
  readonly unknown?: 'missing' | 'hidden';
  readonly because: readonly Explanation[];
}

/**
 * The unsimplified residual with an answer at each named rule: the same tree that decides, so the
 * reason can never differ from the decision. `whole` is the row with what may not be shown of it.
 *
 * INVARIANT: the answers are those of `row`; of `whole` there is told only that it would tell more.
 */
export function explain(residual: Residual, row: Row, whole: Row = row): Explanation {
  return {
    rule: 'decision',
    text: 'may this principal do this with this row',
    ...answered(residual, row, whole),
    because: rulesIn(residual, row, whole),
  };
}

function answered(
  residual: Residual,
  row: Row,
  whole: Row,
): Pick<Explanation, 'answer' | 'unknown'> {
  const answer = evaluate(residual, row);
  if (answer !== 'unknown') return { answer };
  return { answer, unknown: evaluate(residual, whole) === 'unknown' ? 'missing' : 'hidden' };
}

function rulesIn(residual: Residual, row: Row, whole: Row): Explanation[] {
  switch (residual.op) {
    case 'rule':
      return [
        {
          rule: residual.rule,
          text: residual.text,
          ...answered(residual.of, row, whole),
          because: rulesIn(residual.of, row, whole),
        },
      ];
    case 'and':
    case 'or':
      return residual.of.flatMap((part) => rulesIn(part, row, whole));
    case 'related': {
      const target = row[residual.relation];
      const all = whole[residual.relation];
      return isRow(target) && isRow(all) ? rulesIn(residual.of, target, all) : [];
    }
    default:
      return [];
  }
}

const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null;
