/** The texts of lists that were sent before. A statement that is kept has its lists for as long as it is. */
const known = new WeakMap<readonly unknown[], string>();

/**
 * A list as PostgreSQL's own text of an array. INVARIANT: lists are never changed once they are bound.
 *
 * @throws TypeError for what is neither text, number, boolean nor null
 */
export function arrayText(list: readonly unknown[]): string {
  const before = known.get(list);
  if (before !== undefined) return before;
  const text = `{${list.map(elementText).join(',')}}`;
  known.set(list, text);
  return text;
}

function elementText(element: unknown): string {
  if (element === null || element === undefined) return 'NULL';
  if (Array.isArray(element)) return arrayText(element);
  if (typeof element === 'string') return `"${element.replaceAll(/["\\]/g, '\\$&')}"`;
  if (typeof element === 'number' || typeof element === 'boolean') return String(element);
  throw new TypeError('a list of a compiled statement takes no such value');
}
