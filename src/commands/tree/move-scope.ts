import type { Row } from '../../data/prisma/reader.js';
import { raiseAuthority } from '../../data/write/authority.js';
import { badInput, conflict, forbidden } from '../../errors.js';
import { guardWrite } from '../../query/guard-write.js';
import { assertHoldsAll } from '../change-row.js';
import { locate, type Named } from '../locate.js';
import { recordWrite } from '../record.js';
import { isPermitted, isRuledOut, type Session } from '../session.js';
import type { Spot } from '../spot.js';
import { assertMayDoWithSubtree } from '../subtree.js';
import type { Writable } from '../writable.js';
import { assertContains, assertShallow } from './fits.js';
import { assertMayGive, assertMayLift, rolesHeldAt } from './gains.js';

/**
 * Moves a scope, and everything in it, into another one. It takes `scope:move` on it, `scope:create` where it goes, the right on
 * every row in it, and that nobody comes to hold anything there that the mover could not have given (D21).
 *
 * @throws DomainError NOT_FOUND, FORBIDDEN, CONFLICT, BAD_USER_INPUT
 */
export async function moveScope(
  session: Session,
  writable: Writable,
  named: Named,
  spot: Spot,
): Promise<Row> {
  const { model } = writable;
  const before = await locate(session, model, named, 'move');
  const organizationId = before.organizationId as string | null;
  // What is counted below is to be what is moved.
  if (organizationId !== null) await raiseAuthority(session.tx, organizationId);
  if (before.homeId === before.id) throw misplaced('the root of an organization is not moved');
  if (organizationId !== spot.organizationId) throw misplaced('a scope stays in its organization');
  if (spot.path.includes(before.id)) throw misplaced('it would be within itself');
  const reached = before.governedBy as readonly string[];
  // As a row at its parent it is given away like any other.
  if (!spot.inheritsFrom.every((id) => reached.includes(id))) {
    await assertHoldsAll(session, writable, before);
  }
  const proposed = {
    ...before,
    parentId: spot.scopeId,
    homeId: spot.scopeId,
    governedBy: spot.inheritsFrom,
  };
  if (isRuledOut(session, model, 'create', proposed)) throw notThere();
  await assertContains(session, String(before.typeId), spot);
  await assertMayDoWithSubtree(session, before.id, 'move');
  // Who may not move all of it is not told how deep it is.
  assertShallow(spot.path, await heightOf(session, before.id, before.path as readonly string[]));
  await assertNobodyGains(session, before, spot);
  await assertNothingStranded(session, before, spot);
  const write = guardWrite(session.guarding, model, before.id, 'move');
  const after = await session.writer.update(write, { parentId: spot.scopeId });
  if (after === null || !(await isPermitted(session, model, 'create', after))) throw notThere();
  recordWrite(session, writable, 'move', before, after);
  return after;
}

const misplaced = (message: string): Error => badInput([{ path: ['parent'], message }]);
const notThere = (): Error => forbidden('create is not permitted where it goes');

/** How many levels of scopes a subtree has. */
async function heightOf({ tx }: Session, id: string, path: readonly string[]): Promise<number> {
  const [deepest] = await tx.$queryRaw<{ most: number }[]>`
    SELECT max(cardinality(path)) AS most FROM scope WHERE path @> ARRAY[${id}::text::uuid]`;
  return (deepest?.most ?? path.length) - path.length + 1;
}

/**
 * D21: where it goes, roles that are held above begin to reach into it, and overrides that switched off what is held
 * cease to.
 *
 * A scope below that begins anew (DEFINE) inherits as before; one that does not inherits what the moved one does. So
 * the moved scope stands for all of them.
 */
async function assertNobodyGains(session: Session, before: Row, spot: Spot): Promise<void> {
  const { tx, principal } = session;
  if (principal.isPlatformAdmin) return;
  const inheritsFrom = before.inheritsFrom as readonly string[];
  const type = await tx.scopeType.findUnique({
    where: { id: String(before.typeId) },
    select: { permissionMode: true },
  });
  const inherited = type?.permissionMode === 'MERGE' ? spot.inheritsFrom : [];
  const entered = inherited.filter((id) => !inheritsFrom.includes(id));
  const organizationId = before.organizationId as string | null;
  const roleIds = await rolesHeldAt(session, entered);
  await assertMayGive(session, [{ organizationId, inheritsFrom, roleIds }]);
  await assertMayLift(session, await liftedBy(session, before, spot));
}

/** The disabling overrides above that count there no more: they are left behind, or one that enables is nearer. */
async function liftedBy({ tx }: Session, before: Row, spot: Spot): Promise<string[]> {
  const above = (before.path as readonly string[]).slice(1);
  const overrides = await tx.scopeOverride.findMany({
    where: { scopeId: { in: [...new Set([...above, ...spot.path])] } },
    select: { id: true, scopeId: true, roleId: true, permissionId: true, state: true },
  });
  const enabling = overrides.filter(
    ({ state, scopeId }) => state === 'enabled' && !above.includes(scopeId),
  );
  return overrides
    .filter(({ state, scopeId, roleId, permissionId }) => {
      if (state === 'enabled' || !above.includes(scopeId)) return false;
      if (!spot.path.includes(scopeId)) return true;
      return enabling.some((one) => one.roleId === roleId && one.permissionId === permissionId);
    })
    .map(({ id }) => id);
}

/**
 * D8: a role is assigned, and a permission given to one, where it is defined and below. What would be left without
 * keeps the scope where it is, whoever sees it (D14).
 */
async function assertNothingStranded({ tx }: Session, before: Row, spot: Spot): Promise<void> {
  const left = (before.path as readonly string[]).slice(1).filter((id) => !spot.path.includes(id));
  if (left.length === 0) return;
  const below = { scope: { path: { has: before.id } } };
  const definedThere = { scopeId: { in: left } };
  const assignment = await tx.roleAssignment.findFirst({
    where: { membership: below, role: definedThere },
    select: { roleId: true },
  });
  const binding =
    assignment ??
    (await tx.rolePermission.findFirst({
      where: { role: below, permission: definedThere },
      select: { roleId: true },
    }));
  if (binding !== null) {
    throw conflict('something in it needs what is defined where it would no longer be (D8)');
  }
}
