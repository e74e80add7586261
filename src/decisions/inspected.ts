import type { Decisions } from '../policy/decisions.js';
import type { Policy } from '../policy/define-policy.js';
import { allOf, managed, type Predicate, WHOLE } from '../policy/predicate.js';
import type { Principal, Switched } from '../policy/principal.js';
import { isNull, or, type Residual } from '../policy/residual.js';
import { residualFor, resolve } from '../policy/resolve.js';
import { simplify } from '../policy/simplify.js';
import { REACHABLE, TIERS, type Tier } from '../policy/situation.js';
import { isOnAt } from '../policy/switches.js';

/** Who acts where, and what decides. */
type Deciding = Pick<Decisions, 'policies' | 'principal' | 'place'>;

const INSPECTED = managed('permission:inspect', WHOLE);

/** What is held at a scope itself as well: of a row that is one, some actions are decided there. */
const INSPECTED_ITSELF = allOf(INSPECTED, { ...INSPECTED, at: 'itself' } as Predicate);

/** What others may do with global rows by what they hold at their own root (D8), about which has been asked before. */
const BY_OWN_ROOT: readonly string[] = ['read', 'use'];

/**
 * Which rows lie where the principal may ask what others hold, for an action: where a grant of `permission:inspect` reaches
 * them. Who may do more than read global rows holds that at the platform's root.
 */
export function inspected(
  { policies, principal, place }: Deciding,
  policy: Policy,
  action: string,
): Residual {
  const { home } = policy;
  const inspect = home?.itself === undefined ? INSPECTED : INSPECTED_ITSELF;
  const asked: Policy = { ...policy, actions: { ...policy.actions, inspect } };
  const reached = residualFor(policies, asked, 'inspect', { principal, place, extent: REACHABLE });
  return home?.hasGlobalRows === true && BY_OWN_ROOT.includes(action)
    ? simplify(or(reached, isNull(home.organization)))
    : reached;
}

/**
 * A principal with nothing but what counts at a spot, for telling others why: what is held elsewhere, behind a wall
 * say, is not even said not to count.
 */
export function holdingAt(principal: Principal, inheritsFrom: readonly string[]): Principal {
  const counts = (held: Switched): boolean =>
    held.scopeIds.some((id) => inheritsFrom.includes(id)) && isOnAt(held, inheritsFrom);
  const { roles, grants, conditional } = principal;
  return {
    ...principal,
    roles: roles.filter(counts),
    grants: grants.filter((grant) => counts(grant) || grant.action === 'actIn'),
    conditional: conditional.filter(counts),
  };
}

/** An action on the rows of a policy that the gateway keeps no table for, or that lives in another place. */
export function residualOf(
  { policies, principal, place }: Deciding,
  policy: Policy,
  action: string,
): Residual {
  return residualFor(policies, policy, action, { principal, place, extent: REACHABLE });
}

/** The same as it stands in the policy, of the tier that a row is of, with the names of its rules. */
export function rulesOf(
  { policies, principal, place }: Deciding,
  policy: Policy,
  action: string,
  tier: Tier,
): Residual {
  const whole = resolve(policies, policy, action, { principal, place, extent: REACHABLE });
  if (policy.home === undefined || whole.op !== 'or') return whole;
  return whole.of[TIERS.indexOf(tier)] ?? whole;
}
