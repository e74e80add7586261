import { and, type Condition, no, or, rule, yes } from './condition.js';
import type { Policy } from './define-policy.js';
import { inheritsFromAny } from './inheritance.js';
import { patternCondition } from './pattern.js';
import type { Grant } from './principal.js';
import { reachCondition } from './reach.js';
import type { Situation, Tier } from './situation.js';
import { type DataAccess, PLATFORM_ROOT_ID } from './vocabulary.js';

/** Manage of §4: some grant for the action reaches the row, matches it and covers it. */
export function managedCondition(
  policy: Policy,
  permission: { readonly resource: string; readonly action: string },
  tier: Tier,
  situation: Situation,
): Condition {
  const { principal } = situation;
  if (principal.isPlatformAdmin)
    return rule('D12', 'platform admins pass permissions and reach', yes);
  const grants = principal.grants.filter(
    (grant) => grant.resourceType === permission.resource && grant.action === permission.action,
  );
  if (grants.length === 0) return rule('D7', 'holds no such grant', no);
  const arms = tier === 'global' ? globalArms : tenantArms;
  return or(...arms(policy, permission.action, grants, situation));
}

function tenantArms(
  policy: Policy,
  action: string,
  grants: readonly Grant[],
  { principal }: Situation,
): Condition[] {
  return shareScopes(groupGrants(grants)).map(({ dataAccess, scopeIds, patterns }) =>
    rule(
      'D8',
      `a grant with ${dataAccess} on ${patterns.join(', ')} reaches the row's scope`,
      and(
        inheritsFromAny(policy, scopeIds, principal),
        or(...patterns.map((pattern) => patternCondition(policy, pattern, principal))),
        reachCondition(policy, action, dataAccess, principal),
      ),
    ),
  );
}

/**
 * Global rows (D8): a grant at the platform root, or, where the policy says so, a read grant at the
 * effective organization's root. They are outside reach (D7). In a switched place only what is
 * held inside the target counts (D4), and the platform root is not inside it.
 */
function globalArms(
  policy: Policy,
  action: string,
  grants: readonly Grant[],
  { principal, place }: Situation,
): Condition[] {
  const counts = (grant: Grant): boolean => {
    if (!place.switched && grant.scopeIds.includes(PLATFORM_ROOT_ID)) return true;
    if (policy.readsGlobalRows !== true || action !== 'read') return false;
    return place.organizationId !== null && grant.scopeIds.includes(place.organizationId);
  };
  const patterns = new Set(grants.filter(counts).map((grant) => grant.pattern));
  if (patterns.has('*')) return [yes];
  return [...patterns].sort().map((pattern) => patternCondition(policy, pattern, principal));
}

interface GrantGroup {
  readonly dataAccess: DataAccess;
  readonly pattern: string;
  readonly scopeIds: readonly string[];
}

/**
 * One group for each reach and pattern. At a scope where ALL_DATA on `*` is held, other grants add
 * nothing and are left out there.
 * INVARIANT: a scope stays with its own reach and pattern (D7).
 */
function groupGrants(grants: readonly Grant[]): GrantGroup[] {
  const groups = new Map<
    string,
    { dataAccess: DataAccess; pattern: string; scopes: Set<string> }
  >();
  const keyOf = (dataAccess: string, pattern: string): string => `${dataAccess} ${pattern}`;
  for (const { dataAccess, pattern, scopeIds } of grants) {
    const key = keyOf(dataAccess, pattern);
    const group = groups.get(key) ?? { dataAccess, pattern, scopes: new Set() };
    for (const id of scopeIds) group.scopes.add(id);
    groups.set(key, group);
  }
  const whole = groups.get(keyOf('ALL_DATA', '*'));
  return [...groups.values()]
    .map((group) => ({
      dataAccess: group.dataAccess,
      pattern: group.pattern,
      scopeIds: [...group.scopes].filter((id) => group === whole || !whole?.scopes.has(id)).sort(),
    }))
    .filter((group) => group.scopeIds.length > 0)
    .sort((a, b) => (keyOf(a.dataAccess, a.pattern) < keyOf(b.dataAccess, b.pattern) ? -1 : 1));
}

interface PatternGroup {
  readonly dataAccess: DataAccess;
  readonly scopeIds: readonly string[];
  readonly patterns: string[];
}

/** Grants with one reach at the same scopes share an arm: a role can carry a hundred patterns. */
function shareScopes(groups: readonly GrantGroup[]): PatternGroup[] {
  const shared = new Map<string, PatternGroup>();
  for (const { dataAccess, pattern, scopeIds } of groups) {
    const key = `${dataAccess} ${scopeIds.join()}`;
    const group = shared.get(key) ?? { dataAccess, scopeIds, patterns: [] };
    group.patterns.push(pattern);
    shared.set(key, group);
  }
  return [...shared.values()];
}
