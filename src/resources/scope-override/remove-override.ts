import { deleteRow } from '../../commands/delete-row.js';
import type { Named } from '../../commands/locate.js';
import type { Session } from '../../commands/session.js';
import type { Writable } from '../../commands/writable.js';
import type { Row } from '../../data/prisma/reader.js';
import { notFound } from '../../errors.js';
import { assertHoldsRegainedAt } from './target.js';

/**
 * Removes an override. Where it disabled, others regain what it took (D21).
 *
 * @throws DomainError NOT_FOUND, FORBIDDEN, CONFLICT
 */
export async function removeScopeOverride(
  session: Session,
  writable: Writable,
  named: Named,
): Promise<Row> {
  const before = await deleteRow(session, writable, named);
  if (before.state === 'enabled') return before;
  const scopeId = String(before.scopeId);
  const found = await session.findSpot(scopeId);
  if (found === null) throw notFound();
  await assertHoldsRegainedAt(
    session,
    { scopeId, ...found },
    {
      permissionId: before.permissionId as string | null,
      roleId: before.roleId as string | null,
    },
  );
  return before;
}
