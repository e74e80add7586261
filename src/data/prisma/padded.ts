/**
 * The values in a list of 1, 2, 4, 8, … of them, the last one repeated, which changes nothing of an
 * `IN`. Its length is part of a statement's text: a list for each number of rows would be a statement
 * to prepare for each, and the connections keep only so many.
 */
export function padded<T>(values: readonly T[]): T[] {
  const [last] = values.slice(-1);
  if (last === undefined) return [];
  const length = 2 ** Math.ceil(Math.log2(values.length));
  return [...values, ...Array<T>(length - values.length).fill(last)];
}
