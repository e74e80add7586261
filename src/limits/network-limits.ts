import { limit } from './limit.js';

/** How long and how often callers may ask, and what is kept for them all together. */
export const NETWORK_LIMITS = {
  operationMs: limit(
    'HEIMDALL_OPERATION_TIMEOUT_MS',
    30_000,
    [10, 3_600_000],
    'milliseconds',
    'Time to answer a request that was read, its wait included; then it is UNAVAILABLE.',
  ),
  principalRequests: limit(
    'HEIMDALL_MAX_REQUESTS_PER_PRINCIPAL',
    0,
    [0, 999_999_999],
    'requests',
    'How often a user or a key may ask in a window; one more is RATE_LIMITED. 0 bounds nobody.',
  ),
  addressRequests: limit(
    'HEIMDALL_MAX_REQUESTS_PER_ADDRESS',
    0,
    [0, 999_999_999],
    'requests',
    'The same of an address, an IPv6 network of 64 bits being one. 0 bounds nobody.',
  ),
  rateWindowSeconds: limit(
    'HEIMDALL_RATE_WINDOW_SECONDS',
    10,
    [1, 3_600],
    'seconds',
    'The window in which they are counted.',
  ),
  trustedProxies: limit(
    'HEIMDALL_TRUSTED_PROXIES',
    0,
    [0, 10],
    'proxies',
    'So many in front add to X-Forwarded-For, by which an address is known. 0: the header is not read.',
  ),
  redisMs: limit(
    'HEIMDALL_REDIS_TIMEOUT_MS',
    250,
    [10, 60_000],
    'milliseconds',
    'Time of a command of Redis; then each process counts alone.',
  ),
  persistedQueries: limit(
    'HEIMDALL_MAX_PERSISTED_QUERIES',
    10_000,
    [0, 999_999_999],
    'documents',
    'Persisted queries that the database keeps; of more none is kept until others have gone.',
  ),
  persistedQueryDays: limit(
    'HEIMDALL_PERSISTED_QUERY_DAYS',
    30,
    [1, 3_650],
    'days',
    'How long a persisted query is kept.',
  ),
  persistedQueryCacheBytes: limit(
    'HEIMDALL_PERSISTED_QUERY_CACHE_BYTES',
    8_000_000,
    [0, 999_999_999],
    'bytes',
    'What persisted queries may take in the memory of each process.',
  ),
  drainMs: limit(
    'HEIMDALL_DRAIN_MS',
    0,
    [0, 600_000],
    'milliseconds',
    'When told to stop, how long requests are still taken while /readyz says no, for who balances load to notice.',
  ),
  metricsOperations: limit(
    'HEIMDALL_METRICS_OPERATIONS',
    100,
    [0, 10_000],
    'names',
    'Operations of callers who are known that have metrics of their own, of which one caller brings a tenth; all others are one.',
  ),
} as const;
