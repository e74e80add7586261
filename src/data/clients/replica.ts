import { DEFAULT_LIMITS } from '../../limits/limits.js';
import type { DatabaseOptions, Replica, SendCompiled } from './database.js';
import { readDatabaseUrl } from './database-url.js';
import { Freshness, type Mark, within } from './freshness.js';
import { type OpenPool, openPool } from './pool.js';
import { sending } from './sending.js';
import { COMPILED } from './session.js';

/** So long a replica is left alone that did not answer. */
const PAUSE_MS = 1_000;

const IDENTITY = '(SELECT system_identifier::text FROM pg_control_system())';

/**
 * The position of what is inserted into the log, and not of what is flushed: a commit that does not wait for the disk
 * (`synchronous_commit = off`) is answered before.
 */
const MARK = `SELECT pg_current_wal_insert_lsn()::text AS lsn, clock_timestamp()::text AS at, ${IDENTITY} AS system,
  ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int AS timeline, current_database()::text AS name`;

/**
 * INVARIANT: the same database of the same cluster, on the primary's timeline: after a failover positions of another one mean
 * something else. And its clock is not behind what the primary's said, for what has ended by then has ended here (D48).
 */
const REACHED = `SELECT coalesce(pg_is_in_recovery() AND pg_last_wal_replay_lsn() >= $1::pg_lsn
  AND clock_timestamp() >= $2::timestamptz AND ${IDENTITY} = $3
  AND (SELECT timeline_id FROM pg_control_checkpoint()) = $4::int AND current_database()::text = $5, false) AS "hasReached"`;

export interface ReplicaOptions extends DatabaseOptions {
  readonly url: string;
  readonly replicaUrl: string;
  /** What is sent to the primary where the replica is not known to be as far. */
  readonly primary: SendCompiled;
}

/**
 * Sends compiled statements to a replica that has replayed all that was committed on the primary before they were to be sent
 * (HEIMDALL_READ_URL), and else to the primary. A replica that is away, late or wrong costs time, never an answer.
 *
 * @throws DatabaseUnavailableError where the primary cannot be asked how far it is
 */
export async function openReplica(options: ReplicaOptions): Promise<Replica> {
  const { limits = DEFAULT_LIMITS, replicaUrl, primary, onReplica = () => {} } = options;
  const one: DatabaseOptions = { ...options, poolSize: 1, pooler: 'none' };
  // Connections of their own: what is asked for so little does not wait behind lists.
  const marking = await openPool(readDatabaseUrl(options.url), one, COMPILED);
  const replica = remembering(async () => {
    const open = await openPool(readDatabaseUrl(replicaUrl), options, COMPILED);
    return { ...open, send: sending(open.pool, limits, options.onQuery) };
  });
  const asking = remembering(() => openPool(readDatabaseUrl(replicaUrl), one, COMPILED));
  const freshness = new Freshness({
    mark: async () => first(await marking.pool.query<Mark>({ name: 'mark', text: MARK })),
    hasReached: async ({ lsn, at, system, timeline, name }) => {
      const { pool } = await asking.open();
      const values = [lsn, at, system, timeline, name];
      const asked = { name: 'reached', text: REACHED, values };
      return first(await pool.query<{ hasReached: boolean }>(asked)).hasReached;
    },
    withinMs: limits.replicaMs,
    pauseMs: PAUSE_MS,
    report: onReplica,
  });
  const reads = { replica: 0, primary: 0 };
  const send: SendCompiled = async (text, values, forWhat) => {
    if (await freshness.isFresh()) {
      try {
        const asked = replica.open().then(({ send: ask }) => ask(text, values, forWhat));
        const rows = await within(limits.silentMs, asked);
        reads.replica += 1;
        return rows;
      } catch (error) {
        // Nobody waits for another answer.
        if (forWhat?.isGivenUp === true) throw error;
        // Cancelled by what it has to replay, broken off, silent: whatever it is, the primary answers, or says what is wrong.
      }
    }
    reads.primary += 1;
    return primary(text, values, forWhat);
  };
  return {
    send,
    reads: () => ({ ...reads }),
    async end(deadlineMs) {
      const pools = [marking, replica.opened(), asking.opened()];
      await Promise.all(pools.map((pool) => pool?.end(async () => {}, deadlineMs)));
    },
  };
}

/** What is opened when it is first needed, by one attempt at a time: a replica may come later than the gateway. */
function remembering<T extends OpenPool>(open: () => Promise<T>) {
  let opened: T | undefined;
  let opening: Promise<T> | undefined;
  return {
    opened: () => opened,
    open: async (): Promise<T> => {
      if (opened !== undefined) return opened;
      opening ??= open().finally(() => {
        opening = undefined;
      });
      opened = await opening;
      return opened;
    },
  };
}

function first<T>({ rows: [row] }: { readonly rows: readonly T[] }): T {
  if (row === undefined) throw new Error('a server says nothing of how far it is');
  return row;
}
