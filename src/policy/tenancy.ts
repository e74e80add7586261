import type { Home, Policy } from './define-policy.js';
import {
  equals,
  isNull,
  no,
  noneRelated,
  notNull,
  oneOf,
  type Residual,
  rule,
  yes,
} from './residual.js';
import { organizationRootedAt } from './root-scope.js';
import { type Coverage, canActAnywhere, type Situation, type Tier } from './situation.js';

/** Which rows of one tier exist for this request (D3, D4). */
export function tenancyResidual(policy: Policy, tier: Tier, situation: Situation): Residual {
  const home = homeOf(policy);
  if (tier === 'global' && !home.hasGlobalRows) return no;
  if (situation.principal.kind === 'ANONYMOUS') return no;
  if (situation.extent.kind === 'reachable') return reachable(home, tier, situation);
  if (tier === 'tenant' && isStrange(situation)) return no;
  return placedResidual(home, tier, situation.place.coverage);
}

/** Any tenant that the principal could switch to, and the global tier (D4). */
function reachable(home: Home, tier: Tier, { principal }: Situation): Residual {
  if (tier === 'global') return isNull(home.organization);
  if (canActAnywhere(principal)) return home.hasGlobalRows ? notNull(home.organization) : yes;
  if (principal.organizationId === null) return no;
  return equals(home.organization, principal.organizationId, 'principal.organizationId');
}

/**
 * An execution can run in another organization than its launcher's, and is there as its launcher would be without what let
 * them act there (D30): nothing but its privilege reaches those rows.
 */
const isStrange = ({ principal, place }: Situation): boolean =>
  principal.execution !== undefined && place.switched && !canActAnywhere(principal);

/** The rows that a place covers. */
export function placedResidual(home: Home, tier: Tier, coverage: Coverage): Residual {
  if (tier === 'global') return isNull(home.organization);
  switch (coverage.kind) {
    case 'organization':
      return equals(home.organization, coverage.organizationId, 'place.organizationId');
    case 'chain':
      // The chain ends at the organization's root, so these are that tenant's rows alone. Saying that
      // too would make the database expect far fewer of them than there are.
      return home.inherits.kind === 'root'
        ? oneOf(home.scope, rootedAt(coverage.scopeIds), 'place.rootedIds')
        : oneOf(home.scope, coverage.scopeIds, 'place.scopeIds');
    case 'global':
      return no;
    case 'everything':
      return home.hasGlobalRows ? notNull(home.organization) : yes;
  }
}

/** The organizations whose roots are among these scopes: of a chain, the one that it ends at. */
function rootedAt(scopeIds: readonly string[]): readonly string[] {
  return scopeIds.flatMap((id) => organizationRootedAt(id) ?? []);
}

/**
 * Leaves out rows that a nearer one of the same name shadows in this place (D3).
 * Decided on existence: it is not access control, and what shadows may itself be hidden.
 */
export function shadowResidual(policy: Policy, tier: Tier, { place, extent }: Situation): Residual {
  if (policy.cascadesBy === undefined || extent.kind === 'reachable') return yes;
  if (place.includeShadowed || place.chain.length === 0) return yes;
  if (place.coverage.kind === 'everything') return yes;
  return rule(
    'D3',
    'not shadowed by a nearer row of the same name',
    noneRelated(
      'shadows',
      oneOf('nearScopeId', shadowingScopes(tier, place.chain), 'place.shadowingScopeIds'),
    ),
  );
}

/** The last of a chain is the organization's root: a row there can shadow global rows alone. */
function shadowingScopes(tier: Tier, chain: readonly string[]): readonly string[] {
  return tier === 'tenant' ? chain.slice(0, -1) : chain;
}

export function homeOf(policy: Policy): Home {
  if (policy.home === undefined) throw new Error(`policy ${policy.model} has no home`);
  return policy.home;
}
