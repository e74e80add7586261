/** Which rules of the model have decided something, and which way. */
const seen = new Map<string, { yes: number; no: number }>();

/** Notes that a rule was asked and what it said; returns what it said. */
export function cover(rule: string, answer: boolean): boolean {
  const counts = seen.get(rule) ?? { yes: 0, no: 0 };
  counts[answer ? 'yes' : 'no'] += 1;
  seen.set(rule, counts);
  return answer;
}

export interface Covered {
  readonly rule: string;
  readonly yes: number;
  readonly no: number;
}

/** What was noted so far, by rule. */
export function covered(): Covered[] {
  const number = (rule: string): number => Number(/\d+/.exec(rule)?.[0] ?? 0);
  return [...seen]
    .map(([rule, counts]) => ({ rule, ...counts }))
    .sort((a, b) => number(a.rule) - number(b.rule) || (a.rule < b.rule ? -1 : 1));
}

/** The table that ends a run. */
export function coverageTable(): string {
  const rows = covered();
  const width = Math.max(4, ...rows.map(({ rule }) => rule.length));
  const line = (rule: string, yes: string, no: string): string =>
    `${rule.padEnd(width)}  ${yes.padStart(10)}  ${no.padStart(10)}`;
  return [
    line('rule', 'yes', 'no'),
    ...rows.map(({ rule, yes, no }) => line(rule, String(yes), String(no))),
  ].join('\n');
}
