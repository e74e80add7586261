import type pg from 'pg';
import { UnusableConnectionError } from './unreachable.js';

/** What a session is set to: names and values. */
export type Settings = Readonly<
  Record<'TimeZone' | 'plan_cache_mode' | 'random_page_cost', string>
> &
  Readonly<Record<string, string>>;

/** What each session of the client is set to. */
export const ASKED: Settings = {
  // The adapter takes every timestamp for UTC, whatever the server's zone is.
  TimeZone: 'UTC',
  // How many rows a list reads hangs on whose scopes and grants they are. A plan for the average
  // caller sorts a whole organization to give a page of it; planning anew costs less than that.
  plan_cache_mode: 'force_custom_plan',
  // Of rows in memory, as PostgreSQL's own manual advises, where all pages cost the same: then what an
  // index gives in order is never thought dearer than the same rows out of order, and sorted. The
  // planner takes who owns a row for independent of its organization, and so expects to find too few.
  random_page_cost: '1.0',
};

/** What those are set to over which compiled statements are sent. */
export const COMPILED: Settings = {
  ...ASKED,
  // Whose scopes and grants they are is no part of a text's plan: all of them are places. To plan such a statement costs
  // several times what it takes to run.
  plan_cache_mode: 'force_generic_plan',
  jit: 'off',
  // A page in an index's order is never better read out of order, and sorted.
  enable_bitmapscan: 'off',
};

/** Settings as `name=value`. */
export const said = (settings: Settings): string[] =>
  Object.entries(settings).map(([name, value]) => `${name}=${value}`);

/**
 * What each session is set to, as `name=value`.
 *
 * @public Measured with by bench.
 */
export const SESSION: readonly string[] = said(ASKED);

/** What lies between the gateway and the server. */
export type Pooler = 'none' | 'transaction';

/** What is seen of a session when its connection is made. */
export interface Session {
  /** A replica, or a server, database or role that was set so. */
  readonly isReadOnly: boolean;
}

interface Seen extends Session {
  readonly zone: string;
  readonly ownZone: string;
  readonly plans: string;
  readonly cost: string;
  readonly schema: string | null;
}

const LOOK = `SELECT current_setting('TimeZone') AS zone,
  (SELECT reset_val FROM pg_settings WHERE name = 'TimeZone') AS "ownZone",
  current_setting('plan_cache_mode') AS plans, current_setting('random_page_cost') AS cost,
  current_schema()::text AS schema,
  pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean AS "isReadOnly"`;

/**
 * So often the server looks whether who asked is still there: a statement whose connection was broken off, or whose gateway was
 * killed, ends then and not at its own deadline. Set with the look, for a server that cannot refuses a start that asks for it.
 */
const CHECKED = `CASE WHEN version() ~ 'linux|darwin|freebsd'
  THEN set_config('client_connection_check_interval', '1000', false) END AS checked`;

const ZONES_OF_UTC = ['UTC', 'Etc/UTC', 'GMT', 'Etc/GMT', 'Zulu', 'Etc/Zulu', 'UCT', 'Etc/UCT'];

/**
 * Looks whether a new connection is what was asked for.
 *
 * INVARIANT: nothing is asked over a connection of another time zone: the adapter would take its hours for
 * UTC's, in answers and in filters, and nobody would notice. Through a pooler the server's own
 * setting counts, because what a session sets there is another's session a moment later.
 *
 * @throws UnusableConnectionError
 */
export async function inspect(
  client: pg.ClientBase,
  pooler: Pooler,
  deadlineMs: number,
  asked: Settings = ASKED,
): Promise<Session> {
  // Through a pooler it is the role's own.
  const text = pooler === 'none' ? LOOK.replace('SELECT', `SELECT ${CHECKED},`) : LOOK;
  const look = { text, query_timeout: deadlineMs };
  const [seen] = (await client.query<Seen>(look)).rows;
  if (seen === undefined) throw new UnusableConnectionError('the database shows no settings');
  if (seen.schema !== 'public') {
    throw new UnusableConnectionError(
      `the tables are looked for in the schema public, and this connection begins at ${seen.schema ?? 'none'}: leave search_path as it is`,
    );
  }
  if (pooler === 'none') assertKept(seen, asked);
  else if (!ZONES_OF_UTC.includes(seen.zone) || !ZONES_OF_UTC.includes(seen.ownZone)) {
    throw new UnusableConnectionError(
      `through a pooler the time zone must be the server's own, which is ${seen.ownZone} and not UTC: ALTER ROLE the user SET TimeZone = 'UTC', and have the pooler connect anew`,
    );
  }
  return { isReadOnly: seen.isReadOnly };
}

function assertKept({ zone, plans, cost }: Seen, asked: Settings): void {
  const wrong = [
    zone === asked.TimeZone ? '' : `TimeZone is ${zone}`,
    plans === asked.plan_cache_mode ? '' : `plan_cache_mode is ${plans}`,
    Number(cost) === Number(asked.random_page_cost) ? '' : `random_page_cost is ${cost}`,
  ].filter((one) => one !== '');
  if (wrong.length === 0) return;
  throw new UnusableConnectionError(
    `what the gateway asks for at the start of a connection is not kept (${wrong.join(', ')}): if a pooler lies in between, set DATABASE_POOLER=transaction`,
  );
}
