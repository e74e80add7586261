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

/**
 * Connects to Redis, and again whenever it went away; asks nothing of it while it is, so that whoever has
 * another way takes it at once. The package is loaded here, for who has a Redis alone.
 */
export async function connectRedis({
  url,
  timeoutMs,
  log,
}: RedisOptions): Promise<RedisConnection> {
  const { Redis } = await import('ioredis');
  const client = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: timeoutMs,
    connectTimeout: timeoutMs,
    retryStrategy: () => RETRY_MS,
    lazyConnect: true,
  });
  let isAway = false;
  const away = (error: Error): void => {
    if (isAway) return;
    isAway = true;
    // INVARIANT: no part of the URL, which may have a password.
    log.warn({ reason: error.name }, 'redis is away: each process counts alone until it is back');
  };
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
