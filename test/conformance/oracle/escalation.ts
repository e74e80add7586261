import { ACTIONS } from '../world/built-in.js';
import type { Row, World } from '../world/types.js';
import { type Asking, counted, may, mayRead, mayUse, patternMatches, RESOURCE } from './decide.js';
import { personOf } from './person.js';
import { actingOn, ownPlace } from './place.js';
import { Tree } from './tree.js';

const REACHES: readonly string[] = ['OWN_DATA', 'TEAM_DATA', 'ALL_DATA'];

/** D21: everything that a team holds, held by who adds somebody to it: permission, pattern, reach. */
export function holdsWhatTheTeamHolds(asking: Asking, team: Row): boolean {
  const { tree, person, place } = asking;
  if (person.isAdmin) return true;
  const mine = counted(asking, actingOn(person, place, team));
  const held = tree.world.memberships.filter(({ teamId }) => teamId === team.id);
  // Whoever holds a role there, or assigns roles there, hands it out.
  const gives = (roleId: string, scopeId: string): boolean =>
    mine.some((own) => {
      if (!tree.inherits(scopeId).includes(own.scopeId)) return false;
      return (
        own.roleId === roleId ||
        (tree.get('Role', own.roleId).many.permissions ?? []).some((id) => {
          const { resourceType, action, resourcePattern } = tree.get('Permission', id).cells;
          return resourceType === 'role' && action === 'assign' && resourcePattern === '*';
        })
      );
    });
  return held.every(({ scopeId, roleIds }) =>
    roleIds.every(
      (roleId) =>
        gives(roleId, scopeId) &&
        (tree.get('Role', roleId).many.permissions ?? []).every((permissionId) => {
          const given = tree.get('Permission', permissionId).cells;
          const wide = REACHES.indexOf(String(tree.get('Role', roleId).cells.dataAccess));
          return mine.some((own) => {
            if (!tree.inherits(scopeId).includes(own.scopeId)) return false;
            const role = tree.get('Role', own.roleId);
            if (wide < 0 || REACHES.indexOf(String(role.cells.dataAccess)) < wide) return false;
            return (role.many.permissions ?? []).some((id) => {
              const { cells } = tree.get('Permission', id);
              return (
                cells.resourceType === given.resourceType &&
                cells.action === given.action &&
                ['*', given.resourcePattern].includes(cells.resourcePattern ?? null)
              );
            });
          });
        }),
    ),
  );
}

/** D21: whether a new name would let anybody do what who gives it may not do with the row. */
export function isGivenAwayByName(asking: Asking, was: Row, is: Row): boolean {
  const { tree, person } = asking;
  if (person.isAdmin) return false;
  const near = tree.inherits(was.one.scope as string);
  const roles = tree.world.memberships
    .filter(({ scopeId }) => near.includes(scopeId))
    .flatMap(({ roleIds }) => roleIds);
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
