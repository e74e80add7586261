import { listed, strays } from '../../commands/change.js';
import { locate, type Named } from '../../commands/locate.js';
import { recordWrite } from '../../commands/record.js';
import type { Session } from '../../commands/session.js';
import type { Writable } from '../../commands/writable.js';
import type { Row } from '../../data/prisma/reader.js';
import { badInput, forbidden } from '../../errors.js';
import { guardWrite } from '../../query/guard-write.js';

/**
 * Puts roles on a membership, or takes them from it; the others stay.
 *
 * @throws DomainError NOT_FOUND, FORBIDDEN, CONFLICT, BAD_USER_INPUT
 */
export async function changeRoles(
  session: Session,
  writable: Writable,
  named: Named,
  given: readonly string[],
  change: 'assign' | 'unassign',
): Promise<Row> {
  const before = await locate(session, 'Membership', named, 'update');
  const watched = await writable.watch?.(session, before);
  const roles = await listed(session, 'Role', given, ['roles']);
  if (change === 'assign') {
    const issues = await strays(session, String(before.scopeId), roles, given, ['roles']);
    if (issues.length > 0) throw badInput(issues);
  }
  const roleIds = roles.map(({ id }) => id);
  if (change === 'assign') {
    const rows = roleIds.map((roleId) => ({ membershipId: before.id, roleId }));
    await session.writer.link('RoleAssignment', rows);
  } else {
    const where = { membershipId: before.id, roleId: { in: roleIds } };
    await session.writer.unlink('RoleAssignment', where);
  }
  const write = guardWrite(session.guarding, 'Membership', before.id, 'update');
  const after = await session.writer.update(write, {});
  if (after === null) throw forbidden('update is not permitted on the membership');
  await watched?.(after);
  const [assigned, taken] = change === 'assign' ? [roleIds, []] : [[], roleIds];
  const sides = [
    { ...before, roles: taken },
    { ...after, roles: assigned },
  ] as const;
  recordWrite(session, writable, `${change}Roles`, ...sides);
  return after;
}
