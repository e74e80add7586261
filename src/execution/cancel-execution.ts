import { locate, type Named } from '../commands/locate.js';
import { recordWrite } from '../commands/record.js';
import type { Session } from '../commands/session.js';
import type { Row } from '../data/prisma/reader.js';
import { databaseClock } from '../data/write/database-clock.js';
import { conflict } from '../errors.js';
import { isUuid } from '../policy/pattern.js';
import type { ExecutionStatus } from '../policy/vocabulary.js';
import { oneOf } from '../query/filter.js';
import { asWritten } from './launch.js';
import { LIVE, statesBefore } from './transitions.js';

/**
 * Cancels an execution and all that it launched (D32): what waits is cancelled at once, what runs when its worker has been told.
 * One that is being cancelled already stays as it is.
 *
 * @throws DomainError NOT_FOUND, FORBIDDEN; CONFLICT: it has ended, or another version was seen
 */
export async function cancelExecution(session: Session, named: Named): Promise<Row> {
  await lockRoot(session, named.id);
  const before = await locate(session, 'Execution', named, 'cancel');
  if (before.status === 'CANCELLING') return before;
  if (!LIVE.includes(before.status as ExecutionStatus)) throw conflict('it has ended');
  const ids = await subtreeOf(session, before.id);
  await move(session, ids, 'CANCELLED');
  await move(session, ids, 'CANCELLING');
  return before;
}

/** Of those that launched one another one command at a time adds some or ends them: by the root, which is locked first. */
async function lockRoot(session: Session, id: string): Promise<void> {
  // What is no id is found nowhere, and told so by whoever looks for the row.
  if (!isUuid(id)) return;
  const found = await session
    .readerAt(session.place)
    .find({ model: 'Execution', where: oneOf('id', [id]), select: { columns: ['rootId'] } });
  await session.writer.lock(
    'Execution',
    found.map(({ rootId }) => String(rootId)),
  );
}

async function subtreeOf({ tx }: Session, id: string): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    WITH RECURSIVE below (id) AS (
      SELECT ${id}::uuid
      UNION SELECT e.id FROM execution e JOIN below b ON e.parent_id = b.id
    )
    SELECT id::text FROM below ORDER BY id`;
  return rows.map((row) => row.id);
}

/** All of these that can come to a state by being cancelled, each recorded. */
async function move(
  session: Session,
  ids: readonly string[],
  status: 'CANCELLED' | 'CANCELLING',
): Promise<void> {
  const { tx, writer } = session;
  const from = [...statesBefore(status, 'cancel')];
  // A worker may be ending one of them just now: what is locked stays as it is read.
  await writer.lock('Execution', ids);
  const before = await tx.execution.findMany({
    where: { id: { in: [...ids] }, status: { in: from } },
    omit: PAYLOAD,
  });
  if (before.length === 0) return;
  const now = await databaseClock(tx);
  const after = await tx.execution.updateManyAndReturn({
    where: { id: { in: before.map(({ id }) => id) }, status: { in: from } },
    data: {
      status,
      movedBy: 'cancel',
      movedAt: now,
      ...(status === 'CANCELLED' ? { finishedAt: now } : {}),
      version: { increment: 1 },
    },
    omit: PAYLOAD,
  });
  const byId = new Map(after.map((row) => [row.id, row]));
  for (const row of before) {
    recordWrite(session, asWritten(session), 'cancel', row, byId.get(row.id) ?? null);
  }
}

/** What the record keeps nothing of. */
const PAYLOAD = {
  input: true,
  result: true,
  errorDetail: true,
  progress: true,
  leaseHash: true,
} as const;
