/** A table whose first `labels` columns are words and whose others are numbers. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  labels = 1,
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_cell, index) => (index < labels ? '---' : '---:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

/** Three digits that mean something; more where the number has them before the point. */
export function digits(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return '-';
  return value >= 100 ? whole(value) : value.toPrecision(value < 0.1 ? 2 : 3);
}

/** In whole numbers. */
export const whole = (value: number): string => Math.round(value).toLocaleString('en');
