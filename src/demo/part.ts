// Which part of the demo world is planted: all of it, or one organization's.
import { type OrganizationKey, organizationOf, type PlaceKey } from './places.js';

/** Whether what is of an organization, or of none, is of the part. */
export type Part = (organization: OrganizationKey | null) => boolean;

export const EVERYTHING: Part = () => true;

/** The keys of a table whose entries name their organization. */
export function keysIn<K extends string>(
  table: Readonly<Record<K, { readonly organization: OrganizationKey }>>,
  part: Part,
): K[] {
  return (Object.keys(table) as K[]).filter((key) => part(table[key].organization));
}

/** What of a list lives in the part. */
export function rowsIn<R extends { readonly at: PlaceKey }>(rows: readonly R[], part: Part): R[] {
  return rows.filter(({ at }) => part(organizationOf(at)));
}
