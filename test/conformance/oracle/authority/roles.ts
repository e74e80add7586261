import { LATER, type Row } from '../../world/types.js';
import type { ChangePermissions, ChangeRoles } from '../../writing/write.js';
import { changed, worldWith } from '../apply.js';
import { cover } from '../coverage.js';
import { type Asking, may } from '../decide.js';
import { givesAllOf, givesPermission, givesRole, permissionsOf, reachOf } from '../giving.js';
import { found, type Outcome, readable, refuse, writtenAs } from '../outcome.js';
import { rolesNow } from '../person.js';
import type { Tree } from '../tree.js';

/** D8: a permission is given to a role, and a role assigned, where it is defined and below. */
export const strays = (tree: Tree, scopeId: string, rows: readonly Row[]): boolean =>
  !cover(
    'D8 write: what is used at a scope is defined there or above',
    rows.every(({ one }) => tree.path(scopeId).includes(one.scope as string)),
  );

/**
 * D21: what a role comes to carry is held, with its reach, by who changes it: where the role is defined, and at every scope
 * where somebody holds it.
 */
export function givesWhatItGains(asking: Asking, before: Row | null, after: Row): boolean {
  const { tree } = asking;
  const reach = reachOf(after);
  const had = before === null ? [] : (before.many.permissions ?? []);
  const widened = before === null || reach > reachOf(before);
  const gained = permissionsOf(tree, after).filter(({ id }) => widened || !had.includes(id));
  const scopes = tree.world.memberships
    .filter((membership) => rolesNow(membership).includes(after.id))
    .map(({ scopeId }) => scopeId);
  const gives = [after.one.scope as string, ...scopes].every((scopeId) =>
    gained.every((permission) =>
      givesPermission(asking, { roleId: after.id, permission, reach }, scopeId),
    ),
  );
  return cover('D21 write: who changes a role holds what it gains', gives);
}

/** Permissions are given to a role by who may update it and holds them; they are taken by who may update it. */
export function changePermissions(asking: Asking, write: ChangePermissions): Outcome {
  const before = found(asking, write, ['update']);
  if (typeof before === 'string') return refuse(before);
  const given = readable(asking, 'Permission', write.permissions);
  if (given === undefined) return refuse('BAD_USER_INPUT');
  const attaches = write.kind === 'attachPermissions';
  const ids = given.map(({ id }) => id);
  const had = before.many.permissions ?? [];
  const permissions = attaches
    ? [...new Set([...had, ...ids])]
    : had.filter((id) => !ids.includes(id));
  const after = changed({ ...before, many: { ...before.many, permissions } });
  const problems = [
    ...(attaches && strays(asking.tree, before.one.scope as string, given)
      ? ['BAD_USER_INPUT']
      : []),
    ...(attaches && !givesWhatItGains(asking, before, after) ? ['FORBIDDEN'] : []),
  ];
  if (problems.length > 0) return refuse(...problems);
  const world = worldWith(asking.tree.world, before, after);
  return { world, written: [writtenAs(write.kind, before, after, asking.place)] };
}

/** Until when a role on a membership counts: the first of both ends (D48). */
function until({ cells, ends = {} }: Row, roleId: string): string {
  const own = ends[roleId] ?? FOR_EVER;
  const all = (cells.expiresAt ?? FOR_EVER) as string;
  return own < all ? own : all;
}

/** After every moment. */
const FOR_EVER = `${LATER} and on`;

/**
 * D21, D48: each role that comes to be on a membership, or to be there for longer, is assigned by who may assign it at that
 * scope and holds there all that it carries.
 */
export function mayAssignWhatIsGained(asking: Asking, before: Row | null, after: Row): boolean {
  const { tree } = asking;
  const had = before === null ? [] : (before.many.roles ?? []);
  const gained = (after.many.roles ?? []).filter(
    (id) => before === null || !had.includes(id) || until(after, id) > until(before, id),
  );
  const scope = after.one.scope as string;
  const organization = after.one.organization ?? null;
  const all = gained.every((id) => {
    const role = tree.get('Role', id);
    // It is assigned by rights where it comes to be held, wherever it is defined.
    const there = { ...role, one: { ...role.one, scope, organization } };
    const isOwner = role.cells.isSystem === true && role.cells.name === 'Owner';
    return (
      may(asking, 'assign', there) &&
      givesAllOf(asking, role, scope) &&
      (!isOwner || givesRole(asking, id, scope))
    );
  });
  return cover('D21 write: who assigns a role may, and holds what it carries', all);
}

/** Roles are put on a membership, until when is said; or taken from it. */
export function changeRoles(asking: Asking, write: ChangeRoles): Outcome {
  const before = found(asking, write, ['update']);
  if (typeof before === 'string') return refuse(before);
  const given = readable(asking, 'Role', write.roles);
  if (given === undefined) return refuse('BAD_USER_INPUT');
  const assigns = write.kind === 'assignRoles';
  const ids = given.map(({ id }) => id);
  const others = (before.many.roles ?? []).filter((id) => !ids.includes(id));
  const kept = Object.entries(before.ends ?? {}).filter(([id]) => !ids.includes(id));
  const { expiresAt = null } = write;
  const set = assigns && expiresAt !== null ? ids.map((id) => [id, expiresAt] as const) : [];
  const after = changed({
    ...before,
    many: { ...before.many, roles: assigns ? [...others, ...ids] : others },
    ends: Object.fromEntries([...kept, ...set]),
  });
  const problems = [
    ...(assigns && strays(asking.tree, before.one.scope as string, given)
      ? ['BAD_USER_INPUT']
      : []),
    ...(mayAssignWhatIsGained(asking, before, after) ? [] : ['FORBIDDEN']),
  ];
  if (problems.length > 0) return refuse(...problems);
  const world = worldWith(asking.tree.world, before, after);
  return { world, written: [writtenAs(write.kind, before, after, asking.place)] };
}
