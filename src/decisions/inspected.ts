import type { Decisions } from '../policy/decisions.js';
import type { Policy } from '../policy/define-policy.js';
import { managed, WHOLE } from '../policy/predicate.js';
import { isNull, or, type Residual } from '../policy/residual.js';
import { residualFor, resolve } from '../policy/resolve.js';
import { simplify } from '../policy/simplify.js';
import { REACHABLE, TIERS, type Tier } from '../policy/situation.js';

/** Who acts where, and what decides. */
type Deciding = Pick<Decisions, 'policies' | 'principal' | 'place'>;

const INSPECTED = managed('permission:inspect', WHOLE);

/**
 * Which rows lie where the principal may ask what others hold: where a grant of `permission:inspect` reaches them.
 * On global rows others act by what they hold at their own root, and about that one has been asked before.
 */
export function inspected({ policies, principal, place }: Deciding, policy: Policy): Residual {
  const asked: Policy = { ...policy, actions: { ...policy.actions, inspect: INSPECTED } };
  const reached = residualFor(policies, asked, 'inspect', { principal, place, extent: REACHABLE });
  const { home } = policy;
  return home?.hasGlobalRows === true ? simplify(or(reached, isNull(home.organization))) : reached;
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
