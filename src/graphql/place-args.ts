import type { Place, Tier } from '../policy/situation.js';
import { TIERS } from '../policy/situation.js';
import { acrossOrganizations, resolvePlace } from '../scopes/place.js';
import type { Context } from './context.js';

export interface PlaceArgs {
  readonly scope?: string | null | undefined;
  readonly acrossOrganizations?: boolean | null | undefined;
  readonly includeShadowed?: boolean | null | undefined;
}

/**
 * The place that a root field's arguments name (D4). Omitted and null differ: the first is the
 * request's default, the second the global tier.
 */
export async function placeOf(args: PlaceArgs, context: Context): Promise<Place> {
  const { principal, place, findScope } = context;
  if (args.acrossOrganizations === true) return acrossOrganizations(principal, args.scope, place);
  const named = await resolvePlace(principal, args.scope, findScope, place);
  return args.includeShadowed === true ? { ...named, includeShadowed: true } : named;
}

/**
 * The tiers that a list has to be asked for one by one. One statement over "mine or global" would
 * read the whole organization; each tier by itself is served by an index, in order.
 */
export function tiersOf(place: Place, hasGlobalRows: boolean): (Tier | undefined)[] {
  if (!hasGlobalRows) return ['tenant'];
  return place.coverage.kind === 'global' ? ['global'] : [...TIERS];
}

const places = new WeakMap<object, Place>();

/** Remembers the place in which a row was listed, for `shadowed` and `shadowedBy` (D3). */
export function listedIn<Row extends object>(rows: readonly Row[], place: Place): void {
  for (const row of rows) places.set(row, place);
}

/** The place in which a row was listed, if it was. */
export function placeOfRow(row: object): Place | undefined {
  return places.get(row);
}
