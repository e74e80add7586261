import type { Logger } from 'pino';
import type { Sharing } from './assemble.js';
import type { Database } from './data/clients.js';
import type { Env } from './env.js';
import { connectRedis } from './shared/redis.js';
import { readTrustedDocuments } from './shared/trusted-documents.js';

/** What gateways know together, as the settings have it; `close` lets go of what was opened for it. */
export async function openSharing(
  { sharing, limits }: Pick<Env, 'sharing' | 'limits'>,
  database: Database,
  log: Logger,
): Promise<Sharing & { readonly close: () => Promise<void> }> {
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
    documents: {
      trusted,
      trustedOnly,
      store: persistedQueries ? (inRedis ?? inDatabase) : undefined,
    },
    close: async () => redis?.close(),
  };
}
