import { type Condition, oneOf, overlaps } from './condition.js';
import type { Policy } from './define-policy.js';
import { homeOf } from './tenancy.js';

/** Whether what is held at any of these scopes reaches the row: Y ∈ inherits(home of the row) (D8). */
export function inheritsFromAny(policy: Policy, scopeIds: readonly string[]): Condition {
  const { inherits } = homeOf(policy);
  return inherits.kind === 'root'
    ? oneOf(inherits.field, scopeIds)
    : overlaps(inherits.field, scopeIds);
}
