const SHOWN = 12;

/** The first lines in which two values differ as JSON, or undefined where they do not. */
export function difference(expected: unknown, found: unknown): string | undefined {
  const before = lines(expected);
  const after = lines(found);
  if (before.join('\n') === after.join('\n')) return undefined;
  const at = before.findIndex((line, index) => line !== after[index]);
  const from = at === -1 ? before.length : at;
  const show = (mark: string, of: readonly string[]) =>
    of.slice(from, from + SHOWN).map((line) => `  ${mark} ${line}`);
  return [
    `  line ${from + 1} of ${before.length}, ${after.length} lines found`,
    ...show('-', before),
    ...show('+', after),
  ].join('\n');
}

/** Keys in one order, whatever order they came in. */
function lines(value: unknown): string[] {
  const sorted = JSON.stringify(
    value,
    (_key, part: unknown) =>
      typeof part === 'object' && part !== null && !Array.isArray(part)
        ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
        : part,
    2,
  );
  return (sorted ?? 'undefined').split('\n');
}
