import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { DEFAULT_LIMITS } from '../../limits/limits.js';
import { askedNow } from '../given-up.js';
import type { DatabaseOptions } from './database.js';
import type { ServerAddress } from './database-url.js';
import type { Encryption } from './encryption.js';
import { ASKED, inspect, type Session, type Settings, said } from './session.js';
import { breakOff, breakWhenSilent, createSockets, dropOnceEnded } from './sockets.js';
import { isRefusalOfEncryption, whyUnavailable } from './why-unavailable.js';

/** Connections to a server of which one has answered. */
export interface OpenPool {
  readonly pool: pg.Pool;
  /** As the first connection found it. */
  readonly session: Session;
  /** A connection beside those of the pool, opened in the same way; whoever has it ends it. */
  readonly open: () => Promise<pg.Client>;
  /** Runs `before` and lets go of all connections; those that take longer are broken off. */
  readonly end: (before: () => Promise<void>, deadlineMs: number) => Promise<void>;
}

/**
 * Opens a pool in the first of the ways to encrypt that the server takes, and keeps to it.
 *
 * @throws DatabaseUnavailableError
 */
export async function openPool(
  address: ServerAddress,
  options: DatabaseOptions,
  settings: Settings = ASKED,
): Promise<OpenPool> {
  const [first = false, ...others] = address.encryption;
  let way = first;
  for (;;) {
    try {
      return await openOneWay(address, way, options, settings);
    } catch (error) {
      const next = others.shift();
      if (next === undefined || !isRefusalOfEncryption(error)) {
        throw whyUnavailable(address, error, options.limits?.connectMs);
      }
      way = next;
    }
  }
}

async function openOneWay(
  address: ServerAddress,
  ssl: Encryption,
  { limits = DEFAULT_LIMITS, poolSize = 10, statementTimeoutMs, pooler = 'none' }: DatabaseOptions,
  settings: Settings,
): Promise<OpenPool> {
  const sockets = createSockets();
  let session: Session = { isReadOnly: false };
  const pool = new pg.Pool({
    ...connection(address, ssl),
    ...(pooler === 'none' ? startup(address, statementTimeoutMs, settings) : {}),
    stream: sockets.open,
    keepAlive: true,
    max: poolSize,
    connectionTimeoutMillis: limits.connectMs,
    async onConnect(client) {
      dropOnceEnded(client);
      if (statementTimeoutMs !== undefined) {
        breakWhenSilent(client, statementTimeoutMs + limits.silentMs);
      }
      session = await inspect(client, pooler, limits.connectMs, settings);
    },
  });
  // An idle connection that breaks is replaced; without a listener it would end the process.
  pool.on('error', () => {});
  endingWithWhatIsAsked(pool);
  let ended: Promise<void> | undefined;
  const end: OpenPool['end'] = (before, deadlineMs) => {
    // A transaction that is still open is given up by `before`, and waits for its connection.
    ended ??= within(deadlineMs, async () => {
      await before();
      await pool.end();
    }).finally(sockets.destroy);
    return ended;
  };
  try {
    await pool.query('SELECT 1');
  } catch (error) {
    await end(async () => {}, 0);
    throw error;
  }
  const open = async (): Promise<pg.Client> => {
    const client = new pg.Client({
      ...connection(address, ssl),
      ...(pooler === 'none' ? startup(address, statementTimeoutMs, settings) : {}),
      stream: sockets.open,
      keepAlive: true,
      connectionTimeoutMillis: limits.connectMs,
    });
    // What breaks fails whatever is asked next; without a listener it would end the process.
    client.on('error', () => {});
    await client.connect();
    return client;
  };
  return { pool, session, end, open };
}

/**
 * Has statements of what was asked end when that is given up: their connections are broken off, which the server notices by
 * itself (`client_connection_check_interval`). To cancel one would cost a connection more, and could end what was sent over its own next.
 *
 * INVARIANT: nothing of a transaction is ended so: of a COMMIT nobody would know what came. Those have their own time (D47).
 */
function endingWithWhatIsAsked(pool: pg.Pool): void {
  const connect: Connect = pool.connect.bind(pool);
  const ending: Connect = (callback) => {
    const one = askedNow();
    if (callback === undefined || one === undefined) return connect(callback);
    if (one.isGivenUp) return callback(new Error(GIVEN_UP), undefined, () => {});
    let taken: pg.PoolClient | undefined;
    let isGivenUp = false;
    const end = one.watch(() => {
      isGivenUp = true;
      if (taken !== undefined) breakOff(taken, GIVEN_UP);
    });
    return connect((error, client, release) => {
      if (client === undefined || isGivenUp) {
        end();
        client?.release();
        return callback(error ?? new Error(GIVEN_UP), undefined, () => {});
      }
      taken = client;
      const giveBack = client.release.bind(client);
      client.release = (why) => {
        end();
        giveBack(why);
      };
      callback(error, client, release);
    });
  };
  pool.connect = ending as pg.Pool['connect'];
}

/** As pg has it, with both of its ways in one. */
type Connect = (
  callback?: (
    error: Error | undefined,
    client: pg.PoolClient | undefined,
    release: (why?: Error | boolean) => void,
  ) => void,
  // biome-ignore lint/suspicious/noConfusingVoidType: what pg says.
) => void | Promise<pg.PoolClient>;

const GIVEN_UP = 'Connection terminated: nobody waits for the answer any more';

/** Waits for `work`, and no longer than this. */
async function within(deadlineMs: number, work: () => Promise<void>): Promise<void> {
  const given = new AbortController();
  const late = setTimeout(deadlineMs, undefined, { signal: given.signal }).catch(() => {});
  await Promise.race([work(), late]).finally(() => given.abort());
}

function connection(
  { host, port, user, password, database }: ServerAddress,
  ssl: Encryption,
): pg.PoolConfig {
  // Without one, pg looks for PGPASSWORD and a .pgpass.
  const login = password === undefined ? {} : { password };
  return { host, port, user, database, ...login, ssl };
}

/** What goes along when a connection begins. What the URL says in `options` holds too, but ours comes last. */
function startup(
  { options, applicationName }: ServerAddress,
  statementTimeoutMs: number | undefined,
  settings: Settings,
): pg.PoolConfig {
  const ours = said(settings).map((setting) => `-c ${setting}`);
  return {
    options: [...(options === undefined ? [] : [options]), ...ours].join(' '),
    ...(applicationName === undefined ? {} : { application_name: applicationName }),
    ...(statementTimeoutMs === undefined ? {} : { statement_timeout: statementTimeoutMs }),
  };
}
