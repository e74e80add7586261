/**
 * Freezes a value made of plain objects and arrays, all the way down.
 *
 * INVARIANT: a principal never changes after it was built, whoever holds a reference to it.
 */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) deepFreeze(part);
  }
  return value;
}
