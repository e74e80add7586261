import { usedResidual } from './access-level.js';
import { createdResidual } from './created.js';
import { managingOf, type Policies, type Policy } from './define-policy.js';
import { launchedResidual } from './launched.js';
import { managedResidual } from './manage.js';
import { isForUse } from './operations.js';
import type { Predicate } from './predicate.js';
import { privilegeResidual } from './privilege.js';
import { and, equals, no, or, type Residual, related, rule, yes } from './residual.js';
import { simplify } from './simplify.js';
import { REACHABLE, type Situation, TIERS, type Tier } from './situation.js';
import { shadowResidual, tenancyResidual } from './tenancy.js';

/** The action that every policy has besides its own: Manage(read), for management fields (D15). */
export const MANAGE = 'manage';

/**
 * What an action on a model's rows comes to for this principal in this place: tenancy and the
 * action's predicate, tier by tier, with the names of the rules for `explain`.
 * Throws on an action that the policy does not have.
 */
export function resolve(
  policies: Policies,
  policy: Policy,
  action: string,
  situation: Situation,
): Residual {
  const predicate = predicateOf(policy, action);
  if (policy.home === undefined) {
    return resolvePredicate(policies, policy, { action, predicate }, 'tenant', situation);
  }
  const { extent } = situation;
  const tier = extent.kind === 'placed' ? extent.tier : undefined;
  const tiers = tier === undefined ? TIERS : [tier];
  return or(
    ...tiers.map((tier) => resolveTier(policies, policy, { action, predicate }, tier, situation)),
    ...(situation.principal.execution === undefined
      ? []
      : tiers.map((tier) => privilegeResidual(policy, action, tier, situation))),
  );
}

/** The same, simplified: what is compiled for the database and evaluated on rows. */
export function residualFor(
  policies: Policies,
  policy: Policy,
  action: string,
  situation: Situation,
): Residual {
  return simplify(resolve(policies, policy, action, situation));
}

/** A predicate, or a part of one, and the action that it is of. */
interface Asked {
  readonly action: string;
  readonly predicate: Predicate;
}

function resolveTier(
  policies: Policies,
  policy: Policy,
  asked: Asked,
  tier: Tier,
  situation: Situation,
): Residual {
  return and(
    rule('D4', `tenancy: ${tier} rows`, tenancyResidual(policy, tier, situation)),
    shadowResidual(policy, tier, situation),
    resolvePredicate(policies, policy, asked, tier, situation),
  );
}

function resolvePredicate(
  policies: Policies,
  policy: Policy,
  { action, predicate }: Asked,
  tier: Tier,
  situation: Situation,
): Residual {
  const again = (part: Predicate): Residual =>
    resolvePredicate(policies, policy, { action, predicate: part }, tier, situation);
  switch (predicate.kind) {
    case 'always':
      return yes;
    case 'never':
      return rule('never', predicate.because, no);
    case 'allOf':
      return and(...predicate.of.map(again));
    case 'anyOf':
      return or(...predicate.of.map(again));
    case 'says':
      return equals(predicate.column, predicate.word);
    case 'created':
      return rule('D35', 'made by the user', createdResidual(situation.principal));
    case 'launched':
      return rule(
        'D31',
        'launched by the user or by the key',
        launchedResidual(action, situation.principal),
      );
    case 'used':
      if (!isForUse(situation.principal, policy.resource, action)) {
        return rule('D18', 'the key is not for using such rows', no);
      }
      return rule(
        'D6',
        'use: active, and the access level lets in',
        usedResidual(policy, tier, situation),
      );
    case 'managed':
      return rule(
        '§4',
        `manage: a grant of ${predicate.resource}:${predicate.action} reaches the row`,
        managedResidual(policy, predicate, tier, situation),
      );
    case 'via': {
      const target = targetPolicy(policies, policy, predicate.relation);
      // Whoever acts and where stays the same; along relations reachable tenancy holds (D4).
      const there: Situation = {
        principal: situation.principal,
        place: situation.place,
        extent: REACHABLE,
      };
      return related(predicate.relation, resolve(policies, target, predicate.action, there));
    }
  }
}

function predicateOf(policy: Policy, action: string): Predicate {
  if (action === MANAGE) {
    const managing = managingOf(policy);
    if (managing !== undefined) return managing;
  }
  const predicate = policy.actions[action];
  if (predicate === undefined) throw new Error(`policy ${policy.model} has no action ${action}`);
  return predicate;
}

function targetPolicy(policies: Policies, policy: Policy, relation: string): Policy {
  const target = policy.relations?.[relation];
  const found = target === undefined ? undefined : policies.get(target);
  if (found === undefined)
    throw new Error(`policy ${policy.model} goes by ${relation}, which leads to no policy`);
  return found;
}
