import type { Policy } from '../policy/define-policy.js';
import type { Place, Tier } from '../policy/situation.js';
import type { Context } from '../request/context.js';
import { acrossOrganizations, resolvePlace } from '../request/place.js';

export interface PlaceArgs {
  readonly scope?: string | null | undefined;
  readonly acrossOrganizations?: boolean | null | undefined;
  readonly includeShadowed?: boolean | null | undefined;
}

/**
 * The place that a root field's arguments name (D4). Omitted and null differ: the first is the
 * request's default, the second the global tier.
 */
export async function placeOf(
  args: PlaceArgs,
  context: Pick<Context, 'principal' | 'place' | 'findScope'>,
): Promise<Place> {
  const { principal, place, findScope } = context;
  if (args.acrossOrganizations === true) return acrossOrganizations(principal, args.scope, place);
  const named = await resolvePlace(principal, args.scope, findScope, place);
  return args.includeShadowed === true ? { ...named, includeShadowed: true } : named;
}

/** A part of a list that an index serves in the list's order. */
export interface Arm {
  readonly place: Place;
  readonly tier: Tier;
}

/**
 * The parts that a list is asked for one by one: the global rows, and those of the tenant or of each
 * scope of the chain. One statement over "mine or global" would read the whole organization.
 */
export function armsOf(
  place: Place,
  { home, cascadesBy }: Pick<Policy, 'home' | 'cascadesBy'>,
): Arm[] {
  const { coverage } = place;
  const hasGlobalRows = home?.hasGlobalRows === true;
  const global: Arm[] = hasGlobalRows ? [{ place, tier: 'global' }] : [];
  if (coverage.kind === 'global' && hasGlobalRows) return global;
  // Rows that shadow one another are those there are many of at a scope.
  if (coverage.kind !== 'chain' || cascadesBy === undefined)
    return [{ place, tier: 'tenant' }, ...global];
  const scopes = coverage.scopeIds.map((id): Arm => {
    return { place: { ...place, coverage: { ...coverage, scopeIds: [id] } }, tier: 'tenant' };
  });
  return [...scopes, ...global];
}
