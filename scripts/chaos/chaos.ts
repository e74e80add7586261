import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freshDatabase, urlOf } from '../../test/support/database.js';
import { ISSUER } from '../../test/support/gateway.js';
import { type GatewayProcess, startGatewayProcess } from '../../test/support/gateway-process.js';
import { launched } from '../../test/support/working.js';
import { type Identified, PLATFORM, type Spot, World } from '../../test/support/world.js';

/** How far it went. */
export interface SoFar {
  readonly launched: number;
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
/** A lease, the pauses between attempts, and what a busy machine takes. */
const DRAIN_MS = 90_000;

/**
 * Launches executions until it is `enough`, while two gateways and four workers are killed at random, and looks at what became of
 * each: none may be lost, none run twice that is tried once, and none left over beyond its lease. `TEST_DATABASE_URL` names the
 * server.
 */
export async function chaos(enough: (soFar: SoFar) => boolean): Promise<Chaos> {
  const database = await freshDatabase();
  const url = await urlOf(database);
  const world = new World(database.client, ISSUER);
  const { tenants, key } = await plant(world);
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
  const ids: string[] = [];
  try {
    const start = Date.now();
    while (!enough({ launched: ids.length, killed, elapsed: Date.now() - start })) {
      const { at, user, workflow } = any(tenants);
      const more = { maxAttempts: Math.random() < 0.3 ? 3 : 1 };
      ids.push((await launched(world, { by: user, workflow, at, more })).id);
      await sleep(Math.random() * 100);
      const chance = Math.random();
      if (chance < 0.06) {
        const at = Math.floor(Math.random() * workers.length);
        await end9(workers[at]);
        workers[at] = worker();
        killed.workers += 1;
      } else if (chance < 0.1) {
        const at = Math.floor(Math.random() * gateways.length);
        await gateways[at]?.kill();
        killed.gateways += 1;
        gateways[at] = await gateway(ports[at] ?? 0);
      } else if (chance < 0.12) {
        await world.client.user.update({
          where: { id: user.id },
          data: { isActive: Math.random() < 0.5 },
        });
      }
    }
    await drained(world);
    return { launched: ids.length, killed, ...(await judged(world, ids)) };
  } finally {
    await Promise.all([...workers.map(end9), ...gateways.map((one) => one.kill())]);
    await database.close();
  }
}

const WORKER = fileURLToPath(new URL('worker-process.ts', import.meta.url));

const any = <T>(of: readonly T[]): T => of[Math.floor(Math.random() * of.length)] as T;

async function end9(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

interface Tenant {
  readonly at: Spot;
  readonly user: Identified;
  readonly workflow: Identified;
}

async function plant(world: World) {
  const provider = await world.organization('provider', { isProvider: true });
  const key = await world.key(provider, 'API_KEY', { operations: ['execution:work'] });
  const role = await world.role(PLATFORM, ['execution:work'], { name: 'workers' });
  await world.hold({ apiKey: key }, role, PLATFORM);
  const tenants: Tenant[] = [];
  for (const name of ['A', 'B', 'C']) {
    const at = await world.organization(name);
    const workflow = await world.row('workflow', at, 'work');
    for (const user of ['one', 'other']) {
      tenants.push({ at, user: await world.user(at, user), workflow });
    }
  }
  return { tenants, key };
}

/** Waits until nothing is under way any more. */
async function drained({ client }: World): Promise<void> {
  for (const end = Date.now() + DRAIN_MS; Date.now() < end; await sleep(250)) {
    if ((await client.execution.count({ where: { finishedAt: null } })) === 0) return;
  }
}

async function judged({ client }: World, ids: readonly string[]) {
  const rows = await client.execution.findMany({ where: { id: { in: [...ids] } } });
  const runs = await client.$queryRaw<{ id: string; count: number }[]>`
    SELECT execution_id::text AS id, count(*)::int AS count FROM chaos_run GROUP BY 1`;
  const ran = new Map(runs.map(({ id, count }) => [id, count]));
  const statuses: Record<string, number> = {};
  const wrong: string[] = [];
  if (rows.length !== ids.length) wrong.push(`${ids.length - rows.length} are lost`);
  for (const { id, status, maxAttempts, finishedAt, leaseExpiresAt } of rows) {
    statuses[status] = (statuses[status] ?? 0) + 1;
    const count = ran.get(id) ?? 0;
    if (finishedAt === null)
      wrong.push(`${id} is ${status}, its lease until ${leaseExpiresAt?.toISOString()}`);
    if (count > maxAttempts) wrong.push(`${id} ran ${count} times, and may ${maxAttempts}`);
    if (status === 'SUCCEEDED' && count === 0) wrong.push(`${id} succeeded and never ran`);
  }
  return { statuses, wrong };
}
