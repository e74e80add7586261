import type { Row } from '../data/prisma/reader.js';
import { conflict, forbidden, notFound } from '../errors.js';
import { isUuid } from '../policy/pattern.js';
import { oneOf } from '../query/filter.js';
import { whereaboutsOf } from './aim.js';
import { isPermitted, type Session } from './session.js';

/** A row as a client names it: by id, and by the version that it has seen. */
export interface Named {
  readonly id: string;
  readonly version?: number | null | undefined;
}

/**
 * Locks rows that a batch names and that may be read, all at once: in one order, whatever that of the batch, so that no
 * two batches wait for each other.
 */
export async function lockAll(session: Session, model: string, named: readonly string[]) {
  const ids = [...new Set(named.filter(isUuid).map((id) => id.toLowerCase()))];
  if (ids.length < 2) return;
  const found = await session
    .readerAt(session.place)
    .find({ model, where: oneOf('id', ids), select: { columns: ['id'] } });
  await session.writer.lock(
    model,
    found.map(({ id }) => id),
  );
}

/**
 * The row, locked, as it will be until the transaction ends, if it permits the action.
 *
 * INVARIANT: a row that may not be read is neither locked nor waited for, and told from none (D14). Its version
 * is told to those alone who may change it.
 *
 * @throws DomainError NOT_FOUND, FORBIDDEN, CONFLICT
 */
export async function locate(
  session: Session,
  model: string,
  { id, version }: Named,
  action: string,
): Promise<Row> {
  session.aim({ id, at: null });
  if (!isUuid(id)) throw notFound();
  const where = oneOf('id', [id.toLowerCase()]);
  const reader = session.readerAt(session.place);
  const found = await reader.first({ model, where, select: { columns: ['id'] } });
  if (found === null) throw notFound();
  await session.writer.lock(model, [found.id]);
  const row = await reader.first({ model, where, select: { columns: 'unsealed' } });
  if (row === null) throw notFound();
  const { decisions } = session.guarding;
  session.aim({ id: row.id, at: whereaboutsOf(decisions.policy(model), row) });
  if (!(await isPermitted(session, model, action, row))) {
    throw forbidden(`${action} is not permitted on the row`);
  }
  if (version !== undefined && version !== null && version !== row.version) {
    throw conflict(`it was changed meanwhile: its version is ${row.version}`);
  }
  return row;
}
