import { badUserInput, scopeForbidden } from '../errors.js';
import { isUuid } from '../policy/pattern.js';
import type { Principal } from '../policy/principal.js';
import { rootScopeId } from '../policy/root-scope.js';
import { canActAnywhere, ownPlace, type Place } from '../policy/situation.js';
import { PLATFORM_ROOT_ID } from '../policy/vocabulary.js';

/**
 * What a caller said about where to act: nothing, the global tier (`null`), or the id of a scope, or of an
 * organization, which means its root (D1).
 */
export type ScopeRequest = string | null | undefined;

/** A scope as the tree knows it: itself, its parent, …, the platform root. */
export interface ScopeNode {
  readonly id: string;
  readonly organizationId: string | null;
  readonly path: readonly string[];
  /** inherits(S): the scopes whose grants reach what lives there (D8). */
  readonly inheritsFrom: readonly string[];
}

/** Finds the scope that an id names as a place, whoever asks: naming one takes no right on it (D4). */
export type FindScope = (id: string) => Promise<ScopeNode | null>;

/**
 * Where a request acts (D4). Throws SCOPE_FORBIDDEN, the same for a scope that does not exist and
 * for one of an organization in which the principal may not act; nothing is coerced or ignored.
 * `fallback` is the request's own default, for a field without an argument.
 */
export async function resolvePlace(
  principal: Principal,
  requested: ScopeRequest,
  find: FindScope,
  fallback: Place = ownPlace(principal),
): Promise<Place> {
  if (requested === undefined) return fallback;
  if (requested === null) return globalPlace(principal);
  const scope = isUuid(requested) ? await find(requested.toLowerCase()) : null;
  if (scope === null || scope.organizationId === null) throw scopeForbidden();
  const switched = scope.organizationId !== principal.organizationId;
  // An execution is at home where it runs as well (D30).
  const isHome = scope.organizationId === (principal.execution ?? principal).organizationId;
  if (switched && !isHome && !canActAnywhere(principal)) throw scopeForbidden();
  const chain = scope.path.filter((id) => id !== PLATFORM_ROOT_ID);
  return {
    organizationId: scope.organizationId,
    switched,
    coverage: { kind: 'chain', scopeIds: chain },
    chain,
    includeShadowed: false,
  };
}

/** The default of a request, from the header `x-heimdall-scope`: an id, or `global` (D4). */
export async function placeFromHeader(
  principal: Principal,
  header: string | null,
  find: FindScope,
): Promise<Place> {
  if (header === null) return ownPlace(principal);
  return resolvePlace(principal, header === 'global' ? null : header, find);
}

/** The global tier alone. What counts there is still held in the caller's own organization. */
function globalPlace(principal: Principal): Place {
  return {
    organizationId: principal.organizationId,
    switched: false,
    coverage: { kind: 'global' },
    chain: [],
    includeShadowed: false,
  };
}

/** All tenants, shadowed rows included: for those alone who may act in any (D4). */
export function acrossOrganizations(
  principal: Principal,
  requested: ScopeRequest,
  fallback: Place,
): Place {
  if (requested !== undefined) {
    throw badUserInput('scope and acrossOrganizations exclude each other');
  }
  if (!canActAnywhere(principal)) throw scopeForbidden();
  return { ...fallback, coverage: { kind: 'everything' }, includeShadowed: true };
}

/** The place of an organization's root: where its rows are decided "as if acting there" (D4). */
export function rootOf(organizationId: string, principal: Principal): Place {
  return {
    organizationId,
    switched: organizationId !== principal.organizationId,
    coverage: { kind: 'organization', organizationId },
    chain: [rootScopeId(organizationId)],
    includeShadowed: false,
  };
}
