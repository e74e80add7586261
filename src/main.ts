// The composition root: settings, database, schema, server; and back again when told to stop.
import { setTimeout } from 'node:timers/promises';
import type { Logger } from 'pino';
import { assemble, type Sharing } from './assemble.js';
import { makeAuditPartitions } from './data/audit-retention.js';
import { type Database, DatabaseUnavailableError, openDatabase } from './data/clients.js';
import { MigrationError } from './data/migrations.js';
import { missingKeys } from './data/secret-keys.js';
import { bringUpToDate, lackingUpdates } from './data/up-to-date.js';
import { demoEmail, demoPeople, FIRST_PEOPLE } from './demo/people.js';
import { SeedRefusedError, seedDemo } from './demo/seed-demo.js';
import { type Env, EnvError, readEnv } from './env.js';
import { renderBanner } from './http/banner.js';
import { createLog, describeError } from './http/log.js';
import { isLoopback } from './http/loopback.js';
import type { DemoPeople } from './http/people.js';
import { ListenError } from './http/server.js';
import { developmentSubject, signDevelopmentToken } from './identity/development-token.js';
import { keptSecret } from './identity/kept-secret.js';
import { Metrics } from './metrics/metrics.js';
import { MetricsError, type MetricsServer, serveMetrics } from './metrics/server.js';
import { createKeyring, demoKey, type Keyring } from './secrets/keyring.js';
import { TrustedDocumentsError } from './shared/trusted-documents.js';
import { openSharing } from './sharing.js';
import { openTracing, type Tracing } from './telemetry/tracing.js';

const TOKEN_SECONDS = 24 * 3600;
const EXIT_FAILURE = 1;
/** EX_CONFIG of sysexits.h. */
const EXIT_CONFIGURATION = 78;

/** The start cannot go on; one sentence for an operator. */
class StartError extends Error {}

const EXPECTED = [
  EnvError,
  DatabaseUnavailableError,
  MigrationError,
  ListenError,
  MetricsError,
  StartError,
  TrustedDocumentsError,
];

async function main(): Promise<void> {
  // Asked for from the start on: a signal that comes while starting is obeyed right after it.
  const told = firstSignal();
  const env = readEnv();
  const log = createLog(env.logLevel);
  if (isOldNode(process.versions.node)) {
    log.warn({ node: process.versions.node }, 'Node 20 is past its end of life: use Node 24');
  }
  const tracing = env.tracing === null ? undefined : await openTracing(env.tracing.serviceName);
  const { traced } = tracing ?? {};
  const database = await openDatabase(
    env.database.kind === 'server'
      ? {
          url: env.database.url,
          poolSize: env.database.poolSize,
          pooler: env.database.pooler,
          replicaUrl: env.database.replicaUrl,
          onReplica: (error) => tellOfReplica(log, error),
          statementTimeoutMs: env.limits.statementMs,
          limits: env.limits,
          traced,
        }
      : { folder: env.database.folder, limits: env.limits, traced },
  );
  if (database.isReadOnly) {
    log.warn('the database is read-only: who signs in for the first time is refused');
  }
  let stopBy: number | undefined;
  let isStopping = false;
  let scraped: MetricsServer | undefined;
  let sharing: Awaited<ReturnType<typeof openSharing>> | undefined;
  try {
    await migrate(database);
    await partition(database, log);
    const hasDemo = await sowDemo(database, env, log);
    const people = hasDemo ? peopleToPick(env) : undefined;
    const keyring = keyringOf(env, hasDemo);
    await warnOfMissingKeys(database, keyring, log);
    sharing = await openSharing(env, database, log);
    const metrics = env.metrics === null ? undefined : new Metrics(env.limits);
    if (metrics !== undefined && env.metrics !== null) {
      scraped = await serveMetrics(metrics, env.metrics);
      log.info({ url: scraped.url }, 'metrics');
    }
    const server = await serve({
      ...{ database, env, log, keyring, people, sharing, metrics, tracing },
      isStopping: () => isStopping,
    });
    // One answer's trouble is not the end of all others that are under way. What is thrown out of a turn still ends it.
    process.on('unhandledRejection', (error) => {
      log.error(describeError(error), 'a failure that nobody waited for');
    });
    if (env.mode !== 'production') process.stdout.write(banner(server.url, hasDemo, env, people));
    log.info({ url: server.url, database: database.kind }, 'listening');
    log.info({ signal: await told }, 'stopping');
    isStopping = true;
    if (env.limits.drainMs > 0) await setTimeout(env.limits.drainMs);
    stopBy = performance.now() + env.limits.stopMs;
    await server.close(env.limits.stopMs);
  } finally {
    await sharing?.close();
    await scraped?.close();
    await tracing?.close();
    // A database that says nothing any more is not waited for beyond the time to stop.
    await database.close(stopBy && Math.max(0, stopBy - performance.now()));
  }
  log.info('stopped');
}

function tellOfReplica(log: Logger, error: Error | null): void {
  if (error === null) log.info('the replica answers again');
  else
    log.warn(
      describeError(error),
      'the replica cannot be asked how far it is: the primary answers',
    );
}

/** The embedded database belongs to this process alone; a server is migrated when its owner says so. */
async function migrate(database: Database): Promise<void> {
  if (database.kind === 'embedded') {
    await bringUpToDate(database);
    return;
  }
  const lacking = await lackingUpdates(database);
  if (lacking > 0) {
    throw new StartError(
      `the database lacks ${lacking} of this version's migrations: apply them with heimdall migrate, or npm run migrate`,
    );
  }
}

/** Entries that find no partition go to the rest, and wait there for the retention: no reason not to start. */
async function partition(database: Database, log: Logger): Promise<void> {
  if (database.isReadOnly) return;
  try {
    const made = await makeAuditPartitions(database.sql);
    if (made.length > 0) log.info({ made }, 'partitions of the audit record');
  } catch (error) {
    log.warn(describeError(error), 'no partitions of the audit record could be made');
  }
}

/** Answers whether the demo world is there. Other data are left alone, and are no reason to stop. */
async function sowDemo(database: Database, env: Env, log: Logger): Promise<boolean> {
  if (database.kind !== 'embedded' || env.seedDemo === 'never') return false;
  try {
    const issuer = env.tokens.kind === 'jwks' ? null : env.tokens.issuer;
    const outcome = await seedDemo(database.client, { issuer });
    log.debug({ outcome }, 'demo world');
    return true;
  } catch (error) {
    if (!(error instanceof SeedRefusedError)) throw error;
    log.debug({ reason: error.message }, 'no demo world');
    return false;
  }
}

/** The keys that were given, and in the demo one more, so that secrets can be tried out. */
function keyringOf({ secrets: { keys, demoFile } }: Env, hasDemo: boolean): Keyring {
  const demo = hasDemo && demoFile !== null ? [demoKey(keptSecret(demoFile))] : [];
  return createKeyring([...keys, ...demo]);
}

/** What cannot be read is an error of the secret that is asked for, and no reason not to start. */
async function warnOfMissingKeys({ sql }: Database, keyring: Keyring, log: Logger): Promise<void> {
  const missing = await missingKeys(sql, keyring.ids);
  if (missing.length === 0) return;
  log.warn(
    { missing },
    'secrets are stored that cannot be read: their keys are not in HEIMDALL_SECRET_KEYS',
  );
}

interface Parts {
  readonly database: Database;
  readonly env: Env;
  readonly log: Logger;
  readonly keyring: Keyring;
  readonly people: DemoPeople | undefined;
  readonly sharing: Sharing;
  readonly metrics: Metrics | undefined;
  readonly tracing: Tracing | undefined;
  readonly isStopping: () => boolean;
}

async function serve({ database, env, log, keyring, people, ...others }: Parts) {
  if (env.tokens.kind === 'kept' && !isLoopback(env.host)) {
    log.warn(
      { host: env.host },
      'other machines can reach this gateway, which trusts tokens signed with its development secret: set HEIMDALL_JWT_SECRET or HEIMDALL_JWKS_URL',
    );
  }
  const { server } = assemble({
    database,
    tokens: env.tokens,
    limits: env.limits,
    keyring,
    log,
    development: env.mode === 'development',
    surface: env.surface,
    reading: env.reading,
    people,
    ...others,
    reaping: true,
  });
  return { url: await server.listen(env.host, env.port), close: server.close };
}

/**
 * The people of the demo world, as any of whom GraphiQL may act.
 *
 * INVARIANT: in development alone, and with the secret that this gateway made for itself: one that was
 * given to it may be another gateway's too.
 */
function peopleToPick({ tokens, mode, surface }: Env): DemoPeople | undefined {
  if (mode !== 'development' || tokens.kind !== 'kept' || !surface.graphiql) return undefined;
  const secret = keptSecret(tokens.file);
  const { issuer, audience } = tokens;
  return {
    list: demoPeople,
    tokenFor: (email) =>
      signDevelopmentToken({
        ...{ secret, issuer, audience, email },
        subject: developmentSubject(email),
        ttl: TOKEN_SECONDS,
      }),
  };
}

function banner(url: string, hasDemo: boolean, env: Env, picked: DemoPeople | undefined): string {
  const first = FIRST_PEOPLE.map(demoEmail);
  // Where an identity provider signs them in, they are nobody here.
  const all = hasDemo && env.tokens.kind !== 'jwks' ? demoPeople : [];
  const people = first.flatMap((email) => all.find((person) => person.email === email) ?? []);
  const more = all.length - people.length;
  return renderBanner({ url, people, more, picker: picked !== undefined });
}

/** It runs here, and gets no more fixes from its makers. */
function isOldNode(version: string): boolean {
  return Number(version.split('.', 1)[0]) < 22;
}

/** The first signal to stop. A second one of the same kind ends the process at once. */
function firstSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve);
  });
}

try {
  await main();
} catch (error) {
  const isExpected = EXPECTED.some((kind) => error instanceof kind);
  const { message, stack } = describeError(error);
  process.stderr.write(`heimdall: ${isExpected ? message : (stack ?? message)}\n`);
  process.exitCode = error instanceof EnvError ? EXIT_CONFIGURATION : EXIT_FAILURE;
}
