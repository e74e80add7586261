import { type Condition, oneOf, overlaps, related } from './condition.js';
import type { Policy } from './define-policy.js';
import { homeOf } from './tenancy.js';

/** Whether what is held at any of these scopes reaches the row: Y ∈ inherits(home of the row) (D8). */
export function inheritsFromAny(policy: Policy, scopeIds: readonly string[]): Condition {
  const { inherits } = homeOf(policy);
  if (inherits.kind === 'root') return oneOf(inherits.field, scopeIds);
  const reached = overlaps(inherits.field, scopeIds);
  return inherits.relation === undefined ? reached : related(inherits.relation, reached);
}
