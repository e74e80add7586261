import type { Sql } from './clients/database.js';

/**
 * How far changes have been read: what `from` sees, and of what `to` sees besides, those up to `seq`. Snapshots of the database
 * as it writes them; without `to`, all that `from` sees and no more.
 */
export interface Position {
  readonly from: string;
  readonly to?: string | undefined;
  readonly seq?: string | undefined;
}

/** What asks the database for changes. */
export type AsksSql = Pick<Sql, 'query'>;

/** A change of a row: what its policy decides it by, before and after; null: there was no row. */
export interface Change {
  readonly seq: string;
  readonly model: string;
  readonly id: string;
  readonly before: Columns | null;
  readonly after: Columns | null;
}

/** Columns by the names that policies have for them. */
export type Columns = Readonly<Record<string, unknown>>;

/** What is looked at besides changes, in the same snapshot. */
export interface Watched {
  /** Organizations, whose versions of authority are told (D18). */
  readonly organizationIds: readonly string[];
  readonly scopeIds: readonly string[];
}

/** What comes after a position. */
export interface Page {
  readonly changes: readonly Change[];
  /** The snapshot up to which this page is. */
  readonly to: string;
  /** Whether there may be more up to there. */
  readonly isFull: boolean;
  /** Whether changes after the position were swept, or the position is none of this database: what comes after it is not known. */
  readonly isLost: boolean;
  /** The database's clock (D48), in milliseconds since 1970. */
  readonly now: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly paths: Readonly<Record<string, readonly string[]>>;
}

const NONE: Watched = { organizationIds: [], scopeIds: [] };

/**
 * What was committed after a position, in the order in which each row was changed, so many at most, with what is watched, all as
 * one statement sees it.
 *
 * INVARIANT: what is new is what a snapshot sees and the one before did not: so none is missed that commits late, and none comes
 * twice. Whatever sees a change of a row sees the earlier ones of it, and seq is their order.
 *
 * @param until no further than this snapshot; left out: as far as there is
 */
export async function readChanges(
  sql: AsksSql,
  { from, to, seq = '0' }: Position,
  most: number,
  { watched = NONE, until }: { readonly watched?: Watched; readonly until?: string } = {},
): Promise<Page> {
  const [row] = await sql.query<
    Omit<Page, 'isFull'> & { readonly changes: readonly Change[] | null }
  >(
    `WITH p AS (SELECT $1::text::pg_snapshot AS f, coalesce($2::text::pg_snapshot, pg_current_snapshot()) AS t)
     SELECT p.t::text AS "to",
       coalesce((SELECT xid FROM change_sweep) >= pg_snapshot_xmin(p.f)::text::bigint
         OR pg_snapshot_xmax(p.f) > pg_snapshot_xmax(pg_current_snapshot())
         OR pg_snapshot_xmax(p.t) > pg_snapshot_xmax(pg_current_snapshot()), true) AS "isLost",
       (extract(epoch FROM statement_timestamp()) * 1000)::float8 AS now,
       (SELECT json_agg(json_build_object('seq', c.seq::text, 'model', c.model, 'id', c.row_id,
           'before', c.before, 'after', c.after) ORDER BY c.seq)
         FROM (SELECT * FROM change
           WHERE xid >= pg_snapshot_xmin(p.f)::text::bigint
             AND seq > $3::text::bigint
             AND NOT pg_visible_in_snapshot(xid::text::xid8, p.f)
             AND pg_visible_in_snapshot(xid::text::xid8, p.t)
           ORDER BY seq LIMIT $4::int) c) AS changes,
       coalesce((SELECT json_object_agg(organization_id, version) FROM authority
         WHERE organization_id = ANY ($5::text[]::uuid[])), '{}') AS versions,
       coalesce((SELECT json_object_agg(id, path) FROM scope
         WHERE id = ANY ($6::text[]::uuid[])), '{}') AS paths
     FROM p`,
    [from, to ?? until ?? null, seq, most, watched.organizationIds, watched.scopeIds],
  );
  if (row === undefined) throw new Error('the database answers nothing of its changes');
  const changes = row.changes ?? [];
  return { ...row, changes, isFull: changes.length >= most };
}

/** The snapshot of this moment: what is committed by now. */
export async function snapshotNow(sql: AsksSql): Promise<string> {
  const [row] = await sql.query<{ now: string }>('SELECT pg_current_snapshot()::text AS now');
  if (row === undefined) throw new Error('the database answers no snapshot');
  return row.now;
}

/** What is kept of changes. */
export interface SweepOptions {
  /** None that is older, in seconds. */
  readonly seconds: number;
  /** No more than so many. */
  readonly rows: number;
}

/** So many go at once, so that nobody waits long. */
const AT_ONCE = 10_000;

/**
 * Takes away the changes that need not be kept, oldest first; answers how many. It notes up to where, in the same statement.
 *
 * INVARIANT: none goes that comes after a transaction which still writes: a position from then on would be told for ever that
 * changes after it were swept. Space is not lost by that: what that transaction could see is not vacuumed either.
 */
export async function sweepChanges(sql: AsksSql, { seconds, rows }: SweepOptions): Promise<number> {
  for (let all = 0; ; ) {
    const [row] = await sql.query<{ gone: number }>(
      `WITH old AS (
         SELECT seq FROM change
         WHERE (at < clock_timestamp() - make_interval(secs => $1::int)
             OR seq <= (SELECT max(seq) FROM change) - $2::bigint)
           AND xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
         ORDER BY seq LIMIT $3::int FOR UPDATE SKIP LOCKED
       ), gone AS (DELETE FROM change WHERE seq IN (SELECT seq FROM old) RETURNING xid),
       noted AS (UPDATE change_sweep SET xid = greatest(xid, (SELECT max(xid) FROM gone))
         WHERE EXISTS (SELECT FROM gone))
       SELECT count(*)::int AS gone FROM gone`,
      [seconds, rows, AT_ONCE],
    );
    const gone = row?.gone ?? 0;
    all += gone;
    if (gone < AT_ONCE) return all;
  }
}
