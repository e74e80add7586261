/** What is inside of a value; undefined: it is neither a list nor an object. */
type Inside<T> = (value: T) => readonly T[] | undefined;

/** How many lists and objects are within one another, counted level by level, since they could exhaust the stack. */
export function levelsOf<T>(value: T, insideOf: Inside<T>): number {
  let level: readonly T[] = [value];
  for (let depth = 0; ; depth += 1) {
    const inside = level.map(insideOf).filter((one) => one !== undefined);
    if (inside.length === 0) return depth;
    level = inside.flat();
  }
}

/** The longest list in a value. */
export function longestList<T>(
  value: T,
  insideOf: Inside<T>,
  lengthOf: (value: T) => number,
): number {
  let longest = 0;
  for (const left: T[] = [value]; left.length > 0; ) {
    const next = left.pop() as T;
    longest = Math.max(longest, lengthOf(next));
    for (const one of insideOf(next) ?? []) left.push(one);
  }
  return longest;
}
