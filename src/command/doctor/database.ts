import type { Database } from '../../data/clients.js';
import { lackingUpdates } from '../../data/up-to-date.js';
import type { DatabaseSettings } from '../../env.js';
import { failed, ok, type Said, warned } from './check.js';

/** PostgreSQL 15: what the tests run on, and the oldest that has what the migrations use. */
const LEAST_VERSION = 15;
/** Tokens are taken this much too early or too late, and no more. */
const MOST_SKEW_MS = 2_000;

/** Which PostgreSQL it is. */
export async function version({ sql, kind, isReadOnly }: Database): Promise<Said> {
  const [row] = await sql.query<{ number: number; text: string }>(
    `SELECT current_setting('server_version_num')::int AS number,
       current_setting('server_version') AS text`,
  );
  const says = `${kind}, PostgreSQL ${row?.text}`;
  if ((row?.number ?? 0) < LEAST_VERSION * 10_000) {
    return failed(says, `use PostgreSQL ${LEAST_VERSION} or newer`);
  }
  return isReadOnly
    ? warned(`${says}, read-only`, 'nothing can be changed there: is it a replica?')
    : ok(says);
}

/** Whether it has this version's migrations. */
export async function migrations(database: Database): Promise<Said> {
  const lacking = await lackingUpdates(database);
  if (lacking === 0) return ok('all are applied');
  return failed(`${lacking} of this version's are not applied`, 'run heimdall migrate');
}

/** Whether the role may do with the tables what the gateway does. */
export async function rights({ sql }: Database): Promise<Said> {
  const [who] = await sql.query<{ role: string; isSuper: boolean }>(
    `SELECT current_user::text AS role, rolsuper AS "isSuper" FROM pg_roles WHERE rolname = current_user`,
  );
  const lacking = await sql.query<{ name: string; rights: string }>(`
    SELECT c.relname::text AS name, string_agg(r.right, ', ') AS rights
    FROM pg_class c CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) r ("right")
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND c.relname <> '_prisma_migrations' AND NOT has_table_privilege(c.oid, r.right)
      AND (r.right = 'SELECT' OR c.relname !~ '^audit_' OR r.right = 'INSERT')
    GROUP BY c.relname ORDER BY c.relname LIMIT 20`);
  if (lacking.length > 0) {
    return failed(
      `the role ${who?.role} lacks ${lacking.map(({ name, rights }) => `${rights} on ${name}`).join('; ')}`,
      `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "${who?.role}", as the role that migrates`,
    );
  }
  return who?.isSuper
    ? warned(
        `the role ${who.role} is superuser`,
        'the gateway needs no more than to read and write its tables',
      )
    : ok(`the role ${who?.role} may read and write every table`);
}

/** What the pooler that the settings name leaves out. One that they do not name has failed the connection. */
export function pooler(settings: DatabaseSettings): Said {
  if (settings.kind === 'embedded') return ok('none: the database is in the process');
  if (settings.pooler === 'none') return ok('none: sessions keep what is set in them');
  return warned(
    'transactions are pooled: nothing is prepared, so no read is compiled, and nothing is heard by LISTEN, so who waits looks again and again',
    'let the gateway connect to the server itself where you can; migrate past the pooler, for locks of a session do not hold there',
  );
}

/** How far the database's clock is from the gateway's own, in both directions. */
export async function clock({ sql }: Database): Promise<Said> {
  const before = Date.now();
  const [row] = await sql.query<{ now: number }>(
    'SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS now',
  );
  const after = Date.now();
  const now = Number(row?.now);
  // Nobody knows when within the question it was read.
  const skew = Math.round(now < before ? before - now : Math.max(0, now - after));
  return skew <= MOST_SKEW_MS
    ? ok(`within ${skew} ms of the database's`)
    : failed(
        `${skew} ms away from the database's`,
        'have both machines keep time by NTP: what expires would end at two times',
      );
}
