import { ACTIONS } from '../world/built-in.js';
import { OWNER, type Row } from '../world/types.js';
import { cover } from './coverage.js';
import type { Asking } from './decide.js';
import { isOnThroughout } from './overrides.js';
import { type Held, rolesNow } from './person.js';
import { type Tree, tenantOf } from './tree.js';

const REACHES: readonly string[] = ['OWN_DATA', 'TEAM_DATA', 'ALL_DATA'];
export const WIDEST = REACHES.length - 1;

/** How far a role reaches; below nothing: as nobody knows. */
export const reachOf = (role: Row): number => REACHES.indexOf(String(role.cells.dataAccess));

export const permissionsOf = (tree: Tree, role: Row): Row[] =>
  (role.many.permissions ?? []).map((id) => tree.get('Permission', id));

/** A permission as a role carries it. */
interface Given {
  readonly roleId: string;
  readonly permission: Row;
  readonly reach: number;
}

/** What of what somebody holds counts at a scope: in an organization of others, what is held within it (D4). */
function near({ tree, person }: Asking, scopeId: string): Held[] {
  const there = tenantOf(tree.get('Scope', scopeId));
  const isOwn = there === null || there === person.organizationId;
  return person.held.filter(
    (own) =>
      tree.inherits(scopeId).includes(own.scopeId) &&
      (isOwn || tenantOf(tree.get('Scope', own.scopeId)) === there),
  );
}

/** D18: whether somebody is for this, which only a key may not be. */
export const isMeantFor = ({ person: { operations } }: Asking, cells: Row['cells']): boolean =>
  operations === null || operations.includes(`${cells.resourceType}:${cells.action}`);

const holdsRole = (asking: Asking, roleId: string, scopeId: string): boolean =>
  near(asking, scopeId).some(
    (own) =>
      own.roleId === roleId &&
      isOnThroughout(
        asking.tree,
        scopeId,
        { roleId, permissionId: null },
        { roleId, permissionId: null },
      ),
  );

/**
 * D21: whoever holds a role there, or assigns roles there, hands it out, and what is bound to it (D6). Owner gives what nobody
 * holds yet, and so is handed out by owners alone. Roles are nobody's: by ALL_DATA alone are they assigned (D7).
 */
export function givesRole(asking: Asking, roleId: string, scopeId: string): boolean {
  if (asking.person.isAdmin) return true;
  // D18: a key is for less than its roles open, and gives none of them by holding it.
  if (asking.person.operations === null && holdsRole(asking, roleId, scopeId)) return true;
  if (roleId === OWNER) return false;
  const { tree, authority = tree } = asking;
  return near(asking, scopeId).some((own) => {
    const role = authority.get('Role', own.roleId);
    return (
      reachOf(role) === WIDEST &&
      permissionsOf(authority, role).some(
        ({ id, cells }) =>
          cells.key === 'role:assign:*' &&
          isMeantFor(asking, cells) &&
          isOnThroughout(
            tree,
            scopeId,
            { roleId: own.roleId, permissionId: id },
            { roleId: null, permissionId: null },
          ),
      )
    );
  });
}

/** D21: permission, pattern and reach, held there by who gives it. What only other services know is the Owner's to give. */
export function givesPermission(
  asking: Asking,
  { roleId, permission: given, reach }: Given,
  scopeId: string,
): boolean {
  const { tree, person, authority = tree } = asking;
  if (person.isAdmin) return true;
  // D34: who works is handed the tokens of others, and is made a worker by platform admins alone.
  if (given.cells.resourceType === 'execution' && given.cells.action === 'work') return false;
  if (
    person.operations !== null &&
    !cover('D18 write: a key gives what it is for', isMeantFor(asking, given.cells))
  ) {
    return false;
  }
  if (!(String(given.cells.resourceType) in ACTIONS)) return holdsRole(asking, OWNER, scopeId);
  if (reach < 0) return false;
  return near(asking, scopeId).some((own) => {
    const role = authority.get('Role', own.roleId);
    return (
      reachOf(role) >= reach &&
      permissionsOf(authority, role).some(
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
      )
    );
  });
}

/** All that a role carries, with its reach. */
export const givesAllOf = (asking: Asking, role: Row, scopeId: string): boolean =>
  permissionsOf(asking.tree, role).every((permission) =>
    givesPermission(asking, { roleId: role.id, permission, reach: reachOf(role) }, scopeId),
  );

/** A role, and all that it carries. */
export const handsOut = (asking: Asking, role: Row, scopeId: string): boolean =>
  givesRole(asking, role.id, scopeId) && givesAllOf(asking, role, scopeId);

/** The roles that anybody holds at any of these scopes (D48). */
export function heldAt(tree: Tree, scopeIds: readonly string[]): Row[] {
  const ids = tree.world.memberships
    .filter(({ scopeId }) => scopeIds.includes(scopeId))
    .flatMap(rolesNow);
  return [...new Set(ids)].map((id) => tree.get('Role', id));
}
