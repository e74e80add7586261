import type { Sql, TransactionalSql } from './clients/database.js';

/** Trees of executions are deleted so many at a time, so that nobody waits long for the locks. */
const AT_ONCE = 200;

/** And what is kept of due times. */
const FIRINGS_AT_ONCE = 10_000;

/** INVARIANT: a due time that a schedule has yet to fire at stays, or it would fire there twice. */
const FIRED_BEFORE = `f.due_at < now() - make_interval(days => $1::int)
  AND NOT EXISTS (SELECT FROM schedule s WHERE s.id = f.schedule_id AND s.next_at <= f.due_at)`;

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

/**
 * Deletes what is kept of due times of schedules that are longer ago than that (D36). Each fires once all the same: what a schedule
 * is due at next is later than all of them.
 *
 * @returns how many have gone, or would go
 */
export async function retainFirings(
  sql: TransactionalSql,
  { days, dryRun, atOnce = FIRINGS_AT_ONCE }: Omit<RetainOptions, 'progress'>,
): Promise<number> {
  if (dryRun) {
    return countOf(
      await sql.query(`SELECT count(*)::int AS n FROM schedule_firing f WHERE ${FIRED_BEFORE}`, [
        days,
      ]),
    );
  }
  let gone = 0;
  for (;;) {
    const some = countOf(
      await sql.query(
        `WITH gone AS (DELETE FROM schedule_firing WHERE (schedule_id, due_at) IN (
           SELECT f.schedule_id, f.due_at FROM schedule_firing f WHERE ${FIRED_BEFORE} LIMIT $2) RETURNING 1)
         SELECT count(*)::int AS n FROM gone`,
        [days, atOnce],
      ),
    );
    if (some === 0) return gone;
    gone += some;
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
