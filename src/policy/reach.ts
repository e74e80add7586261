import {
  and,
  type Condition,
  equals,
  isNull,
  no,
  oneOf,
  or,
  related,
  rule,
  someRelated,
  yes,
} from './condition.js';
import type { Ownership, Policy } from './define-policy.js';
import type { Principal } from './principal.js';
import type { DataAccess } from './vocabulary.js';

/**
 * Which rows, by ownership, a grant covers in the tenant (D7).
 * INVARIANT: an unknown reach, and TEAM_DATA without a resolved team list, cover nothing.
 */
export function reachCondition(
  policy: Policy,
  action: string,
  dataAccess: DataAccess,
  principal: Principal,
): Condition {
  switch (dataAccess) {
    case 'ALL_DATA':
      return yes;
    case 'OWN_DATA':
      return rule(
        'D7',
        'OWN_DATA: created or owned by the user',
        coverage(policy, action, principal, []),
      );
    case 'TEAM_DATA': {
      if (!principal.teams.resolved) return rule('D7', 'TEAM_DATA: the teams are not known', no);
      return rule(
        'D7',
        "TEAM_DATA: the user's or a teammate's, or a team's",
        coverage(policy, action, principal, principal.teams.ids),
      );
    }
    default:
      return rule('D7', 'unknown reach', no);
  }
}

function coverage(
  policy: Policy,
  action: string,
  principal: Principal,
  teamIds: readonly string[],
): Condition {
  const own = principal.userId === null ? no : OWN[policy.ownership](principal.userId);
  const team = TEAM[policy.ownership](teamIds);
  return or(own, team, unowned(policy.ownership, action));
}

const OWN: Record<Ownership, (userId: string) => Condition> = {
  owned: (userId) => or(equals('createdById', userId), equals('ownerId', userId)),
  team: (userId) =>
    or(equals('createdById', userId), someRelated('members', equals('userId', userId))),
  user: (userId) => equals('id', userId),
  none: () => no,
};

const isTeammate = (teamIds: readonly string[]): Condition =>
  someRelated('teamMemberships', oneOf('teamId', teamIds));

const TEAM: Record<Ownership, (teamIds: readonly string[]) => Condition> = {
  owned: (teamIds) =>
    or(
      oneOf('teamId', teamIds),
      related('createdBy', isTeammate(teamIds)),
      related('owner', isTeammate(teamIds)),
    ),
  team: (teamIds) => related('createdBy', isTeammate(teamIds)),
  user: isTeammate,
  none: () => no,
};

/** Rows with neither creator, owner nor team can be read under every reach, and no more (D7). */
function unowned(ownership: Ownership, action: string): Condition {
  if (action !== 'read') return no;
  if (ownership === 'none') return yes;
  if (ownership !== 'owned') return no;
  return rule(
    'D7',
    'has neither creator, owner nor team',
    and(isNull('createdById'), isNull('ownerId'), isNull('teamId')),
  );
}
