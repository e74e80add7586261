import { pino } from 'pino';
import type { Env } from '../../env.js';
import { connectRedis } from '../../shared/redis.js';
import { failed, ok, type Said, skipped } from './check.js';

/** Whether Redis answers, where the settings name one. */
export async function redis({ sharing, limits }: Env): Promise<Said> {
  if (sharing.redisUrl === undefined) return skipped('REDIS_URL is not set');
  const connection = await connectRedis({
    url: sharing.redisUrl,
    timeoutMs: limits.redisMs,
    log: pino({ level: 'silent' }),
  });
  try {
    const began = performance.now();
    await connection.client.ping();
    return ok(`answers within ${Math.ceil(performance.now() - began)} ms`);
  } catch {
    // INVARIANT: no part of the URL, which may have a password.
    return failed(
      `does not answer within ${limits.redisMs} ms`,
      'is REDIS_URL right, and Redis running? Until it answers, each process counts rates alone',
    );
  } finally {
    await connection.close();
  }
}
