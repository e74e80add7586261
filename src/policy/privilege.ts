import type { Policy } from './define-policy.js';
import type { Running } from './principal.js';
import { and, no, oneOf, type Residual, rule, yes } from './residual.js';
import { rootScopeId } from './root-scope.js';
import { canActAnywhere, type Situation, type Tier } from './situation.js';
import { homeOf, placedResidual, shadowResidual } from './tenancy.js';

/**
 * What an execution may do by running where it does, whatever its launcher holds (D30): with the rows in the chain of its
 * place and with global ones, where the policy says so.
 *
 * INVARIANT: it stands beside what the launcher may, and not within it: rows elsewhere in the organization where it runs are no
 * nearer to it than to its launcher.
 */
export function privilegeResidual(
  policy: Policy,
  action: string,
  tier: Tier,
  situation: Situation,
): Residual {
  const { execution } = situation.principal;
  if (execution?.isPrivileged !== true || policy.privilege?.includes(action) !== true) return no;
  const home = homeOf(policy);
  if (tier === 'global' && !home.hasGlobalRows) return no;
  const { extent, place } = situation;
  const isPlaced = extent.kind === 'placed' || tier === 'global';
  return rule(
    'D30',
    `an execution may ${action} what is in the chain of its place, and what is global`,
    and(
      isPlaced ? placedResidual(home, tier, place.coverage) : yes,
      shadowResidual(policy, tier, situation),
      tier === 'global' ? yes : oneOf(home.scope, chainsOf(execution, situation)),
    ),
  );
}

/** Where its launcher may act now, and takes the bypass along, it has the same at that tenant's root. */
function chainsOf({ chain, organizationId }: Running, { principal, place }: Situation): string[] {
  const elsewhere =
    place.organizationId !== null &&
    place.organizationId !== organizationId &&
    place.switched &&
    canActAnywhere(principal);
  return elsewhere ? [...chain, rootScopeId(String(place.organizationId))] : [...chain];
}
