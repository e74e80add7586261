import { ACTIONS } from '../world/built-in.js';
import type { Row, World } from '../world/types.js';
import { type Asking, may, mayRead, mayUse, patternMatches, RESOURCE } from './decide.js';
import { isOnThroughout } from './overrides.js';
import { personOf, rolesNow } from './person.js';
import { ownPlace } from './place.js';
import { Tree, tenantOf } from './tree.js';

const REACHES: readonly string[] = ['OWN_DATA', 'TEAM_DATA', 'ALL_DATA'];

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
  // In an organization of others, what is held within it counts there alone (D4).
  const near = (scopeId: string) => {
    const there = tenantOf(tree.get('Scope', scopeId));
    const isOwn = there === null || there === person.organizationId;
    return person.held.filter(
      (own) =>
        tree.inherits(scopeId).includes(own.scopeId) &&
        (isOwn || tenantOf(tree.get('Scope', own.scopeId)) === there),
    );
  };
  const permissionsOf = (roleId: string) =>
    (tree.get('Role', roleId).many.permissions ?? []).map((id) => tree.get('Permission', id));
  const reachOf = (roleId: string) =>
    REACHES.indexOf(String(tree.get('Role', roleId).cells.dataAccess));
  const NOTHING = { roleId: null, permissionId: null };
  // Whoever holds a role there, or assigns roles there, hands it out.
  const givesRole = (roleId: string, scopeId: string): boolean =>
    near(scopeId).some(
      (own) =>
        (own.roleId === roleId &&
          isOnThroughout(
            tree,
            scopeId,
            { roleId, permissionId: null },
            { roleId, permissionId: null },
          )) ||
        (reachOf(own.roleId) >= 0 &&
          permissionsOf(own.roleId).some(
            ({ id, cells }) =>
              cells.key === 'role:assign:*' &&
              isOnThroughout(tree, scopeId, { roleId: own.roleId, permissionId: id }, NOTHING),
          )),
    );
  const givesPermissions = (roleId: string, scopeId: string, wide: number): boolean =>
    permissionsOf(roleId).every((given) =>
      near(scopeId).some(
        (own) =>
          wide >= 0 &&
          reachOf(own.roleId) >= wide &&
          permissionsOf(own.roleId).some(
            ({ id, cells }) =>
              cells.resourceType === given.cells.resourceType &&
              cells.action === given.cells.action &&
              ['*', given.cells.resourcePattern].includes(cells.resourcePattern ?? null) &&
              isOnThroughout(
                tree,
                scopeId,
                { roleId: own.roleId, permissionId: id },
                { roleId, permissionId: given.id },
              ),
          ),
      ),
    );
  const { memberships } = tree.world;
  const own = memberships
    .filter(({ teamId }) => teamId === team.id)
    .every(({ scopeId, ...membership }) =>
      rolesNow(membership).every(
        (roleId) =>
          givesRole(roleId, scopeId) && givesPermissions(roleId, scopeId, reachOf(roleId)),
      ),
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
      rolesNow(membership).every(
        (roleId) =>
          REACHES[reachOf(roleId)] !== 'TEAM_DATA' ||
          givesPermissions(roleId, scopeId, REACHES.indexOf('ALL_DATA')),
      ),
    );
  return own && reaching;
}

/** D21: whether a new name would let anybody do what who gives it may not do with the row. */
export function isGivenAwayByName(asking: Asking, was: Row, is: Row): boolean {
  const { tree, person } = asking;
  if (person.isAdmin) return false;
  const near = tree.inherits(was.one.scope as string);
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
  const users = before.rows.filter(({ type }) => type === 'User');
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
  return users.flatMap((user) => {
    const person = personOf(before, user.id, 'user');
    if (person === null) return [];
    const place = ownPlace(person);
    return lacked
      .filter(
        (action) =>
          can({ tree: new Tree(after), person, place }, action, is) &&
          !can({ tree: new Tree(before), person, place }, action, was),
      )
      .map((action) => `${user.id} can now ${action} it`);
  });
}
