import type { Ownership, Policy } from './define-policy.js';
import type { Principal, TeamMembership } from './principal.js';
import {
  and,
  equals,
  isNull,
  no,
  oneOf,
  or,
  type Residual,
  related,
  rule,
  someRelated,
  yes,
} from './residual.js';
import type { DataAccess } from './vocabulary.js';

/**
 * Which rows, by ownership, a grant covers in the tenant (D7).
 * INVARIANT: an unknown reach, and TEAM_DATA without a resolved team list, cover nothing.
 */
export function reachResidual(
  policy: Policy,
  action: string,
  dataAccess: DataAccess,
  principal: Principal,
): Residual {
  switch (dataAccess) {
    case 'ALL_DATA':
      return yes;
    case 'OWN_DATA':
      return rule(
        'D7',
        'OWN_DATA: created or owned by the user',
        reachedBy(policy, action, principal, NO_TEAMS),
      );
    case 'TEAM_DATA': {
      const { teams } = principal;
      if (!teams.resolved) return rule('D7', 'TEAM_DATA: the teams are not known', no);
      return rule(
        'D7',
        "TEAM_DATA: the user's or a teammate's, or a team's",
        reachedBy(policy, action, principal, teams),
      );
    }
    default:
      return rule('D7', 'unknown reach', no);
  }
}

type Teams = Extract<TeamMembership, { resolved: true }>;
const NO_TEAMS: Teams = { resolved: true, ids: [], memberIds: [] };

function reachedBy(policy: Policy, action: string, principal: Principal, teams: Teams): Residual {
  const own = principal.userId === null ? no : OWN[policy.ownership](principal.userId);
  const team = TEAM[policy.ownership](teams);
  return or(own, team, unowned(policy, action));
}

const USER = 'principal.userId';
const TEAMS = 'principal.teamIds';
const TEAMMATES = 'principal.teammateIds';

const OWN: Record<Ownership, (userId: string) => Residual> = {
  owned: (userId) => or(equals('createdById', userId, USER), equals('ownerId', userId, USER)),
  key: (userId) => equals('ownerId', userId, USER),
  team: (userId) =>
    or(equals('createdById', userId, USER), someRelated('members', equals('userId', userId, USER))),
  user: (userId) => equals('id', userId, USER),
  audit: (userId) => equals('actorUserId', userId, USER),
  launch: (userId) => equals('createdById', userId, USER),
  none: () => no,
};

const isTeammate = ({ ids }: Teams): Residual => someRelated('teams', oneOf('teamId', ids, TEAMS));

/** By the ids on the row where they are known: that takes no other table, and is soon planned. */
const byTeammate = (teams: Teams, column: string, relation: string): Residual =>
  teams.memberIds === null
    ? related(relation, isTeammate(teams))
    : oneOf(column, teams.memberIds, TEAMMATES);

const TEAM: Record<Ownership, (teams: Teams) => Residual> = {
  owned: (teams) =>
    or(
      oneOf('teamId', teams.ids, TEAMS),
      byTeammate(teams, 'createdById', 'createdBy'),
      byTeammate(teams, 'ownerId', 'owner'),
    ),
  key: (teams) =>
    or(oneOf('teamId', teams.ids, TEAMS), byTeammate(teams, 'createdById', 'createdBy')),
  team: (teams) => byTeammate(teams, 'createdById', 'createdBy'),
  user: (teams) =>
    teams.memberIds === null ? isTeammate(teams) : oneOf('id', teams.memberIds, TEAMMATES),
  audit: (teams) => byTeammate(teams, 'actorUserId', 'actor'),
  launch: (teams) =>
    or(oneOf('teamId', teams.ids, TEAMS), byTeammate(teams, 'createdById', 'createdBy')),
  none: () => no,
};

/** Rows with neither creator, owner nor team can be read under every reach, and no more (D7). */
function unowned({ ownership, isNeverNobodys }: Policy, action: string): Residual {
  if (action !== 'read' || isNeverNobodys === true) return no;
  if (ownership === 'none') return yes;
  if (ownership !== 'owned' && ownership !== 'key') return no;
  return rule(
    'D7',
    'has neither creator, owner nor team',
    and(isNull('createdById'), isNull('ownerId'), isNull('teamId')),
  );
}
