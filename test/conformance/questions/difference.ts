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
  const found = differences({ gateway, evaluator });
  if (found.length > 0) throw new Disagreement(question, found);
}

/** Where two values differ, whatever the order of their keys; each is called by its name. */
export function differences(named: Readonly<Record<string, unknown>>): string[] {
  const [left, right] = Object.keys(named) as [string, string];
  const found: string[] = [];
  const compare = (path: string, one: unknown, other: unknown): void => {
    if (Object.is(one, other)) return;
    if (isObject(one) && isObject(other) && isList(one) === isList(other)) {
      const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
      for (const key of keys) compare(`${path}.${key}`, one[key], other[key]);
      return;
    }
    found.push(`  at ${path || '.'}: ${left} ${text(one)}, ${right} ${text(other)}`);
  };
  compare('', named[left], named[right]);
  return found;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
const isList = Array.isArray;

function text(value: unknown): string {
  const json = JSON.stringify(value) ?? 'nothing';
  return json.length > 300 ? `${json.slice(0, 300)}…` : json;
}
