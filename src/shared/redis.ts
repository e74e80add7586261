import type { Redis } from 'ioredis';
import type { Logger } from 'pino';

/** What a connection to Redis is made with. */
export interface RedisOptions {
  readonly url: string;
  /** Time of a command, after which it counts as away. */
  readonly timeoutMs: number;
  readonly log: Logger;
}

/** A connection to Redis that may come and go. */
export interface RedisConnection {
  readonly client: Redis;
  close(): Promise<void>;
}

const RETRY_MS = 1_000;
/** What ioredis rejects a command with that was not answered in time. */
const TIMED_OUT = 'Command timed out';

/**
 * Connects to Redis, and again whenever it went away; asks nothing of it while it is, so that whoever has
 * another way takes it at once. One that hangs costs the commands under way their time, and no others: after the first that
 * is not answered in time the connection is given up, and until a new one has answered, a second later at the earliest, all
 * commands are refused at once. The package is loaded here, for who has a Redis alone.
 */
export async function connectRedis({
  url,
  timeoutMs,
  log,
}: RedisOptions): Promise<RedisConnection> {
  const { Redis } = await import('ioredis');
  let isAway = false;
  const away = (error: Error): void => {
    if (isAway) return;
    isAway = true;
    // INVARIANT: no part of the URL, which may have a password.
    log.warn({ reason: error.name }, 'redis is away: each process counts alone until it is back');
  };
  /** Gives the connection up once a command over it is not answered in time. */
  class Impatient extends Redis {
    override sendCommand(...asked: Parameters<Redis['sendCommand']>): unknown {
      const [{ promise }] = asked;
      promise.catch((error: Error) => {
        if (error.message !== TIMED_OUT || this.status !== 'ready') return;
        away(error);
        this.disconnect(true);
      });
      return super.sendCommand(...asked);
    }
  }
  const client = new Impatient(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: timeoutMs,
    connectTimeout: timeoutMs,
    // One that hangs does not say goodbye, either.
    disconnectTimeout: timeoutMs,
    retryStrategy: () => RETRY_MS,
    lazyConnect: true,
  });
  client.on('error', away);
  client.on('ready', () => {
    if (isAway) log.info('redis is back');
    isAway = false;
  });
  await client.connect().catch(away);
  return {
    client,
    async close() {
      client.disconnect();
    },
  };
}
