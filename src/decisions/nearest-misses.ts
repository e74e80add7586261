import { evaluate } from '../policy/evaluate.js';
import type { Principal } from '../policy/principal.js';
import type { Residual } from '../policy/residual.js';
import type { Context } from '../request/context.js';
import type { Facts } from './decide-row.js';
import { residualOf } from './inspected.js';
import { type Change, type Ground, type Outcome, outcomeOf } from './nearest/change.js';
import { groundOf } from './nearest/ground.js';
import type { Spot } from './spot.js';

/** Changes, one or two, that together would permit what is not: nothing else has to change with them. */
export interface NearestMiss {
  readonly changes: readonly Change[];
}

const MOST = 3;
/** So many changes of a kind are tried in pairs, the smallest first. */
const MOST_PAIRED = 6;

interface Candidate extends NearestMiss {
  readonly outcome: Outcome;
  readonly weight: number;
}

/**
 * The smallest changes, single ones and then two together, that would permit an action on a row, for who may make them there: roles
 * to assign, to share with, or whose reach to widen, overrides to lift, types of scopes to merge. Each is tried in memory by the
 * same residuals that decide.
 *
 * INVARIANT: it names what the asker may read, and goes by permissions of roles that they may read; of what they
 * could not do themselves nothing is said.
 */
export async function nearestMisses(
  context: Context,
  facts: Facts,
  spot: Spot,
  { action, resourceType }: { readonly action: string; readonly resourceType: string },
): Promise<readonly NearestMiss[]> {
  // What is global is the platform's to give.
  if (spot.organizationId === null) return [];
  const { ground, changes } = await groundOf(context, facts, spot, action);
  const permits = permitting(facts, action);
  const tried = (sets: readonly (readonly Change[])[]): Candidate[] =>
    sets.flatMap((set) => {
      const outcome = outcomeOf(ground, set);
      const weight = set.reduce((sum, one) => sum + weightOf(one), 0);
      return outcome === null || !permits(outcome) ? [] : [{ changes: set, outcome, weight }];
    });
  const alone = tried(changes.map((one) => [one]));
  const enough = new Set(alone.map(({ changes: [one] }) => one));
  const singles = minimal(alone);
  const pairs =
    singles.length >= MOST
      ? []
      : minimal(tried(pairsOf(ground, changes, { enough, action, resourceType })));
  const byWeight = (a: Candidate, b: Candidate): number => a.weight - b.weight;
  return [...singles.sort(byWeight), ...pairs.sort(byWeight)]
    .slice(0, MOST)
    .map(({ changes: made }) => ({ changes: made }));
}

/** How dear it is: to share one resource costs least, a role costs what comes with it, and a type all of its scopes. */
function weightOf(one: Change): number {
  switch (one.change) {
    case 'SHARE_WITH_ROLE':
      return 1;
    case 'LIFT_OVERRIDE':
      return 3;
    case 'CHANGE_REACH':
      return 5 + one.role.permissions.length;
    case 'ASSIGN_ROLE':
      return 10 + one.role.permissions.length;
    case 'MERGE_TYPE':
      return 200;
  }
}

/** Those that do not give all that another one gives, and more: whoever asks for an editor is not told to make an owner. */
function minimal(candidates: readonly Candidate[]): Candidate[] {
  const given = candidates.map(
    ({ outcome }) => new Set(outcome.gives.map((one) => JSON.stringify(one))),
  );
  const kinds = candidates.map(({ changes }) => changes.map(({ change }) => change).join());
  return candidates.filter((_, index) => {
    const all = given[index] ?? new Set();
    return !given.some(
      (less, other) =>
        kinds[other] === kinds[index] &&
        less.size < all.size &&
        [...less].every((one) => all.has(one)),
    );
  });
}

/** Whether the row as it would be permits the action to the subject as they would be. */
function permitting({ policy, subject, where }: Facts, action: string) {
  const { policies } = subject.as.decisionsAt(where);
  const known = new Map<Principal, readonly Residual[]>();
  return ({ principal, row }: Outcome): boolean => {
    const deciding = { policies, principal, place: where };
    const needs =
      known.get(principal) ?? ['read', action].map((need) => residualOf(deciding, policy, need));
    known.set(principal, needs);
    return needs.every((need) => evaluate(need, row) === 'yes');
  };
}

interface Paired {
  /** Those that are enough alone, and so nothing is added to. */
  readonly enough: ReadonlySet<Change | undefined>;
  readonly action: string;
  readonly resourceType: string;
}

/** Two changes each, of those that could bear on the action, the smallest of each kind. */
function pairsOf(
  { facts }: Ground,
  changes: readonly Change[],
  { enough, action, resourceType }: Paired,
): (readonly Change[])[] {
  const held = new Set(facts.subject.as.principal.roles.map(({ roleId }) => roleId));
  const bound = (facts.row.roleIds ?? []) as readonly string[];
  const bears = (one: Change): boolean => {
    if (!('role' in one)) return true;
    if (one.change === 'SHARE_WITH_ROLE') return !bound.includes(one.role.id);
    const { id, permissions } = one.role;
    return (
      bound.includes(id) ||
      permissions.some(
        ({ permission }) =>
          permission?.resourceType === resourceType && ['read', action].includes(permission.action),
      )
    );
  };
  const left = changes
    .filter((one) => !enough.has(one) && bears(one))
    .sort((a, b) => weightOf(a) - weightOf(b));
  const taken = (kind: Change['change'], among = left): Change[] =>
    among.filter(({ change }) => change === kind).slice(0, MOST_PAIRED);
  const shares = taken(
    'SHARE_WITH_ROLE',
    left.filter((one) => 'role' in one && held.has(one.role.id)),
  );
  const few = [
    ...shares,
    ...taken('LIFT_OVERRIDE'),
    ...taken('CHANGE_REACH'),
    ...taken('ASSIGN_ROLE'),
    ...taken('MERGE_TYPE'),
  ];
  const two = few.flatMap((one, index) => few.slice(index + 1).map((other) => [one, other]));
  return [...two, ...sharedWithAssigned(changes, enough)];
}

/** A role to share with that is assigned for it: the one that gives least besides. */
function sharedWithAssigned(
  changes: readonly Change[],
  enough: Paired['enough'],
): (readonly Change[])[] {
  const shares = new Map(
    changes.flatMap((one) => (one.change === 'SHARE_WITH_ROLE' ? [[one.role.id, one]] : [])),
  );
  return changes
    .flatMap((one) => (one.change === 'ASSIGN_ROLE' && !enough.has(one) ? [one] : []))
    .sort((a, b) => weightOf(a) - weightOf(b))
    .slice(0, MOST_PAIRED)
    .flatMap((one) => {
      const share = shares.get(one.role.id);
      return share === undefined || enough.has(share) ? [] : [[share, one]];
    });
}
