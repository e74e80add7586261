import type { Policies, Policy } from '../../src/policy/define-policy.js';
import { always, type Predicate } from '../../src/policy/predicate.js';
import { MANAGE } from '../../src/policy/resolve.js';

/**
 * The same policies without a decision: every action is permitted on every row that exists for the
 * request. Where a list looks and what shadows what stays, for that is the question itself. Tables
 * that nobody may read stay closed.
 */
export function withoutDecisions(policies: Policies): Policies {
  return new Map([...policies].map(([model, policy]) => [model, undecided(policy)]));
}

function undecided(policy: Policy): Policy {
  const { read, ...others } = policy.actions;
  const actions = Object.entries(others).map(([name, was]) => [name, permit(was)] as const);
  return {
    ...policy,
    actions: { ...Object.fromEntries(actions), [MANAGE]: permit(read), read: permit(read) },
  };
}

const permit = (predicate: Predicate): Predicate =>
  predicate.kind === 'never' ? predicate : always;
