import type { Policy } from './define-policy.js';
import type { Principal, Switched } from './principal.js';
import { and, equals, no, oneOf, overlaps, type Residual, related } from './residual.js';
import { organizationRootedAt } from './root-scope.js';
import { canActAnywhere } from './situation.js';
import { countsAtRoot, switchedOn } from './switches.js';
import { homeOf } from './tenancy.js';

/**
/**
 * Whether what is held at any of these scopes reaches the row, Y ∈ inherits(home of the row) (D8), and is not switched off
 * there (D9); of a row that is a scope, where the permission says so, Y ∈ inherits(the scope itself).
 */
export function inheritsFromAny(
  policy: Policy,
  held: Switched,
  principal: Principal,
  at?: 'itself',
): Residual {
  const { inherits, itself } = homeOf(policy);
  const { scopeIds, switches } = held;
  if (at === 'itself') {
    if (itself === undefined) throw new Error(`the rows of ${policy.model} are no scopes`);
    return and(overlaps(itself, scopeIds), switchedOn(itself, switches));
  }
  if (inherits.kind !== 'root') {
    const reached = and(overlaps(inherits.field, scopeIds), switchedOn(inherits.field, switches));
    // What is disabled where the row was, or where it is now, is off.
    return inherits.kind === 'recorded'
      ? and(reached, related(inherits.relation, reached))
      : reached;
  }
  // A root inherits from itself alone, and nothing else that is held reaches it.
  const roots = scopeIds.filter((id) => countsAtRoot(held, id));
  return rootedAt(
    inherits.field,
    roots.flatMap((id) => organizationRootedAt(id) ?? []),
    principal,
  );
}

/** The rows of organizations at whose roots it is held. */
function rootedAt(field: string, held: readonly string[], principal: Principal): Residual {
  if (canActAnywhere(principal)) return oneOf(field, held);
  // Rows at another root are out of reach (D4).
  const { organizationId } = principal;
  const isHeld = organizationId !== null && held.includes(organizationId);
  return isHeld ? equals(field, organizationId) : no;
}
