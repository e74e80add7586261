import { createHash } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { DEFAULT_LIMITS, type Limits } from '../../limits/limits.js';
import { PrismaClient } from '../generated/client.js';
import {
  type Database,
  type DatabaseOptions,
  DatabaseUnavailableError,
  type Sql,
} from './database.js';
import { type AdapterFactory, observed } from './observe.js';

/** Opens a PostgreSQL server. Throws {@link DatabaseUnavailableError} when it cannot be used. */
export async function openPostgres(options: DatabaseOptions & { url: string }): Promise<Database> {
  const { limits = DEFAULT_LIMITS } = options;
  const pool = new pg.Pool({
    ...connection(options.url),
    ...(options.statementTimeoutMs === undefined
      ? {}
      : { statement_timeout: options.statementTimeoutMs }),
    max: options.poolSize ?? 10,
    connectionTimeoutMillis: limits.connectMs,
  });
  // An idle connection that breaks is replaced; without a listener it would end the process.
  pool.on('error', () => {});
  try {
    await pool.query('SELECT 1');
  } catch (error) {
    await pool.end();
    throw new DatabaseUnavailableError(reason(options.url, error));
  }
  const factory = new PrismaPg(pool, {
    statementNameGenerator: statementNames(limits),
  }) as unknown as AdapterFactory;
  const client = new PrismaClient({
    adapter: observed(factory, options.onQuery),
    errorFormat: 'minimal',
  });
  return {
    client,
    kind: 'server',
    sql: {
      ...plain(pool),
      async transaction(work) {
        const connection = await pool.connect();
        try {
          await connection.query('BEGIN');
          const result = await work(plain(connection));
          await connection.query('COMMIT');
          return result;
        } catch (error) {
          await connection.query('ROLLBACK').catch(() => {});
          throw error;
        } finally {
          connection.release();
        }
      },
    },
    async close() {
      await client.$disconnect();
      await pool.end();
    },
  };
}

/**
 * What each session is set to.
 *
 * @public Measured with by bench.
 */
export const SESSION = [
  // The adapter takes every timestamp for UTC, whatever the server's zone is.
  'TimeZone=UTC',
  // How many rows a list reads hangs on whose scopes and grants they are. A plan for the average
  // caller sorts a whole organization to give a page of it; planning anew costs less than that.
  'plan_cache_mode=force_custom_plan',
  // Of rows in memory, as PostgreSQL's own manual advises, where all pages cost the same: then what an
  // index gives in order is never thought dearer than the same rows out of order, and sorted. The
  // planner takes who owns a row for independent of its organization, and so expects to find too few.
  'random_page_cost=1.0',
];

/** How to connect. What the URL says in `options` holds too, but ours comes last. */
function connection(url: string): { connectionString: string; options: string } {
  const ours = SESSION.map((setting) => `-c ${setting}`);
  if (!URL.canParse(url)) return { connectionString: url, options: ours.join(' ') };
  // pg would take these instead of ours.
  const parsed = new URL(url);
  const given = parsed.searchParams.getAll('options');
  parsed.searchParams.delete('options');
  return { connectionString: parsed.href, options: [...given, ...ours].join(' ') };
}

/**
 * Names a statement by a hash of its text, so that the server parses it once. What a connection is to
 * keep no more of, or is too long, has no name.
 */
export function statementNames({
  preparedStatements,
  preparedLength,
}: Limits): (query: { sql: string }) => string {
  const names = new Map<string, string>();
  return ({ sql }) => {
    const known = names.get(sql);
    if (known !== undefined) return known;
    if (names.size >= preparedStatements || sql.length > preparedLength) return '';
    const name = `h_${createHash('sha256').update(sql).digest('base64url').slice(0, 22)}`;
    names.set(sql, name);
    return name;
  };
}

function plain(connection: pg.Pool | pg.PoolClient): Sql {
  return {
    async query<Row>(text: string, params: readonly unknown[] = []) {
      return (await connection.query(text, [...params])).rows as Row[];
    },
    async script(text) {
      await connection.query(text);
    },
  };
}

/** One sentence for an operator. INVARIANT: made of host, database and user, never of the URL. */
function reason(url: string, error: unknown): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !/^postgres(ql)?:$/.test(parsed.protocol)) {
    return 'the database URL is not of the form postgresql://user:password@host:port/database';
  }
  const server = `${parsed.hostname || 'localhost'}:${parsed.port || '5432'}`;
  const code = (error as { code?: unknown }).code;
  switch (code) {
    case '3D000':
      return `the database "${decodeURIComponent(parsed.pathname.slice(1))}" does not exist on ${server}`;
    case '28P01':
    case '28000':
      return `the database server at ${server} refused the user "${decodeURIComponent(parsed.username)}" or its password`;
    case '53300':
      return `the database server at ${server} has no connection left`;
    case '57P03':
      return `the database server at ${server} is not ready yet`;
    default:
      return `the database server at ${server} cannot be reached (${typeof code === 'string' ? code : 'no answer'})`;
  }
}
