import { createHash } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';
import { DEFAULT_LIMITS, type Limits } from '../../limits/limits.js';
import { PrismaClient } from '../generated/client.js';
import { refusingAborted } from './aborted.js';
import type { Connections, Database, DatabaseOptions, Sql } from './database.js';
import { readDatabaseUrl } from './database-url.js';
import { listening } from './listening.js';
import { type AdapterFactory, observed } from './observe.js';
import { openPool } from './pool.js';
import { openReplica } from './replica.js';
import { sending } from './sending.js';
import { COMPILED } from './session.js';
import { tellingUnreachable } from './unreachable.js';

/** Opens a PostgreSQL server. Throws {@link DatabaseUnavailableError} when it cannot be used. */
export async function openPostgres(options: DatabaseOptions & { url: string }): Promise<Database> {
  const { limits = DEFAULT_LIMITS, pooler = 'none' } = options;
  const address = readDatabaseUrl(options.url);
  const { pool, session, end, open } = await openPool(address, options);
  const compiled =
    pooler === 'none' ? await openPool(address, options, COMPILED).catch(closing(end)) : undefined;
  const send = compiled && sending(compiled.pool, limits, options.onQuery);
  const { replicaUrl } = options;
  const replica =
    send === undefined || replicaUrl === undefined
      ? undefined
      : await openReplica({ ...options, replicaUrl, primary: send }).catch(async (error) => {
          await compiled?.end(async () => {}, 0);
          return closing(end)(error);
        });
  const factory = new PrismaPg(
    pool,
    // Through a pooler the next statement may find another server's session, where nothing was prepared.
    pooler === 'none' ? { statementNameGenerator: statementNames(limits) } : {},
  ) as unknown as AdapterFactory;
  const client = new PrismaClient({
    adapter: observed(refusingAborted(tellingUnreachable(factory)), options),
    errorFormat: 'minimal',
    queryPlanCacheMaxSize: limits.queryPlans,
  });
  return {
    client,
    kind: 'server',
    isReadOnly: session.isReadOnly,
    sql: { ...plain(pool), transaction: (work) => transaction(pool, work) },
    connections: () => connectionsOf(compiled === undefined ? [pool] : [pool, compiled.pool]),
    compiled: send,
    replica,
    listen: pooler === 'none' ? listening(open) : undefined,
    async close(deadlineMs = limits.stopMs) {
      await Promise.all([
        end(() => client.$disconnect(), deadlineMs),
        compiled?.end(async () => {}, deadlineMs),
        replica?.end(deadlineMs),
      ]);
    },
  };
}

function connectionsOf(pools: readonly pg.Pool[]): Connections {
  const sum = (of: (pool: pg.Pool) => number): number =>
    pools.reduce((total, pool) => total + of(pool), 0);
  return {
    open: sum((pool) => pool.totalCount),
    idle: sum((pool) => pool.idleCount),
    waiting: sum((pool) => pool.waitingCount),
  };
}

/** Lets go of what was opened first where what comes after it cannot be. */
const closing =
  (end: (before: () => Promise<void>, deadlineMs: number) => Promise<void>) =>
  async (error: unknown): Promise<never> => {
    await end(async () => {}, 0);
    throw error;
  };

async function transaction<T>(pool: pg.Pool, work: (sql: Sql) => Promise<T>): Promise<T> {
  const connection = await pool.connect();
  // One that breaks fails the statement under way; without a listener it would end the process.
  const ignore = (): void => {};
  connection.on('error', ignore);
  try {
    await connection.query('BEGIN');
    const result = await work(plain(connection));
    await connection.query('COMMIT');
    return result;
  } catch (error) {
    await connection.query('ROLLBACK').catch(() => {});
    throw error;
  } finally {
    connection.off('error', ignore);
    connection.release();
  }
}

/**
 * Names a statement by a hash of its text, so that the server parses it once. What a connection is to
 * keep no more of, or is too long, has no name.
 */
export function statementNames({
  preparedStatements,
  preparedLength,
  preparedCharacters,
}: Limits): (query: { sql: string }) => string {
  const names = new Map<string, string>();
  let characters = 0;
  return ({ sql }) => {
    const known = names.get(sql);
    if (known !== undefined) return known;
    if (names.size >= preparedStatements || sql.length > preparedLength) return '';
    if (characters + sql.length > preparedCharacters) return '';
    characters += sql.length;
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
