import type { Principal } from '../policy/principal.js';
import type { Place } from '../policy/situation.js';
import { rootOf } from '../scopes/place.js';

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

/** Where a row would be looked up by its name: of another tenant's row, at that tenant's root (D3). */
export function lookupPlace(
  row: { readonly organizationId: string | null },
  context: { readonly place: Place; readonly principal: Principal },
): Place {
  const place = placeOfRow(row, context);
  const { organizationId } = row;
  if (organizationId === null || organizationId === place.organizationId) return place;
  return rootOf(organizationId, context.principal);
}
