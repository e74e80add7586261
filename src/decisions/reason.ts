import type { Answer as Evaluated, Row } from '../policy/evaluate.js';
import { type Explanation, explain } from '../policy/explain.js';
import type { Residual } from '../policy/residual.js';

/** So many causes are named; more would be a tree, and that is what an explanation is for. */
const MOST = 3;

/** The answer in words, from the rules that decide and as far as the row is shown to the asker. */
export function reasonOf(rules: Residual, shown: Row, answer: Evaluated): string {
  const { because } = explain(rules, shown);
  const causes = [...new Set(causesOf(because.filter(isNoTenancy), answer))];
  if (causes.length === 0) return OTHERWISE[answer];
  return causes.slice(0, answer === 'yes' ? 1 : MOST).join('; ');
}

const OTHERWISE: Readonly<Record<Evaluated, string>> = {
  yes: 'what is held permits it',
  no: 'nothing that is held permits it',
  unknown: 'it cannot be told',
};

/** Where a row lies is no reason to permit anything. */
const isNoTenancy = ({ rule }: Explanation): boolean => rule !== 'D4' && rule !== 'D3';

/** The innermost rules that answer as the whole does. */
function causesOf(rules: readonly Explanation[], answer: Evaluated): string[] {
  return rules
    .filter((one) => one.answer === answer)
    .flatMap((one) => {
      const inner = causesOf(one.because, answer);
      return inner.length === 0 ? [`${one.text} (${one.rule})`] : inner;
    });
}
