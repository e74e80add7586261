import { byScopes } from './by-scopes.js';
import type { Policy } from './define-policy.js';
import { inheritsFromAny } from './inheritance.js';
import { and, equals, no, or, overlaps, pairs, type Residual, rule } from './residual.js';
import { rootScopeId } from './root-scope.js';
import type { Situation, Tier } from './situation.js';
import { countsForGlobalRows } from './switches.js';
import { homeOf } from './tenancy.js';

/**
 * Use of §4: the row is active and its access level lets the principal in (D6).
 *
 * INVARIANT: each level is asked for by name. PRIVATE, null and whatever else is stored match no
 * arm and so deny, platform admins included.
 */
export function usedResidual(policy: Policy, tier: Tier, situation: Situation): Residual {
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
        and(equals('accessLevel', 'ROLE_BASED'), roleResidual(policy, tier, situation)),
      ),
    ),
  );
}

function roleResidual(policy: Policy, tier: Tier, { principal, place }: Situation): Residual {
  if (principal.isPlatformAdmin)
    return rule('D12', 'platform admins pass access levels', { op: 'constant', value: true });
  if (tier === 'global') {
    // A global row has no scope in the tenant: what counts is held at the effective root (D6).
    if (place.organizationId === null) return no;
    const root = rootScopeId(place.organizationId);
    const held = principal.roles.filter((role) => countsForGlobalRows(role, root));
    return overlaps(
      'roleIds',
      held.map((role) => role.roleId),
      'principal.rolesAtRoot',
    );
  }
  const switched = principal.roles.filter(({ switches }) => switches !== undefined);
  const groups = byScopes(principal.roles.filter(({ switches }) => switches === undefined)).map(
    ({ scopeIds, held }) => ({
      firsts: held.map(({ roleId }) => roleId),
      seconds: scopeIds,
    }),
  );
  const { inherits } = homeOf(policy);
  // What overrides concern is asked for by itself: whether it is on hangs on the row (D9).
  const apart = switched.map((role) =>
    and(overlaps('roleIds', [role.roleId]), inheritsFromAny(policy, role, principal)),
  );
  if (inherits.kind === 'array') {
    return or(pairs(['roleIds', inherits.field], 'usableBy', groups), ...apart);
  }
  return or(
    ...groups.map(({ firsts, seconds }) =>
      and(overlaps('roleIds', firsts), inheritsFromAny(policy, { scopeIds: seconds }, principal)),
    ),
    ...apart,
  );
}
