import { accessSync, constants, statfsSync } from 'node:fs';
import { messages, type PGlite, type Transaction } from '@electric-sql/pglite';
import { overlay } from './observe.js';

/**
 * What a folder must have free before anything is written into its database. PostgreSQL begins its log
 * in files of 16 MB and ends when it cannot; inside of this process that end is a standstill.
 */
export const RESERVED_BYTES = 4 * 16 * 1024 * 1024;

/** So much log is replayed at most by a start after a crash. Nothing else here looks to it. */
const LOG_BYTES = 64 * 1024 * 1024;
const WRITES_BETWEEN_LOOKS = 500;

/** SQLSTATE of a disk that is full: the database is away, and nothing was wrong with the question. */
const DISK_FULL = '53100';

/** The same of one that cannot be written. */
const IO_ERROR = '58030';

const BEGINS_TO_READ =
  /^\s*(SELECT|SHOW|EXPLAIN|BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET|LISTEN|UNLISTEN)\b/i;
const BEGINS_WITH = /^\s*WITH\b/i;
const WRITES = /\b(INSERT|UPDATE|DELETE|MERGE)\b/i;

const reads = (sql: string) =>
  BEGINS_TO_READ.test(sql) || (BEGINS_WITH.test(sql) && !WRITES.test(sql));

/**
 * The database of a folder, which refuses to write (53100) while its disk has too little room, and keeps
 * its log short. A statement that reads is answered as ever.
 */
export function keepingRoom(
  pglite: PGlite,
  folder: string,
  free: () => number = () => freeBytes(folder),
): PGlite {
  let writes = 0;

  function before(sql: string): void {
    if (reads(sql)) return;
    if (free() < RESERVED_BYTES) throw full(folder);
    writes += 1;
    if (writes % WRITES_BETWEEN_LOOKS === 0) shorten(pglite).catch(() => {});
  }

  const guarded = <Target extends PGlite | Transaction>(target: Target) =>
    overlay<PGlite | Transaction>(target, {
      async query<Row>(sql: string, ...rest: unknown[]) {
        before(sql);
        return target.query<Row>(sql, ...(rest as [])).catch(tellReadOnly);
      },
      async exec(sql, options) {
        before(sql);
        return target.exec(sql, options).catch(tellReadOnly);
      },
    }) as Target;

  return overlay(guarded(pglite), {
    transaction: (work) => pglite.transaction((tx) => work(guarded(tx))),
  } as Partial<PGlite>);
}

/**
 * A server's checkpointer does this by itself; here is none. It takes its turn behind what is asked
 * already. Where it fails, the log is as long as it was, and the next look tries again.
 */
async function shorten(pglite: PGlite): Promise<void> {
  const { rows } = await pglite.query<{ isLong: boolean }>(
    `SELECT pg_current_wal_lsn() - redo_lsn > $1 AS "isLong" FROM pg_control_checkpoint()`,
    [LOG_BYTES],
  );
  if (rows[0]?.isLong) await pglite.exec('CHECKPOINT');
}

/** None of a folder that cannot be written. */
function freeBytes(folder: string): number {
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    return 0;
  }
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** What PostgreSQL opens, it opens for writing, to read it as well; where that is not allowed it speaks of rights (42501). */
function tellReadOnly(error: unknown): never {
  if (error instanceof messages.DatabaseError && /: Read-only file system/.test(error.message)) {
    error.code = IO_ERROR;
  }
  throw error;
}

function full(folder: string): Error {
  const error = new messages.DatabaseError(
    `the disk of ${folder} has less than ${RESERVED_BYTES / 1024 / 1024} MB left, or is read-only`,
    0,
    'error',
  );
  return Object.assign(error, { code: DISK_FULL, severity: 'ERROR' });
}
