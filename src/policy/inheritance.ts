import type { Policy } from './define-policy.js';
import type { Principal } from './principal.js';
import { and, equals, no, oneOf, overlaps, type Residual, related } from './residual.js';
import { organizationRootedAt } from './root-scope.js';
import { canActAnywhere } from './situation.js';
import { homeOf } from './tenancy.js';

/**
 * Whether what is held at any of these scopes reaches the row: Y ∈ inherits(home of the row) (D8); of a row that
 * is a scope, where the permission says so, Y ∈ inherits(the scope itself).
 */
export function inheritsFromAny(
  policy: Policy,
  scopeIds: readonly string[],
  principal: Principal,
  at?: 'itself',
): Residual {
  const { inherits, itself } = homeOf(policy);
  if (at === 'itself') {
    if (itself === undefined) throw new Error(`the rows of ${policy.model} are no scopes`);
    return overlaps(itself, scopeIds);
  }
  if (inherits.kind === 'recorded') {
    const reached = overlaps(inherits.field, scopeIds);
    return and(reached, related(inherits.relation, reached));
  }
  if (inherits.kind !== 'root') return overlaps(inherits.field, scopeIds);
  // A root inherits from itself alone, and nothing else that is held reaches it.
  const held = scopeIds.flatMap((id) => organizationRootedAt(id) ?? []);
  if (canActAnywhere(principal)) return oneOf(inherits.field, held);
  // Rows at another root are out of reach (D4).
  const { organizationId } = principal;
  const isHeld = organizationId !== null && held.includes(organizationId);
  return isHeld ? equals(inherits.field, organizationId) : no;
}
