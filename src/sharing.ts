import { hkdfSync } from 'node:crypto';
import type { Logger } from 'pino';
import type { Sharing } from './assemble.js';
import type { Database } from './data/clients.js';
import type { Env } from './env.js';
import { connectRedis } from './shared/redis.js';
import { readTrustedDocuments } from './shared/trusted-documents.js';

/** What gateways know together, as the settings have it; `close` lets go of what was opened for it. */
export async function openSharing(
  env: Pick<Env, 'sharing' | 'limits' | 'secrets' | 'tokens' | 'database'>,
  database: Database,
  log: Logger,
): Promise<Sharing & { readonly close: () => Promise<void> }> {
  const { sharing, limits } = env;
  const { redisUrl, rateStore, persistedQueries, trustedDocuments, trustedOnly } = sharing;
  const trusted =
    trustedDocuments === undefined ? undefined : readTrustedDocuments(trustedDocuments);
  const redis =
    redisUrl === undefined
      ? undefined
      : await connectRedis({ url: redisUrl, timeoutMs: limits.redisMs, log });
  const inDatabase = database.isReadOnly
    ? undefined
    : ({ kind: 'database', sql: database.sql } as const);
  const inRedis = redis && ({ kind: 'redis', client: redis.client } as const);
  if (rateStore === 'database' && inDatabase === undefined) {
    log.warn('the database is read-only: how often somebody asks is counted by each process alone');
  }
  return {
    rateStore: { redis: inRedis, database: inDatabase, memory: undefined }[rateStore],
    addressKey: addressKeyOf(env),
    documents: {
      trusted,
      trustedOnly,
      store: persistedQueries ? (inRedis ?? inDatabase) : undefined,
    },
    close: async () => redis?.close(),
  };
}

/**
 * What addresses are named by in a store, out of a secret that all gateways over it have: the newest key of secrets, else the
 * secret of tokens, else the URL of the store, with its password. Undefined: nobody else counts, and a random one will do.
 */
function addressKeyOf({
  sharing,
  secrets,
  tokens,
  database,
}: Pick<Env, 'sharing' | 'secrets' | 'tokens' | 'database'>): Uint8Array | undefined {
  const { rateStore, redisUrl } = sharing;
  if (rateStore === 'memory') return undefined;
  const url = rateStore === 'redis' ? redisUrl : database.kind === 'server' ? database.url : null;
  const secret = secrets.keys[0]?.bytes ?? (tokens.kind === 'secret' ? tokens.secret : url);
  if (secret === null || secret === undefined) return undefined;
  return new Uint8Array(hkdfSync('sha256', secret, '', 'heimdall addresses', 32));
}
