import type { Values } from '../data/prisma/writer.js';
import { scopeForbidden } from '../errors.js';
import type { Place } from '../policy/situation.js';
import { PLATFORM_ROOT_ID } from '../policy/vocabulary.js';
import { resolvePlace, type ScopeRequest } from '../request/place.js';
import type { Session } from './session.js';

/** Where a row is made or moved to: a scope, and what is known of it. */
export interface Spot {
  readonly scopeId: string;
  readonly typeId: string;
  /** Null: the platform root, where global rows live. */
  readonly organizationId: string | null;
  /** inherits(S): the scopes whose grants reach what lives there (D8). */
  readonly inheritsFrom: readonly string[];
  /** The scope, its parent, …, the platform root. */
  readonly path: readonly string[];
  /** The scope, as rows there have it (D11). */
  readonly scope: Values;
}

/** The effective scope itself (D4, D5): what the input names, else the request's own. */
export async function spotOf(session: Session, scope: ScopeRequest): Promise<Spot> {
  return (await actingAt(session, scope)).spot;
}

/**
 * The effective scope, and the session as it acts there: of a command that takes a scope, everything is decided
 * and recorded as of that place (D4).
 */
export async function actingAt(
  session: Session,
  scope: ScopeRequest,
): Promise<{ readonly spot: Spot; readonly there: Session }> {
  const place = await resolvePlace(session.principal, scope, session.findScope, session.place);
  const scopeId = scopeOf(place);
  const found = await session.findSpot(scopeId);
  if (found === null) throw scopeForbidden();
  return {
    spot: { scopeId, ...found },
    there: place === session.place ? session : session.at(place),
  };
}

function scopeOf({ coverage, chain }: Place): string {
  if (coverage.kind === 'global') return PLATFORM_ROOT_ID;
  const [nearest] = chain;
  if (nearest === undefined) throw scopeForbidden();
  return nearest;
}
