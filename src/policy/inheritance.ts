import type { Policy } from './define-policy.js';
import type { Principal } from './principal.js';
import { equals, no, oneOf, overlaps, type Residual } from './residual.js';
import { canActAnywhere } from './situation.js';
import { homeOf } from './tenancy.js';

/** Whether what is held at any of these scopes reaches the row: Y ∈ inherits(home of the row) (D8). */
export function inheritsFromAny(
  policy: Policy,
  scopeIds: readonly string[],
  principal: Principal,
): Residual {
  const { inherits } = homeOf(policy);
  if (inherits.kind !== 'root') return overlaps(inherits.field, scopeIds);
  if (canActAnywhere(principal)) return oneOf(inherits.field, scopeIds);
  // Rows at another root are out of reach (D4). All the scopes below could be more than a statement takes.
  const { organizationId } = principal;
  const isHeld = organizationId !== null && scopeIds.includes(organizationId);
  return isHeld ? equals(inherits.field, organizationId) : no;
}
