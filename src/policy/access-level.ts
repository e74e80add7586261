import { and, type Condition, equals, no, or, overlaps, rule } from './condition.js';
import type { Policy } from './define-policy.js';
import { inheritsFromAny } from './inheritance.js';
import type { HeldRole } from './principal.js';
import type { Situation, Tier } from './situation.js';

/**
 * Use of §4: the row is active and its access level lets the principal in (D6).
 *
 * INVARIANT: each level is asked for by name. PRIVATE, null and whatever else is stored match no
 * arm and so deny, platform admins included.
 */
export function usedCondition(policy: Policy, tier: Tier, situation: Situation): Condition {
  const { principal } = situation;
  return and(
    equals('isActive', true),
    or(
      rule(
        'D6',
        'AUTHENTICATED: every principal with a user behind it',
        principal.userId === null ? no : equals('accessLevel', 'AUTHENTICATED'),
      ),
      rule(
        'D6',
        'ROLE_BASED: holds one of the bound roles at the row',
        and(equals('accessLevel', 'ROLE_BASED'), roleCondition(policy, tier, situation)),
      ),
    ),
  );
}

function roleCondition(policy: Policy, tier: Tier, { principal, place }: Situation): Condition {
  if (principal.isPlatformAdmin)
    return rule('D12', 'platform admins pass access levels', { op: 'constant', value: true });
  if (tier === 'global') {
    // A global row has no scope in the tenant: what counts is held at the effective root (D6).
    const root = place.organizationId;
    if (root === null) return no;
    const held = principal.roles.filter((role) => role.scopeIds.includes(root));
    return overlaps(
      'roleIds',
      held.map((role) => role.roleId),
    );
  }
  return or(
    ...groupByScopes(principal.roles).map(({ roleIds, scopeIds }) =>
      and(overlaps('roleIds', roleIds), inheritsFromAny(policy, scopeIds, principal)),
    ),
  );
}

/**
 * Roles that are held at the same scopes share one arm, so that the predicate stays small.
 * INVARIANT: role and scope stay paired. A role held at one place opens no row at another (§6.3).
 */
function groupByScopes(
  roles: readonly HeldRole[],
): { roleIds: string[]; scopeIds: readonly string[] }[] {
  const groups = new Map<string, { roleIds: string[]; scopeIds: readonly string[] }>();
  for (const role of roles) {
    const key = [...role.scopeIds].sort().join();
    const group = groups.get(key) ?? { roleIds: [], scopeIds: role.scopeIds };
    group.roleIds.push(role.roleId);
    groups.set(key, group);
  }
  return [...groups.values()];
}
