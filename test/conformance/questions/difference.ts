/** The gateway and the evaluator do not say the same. */
class Disagreement extends Error {
  override readonly name = 'Disagreement';
  readonly question: string;

  constructor(question: string, differences: readonly string[]) {
    super(`${question}\n${differences.slice(0, 12).join('\n')}`);
    this.question = question;
  }
}

/** Throws a {@link Disagreement} that says where two answers differ. */
export function expectSame(question: string, gateway: unknown, evaluator: unknown): void {
  const differences: string[] = [];
  compare('', gateway, evaluator, differences);
  if (differences.length > 0) throw new Disagreement(question, differences);
}

function compare(path: string, gateway: unknown, evaluator: unknown, into: string[]): void {
  if (Object.is(gateway, evaluator)) return;
  if (isObject(gateway) && isObject(evaluator) && isList(gateway) === isList(evaluator)) {
    const keys = new Set([...Object.keys(gateway), ...Object.keys(evaluator)]);
    for (const key of keys) compare(`${path}.${key}`, gateway[key], evaluator[key], into);
    return;
  }
  into.push(`  at ${path || '.'}: gateway ${text(gateway)}, evaluator ${text(evaluator)}`);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
const isList = Array.isArray;

function text(value: unknown): string {
  const json = JSON.stringify(value) ?? 'nothing';
  return json.length > 300 ? `${json.slice(0, 300)}…` : json;
}
