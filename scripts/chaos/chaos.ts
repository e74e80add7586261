import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freshDatabase, urlOf } from '../../test/support/database.js';
import { ISSUER } from '../../test/support/gateway.js';
import { type GatewayProcess, startGatewayProcess } from '../../test/support/gateway-process.js';
import { launched } from '../../test/support/working.js';
import {
  type Identified,
  type Person,
  PLATFORM,
  type Spot,
  World,
} from '../../test/support/world.js';
import { any } from './any.js';
import { judged, judgedDenials, judgedWanted } from './judged.js';
import { type Calls, Launching } from './launching.js';

/** How far it went. */
export interface SoFar {
  /** However it was launched. */
  readonly launched: number;
  /** What callers of the API did. */
  readonly calls: Calls;
  readonly killed: { readonly gateways: number; readonly workers: number };
  /** In milliseconds, since the first launch. */
  readonly elapsed: number;
}

/** What came of everything that was launched, and what is wrong with it. */
export interface Chaos extends Omit<SoFar, 'elapsed'> {
  readonly statuses: Readonly<Record<string, number>>;
  readonly wrong: readonly string[];
}

const WORKERS = 4;
const CALLERS = 4;
/** A lease, the pauses between attempts, and what a busy machine takes. */
const DRAIN_MS = 90_000;

/**
 * Launches executions until it is `enough`, most of them over the API, while two gateways and four workers are killed at random, and
 * looks at what became of each: none may be lost, launched twice by a request that is sent again, run twice where it is tried
 * once, or left over beyond its lease. And why one was denied is told to inspectors alone. `TEST_DATABASE_URL` names the server.
 */
export async function chaos(enough: (soFar: SoFar) => boolean): Promise<Chaos> {
  const database = await freshDatabase();
  const url = await urlOf(database);
  const world = new World(database.client, ISSUER);
  const { tenants, key, inspectors, gone } = await plant(world);
  await database.sql.script('CREATE TABLE chaos_run (execution_id uuid, attempt integer)');
  const ports = [43_117, 43_118].map((port) => port + (process.pid % 1_000) * 2);
  const gateway = (port: number): Promise<GatewayProcess> =>
    startGatewayProcess(url, {
      PORT: String(port),
      HEIMDALL_REAP_MS: '200',
      DATABASE_POOL_SIZE: '5',
    });
  const gateways = await Promise.all(ports.map(gateway));
  const addresses = gateways.map((one) => one.url).join(',');
  const worker = (): ChildProcess =>
    spawn(process.execPath, ['--import', 'tsx', WORKER], {
      env: { ...process.env, CHAOS_DATABASE: url, CHAOS_KEY: key.value, CHAOS_GATEWAYS: addresses },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  const workers = Array.from({ length: WORKERS }, worker);
  const killed = { gateways: 0, workers: 0 };
  // What nobody calls the gateways for: its launcher is not active from the beginning, and so it is denied.
  const ids = [await queued(world, gone)];
  const aborting = new AbortController();
  const launching = new Launching(world, gateways, aborting.signal);
  const start = Date.now();
  const soFar = (): SoFar => {
    const { calls } = launching;
    const elapsed = Date.now() - start;
    return { launched: ids.length + calls.acknowledged, calls, killed, elapsed };
  };
  const isOver = () => enough(soFar());
  const calling = Promise.all(
    Array.from({ length: CALLERS }, () => launching.launchUntil(isOver, tenants)),
  );
  calling.catch(() => aborting.abort());
  try {
    while (!isOver()) {
      aborting.signal.throwIfAborted();
      const tenant = any(tenants);
      const chance = Math.random();
      if (chance < 0.3) ids.push(await queued(world, tenant));
      await sleep(Math.random() * 100);
      if (chance > 0.94) {
        const at = Math.floor(Math.random() * workers.length);
        await end9(workers[at]);
        workers[at] = worker();
        killed.workers += 1;
      } else if (chance > 0.9) {
        const at = Math.floor(Math.random() * gateways.length);
        const one = gateways[at];
        // In the middle of something: that answer is lost.
        if (one === undefined || !launching.isAsking(one)) continue;
        await one.kill();
        killed.gateways += 1;
        gateways[at] = await gateway(ports[at] ?? 0);
      } else if (chance > 0.88) {
        await world.client.user.update({
          where: { id: tenant.user.id },
          data: { isActive: Math.random() < 0.5 },
        });
      }
    }
    await calling;
    await drained(world);
    const { launched: all, calls } = soFar();
    const acknowledged = launching.wanted.flatMap(({ id }) => id ?? []);
    const { statuses, wrong } = await judged(world, [...ids, ...acknowledged]);
    const [asked] = gateways;
    if (asked === undefined) throw new Error('there are two');
    const launchers = [gone, ...tenants].map(({ user }) => user);
    const others = [
      ...(await judgedWanted(world, launching.wanted)),
      ...(await judgedDenials(world, asked, { inspectors, launchers })),
    ];
    return { launched: all, calls, killed, statuses, wrong: [...wrong, ...others] };
  } finally {
    aborting.abort();
    await calling.catch(() => {});
    await Promise.all([...workers.map(end9), ...gateways.map((one) => one.kill())]);
    await database.close();
  }
}

/** Launched without a gateway, and so there whichever are alive. */
async function queued(world: World, { at, user, workflows }: Tenant): Promise<string> {
  const more = { maxAttempts: Math.random() < 0.3 ? 3 : 1 };
  return (await launched(world, { by: user, workflow: any(workflows), at, more })).id;
}

const WORKER = fileURLToPath(new URL('worker-process.ts', import.meta.url));

async function end9(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

interface Tenant {
  readonly at: Spot;
  readonly user: Person;
  /** What is tried once, and what is tried again. */
  readonly workflows: readonly Identified[];
}

async function plant(world: World) {
  const provider = await world.organization('provider', { isProvider: true });
  const key = await world.key(provider, 'API_KEY', { operations: ['execution:work'] });
  const role = await world.role(PLATFORM, ['execution:work'], { name: 'workers' });
  await world.hold({ apiKey: key }, role, PLATFORM);
  const tenants: Tenant[] = [];
  const inspectors: Person[] = [];
  for (const name of ['A', 'B', 'C']) {
    const at = await world.organization(name);
    const workflows = [
      await world.row('workflow', at, 'work'),
      await world.row('workflow', at, 'stubborn work', { more: { maxAttempts: 3 } }),
    ];
    inspectors.push(await world.manager(at, ['execution:read', 'execution:inspect']));
    for (const user of ['one', 'other']) {
      tenants.push({ at, user: await world.user(at, user), workflows });
    }
  }
  const [first] = tenants;
  if (first === undefined) throw new Error('there are three');
  const gone = { ...first, user: await world.user(first.at, 'gone') };
  await world.client.user.update({ where: { id: gone.user.id }, data: { isActive: false } });
  return { tenants, key, inspectors, gone };
}

/** Waits until nothing is under way any more. */
async function drained({ client }: World): Promise<void> {
  for (const end = Date.now() + DRAIN_MS; Date.now() < end; await sleep(250)) {
    if ((await client.execution.count({ where: { finishedAt: null } })) === 0) return;
  }
}
