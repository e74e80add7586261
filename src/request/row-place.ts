import type { Place } from '../policy/situation.js';

const places = new WeakMap<object, Place>();

/**
 * Remembers where rows were read: in the place of their root field, and so in that same place
 * whatever these rows lead to (D4).
 */
export function readIn(rows: readonly object[], place: Place): void {
  for (const row of rows) places.set(row, place);
}

/** Where a row was read; the request's own place if it was read by id. */
export function placeOfRow(row: object, context: { readonly place: Place }): Place {
  return places.get(row) ?? context.place;
}
