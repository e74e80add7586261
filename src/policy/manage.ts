import { byScopes } from './by-scopes.js';
import { conditionResidual } from './condition-residual.js';
import type { Policy } from './define-policy.js';
import { inheritsFromAny } from './inheritance.js';
import { isFor } from './operations.js';
import { parseCondition } from './parse-condition.js';
import { patternResidual } from './pattern.js';
import type { GrantsThatCount } from './predicate.js';
import type { ConditionalGrant, Grant, Principal, Switched } from './principal.js';
import { reachResidual } from './reach.js';
import { and, no, or, type Residual, rule, yes } from './residual.js';
import { rootScopeId } from './root-scope.js';
import type { Situation, Tier } from './situation.js';
import { countsForGlobalRows, switchesKey } from './switches.js';
import { type DataAccess, PLATFORM_ROOT_ID } from './vocabulary.js';

/** Manage of §4: some grant for the action reaches the row, matches it and covers it. */
export function managedResidual(
  policy: Policy,
  permission: {
    readonly resource: string;
    readonly action: string;
    readonly grants?: GrantsThatCount;
    readonly at?: 'itself';
  },
  tier: Tier,
  situation: Situation,
): Residual {
  const { principal } = situation;
  // An execution takes it along, and is for no more than its workflow says (D30).
  if (principal.isPlatformAdmin && isFor(principal, permission.resource, permission.action))
    return rule('D12', 'platform admins pass permissions and reach', yes);
  const held = principal.grants.filter(
    (grant) => grant.resourceType === permission.resource && grant.action === permission.action,
  );
  const grants = held.filter((grant) => isCounted(grant, permission.grants));
  const conditional = conditionalGrants(principal, permission);
  if (grants.length + conditional.length === 0) return rule('D7', 'holds no such grant', no);
  const arms = tier === 'global' ? globalArms : tenantArms;
  return or(
    ...arms(policy, permission, grants, situation),
    ...conditional.map((grant) =>
      and(
        or(...arms(policy, permission, [grant], situation)),
        conditionOf(policy, grant, principal),
      ),
    ),
  );
}

/** Those that count on a condition (D11): none where it takes grants that cover whatever there is. */
function conditionalGrants(
  { conditional }: Principal,
  { resource, action, grants }: Parameters<typeof managedResidual>[1],
): readonly ConditionalGrant[] {
  if (grants !== undefined) return [];
  return conditional.filter((grant) => grant.resourceType === resource && grant.action === action);
}

/** INVARIANT: a condition that is none, or speaks of what there is not, is true of nothing (D11). */
function conditionOf(policy: Policy, grant: ConditionalGrant, principal: Principal): Residual {
  const { speakable } = policy;
  const parsed = speakable && parseCondition(grant.condition, speakable).condition;
  if (speakable === undefined || parsed === undefined) {
    return rule('D11', 'the condition of a permission is not understood', no);
  }
  return rule(
    'D11',
    'the condition of a permission is true',
    conditionResidual(parsed, speakable, principal),
  );
}

function isCounted({ dataAccess, pattern }: Grant, grants: GrantsThatCount | undefined): boolean {
  if (grants === undefined) return true;
  if (grants.pattern !== undefined && grants.pattern !== pattern) return false;
  return grants.reach.includes(dataAccess);
}

interface Permission {
  readonly action: string;
  readonly at?: 'itself';
}

/** Those of one reach that the same overrides concern. */
function alike(held: readonly HeldPattern[]): Alike[] {
  const groups = new Map<string, Alike>();
  for (const one of held) {
    const { dataAccess, switches = [] } = one;
    const key = `${dataAccess} ${switchesKey(one)}`;
    const group = groups.get(key) ?? { dataAccess, switches, of: [] };
    group.of.push(one);
    groups.set(key, group);
  }
  return [...groups.values()];
}

interface Alike extends Required<Pick<HeldPattern, 'dataAccess' | 'switches'>> {
  readonly of: HeldPattern[];
}

function tenantArms(
  policy: Policy,
  { action, at }: Permission,
  grants: readonly Grant[],
  { principal }: Situation,
): Residual[] {
  // Grants with one reach at the same scopes, switched alike, share an arm: a role can carry a hundred patterns.
  return alike(heldPatterns(grants, principal)).flatMap(({ dataAccess, switches, of }) =>
    byScopes(of).map(({ scopeIds, held: shared }) =>
      rule(
        'D8',
        `a grant with ${dataAccess} on ${shared.map(({ pattern }) => pattern).join(', ')} reaches the row's scope`,
        and(
          inheritsFromAny(policy, { scopeIds, switches }, principal, at),
          or(...shared.map(({ pattern }) => patternResidual(policy, pattern, principal))),
          reachResidual(policy, action, dataAccess, principal),
        ),
      ),
    ),
  );
}

/**
 * Global rows (D8): a grant at the platform root, or, where the policy says so, a read grant at the
 * effective organization's root. They are outside reach (D7), but for the record, which is its actors' (D40). In a switched place only what is
 * held inside the target counts (D4), and the platform root is not inside it.
 */
function globalArms(
  policy: Policy,
  { action }: Permission,
  grants: readonly Grant[],
  { principal, place }: Situation,
): Residual[] {
  const counts = (grant: Grant): boolean => {
    if (!place.switched && countsForGlobalRows(grant, PLATFORM_ROOT_ID)) return true;
    if (policy.readsGlobalRows !== true || action !== 'read') return false;
    const root = place.organizationId === null ? null : rootScopeId(place.organizationId);
    return root !== null && countsForGlobalRows(grant, root);
  };
  if (policy.ownership === 'audit') {
    return grants
      .filter(counts)
      .map((grant) =>
        and(
          patternResidual(policy, grant.pattern, principal),
          reachResidual(policy, action, grant.dataAccess, principal),
        ),
      );
  }
  const patterns = new Set(grants.filter(counts).map((grant) => grant.pattern));
  if (patterns.has('*')) return [yes];
  return [...patterns].sort().map((pattern) => patternResidual(policy, pattern, principal));
}

interface HeldPattern extends Switched {
  readonly dataAccess: DataAccess;
  readonly pattern: string;
}

/**
 * One for each reach and pattern, with the scopes at which it is held and adds something: where a
 * grant of a wider reach on the same pattern or on `*` is held as well, a narrower one adds nothing.
 * INVARIANT: a scope stays with its own reach and pattern (D7). What overrides concern (D9) stands in for nothing else,
 * because somewhere it is off.
 */
function heldPatterns(grants: readonly Grant[], { teams }: Principal): HeldPattern[] {
  const scopesOf = new Map<string, Set<string>>();
  const keyOf = (dataAccess: DataAccess, pattern: string): string => `${dataAccess} ${pattern}`;
  for (const { dataAccess, pattern, scopeIds, switches } of grants) {
    if (switches !== undefined) continue;
    const key = keyOf(dataAccess, pattern);
    const scopes = scopesOf.get(key) ?? new Set();
    for (const id of scopeIds) scopes.add(id);
    scopesOf.set(key, scopes);
  }
  // TEAM_DATA includes OWN_DATA, but for who has no list of teams: then it covers nothing at all (D7).
  const wider: Readonly<Record<DataAccess, readonly DataAccess[]>> = {
    ALL_DATA: [],
    TEAM_DATA: ['ALL_DATA'],
    OWN_DATA: teams.resolved ? ['TEAM_DATA', 'ALL_DATA'] : ['ALL_DATA'],
  };
  const uncovered = (
    { dataAccess, pattern }: Pick<Grant, 'dataAccess' | 'pattern'>,
    scopeIds: Iterable<string>,
    itself: readonly string[] = [],
  ): string[] => {
    const covering = [
      ...itself,
      ...(pattern === '*' ? [] : [keyOf(dataAccess, '*')]),
      ...(wider[dataAccess] ?? []).flatMap((reach) => [keyOf(reach, '*'), keyOf(reach, pattern)]),
    ].flatMap((one) => scopesOf.get(one) ?? []);
    return [...scopeIds].filter((id) => !covering.some((scopes) => scopes.has(id))).sort();
  };
  const plain = [...scopesOf.keys()].sort().flatMap((key): HeldPattern[] => {
    const [dataAccess, pattern] = split(key);
    const scopeIds = uncovered({ dataAccess, pattern }, scopesOf.get(key) ?? []);
    return scopeIds.length === 0 ? [] : [{ dataAccess, pattern, scopeIds }];
  });
  const switched = grants.flatMap((grant): HeldPattern[] => {
    const { dataAccess, pattern, switches } = grant;
    if (switches === undefined) return [];
    const scopeIds = uncovered(grant, grant.scopeIds, [keyOf(dataAccess, pattern)]);
    return scopeIds.length === 0 ? [] : [{ dataAccess, pattern, scopeIds, switches }];
  });
  return [...plain, ...switched];
}

function split(key: string): [DataAccess, string] {
  const at = key.indexOf(' ');
  return [key.slice(0, at) as DataAccess, key.slice(at + 1)];
}
