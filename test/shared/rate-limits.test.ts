import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Database } from '../../src/data/clients.js';
import { createLog } from '../../src/http/log.js';
import { DEFAULT_LIMITS } from '../../src/limits/limits.js';
import { ANONYMOUS } from '../../src/policy/principal.js';
import { createRateLimits, type RateStore } from '../../src/shared/rate-limits.js';
import { connectRedis } from '../../src/shared/redis.js';
import { freshDatabase } from '../support/database.js';
import { hasRedis, redisProcess } from '../support/redis.js';

const mia = { ...ANONYMOUS, kind: 'USER' as const, userId: '0199-mia' };

/** How many of so many requests at once are admitted, by gateways in turn. */
async function admitted(count: number, stores: readonly RateStore[]): Promise<number> {
  const limits = { ...DEFAULT_LIMITS, principalRequests: 5, rateWindowSeconds: 3600 };
  const gateways = stores.map((store) => createRateLimits(limits, store));
  const asked = Array.from({ length: count }, (_, n) =>
    gateways[n % gateways.length]?.admitPrincipal?.(mia),
  );
  const settled = await Promise.allSettled(asked);
  for (const one of settled) {
    if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'RATE_LIMITED' });
  }
  return settled.filter(({ status }) => status === 'fulfilled').length;
}

describe('how often somebody asks, counted in the database', () => {
  let database: Database;
  beforeAll(async () => {
    database = await freshDatabase();
  });
  afterAll(() => database.close());
  const store = (): RateStore => ({ kind: 'database', sql: database.sql });

  it('is counted by all gateways together', async () => {
    expect(await admitted(20, [store(), store()])).toBe(5);
    expect(await admitted(20, [{ kind: 'memory' }, { kind: 'memory' }])).toBe(10);
  });

  it('is counted by each alone while the database does not answer', async () => {
    const sql = {
      ...database.sql,
      query: async () => Promise.reject(new Error('connection refused')),
    };
    expect(
      await admitted(20, [
        { kind: 'database', sql },
        { kind: 'database', sql },
      ]),
    ).toBe(10);
  });

  it('names no address', async () => {
    const limits = { ...DEFAULT_LIMITS, addressRequests: 5 };
    await createRateLimits(limits, store()).admitAddress?.('192.0.2.77');
    const rows = await database.sql.query<{ key: string }>(
      `SELECT key FROM rate_limit WHERE key LIKE 'heimdall:address%'`,
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.key).not.toContain('192');
  });
});

describe.runIf(hasRedis)('how often somebody asks, counted in Redis', () => {
  const connected = async (url: string) => {
    const logged: string[] = [];
    const log = createLog('info', { write: (line) => void logged.push(line) });
    const { client, close } = await connectRedis({ url, timeoutMs: 1000, log });
    onTestFinished(close);
    return { store: { kind: 'redis', client } as const, client, logged };
  };

  it('is counted by all gateways together, by each alone while it is away, and together again', async () => {
    const redis = await redisProcess();
    onTestFinished(redis.remove);
    const one = await connected(redis.url);
    const other = await connected(redis.url);
    const stores = [one.store, other.store];
    expect(await admitted(20, stores)).toBe(5);
    await redis.stop();
    await vi.waitUntil(() => [one, other].every(({ client }) => client.status !== 'ready'), 10_000);
    expect(await admitted(20, stores)).toBe(10);
    await vi.waitUntil(() => one.logged.some((line) => line.includes('redis is away')), 10_000);
    expect(one.logged.join()).not.toContain('127.0.0.1');
    await redis.start();
    await vi.waitUntil(() => [one, other].every(({ client }) => client.status === 'ready'), 10_000);
    expect(await admitted(20, stores)).toBe(5);
  });

  it('is no reason not to start when it is away from the first', async () => {
    const redis = await redisProcess();
    onTestFinished(redis.remove);
    await redis.stop();
    const { store, logged } = await connected(redis.url);
    expect(logged.join()).toContain('redis is away');
    expect(await admitted(20, [store])).toBe(5);
  });
});
