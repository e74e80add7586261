/** The gateway of src/, but for who asks, which is named by a header. */
import { pino } from 'pino';
import { assemble } from '../../src/assemble.js';
import { openDatabase } from '../../src/data/clients.js';
import { createLog } from '../../src/http/log.js';
import { DEFAULT_LIMITS } from '../../src/limits/limits.js';
import { policies } from '../../src/schema.js';
import { USER_HEADER } from './contestant.js';
import { withoutDecisions } from './heimdall-off.js';

const HOST = '127.0.0.1';
/** As in production. */
const LOG_LEVEL = 'info';
const STOP_MS = 1_000;

const { DATABASE_URL, POOL_SIZE = '10', PORT = '0' } = process.env;
if (DATABASE_URL === undefined) throw new Error('DATABASE_URL is not set');

const database = await openDatabase({
  url: DATABASE_URL,
  poolSize: Number(POOL_SIZE),
  statementTimeoutMs: DEFAULT_LIMITS.statementMs,
});

const { server } = assemble({
  database,
  policies: process.argv.includes('--enforcement-off') ? withoutDecisions(policies) : policies,
  userIdOf: (headers) => headers.get(USER_HEADER) ?? '',
  // Written as always, but not onto the line on which the benchmark waits.
  log: createLog(LOG_LEVEL, pino.destination({ dest: '/dev/null', sync: true })),
});

process.once('SIGTERM', async () => {
  await server.close(STOP_MS);
  await database.close();
});
console.log(`ready ${await server.listen(HOST, Number(PORT))}`);
