import type { Sql, TransactionalSql } from './clients/database.js';

/** What a run of the retention did, or would do. */
export interface Retained {
  /** Entries that had landed in the rest, and got partitions of their months. */
  readonly moved: number;
  /** Partitions made for this month and the next ones. */
  readonly made: readonly string[];
  /** Partitions all of whose entries were older. */
  readonly dropped: readonly string[];
  /** Idempotency keys that had expired. */
  readonly forgotten: number;
}

/** Makes the partitions of this month and the next ones; rejects where somebody keeps the record locked. */
export async function makeAuditPartitions(sql: Sql): Promise<readonly string[]> {
  const [row] = await sql.query<{ made: string[] }>('SELECT heimdall_audit_partitions() AS made');
  return row?.made ?? [];
}

/**
 * Drops the months of the record that are over for longer than this, whole partitions, and says so in the record;
 * moves what landed in the rest; makes the partitions to come; forgets expired idempotency keys (D19). By
 * who owns the tables, all or nothing.
 */
export async function retainAudit(
  sql: TransactionalSql,
  { months, dryRun }: { readonly months: number; readonly dryRun: boolean },
): Promise<Retained> {
  return sql.transaction(async (tx) => {
    // Whoever waits for the record's lock keeps every mutation waiting behind it.
    await tx.query(`SET LOCAL lock_timeout = '10s'`);
    if (dryRun) {
      return {
        moved: await count(tx, 'SELECT count(*)::int AS n FROM audit_entry_rest'),
        made: [],
        dropped: await older(tx, months),
        forgotten: await count(
          tx,
          `SELECT count(*)::int AS n FROM idempotency_key WHERE ${EXPIRED}`,
        ),
      };
    }
    const moved = await count(tx, 'SELECT heimdall_audit_settle()::int AS n');
    const made = await makeAuditPartitions(tx);
    const dropped = await older(tx, months);
    for (const name of dropped) await tx.query(`DROP TABLE "${name}"`);
    if (dropped.length > 0) await tx.query(RECORDED, [`dropped ${dropped.join(', ')}`]);
    const forgotten = await count(
      tx,
      `WITH gone AS (DELETE FROM idempotency_key WHERE ${EXPIRED} RETURNING 1)
       SELECT count(*)::int AS n FROM gone`,
    );
    return { moved, made, dropped, forgotten };
  });
}

const EXPIRED = 'expires_at <= now()';

const RECORDED = `
  INSERT INTO audit_entry (actor_kind, actor_label, is_switched, action, resource_type, outcome, reason)
  VALUES ('SYSTEM', 'system:audit-retain', false, 'audit:retain', 'audit', 'PERMITTED', $1)`;

/** The partitions of months that were over so many months ago. Their names say which they are. */
async function older(tx: Sql, months: number): Promise<string[]> {
  const rows = await tx.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = 'audit_entry'::regclass AND c.relname ~ '^audit_entry_[0-9]{6}$'
       AND (to_date(right(c.relname, 6), 'YYYYMM') + interval '1 month') AT TIME ZONE 'UTC'
         <= now() - make_interval(months => $1::int)
     ORDER BY c.relname`,
    [months],
  );
  return rows.map(({ name }) => name);
}

async function count(tx: Sql, text: string): Promise<number> {
  const [row] = await tx.query<{ n: number }>(text);
  return row?.n ?? 0;
}
