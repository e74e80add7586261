/** What subscribers hold in the memory of one gateway, and what an event costs that many or few of them are told. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { openDatabase } from '../src/data/clients.js';
import { applyMigrations } from '../src/data/migrations.js';
import { developmentSubject, signDevelopmentToken } from '../src/identity/development-token.js';
import { type Person, World } from '../test/support/world.js';
import { benchUrl } from './data/database.js';
import { cpuOf, watchDatabase } from './run/cpu.js';
import { circumstances, describe } from './run/machine.js';
import type { Order, Word } from './subscribers/reader-process.js';

const HELP = `Usage: npm run subscribers -- [--subscribers <number>] [--callers <number>] [--changes <number>]

Subscribes to one gateway over server-sent events, as so many callers in turn, and prints what the gateway's process
holds for each subscriber, and what a change costs that all of them are told, and one that one caller is told. Makes a
database of its own on the server that BENCH_DATABASE_URL names, and drops it.

  --subscribers <number>  how many; 10000 unless given
  --callers <number>      how many users they are; 1000 unless given
  --changes <number>      how many changes of each kind are measured; 10 unless given
`;

const ISSUED = {
  secret: randomBytes(32).toString('base64'),
  issuer: 'bench',
  audience: 'heimdall',
};
const APPLICATION = 'bench subscribers';
const READY = /"url":"([^"]+)"[^\n]*"listening"/;
const MEGABYTE = 1024 * 1024;

const { values } = parseArgs({
  options: {
    subscribers: { type: 'string', default: '10000' },
    callers: { type: 'string', default: '1000' },
    changes: { type: 'string', default: '10' },
    help: { type: 'boolean', default: false },
  },
});
const [subscribers = 0, callers = 0, changes = 0] = [
  values.subscribers,
  values.callers,
  values.changes,
].map(Number);

if (values.help) process.stdout.write(HELP);
else if (![subscribers, callers, changes].every((one) => Number.isInteger(one) && one > 0)) {
  process.stderr.write(HELP);
  process.exitCode = 2;
} else {
  const name = `heimdall_subscribers_${randomUUID().slice(0, 8)}`;
  await onServer(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
  try {
    await measure(benchUrl(name));
  } finally {
    await onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  }
}

async function measure(url: string): Promise<void> {
  const database = await openDatabase({ url, poolSize: 2 });
  await applyMigrations(database);
  const world = new World(database.client, ISSUED.issuer);
  const { at, people, role } = await plant(world);
  const named = new URL(url);
  named.searchParams.set('application_name', APPLICATION);
  const gateway = run('../src/main.ts', ['ignore', 'pipe', 'inherit'], {
    DATABASE_URL: named.href,
    PORT: '0',
    NODE_ENV: 'production',
    HEIMDALL_JWT_SECRET: ISSUED.secret,
    HEIMDALL_JWT_ISSUER: ISSUED.issuer,
    HEIMDALL_JWT_AUDIENCE: ISSUED.audience,
    HEIMDALL_MAX_SUBSCRIPTIONS: String(subscribers),
    HEIMDALL_MAX_SUBSCRIPTIONS_PER_PRINCIPAL: String(subscribers),
  });
  const reader = run('./subscribers/reader-process.ts', ['ignore', 'inherit', 'inherit', 'ipc']);
  const cpu = await watchDatabase(url);
  try {
    const address = await listening(gateway);
    const tokens = await Promise.all(people.map(({ email }) => tokenOf(email)));
    const tell = (order: Order): void => void reader.send(order);
    let events = 0;
    const toldOf = async (more: number): Promise<number> => {
      events += more;
      tell({ kind: 'expect', events });
      const [word] = (await once(reader, 'message')) as [Word];
      if (word.kind === 'failed') throw new Error(word.reason);
      return word.at;
    };
    const before = held(gateway);
    const began = performance.now();
    tell({
      kind: 'subscribe',
      url: address,
      tokens: Array.from({ length: subscribers }, (_, n) => tokens[n % tokens.length] ?? ''),
    });
    await toldOf(subscribers);
    const seconds = (performance.now() - began) / 1_000;
    const bytes = held(gateway) - before;
    console.log(describe(await circumstances(url)));
    console.log(
      `${subscribers} subscribers, who are ${callers} callers: ${(bytes / MEGABYTE).toFixed(0)} MB more than the ${(before / MEGABYTE).toFixed(0)} MB before, ${(bytes / subscribers / 1024).toFixed(1)} kB each; subscribed in ${seconds.toFixed(1)} s`,
    );
    const open = await world.row('form', at, 'open');
    await toldOf(subscribers);
    const own = await world.row('form', at, 'own', { access: 'ROLE_BASED', roles: [role] });
    const few = Math.ceil(subscribers / callers);
    await toldOf(few);
    for (const [what, form, many] of [
      ['that all are told', open, subscribers],
      [`that one caller is told, ${few} times`, own, few],
    ] as const) {
      const waits: number[] = [];
      await cpu.find(APPLICATION);
      cpu.open();
      const processBefore = cpuOf(gateway.pid ?? 0) ?? 0;
      for (let n = 0; n < changes; n += 1) {
        const description = `${what} ${n}`;
        await world.client.form.update({ where: { id: form.id }, data: { description } });
        const written = performance.timeOrigin + performance.now();
        waits.push((await toldOf(many)) - written);
      }
      const used = ((cpuOf(gateway.pid ?? 0) ?? 0) - processBefore) / changes;
      cpu.close();
      const ofDatabase = ((await cpu.used(APPLICATION)) ?? Number.NaN) / changes;
      waits.sort((a, b) => a - b);
      const median = waits[Math.floor(waits.length / 2)] ?? 0;
      console.log(
        `a change ${what}: the last has it after ${median.toFixed(0)} ms (${(waits.at(-1) ?? 0).toFixed(0)} at most); process CPU ${used.toFixed(0)} ms, ${((used / many) * 1_000).toFixed(0)} µs for each who is told; database CPU ${ofDatabase.toFixed(1)} ms`,
      );
    }
  } finally {
    reader.kill('SIGKILL');
    gateway.kill('SIGTERM');
    await Promise.all([ended(reader), ended(gateway), cpu.end(), database.close()]);
  }
}

/** Users of an organization, the first of whom holds a role. */
async function plant(world: World) {
  const at = await world.organization('A');
  const role = await world.role(at, []);
  const people: Person[] = [];
  for (let n = 0; n < callers; n += 1) people.push(await world.user(at, `user ${n}`));
  const [first] = people;
  if (first !== undefined) await world.hold(first, role, at);
  return { at, people, role };
}

function tokenOf(email: string): Promise<string> {
  return signDevelopmentToken({
    ...ISSUED,
    subject: developmentSubject(email),
    email,
    ttl: 3_600,
  });
}

function run(
  entry: string,
  stdio: ('ignore' | 'pipe' | 'inherit' | 'ipc')[],
  settings: Readonly<Record<string, string>> = {},
): ChildProcess {
  const path = fileURLToPath(new URL(entry, import.meta.url));
  const types = import.meta.resolve('./run/strip-types.mjs');
  const { PATH = '', HOME = '' } = process.env;
  return spawn(process.execPath, ['--max-semi-space-size=32', '--import', types, path], {
    stdio,
    env: { PATH, HOME, ...settings },
  });
}

async function listening({ stdout }: ChildProcess): Promise<string> {
  let output = '';
  return new Promise((resolve, reject) => {
    // What it logs later is read as well, or it would wait to be.
    stdout?.setEncoding('utf8').on('data', (text: string) => {
      if (output.length < 100_000) output += text;
      const url = READY.exec(output)?.[1];
      if (url !== undefined) resolve(url);
    });
    stdout?.once('end', () => reject(new Error(`the gateway ended: ${output}`)));
  });
}

/** What the kernel says that a process holds, in bytes. */
function held({ pid }: ChildProcess): number {
  const kilobytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes ?? 0) * 1024;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

async function onServer(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: benchUrl('postgres') });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}
