import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Database } from '../../src/data/clients.js';
import { createLog } from '../../src/http/log.js';
import { DEFAULT_LIMITS } from '../../src/limits/limits.js';
import { ANONYMOUS } from '../../src/policy/principal.js';
import { createRateLimits, type RateStore } from '../../src/shared/rate-limits.js';
import { connectRedis } from '../../src/shared/redis.js';
import { freshDatabase } from '../support/database.js';
import { hangable, hasRedis, redisProcess } from '../support/redis.js';

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

  it('names no address, in a way that nobody without the key can try out', async () => {
    const limits = { ...DEFAULT_LIMITS, addressRequests: 5 };
    const namedBy = async (key?: Uint8Array): Promise<string[]> => {
      await database.sql.query(`DELETE FROM rate_limit WHERE key LIKE 'heimdall:address%'`);
      await createRateLimits(limits, store(), key).admitAddress?.('192.0.2.77');
      const rows = await database.sql.query<{ key: string }>(
        `SELECT key FROM rate_limit WHERE key LIKE 'heimdall:address%'`,
      );
      return rows.map((row) => row.key);
    };
    const [key, other] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
    const named = await namedBy(key);
    expect(named).toHaveLength(1);
    expect(named[0]).not.toContain('192');
    const plain = createHash('sha256').update('192.0.2.77').digest('base64url').slice(0, 22);
    expect(named[0]).not.toContain(plain);
    // The same in all gateways that have the key, and in none that has not.
    expect(await namedBy(key)).toEqual(named);
    for (const strange of [other, undefined]) expect(await namedBy(strange)).not.toEqual(named);
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

  it('costs those under way a while when Redis hangs, and nobody after them', async () => {
    const redis = await redisProcess();
    onTestFinished(redis.remove);
    const between = await hangable(redis.url);
    onTestFinished(between.close);
    const logged: string[] = [];
    const log = createLog('info', { write: (line) => void logged.push(line) });
    const { client, close } = await connectRedis({ url: between.url, timeoutMs: 1000, log });
    onTestFinished(close);
    const store = { kind: 'redis', client } as const;
    expect(await admitted(20, [store])).toBe(5);
    between.hang(true);
    // Of somebody whom this process has not refused yet; one after the other, as address and principal of a request are.
    const limits = { ...DEFAULT_LIMITS, principalRequests: 50, rateWindowSeconds: 3600 };
    const { admitPrincipal } = createRateLimits(limits, store);
    for (let n = 0; n < 50; n += 1) await admitPrincipal?.({ ...mia, userId: 'max' });
    await expect(admitPrincipal?.({ ...mia, userId: 'max' })).rejects.toThrow('too many requests');
    // One of them was asked of Redis; while a connection that answers is looked for, nobody is.
    expect(between.swallowed().filter((text) => text.includes('principal:max'))).toHaveLength(1);
    expect(logged.filter((line) => line.includes('redis is away'))).toHaveLength(1);
    between.hang(false);
    const kept = () => client.get('heimdall:principal:0199-mia').catch(() => null);
    await vi.waitUntil(async () => (await kept()) !== null, 20_000);
    expect(logged.filter((line) => line.includes('redis is back'))).toHaveLength(1);
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
