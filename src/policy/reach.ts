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
import type { Principal, TeamMembership } from './principal.js';
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
        coverage(policy, action, principal, NO_TEAMS),
      );
    case 'TEAM_DATA': {
      const { teams } = principal;
      if (!teams.resolved) return rule('D7', 'TEAM_DATA: the teams are not known', no);
      return rule(
        'D7',
        "TEAM_DATA: the user's or a teammate's, or a team's",
        coverage(policy, action, principal, teams),
      );
    }
    default:
      return rule('D7', 'unknown reach', no);
  }
}

type Teams = Extract<TeamMembership, { resolved: true }>;
const NO_TEAMS: Teams = { resolved: true, ids: [], memberIds: [] };

function coverage(policy: Policy, action: string, principal: Principal, teams: Teams): Condition {
  const own = principal.userId === null ? no : OWN[policy.ownership](principal.userId);
  const team = TEAM[policy.ownership](teams);
  return or(own, team, unowned(policy.ownership, action));
}

const OWN: Record<Ownership, (userId: string) => Condition> = {
  owned: (userId) => or(equals('createdById', userId), equals('ownerId', userId)),
  team: (userId) =>
    or(equals('createdById', userId), someRelated('members', equals('userId', userId))),
  user: (userId) => equals('id', userId),
  none: () => no,
};

const isTeammate = ({ ids }: Teams): Condition =>
  someRelated('teamMemberships', oneOf('teamId', ids));

/** By the ids on the row where they are known: that takes no other table, and is soon planned. */
const byTeammate = (teams: Teams, column: string, relation: string): Condition =>
  teams.memberIds === null ? related(relation, isTeammate(teams)) : oneOf(column, teams.memberIds);

const TEAM: Record<Ownership, (teams: Teams) => Condition> = {
  owned: (teams) =>
    or(
      oneOf('teamId', teams.ids),
      byTeammate(teams, 'createdById', 'createdBy'),
      byTeammate(teams, 'ownerId', 'owner'),
    ),
  team: (teams) => byTeammate(teams, 'createdById', 'createdBy'),
  user: (teams) => (teams.memberIds === null ? isTeammate(teams) : oneOf('id', teams.memberIds)),
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
