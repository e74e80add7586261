import type { Grant, Principal } from './principal.js';
import { rootScopeId } from './root-scope.js';
import { countsAtRoot } from './switches.js';

/**
 * Where a request acts (D4). Made by the scopes room alone, which has checked that the principal
 * may act there; policies only read it.
 */
export interface Place {
  /** The organization whose root counts for global rows: the target's, or the caller's own. */
  readonly organizationId: string | null;
  /** Whether that is another organization than the principal's own. */
  readonly switched: boolean;
  readonly coverage: Coverage;
  /** chain(S), nearest first: where a same-named row shadows a farther one (D3). Empty: nowhere. */
  readonly chain: readonly string[];
  readonly includeShadowed: boolean;
}

/** What a list or a lookup by name covers (D4). */
export type Coverage =
  /** The whole organization and the global rows: `scope` was omitted. */
  | { readonly kind: 'organization'; readonly organizationId: string }
  /** The rows at these scopes and the global ones: `scope: S`. */
  | { readonly kind: 'chain'; readonly scopeIds: readonly string[] }
  /** The global rows alone: `scope: null`. */
  | { readonly kind: 'global' }
  /** All tenants and the global rows: `acrossOrganizations: true`. */
  | { readonly kind: 'everything' };

/** The two halves of every table: rows of tenants, and global rows (`organizationId` is null). */
export const TIERS = ['tenant', 'global'] as const;
export type Tier = (typeof TIERS)[number];

/**
 * Where the root of what is asked looks (D4): *placed*, in the place itself, or in one tier of it, for lists and
 * lookups by name; *reachable*, wherever the principal could act, for ids, references and relations.
 */
export type Extent =
  | { readonly kind: 'placed'; readonly tier?: Tier }
  | { readonly kind: 'reachable' };

export const REACHABLE: Extent = Object.freeze({ kind: 'reachable' });

/** Everything that a predicate is resolved against. */
export interface Situation {
  readonly principal: Principal;
  readonly place: Place;
  readonly extent: Extent;
}

/** Where a request acts that names no scope: the principal's own organization (D4); an execution, where it runs (D30). */
export function ownPlace(principal: Principal): Place {
  const { execution } = principal;
  if (execution !== undefined) {
    return {
      organizationId: execution.organizationId,
      switched: execution.organizationId !== principal.organizationId,
      coverage: { kind: 'chain', scopeIds: execution.chain },
      chain: execution.chain,
      includeShadowed: false,
    };
  }
  const organizationId = principal.organizationId;
  return {
    organizationId,
    switched: false,
    coverage:
      organizationId === null ? { kind: 'global' } : { kind: 'organization', organizationId },
    chain: organizationId === null ? [] : [rootScopeId(organizationId)],
    includeShadowed: false,
  };
}

/**
 * Whether the principal may act in organizations other than its own (D4): a platform admin, or a
 * member of a provider organization with `organization:actIn` at its root. The permission is about
 * where to act and not about a row, so of its patterns only `*` counts.
 */
export function canActAnywhere(principal: Principal): boolean {
  if (principal.isPlatformAdmin) return true;
  return principal.isProvider && principal.grants.some((grant) => isActInGrant(grant, principal));
}

function isActInGrant(grant: Grant, principal: Principal): boolean {
  return (
    grant.resourceType === 'organization' &&
    grant.action === 'actIn' &&
    grant.pattern === '*' &&
    principal.organizationId !== null &&
    countsAtRoot(grant, rootScopeId(principal.organizationId))
  );
}
