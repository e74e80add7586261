import type { Sql, TransactionalSql } from './clients/database.js';

/** Trees of executions are deleted so many at a time, so that nobody waits long for the locks. */
const AT_ONCE = 200;

interface RetainOptions {
  /** So many days are kept since the last of a tree has ended. */
  readonly days: number;
  readonly dryRun: boolean;
  /** Is told how many executions have gone so far. */
  readonly progress?: (gone: number) => void;
  /** For tests: so many trees at a time. */
  readonly atOnce?: number;
}

/**
 * Deletes executions that ended longer ago than that, whole trees, with their logs, and says so in the record (D31). What is under
 * way, or was tried again by what is kept, stays. It can be stopped and started again.
 *
 * @returns how many have gone, or would go
 */
export async function retainExecutions(
  sql: TransactionalSql,
  { days, dryRun, progress = () => {}, atOnce = AT_ONCE }: RetainOptions,
): Promise<number> {
  if (dryRun)
    return countOf(
      await sql.query(`SELECT count(*)::int AS n FROM execution WHERE root_id IN (${ROOTS})`, [
        days,
      ]),
    );
  let gone = 0;
  for (;;) {
    const some = await sql.transaction((tx) => deleteSome(tx, days, atOnce));
    if (some === 0) return gone;
    gone += some;
    progress(gone);
  }
}

async function deleteSome(tx: Sql, days: number, atOnce: number): Promise<number> {
  await tx.query(`SELECT set_config('heimdall.retaining', 'on', true)`);
  const some = countOf(
    await tx.query(
      `WITH gone AS (DELETE FROM execution WHERE root_id IN (${ROOTS} ORDER BY r.id LIMIT $2) RETURNING 1)
       SELECT count(*)::int AS n FROM gone`,
      [days, atOnce],
    ),
  );
  if (some > 0) await tx.query(RECORDED, [`deleted ${some} that ended over ${days} days ago`]);
  return some;
}

const countOf = ([row]: readonly Record<string, unknown>[]): number => Number(row?.n ?? 0);

/** The trees that are over. INVARIANT: what a kept one was tried again from is kept, or it would refer to nothing. */
const ROOTS = `SELECT r.id FROM execution r WHERE r.parent_id IS NULL AND NOT EXISTS (
    SELECT FROM execution e WHERE e.root_id = r.id
      AND (e.finished_at IS NULL OR e.finished_at > now() - make_interval(days => $1::int)
        OR EXISTS (SELECT FROM execution again WHERE again.retry_of_id = e.id AND again.root_id <> r.id)))`;

const RECORDED = `
  INSERT INTO audit_entry (actor_kind, actor_label, is_switched, action, resource_type, outcome, reason)
  VALUES ('SYSTEM', 'system:executions-retain', false, 'execution:retain', 'execution', 'PERMITTED', $1)`;
