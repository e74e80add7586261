import { ACTIONS } from '../world/built-in.js';
import type { Row, World } from '../world/types.js';
import { cover } from './coverage.js';
import {
  type Asking,
  may,
  mayManage,
  mayRead,
  mayUse,
  patternMatches,
  RESOURCE,
} from './decide.js';
import { givesPermission, handsOut, isMeantFor, permissionsOf, WIDEST } from './giving.js';
import { personIn, rolesNow, type Who } from './person.js';
import { ownPlace } from './place.js';
import { homeOf, Tree } from './tree.js';

/**
 * D21: everything that a team holds, held by who adds somebody to it: role, permission, pattern, reach. And all that reaches
 * the rows of teammates, of those who are in it and of those who join, over all rows.
 */
export function holdsWhatTheTeamHolds(
  asking: Asking,
  team: Row,
  joining: readonly string[],
): boolean {
  const { tree, person } = asking;
  if (person.isAdmin) return true;
  const { memberships } = tree.world;
  const own = memberships
    .filter(({ teamId }) => teamId === team.id)
    .every(({ scopeId, ...membership }) =>
      rolesNow(membership).every((id) => handsOut(asking, tree.get('Role', id), scopeId)),
    );
  const mates = [...(team.many.members ?? []), ...joining];
  const teams = tree.world.rows
    .filter(({ type, many }) => type === 'Team' && many.members?.some((id) => mates.includes(id)))
    .map(({ id }) => id);
  const reaching = memberships
    .filter(
      ({ userId, teamId }) => mates.includes(String(userId)) || teams.includes(String(teamId)),
    )
    .every(({ scopeId, ...membership }) =>
      rolesNow(membership).every((id) => {
        const role = tree.get('Role', id);
        const { dataAccess } = role.cells;
        // A team is its members' own, too (D7).
        const near = permissionsOf(tree, role).filter(
          ({ cells }) =>
            dataAccess === 'TEAM_DATA' ||
            (dataAccess === 'OWN_DATA' && cells.resourceType === 'team'),
        );
        return near.every((permission) =>
          givesPermission(asking, { roleId: id, permission, reach: WIDEST }, scopeId),
        );
      }),
    );
  return own && reaching && keysMayReach(asking, team);
}

/** D42: a key of a team reaches the rows of whoever joins: who adds them holds what it holds, over all rows. */
function keysMayReach(asking: Asking, team: Row): boolean {
  const { keys, memberships } = asking.tree.world;
  const has = keys.some(
    ({ teamId, ownerId, revokedAt }) =>
      teamId === team.id && ownerId === null && revokedAt === null,
  );
  if (!has) return true;
  const held = memberships
    .filter(({ teamId }) => teamId === team.id)
    .every(({ scopeId, ...membership }) =>
      rolesNow(membership).every((roleId) =>
        permissionsOf(asking.tree, asking.tree.get('Role', roleId)).every((one) =>
          givesPermission(asking, { roleId, permission: overAll(one), reach: WIDEST }, scopeId),
        ),
      ),
    );
  return cover('D42 write: what a key of the team reaches is the adder’s', held);
}

/** The same of whosever rows. */
const overAll = (permission: Row): Row =>
  permission.cells.resourcePattern === 'owned'
    ? { ...permission, cells: { ...permission.cells, resourcePattern: '*' } }
    : permission;

/** D21: whether a new name would let anybody do what who gives it may not do with the row. */
export function isGivenAwayByName(asking: Asking, was: Row, is: Row): boolean {
  const { tree, person } = asking;
  if (person.isAdmin) return false;
  // A scope's name is changed by rights at itself (§2).
  const near = [
    ...tree.inherits(homeOf(was)),
    ...(was.type === 'Scope' ? tree.inherits(was.id) : []),
  ];
  const roles = tree.world.memberships
    .filter(({ scopeId }) => near.includes(scopeId))
    .flatMap(rolesNow);
  return roles.some((roleId) =>
    (tree.get('Role', roleId).many.permissions ?? []).some((id) => {
      const { resourceType, action, resourcePattern } = tree.get('Permission', id).cells;
      const pattern = String(resourcePattern);
      return (
        resourceType === RESOURCE[was.type] &&
        !['create', 'read'].includes(String(action)) &&
        !['*', 'owned'].includes(pattern) &&
        patternMatches(person, pattern, is) &&
        !patternMatches(person, pattern, was) &&
        !may(asking, String(action), was)
      );
    }),
  );
}

/**
 * D21, by what comes of it and not by how it is decided: who can do something with a row after it was changed
 * that they could not do before, and that who changed it could not do with it either. `share` hands out use.
 */
export function escalated(before: World, after: World, by: Asking, was: Row, is: Row): string[] {
  const actions = ['use', ...(ACTIONS[RESOURCE[was.type]] ?? [])].filter((one) => one !== 'create');
  // Who updates a row lets it be used again, by those to whom it was shared.
  const isUpdate = was.one.scope === is.one.scope && was.one.owner === is.one.owner;
  const can = (asking: Asking, action: string, row: Row): boolean => {
    if (action === 'use') return row.type !== 'Config' && mayUse(asking, row);
    return action === 'read' ? mayRead(asking, row) : may(asking, action, row);
  };
  const couldGive = (action: string): boolean =>
    can(by, action, was) ||
    (['use', 'read'].includes(action) && (isUpdate || can(by, 'share', was)));
  const lacked = actions.filter((action) => !couldGive(action));
  if (lacked.length === 0) return [];
  return everybodyIn(before).flatMap((who) => {
    const person = personIn(before, who);
    if (person === null) return [];
    const place = ownPlace(person);
    return lacked
      .filter(
        (action) =>
          can({ tree: new Tree(after), person, place }, action, is) &&
          !can({ tree: new Tree(before), person, place }, action, was),
      )
      .map((action) => `${nameOf(who)} can now ${action} it`);
  });
}

/** All who may come to something: people, and keys, whose values others may have. */
const everybodyIn = ({ rows, keys }: World): Who[] => [
  ...rows.flatMap(({ type, id }): Who[] =>
    type === 'User' ? [{ userId: id, guise: 'user' }] : [],
  ),
  ...keys.map(({ id }): Who => ({ keyId: id, guise: 'key' })),
];

const nameOf = (who: Who): string => (who.guise === 'key' ? who.keyId : who.userId);

/**
 * D21 of what changes the tree or who holds what: who can do something with a row afterwards that they could not do before, and
 * could not have done if they had held what who changed it holds. By what comes of it, too.
 *
 * @param regained whether it is enough to hold it as soon as it is done: what is disabled for all is so for who lifts it
 */
export function gainedBeyond(before: World, after: World, by: Asking, regained: boolean): string[] {
  const [was, is] = [new Tree(before), new Tree(after)];
  const rows = is.world.rows.filter(
    ({ type, id }) => !after.builtIn.has(id) && was.find(type, id) !== undefined,
  );
  const own = personIn(after, by.person.who);
  return everybodyIn(before).flatMap((who) => {
    const now = personIn(after, who);
    const then = personIn(before, who);
    if (now === null || then === null || now.isAdmin) return [];
    const place = ownPlace(now);
    const granted = { ...then, held: [...then.held, ...by.person.held] };
    const lifted = { ...now, held: own?.held ?? [] };
    return rows.flatMap((row) => {
      const old = was.get(row.type, row.id);
      return (ACTIONS[RESOURCE[row.type]] ?? [])
        .filter(
          (action) =>
            action !== 'create' &&
            manage({ tree: is, person: now, place }, action, row) &&
            !manage({ tree: was, person: then, place }, action, old) &&
            !(
              // A key gives what it is for, of what it holds (D18).
              isMeantFor(by, { resourceType: RESOURCE[row.type], action }) &&
              (manage({ tree: was, person: granted, place }, action, old) ||
                (regained && manage({ tree: is, person: lifted, place }, action, row)))
            ),
        )
        .map((action) => `${nameOf(who)} can now ${action} ${row.type} ${row.id}`);
    });
  });
}

const manage = (asking: Asking, action: string, row: Row): boolean =>
  action === 'read' ? mayManage(asking, row) : may(asking, action, row);
