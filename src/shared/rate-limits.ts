import { createHmac, randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterPostgres,
  RateLimiterRedis,
  RateLimiterRes,
} from 'rate-limiter-flexible';
import type { Sql } from '../data/clients.js';
import { rateLimited } from '../errors.js';
import type { Limits } from '../limits/limits.js';
import type { Principal } from '../policy/principal.js';

/** Where it is counted how often somebody asks: here alone, or by all gateways together. */
export type RateStore =
  | { readonly kind: 'memory' }
  | { readonly kind: 'redis'; readonly client: Redis }
  | { readonly kind: 'database'; readonly sql: Sql };

type Rates = Pick<Limits, 'principalRequests' | 'addressRequests' | 'rateWindowSeconds'>;

/** Who may ask how often; what is undefined bounds nobody. */
export interface RateLimits {
  /** Counts a request of an address. Rejects with RATE_LIMITED. */
  readonly admitAddress: ((address: string) => Promise<void>) | undefined;
  /** The same of who was found to ask; who said nothing of themselves is known by the address alone. */
  readonly admitPrincipal: ((principal: Principal) => Promise<void>) | undefined;
}

/**
 * Bounds how often each principal and each address may ask, in windows of so many seconds.
 *
 * Where the store is away each process counts on its own, with the same numbers: a gateway that refused everybody
 * then would be down with its Redis, and one that refused nobody would be open.
 *
 * @param addressKey what addresses are named by in the store: the same in all processes that count together
 */
export function createRateLimits(
  limits: Rates,
  store: RateStore = { kind: 'memory' },
  addressKey: Uint8Array = randomBytes(32),
): RateLimits {
  const { principalRequests, addressRequests, rateWindowSeconds } = limits;
  const limiter = (keyPrefix: string, points: number) =>
    points === 0
      ? undefined
      : admitting(makeLimiter({ keyPrefix, points, duration: rateWindowSeconds }, store));
  const byPrincipal = limiter('heimdall:principal', principalRequests);
  const byAddress = limiter('heimdall:address', addressRequests);
  return {
    admitAddress: byAddress && ((address) => byAddress(hashed(networkOf(address), addressKey))),
    admitPrincipal:
      byPrincipal &&
      (async (principal) => {
        const id = principal.keyId ?? principal.userId;
        if (id !== null) await byPrincipal(id);
      }),
  };
}

interface Window {
  readonly keyPrefix: string;
  readonly points: number;
  readonly duration: number;
}

function makeLimiter(window: Window, store: RateStore): RateLimiterAbstract {
  if (store.kind === 'memory') return new RateLimiterMemory(window);
  const shared = {
    ...window,
    // Who has had all of it is refused without asking the store again.
    inMemoryBlockOnConsumed: window.points,
    insuranceLimiter: new RateLimiterMemory(window),
  };
  if (store.kind === 'redis') return new RateLimiterRedis({ ...shared, storeClient: store.client });
  return new RateLimiterPostgres({
    ...shared,
    storeClient: clientOf(store.sql),
    storeType: 'client',
    tableName: 'rate_limit',
    tableCreated: true,
  });
}

/** What the limiter takes for a connection of its own. */
function clientOf(sql: Sql) {
  return {
    async query({ text, values }: { readonly text: string; readonly values: readonly unknown[] }) {
      return { rows: await sql.query(text, values) };
    },
  };
}

function admitting(limiter: RateLimiterAbstract): (key: string) => Promise<void> {
  return async (key) => {
    try {
      await limiter.consume(key);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      throw rateLimited(Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)));
    }
  };
}

/** Who has one address of IPv6 has all of its network: 2^64 of them. */
function networkOf(address: string): string {
  const v4 = /^::ffff:([\d.]+)$/i.exec(address)?.[1];
  if (v4 !== undefined || !address.includes(':')) return v4 ?? address;
  const [head = '', tail] = address.toLowerCase().split('::');
  const groups = head.split(':').filter((group) => group !== '');
  const after = (tail ?? '').split(':').filter((group) => group !== '');
  const zeros = Array.from({ length: Math.max(0, 8 - groups.length - after.length) }, () => '0');
  return [...groups, ...(tail === undefined ? [] : zeros), ...after].slice(0, 4).join(':');
}

/** INVARIANT: a store that others may read has no address of anybody; without the key, all 2^32 could be tried. */
const hashed = (address: string, key: Uint8Array): string =>
  createHmac('sha256', key).update(address).digest('base64url').slice(0, 22);
