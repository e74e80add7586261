// The gateway that is attacked: over a database of its own, with its limits as they are in production.
import { pino } from 'pino';
import { assemble } from '../../src/assemble.js';
import { openDatabase } from '../../src/data/clients.js';
import { createLog } from '../../src/http/log.js';
import { developmentSubject, signDevelopmentToken } from '../../src/identity/development-token.js';
import { DEFAULT_LIMITS } from '../../src/limits/limits.js';
import { freshDatabase, urlOf } from '../../test/support/database.js';
import { type Planted, plant } from './world.js';

/** What it says once it can be asked. */
export interface Ready {
  readonly url: string;
  readonly tokens: Planted;
  /** The database on a server; none if it is embedded. */
  readonly databaseUrl?: string;
}

const SECRET = 'a secret of this run alone, long enough';
const ISSUER = 'heimdall-abuse';
const AUDIENCE = 'heimdall';
const EVERY_MS = 100;

const planted = await freshDatabase();
const people = await plant(planted, ISSUER);
const databaseUrl = planted.kind === 'server' ? await urlOf(planted) : undefined;
const database =
  databaseUrl === undefined
    ? planted
    : await openDatabase({
        url: databaseUrl,
        statementTimeoutMs: DEFAULT_LIMITS.statementMs,
        limits: DEFAULT_LIMITS,
      });
const { server } = assemble({
  database,
  tokens: { kind: 'secret', secret: SECRET, issuer: ISSUER, audience: AUDIENCE },
  log: createLog('info', pino.destination({ dest: '/dev/null', sync: true })),
});
const url = await server.listen('127.0.0.1', 0);

const tokenOf = (email: string): Promise<string> =>
  signDevelopmentToken({
    ...{ secret: SECRET, issuer: ISSUER, audience: AUDIENCE, email },
    subject: developmentSubject(email),
    ttl: 24 * 3600,
  });
const tokens = Object.fromEntries(
  await Promise.all(
    Object.entries(people).map(async ([name, email]) => [name, await tokenOf(email)] as const),
  ),
) as unknown as Planted;

const telling = setInterval(
  () => process.send?.({ heap: process.memoryUsage().heapUsed }),
  EVERY_MS,
);
process.once('SIGTERM', async () => {
  clearInterval(telling);
  await server.close(1_000);
  if (database !== planted) await database.close();
  await planted.close();
  process.disconnect();
});
process.send?.({ ready: { url, tokens, ...(databaseUrl && { databaseUrl }) } satisfies Ready });
