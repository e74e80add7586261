/** What the database said of the length of JSON, so that it is not written out only to be measured. */
const known = new WeakMap<object, number>();

/** Remembers how many bytes a value takes as text. */
export function rememberSize(value: unknown, bytes: number): void {
  if (typeof value === 'object' && value !== null) known.set(value, bytes);
}

/** How many bytes a value takes in an answer, or a row in memory: its text alone, which may be of any length. */
export function sizeOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value !== 'object' || value === null || value instanceof Date) return 8;
  const found = known.get(value);
  if (found !== undefined) return found;
  const bytes = Buffer.byteLength(JSON.stringify(value));
  known.set(value, bytes);
  return bytes;
}
