/**
 * What a round of an execution costs: launched, claimed, completed, each by a request over HTTP and decided as ever, beside jobs of
 * graphile-worker and of pg-boss, which decide nothing. In statements and per second, on the same server.
 */
import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { pino } from 'pino';
import { assemble } from '../src/assemble.js';
import { openDatabase } from '../src/data/clients.js';
import { applyMigrations } from '../src/data/migrations.js';
import { createLog } from '../src/http/log.js';
import { developmentSubject, signDevelopmentToken } from '../src/identity/development-token.js';
import { workerKey } from '../test/support/working.js';
import { World } from '../test/support/world.js';
import { assertInstalled } from './contestants/peers/installed.js';
import { benchUrl } from './data/database.js';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '500' } } });
const ROUNDS = Number(values.rounds);
/** So many ask at once, of either. */
const AT_ONCE = 10;
const ISSUED = {
  secret: 'a secret of the benchmark that is long enough',
  issuer: 'bench',
  audience: 'bench',
};

/** Counts what any client of pg sends. */
let statements = 0;
const prototype = pg.Client.prototype as unknown as { query: (...args: unknown[]) => unknown };
const { query } = prototype;
prototype.query = function (this: unknown, ...args: unknown[]) {
  statements += 1;
  return query.apply(this, args);
};

interface Answer {
  readonly data?: Readonly<Record<string, unknown>>;
  readonly errors?: unknown;
}

interface Cost {
  readonly contestant: string;
  readonly statements: number;
  readonly perSecond: number;
}

/** Does something so many times, ten at once. */
async function each(count: number, work: () => Promise<unknown>): Promise<void> {
  let left = count;
  const one = async () => {
    while (left > 0) {
      left -= 1;
      await work();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
}

async function measured(contestant: string, rounds: () => Promise<void>): Promise<Cost> {
  statements = 0;
  const began = performance.now();
  await rounds();
  const seconds = (performance.now() - began) / 1_000;
  return { contestant, statements: statements / ROUNDS, perSecond: ROUNDS / seconds };
}

async function heimdall(url: string): Promise<Cost> {
  const database = await openDatabase({ url, poolSize: AT_ONCE });
  await applyMigrations(database);
  const { server } = assemble({
    database,
    tokens: { kind: 'secret', ...ISSUED },
    limits: { schedulesMs: 0, executionsRunning: ROUNDS },
    log: createLog('info', pino.destination({ dest: '/dev/null', sync: true })),
  });
  const at = await server.listen('127.0.0.1', 0);
  try {
    const world = new World(database.client, ISSUED.issuer);
    const organization = await world.organization('A');
    const user = await world.user(organization, 'launcher');
    const workflow = await world.row('workflow', organization, 'work');
    const key = await workerKey(world, organization);
    const { email } = user;
    const subject = developmentSubject(email);
    const token = await signDevelopmentToken({ ...ISSUED, subject, email, ttl: 3_600 });
    const ask = async (bearer: string, name: string, selection: string, input: object) => {
      const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
      const source = `mutation ($input: ${type}!) { ${name}(input: $input) ${selection} }`;
      const answer = await fetch(new URL('/graphql', at), {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}` },
        body: JSON.stringify({ query: source, variables: { input } }),
      });
      const { data, errors } = (await answer.json()) as Answer;
      if (errors !== undefined) throw new Error(JSON.stringify(errors));
      return data?.[name];
    };
    const launch = () =>
      ask(token, 'runWorkflow', '{ execution { id } }', { workflow: workflow.id });
    const claims = { queues: ['default'], max: 50, leaseSeconds: 60, wait: 0 };
    const work = async () => {
      for (;;) {
        const claimed = await ask(key.value, 'claimExecutions', '{ id leaseToken }', claims);
        const handed = claimed as object[];
        if (handed.length === 0) return;
        await each(handed.length, () =>
          ask(key.value, 'completeExecution', '{ id }', { ...handed.pop(), result: { ok: true } }),
        );
      }
    };
    await launch();
    await work();
    return await measured('heimdall', async () => {
      await each(ROUNDS, launch);
      await work();
    });
  } finally {
    await server.close(1_000);
    await database.close();
  }
}

/** What is installed apart, with the other peers. */
function peer(name: string) {
  assertInstalled();
  return createRequire(new URL('./contestants/peers/package.json', import.meta.url))(name);
}

async function graphileWorker(url: string): Promise<Cost> {
  const { makeWorkerUtils, runOnce, Logger } = peer('graphile-worker');
  const pgPool = new pg.Pool({ connectionString: url, max: AT_ONCE });
  const quiet = new Logger(() => () => {});
  const utils = await makeWorkerUtils({ pgPool, logger: quiet });
  try {
    await utils.migrate();
    const taskList = { work: async () => {} };
    const work = () => runOnce({ pgPool, logger: quiet, concurrency: AT_ONCE, taskList });
    await utils.addJob('work', {});
    await work();
    return await measured('graphile-worker', async () => {
      await each(ROUNDS, () => utils.addJob('work', {}));
      await work();
    });
  } finally {
    await utils.release();
    await pgPool.end();
  }
}

async function pgBoss(url: string): Promise<Cost> {
  const PgBoss = peer('pg-boss');
  const pool = new pg.Pool({ connectionString: url, max: AT_ONCE });
  const db = { executeSql: (text: string, given?: unknown[]) => pool.query(text, given) };
  const boss = new PgBoss({ db, supervise: false, schedule: false });
  try {
    await boss.start();
    await boss.createQueue('work');
    const work = async () => {
      for (;;) {
        const jobs = await boss.fetch('work', { batchSize: 50 });
        if (jobs.length === 0) return;
        await each(jobs.length, () => boss.complete('work', jobs.pop().id));
      }
    };
    await boss.send('work', {});
    await work();
    return await measured('pg-boss', async () => {
      await each(ROUNDS, () => boss.send('work', {}));
      await work();
    });
  } finally {
    await boss.stop({ graceful: false });
    await pool.end();
  }
}

async function onServer(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: benchUrl('postgres') });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

for (const contestant of [heimdall, graphileWorker, pgBoss]) {
  const name = `heimdall_rounds_${randomUUID().slice(0, 8)}`;
  await onServer(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
  try {
    const cost = await contestant(benchUrl(name));
    const row = [cost.contestant, cost.statements.toFixed(1), cost.perSecond.toFixed(0)];
    console.log(`${row[0]}: ${row[1]} statements a round, ${row[2]} rounds a second`);
  } finally {
    await onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  }
}
