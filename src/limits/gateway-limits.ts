import { limit } from './limit.js';

/** What the gateway itself takes: to know who asks, to talk to the database, and to stop. */
export const GATEWAY_LIMITS = {
  tokenLength: limit(
    'HEIMDALL_MAX_TOKEN_LENGTH',
    8_192,
    [256, 16_384],
    'characters',
    'A bearer token.',
  ),
  clockToleranceSeconds: limit(
    'HEIMDALL_CLOCK_TOLERANCE_SECONDS',
    10,
    [0, 300],
    'seconds',
    'How far the clock of who signs tokens may be from ours.',
  ),
  keysFreshMs: limit(
    'HEIMDALL_JWKS_FRESH_MS',
    300_000,
    [1_000, 86_400_000],
    'milliseconds',
    'How long the keys of an identity provider are used before they are fetched again.',
  ),
  keysCooldownMs: limit(
    'HEIMDALL_JWKS_COOLDOWN_MS',
    30_000,
    [0, 3_600_000],
    'milliseconds',
    'After a fetch, how long an unknown key causes no other one.',
  ),
  keysTimeoutMs: limit(
    'HEIMDALL_JWKS_TIMEOUT_MS',
    5_000,
    [100, 60_000],
    'milliseconds',
    'Time to fetch the keys of an identity provider.',
  ),
  // A statement carries them all, several times, and takes 32,767 values.
  teamMembers: limit(
    'HEIMDALL_MAX_TEAM_MEMBERS',
    64,
    [1, 1_000],
    'teammates',
    'So many go into the conditions of a request by id; of more the database is asked row by row.',
  ),
  teamMentions: limit(
    'HEIMDALL_MAX_TEAM_MENTIONS',
    1_024,
    [1, 10_000],
    'ids',
    'The same for a condition, which names all teammates once for each grant that stands alone.',
  ),
  connectMs: limit(
    'HEIMDALL_CONNECT_TIMEOUT_MS',
    10_000,
    [100, 600_000],
    'milliseconds',
    'Time to get a connection to the database server, a new one or one that others use.',
  ),
  statementMs: limit(
    'HEIMDALL_STATEMENT_TIMEOUT_MS',
    15_000,
    [100, 3_600_000],
    'milliseconds',
    'Time of a statement on the database server: no answer is worth a connection for longer.',
  ),
  silentMs: limit(
    'HEIMDALL_SILENT_TIMEOUT_MS',
    2_000,
    [10, 600_000],
    'milliseconds',
    'After the time of a statement, how long the server may still say nothing before it is given up.',
  ),
  preparedStatements: limit(
    'HEIMDALL_MAX_PREPARED',
    1_000,
    [0, 100_000],
    'statements',
    'What a connection keeps prepared; later statements are parsed each time.',
  ),
  preparedLength: limit(
    'HEIMDALL_MAX_PREPARED_LENGTH',
    16_000,
    [0, 1_000_000],
    'characters',
    'A statement that is kept prepared.',
  ),
  healthMs: limit(
    'HEIMDALL_HEALTH_TIMEOUT_MS',
    2_000,
    [10, 60_000],
    'milliseconds',
    'Time of a ping of the database before the gateway counts as unhealthy.',
  ),
  stopMs: limit(
    'HEIMDALL_STOP_TIMEOUT_MS',
    10_000,
    [0, 600_000],
    'milliseconds',
    'Time to finish what is under way when told to stop.',
  ),
} as const;
