import type { Row } from '../../data/prisma/reader.js';
import { raiseAuthority } from '../../data/write/authority.js';
import { deleteSubtree } from '../../data/write/subtree.js';
import { conflict } from '../../errors.js';
import { deleteRow } from '../delete-row.js';
import { locate, type Named } from '../locate.js';
import { recordWrite } from '../record.js';
import type { Session } from '../session.js';
import { assertMayDoWithSubtree } from '../subtree.js';
import type { Writable } from '../writable.js';

/**
 * Deletes a scope in which nothing lives, or with `cascade` everything in it, too: by who may delete each row of it (D21). What
 * lies outside and needs something within forbids it, whoever sees it. It is recorded as one, as that of an organization is.
 *
 * @throws DomainError NOT_FOUND, FORBIDDEN, CONFLICT
 */
export async function deleteScope(
  session: Session,
  writable: Writable,
  named: Named,
  cascade: boolean,
): Promise<Row> {
  const before = await locate(session, writable.model, named, 'delete');
  if (before.homeId === before.id) throw conflict('a root goes with its organization alone');
  if (!cascade) return deleteRow(session, writable, named);
  // What is counted is to be what is deleted.
  await raiseAuthority(session.tx, String(before.organizationId));
  await assertMayDoWithSubtree(session, before.id, 'delete');
  await deleteSubtree(session.tx, before.id);
  recordWrite(session, writable, 'delete', before, null);
  return before;
}
