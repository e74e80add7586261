import { listed, strays } from '../../commands/change.js';
import { locate, type Named } from '../../commands/locate.js';
import { recordWrite } from '../../commands/record.js';
import type { Session } from '../../commands/session.js';
import type { Writable } from '../../commands/writable.js';
import type { Row } from '../../data/prisma/reader.js';
import { badInput, forbidden } from '../../errors.js';
import { guardWrite } from '../../query/guard-write.js';

/**
 * Gives permissions to a role, or takes them from it; the others stay. Given is what whoever gives it holds (D21).
 *
 * @throws DomainError NOT_FOUND, FORBIDDEN, CONFLICT, BAD_USER_INPUT
 */
export async function changePermissions(
  session: Session,
  writable: Writable,
  named: Named,
  given: readonly string[],
  change: 'attach' | 'detach',
): Promise<Row> {
  const before = await locate(session, 'Role', named, 'update');
  const watched = await writable.watch?.(session, before);
  const permissions = await listed(session, 'Permission', given, ['permissions']);
  if (change === 'attach') {
    const scopeId = String(before.scopeId);
    const issues = await strays(session, scopeId, permissions, given, ['permissions']);
    if (issues.length > 0) throw badInput(issues);
  }
  const permissionIds = permissions.map(({ id }) => id);
  if (change === 'attach') {
    await session.writer.link(
      'RolePermission',
      permissionIds.map((permissionId) => ({ roleId: before.id, permissionId })),
    );
  } else {
    const where = { roleId: before.id, permissionId: { in: permissionIds } };
    await session.writer.unlink('RolePermission', where);
  }
  const write = guardWrite(session.guarding, 'Role', before.id, 'update');
  const after = await session.writer.update(write, {});
  if (after === null) throw forbidden('update is not permitted on the role');
  await watched?.(after);
  const [attached, detached] = change === 'attach' ? [permissionIds, []] : [[], permissionIds];
  recordWrite(
    session,
    writable,
    `${change}Permissions`,
    { ...before, permissions: detached },
    { ...after, permissions: attached },
  );
  return after;
}
