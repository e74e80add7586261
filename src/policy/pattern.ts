import type { Policy } from './define-policy.js';
import type { Principal } from './principal.js';
import { equals, no, or, type Residual, startsWith, yes } from './residual.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a string is a UUID as PostgreSQL prints it. */
export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value);
}

/**
 * What a permission's pattern asks of a row (D10): `*`; `owned`; `prefix/*`, with the slash as
 * boundary; otherwise an exact id or name. Any other use of `*` matches nothing.
 */
export function patternResidual(policy: Policy, pattern: string, principal: Principal): Residual {
  if (pattern === '*') return yes;
  if (pattern === 'owned') return ownedResidual(policy, principal);
  if (pattern.includes('*')) return prefixResidual(policy, pattern);
  return or(
    isUuid(pattern) ? equals('id', pattern.toLowerCase()) : no,
    policy.name === undefined ? no : equals(policy.name, pattern),
  );
}

function ownedResidual(policy: Policy, { userId }: Principal): Residual {
  const isOwned = policy.ownership === 'owned' || policy.ownership === 'key';
  return isOwned && userId !== null ? equals('ownerId', userId, 'principal.userId') : no;
}

function prefixResidual(policy: Policy, pattern: string): Residual {
  if (!pattern.endsWith('/*') || pattern.indexOf('*') !== pattern.length - 1) return no;
  return policy.name === undefined ? no : startsWith(policy.name, pattern.slice(0, -1));
}
