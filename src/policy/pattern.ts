import { type Condition, equals, no, or, startsWith, yes } from './condition.js';
import type { Policy } from './define-policy.js';
import type { Principal } from './principal.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a string is a UUID as PostgreSQL prints it. */
export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value);
}

/**
 * What a permission's pattern asks of a row (D10): `*`; `owned`; `prefix/*`, with the slash as
 * boundary; otherwise an exact id or name. Any other use of `*` matches nothing.
 */
export function patternCondition(policy: Policy, pattern: string, principal: Principal): Condition {
  if (pattern === '*') return yes;
  if (pattern === 'owned') return ownedCondition(policy, principal);
  if (pattern.includes('*')) return prefixCondition(policy, pattern);
  return or(
    isUuid(pattern) ? equals('id', pattern.toLowerCase()) : no,
    policy.name === undefined ? no : equals(policy.name, pattern),
  );
}

function ownedCondition(policy: Policy, { userId }: Principal): Condition {
  return policy.ownership === 'owned' && userId !== null ? equals('ownerId', userId) : no;
}

function prefixCondition(policy: Policy, pattern: string): Condition {
  if (!pattern.endsWith('/*') || pattern.indexOf('*') !== pattern.length - 1) return no;
  return policy.name === undefined ? no : startsWith(policy.name, pattern.slice(0, -1));
}
