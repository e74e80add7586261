import type { Row } from '../data/prisma/reader.js';
import { forbidden } from '../errors.js';
import { guardWrite } from '../query/guard-write.js';
import { locate, type Named } from './locate.js';
import { recordWrite } from './record.js';
import type { Session } from './session.js';
import type { Writable } from './writable.js';

/**
 * Deletes a row. What still needs it forbids it: CONFLICT (D23).
 *
 * @throws DomainError NOT_FOUND, FORBIDDEN, CONFLICT
 */
export async function deleteRow(session: Session, writable: Writable, named: Named): Promise<Row> {
  const { model } = writable;
  const before = await locate(session, model, named, 'delete');
  await writable.beforeDelete?.(session, before.id);
  const write = guardWrite(session.guarding, model, before.id, 'delete');
  if (!(await session.writer.remove(write))) throw forbidden('delete is not permitted on the row');
  recordWrite(session, writable, 'delete', before, null);
  return before;
}
