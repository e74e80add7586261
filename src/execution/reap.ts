import type { PrismaClient } from '../data/generated/client.js';
import { inTransaction, type Transaction } from '../data/write/in-transaction.js';
import type { Limits } from '../limits/limits.js';
import type { Principal } from '../policy/principal.js';
import { type Traced, trace } from './trace.js';

/** What a pass of the reaper brought to an end or to another try, by its rules. */
export type Reaped = Readonly<Record<(typeof RULES)[number]['name'], number>>;

/** So many executions a transaction. */
const BATCH = 100;

/**
 * Every transition of D32 that is the reaper's, in the order in which one leads to another. Time is the database's, and each
 * looks at the rows once more when it has them: several gateways do it at once, and whoever is later finds nothing to do.
 */
const RULES = [
  {
    name: 'timedOut',
    reason: 'it took longer than it may',
    rows: `e.status IN ('RUNNING', 'CANCELLING') AND e.timeout_at <= statement_timestamp()`,
    set: `status = 'TIMED_OUT', finished_at = statement_timestamp(), error_code = 'TIMED_OUT'`,
  },
  {
    name: 'cancelled',
    reason: 'its worker did not end it within 30 seconds',
    rows: `e.status = 'CANCELLING' AND e.moved_at <= statement_timestamp() - interval '30 seconds'`,
    set: `status = 'CANCELLED', finished_at = statement_timestamp()`,
  },
  {
    name: 'retried',
    reason: 'its lease is over',
    rows: `e.status = 'RUNNING' AND e.lease_expires_at <= statement_timestamp() AND e.attempt - e.released < e.max_attempts`,
    set: `status = 'QUEUED', progress = NULL,
      not_before = statement_timestamp() + make_interval(secs => 2 ^ (e.attempt - e.released))`,
  },
  {
    name: 'lost',
    reason: 'its lease is over, and no try is left',
    rows: `e.status = 'RUNNING' AND e.lease_expires_at <= statement_timestamp() AND e.attempt - e.released >= e.max_attempts`,
    set: `status = 'FAILED', finished_at = statement_timestamp(), error_code = 'LEASE_LOST',
      error_message = 'its worker was not heard of any more'`,
  },
  {
    name: 'unclaimed',
    reason: 'nobody claimed it in time',
    rows: `e.status = 'QUEUED'
      AND greatest(e.not_before, e.moved_at) <= statement_timestamp() - make_interval(secs => $1::int)`,
    set: `status = 'FAILED', finished_at = statement_timestamp(), error_code = 'UNCLAIMED',
      error_message = 'no worker claimed it in time'`,
  },
  {
    name: 'stopped',
    reason: 'its launcher or its organization may not act any more',
    rows: `e.status = 'RUNNING' AND e.id IN (SELECT heimdall_executions_of_nobody())`,
    set: `status = 'CANCELLING'`,
  },
  {
    name: 'orphansStopped',
    reason: 'what launched it was cancelled or timed out',
    rows: `e.status = 'RUNNING' AND e.parent_id IS NOT NULL AND heimdall_is_called_off(e.id)`,
    set: `status = 'CANCELLING'`,
  },
  {
    name: 'orphansCancelled',
    reason: 'what launched it was cancelled or timed out',
    rows: `e.status = 'QUEUED' AND e.parent_id IS NOT NULL AND heimdall_is_called_off(e.id)`,
    set: `status = 'CANCELLED', finished_at = statement_timestamp()`,
  },
] as const;

/** What the reaper needs. */
interface Reaping {
  /** The client without enforcement: it is a job's, and asks about everybody's. */
  readonly client: PrismaClient;
  /** The system's own, by name (D18). */
  readonly principal: Principal;
  readonly limits: Limits;
}

/**
 * One pass of the reaper (D32): ends what is over its time, gives what lost its worker to another or up, and calls off what
 * nobody stands behind any more. Every transition is recorded; to do it again changes nothing.
 */
export async function reap({ client, principal, limits }: Reaping): Promise<Reaped> {
  const counts: [string, number][] = [];
  for (const { name, reason, rows, set } of RULES) {
    let count = 0;
    for (let found = BATCH; found === BATCH; count += found) {
      found = await inTransaction(
        client,
        limits,
        (tx) => move(tx, principal, { rows, set, reason }, limits.unclaimedSeconds),
        { command: '' },
      );
    }
    counts.push([name, count]);
  }
  await client.$executeRaw`
    DELETE FROM execution_secret s USING execution e
    WHERE e.id = s.execution_id AND e.finished_at < statement_timestamp() - interval '25 hours'
      AND NOT EXISTS (SELECT FROM execution o WHERE o.root_id = e.root_id
        AND coalesce(o.finished_at, 'infinity') >= statement_timestamp() - interval '25 hours')`;
  return Object.fromEntries(counts) as Reaped;
}

async function move(
  tx: Transaction,
  principal: Principal,
  { rows, set, reason }: { readonly rows: string; readonly set: string; readonly reason: string },
  unclaimedSeconds: number,
): Promise<number> {
  const moved = await tx.$queryRawUnsafe<Traced[]>(
    `WITH found AS (
      SELECT e.id, e.status FROM execution e WHERE ${rows} AND ($1::int IS NOT NULL)
      ORDER BY e.id LIMIT ${BATCH} FOR NO KEY UPDATE OF e SKIP LOCKED
    )
    UPDATE execution e SET ${set}, moved_by = 'reaper', moved_at = statement_timestamp(), reason = $2::text,
      version = e.version + 1, updated_at = statement_timestamp()
    FROM found f WHERE e.id = f.id
    RETURNING e.id::text, e.organization_id::text AS "organizationId", e.scope_id::text AS "scopeId",
      f.status AS "from", e.status AS "to", e.attempt`,
    unclaimedSeconds,
    reason,
  );
  await trace(
    { tx, principal },
    'reap',
    moved.map((one) => ({ ...one, reason })),
  );
  return moved.length;
}
