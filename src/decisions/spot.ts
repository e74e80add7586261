import { scopeForbidden } from '../errors.js';
import type { Policy } from '../policy/define-policy.js';
import { evaluate, type Row } from '../policy/evaluate.js';
import { rootScopeId } from '../policy/root-scope.js';
import { canActAnywhere, type Place } from '../policy/situation.js';
import { PLATFORM_ROOT_ID } from '../policy/vocabulary.js';
import type { ReadingContext } from '../request/reading.js';

/** A scope as decisions need it: whose it is, and whose grants reach what lives there (D8). */
export interface Spot {
  readonly scopeId: string;
  readonly organizationId: string | null;
  readonly inheritsFrom: readonly string[];
}

/** The scope that a place begins at. Throws SCOPE_FORBIDDEN where it is gone. */
export async function spotOf(
  { coverage, chain, organizationId }: Place,
  { findScope }: Pick<ReadingContext, 'findScope'>,
): Promise<Spot> {
  if (coverage.kind === 'global') {
    return { scopeId: PLATFORM_ROOT_ID, organizationId: null, inheritsFrom: [PLATFORM_ROOT_ID] };
  }
  const [scopeId] = chain;
  if (scopeId === undefined) throw scopeForbidden();
  // A root inherits from itself alone, whoever asks.
  if (organizationId !== null && scopeId === rootScopeId(organizationId)) {
    return { scopeId, organizationId, inheritsFrom: [scopeId] };
  }
  const found = await findScope(scopeId);
  if (found === null) throw scopeForbidden();
  return { scopeId, organizationId: found.organizationId, inheritsFrom: found.inheritsFrom };
}

/** What is known of any row of a policy that lives at a spot; every other column is unknown. */
export function anyRowAt({ home }: Policy, { organizationId, inheritsFrom }: Spot): Row {
  if (home === undefined) return {};
  const { inherits, organization } = home;
  const row = { [organization]: organizationId };
  switch (inherits.kind) {
    case 'array':
      return { ...row, [inherits.field]: inheritsFrom };
    case 'recorded': {
      const there = { [inherits.field]: inheritsFrom };
      return { ...row, ...there, [inherits.relation]: there };
    }
    case 'root':
      return { ...row, [inherits.field]: organizationId };
  }
}

/**
 * Whether the principal may ask what others hold at a spot: `permission:inspect`, over all of them.
 *
 * INVARIANT: a scope that a grant of it does not reach is a wall to it, as it is to everything else (D8).
 */
export function inspectsAt(context: ReadingContext, spot: Spot): boolean {
  const place = placeIn(context, spot.organizationId);
  if (place === null) return false;
  const decisions = context.decisionsAt(place);
  const row = anyRowAt(decisions.policy('Permission'), spot);
  return evaluate(decisions.residual('Permission', 'inspect'), row) === 'yes';
}

/** An organization, or the global tier, as somebody acts there; null where they cannot (D4). */
function placeIn({ principal }: ReadingContext, organizationId: string | null): Place | null {
  const there = { coverage: { kind: 'global' }, chain: [], includeShadowed: false } as const;
  if (organizationId === null) {
    return { ...there, organizationId: principal.organizationId, switched: false };
  }
  const switched = organizationId !== principal.organizationId;
  return switched && !canActAnywhere(principal) ? null : { ...there, organizationId, switched };
}

/** Where a row lives, as it says itself. */
export function spotOfRow({ home }: Policy, row: Row): Spot {
  const organizationId = home === undefined ? null : (row[home.organization] as string | null);
  const scope = home === undefined ? null : row[home.scope];
  if (home === undefined || organizationId === null) {
    return { scopeId: PLATFORM_ROOT_ID, organizationId: null, inheritsFrom: [PLATFORM_ROOT_ID] };
  }
  if (home.inherits.kind === 'root') {
    const scopeId = rootScopeId(organizationId);
    return { scopeId, organizationId, inheritsFrom: [scopeId] };
  }
  const inheritsFrom = (row[home.inherits.field] ?? []) as readonly string[];
  return { scopeId: String(scope), organizationId, inheritsFrom };
}
