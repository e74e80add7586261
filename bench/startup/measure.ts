import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { developmentSubject, signDevelopmentToken } from '../../src/identity/development-token.js';
import { cpuOf } from '../run/cpu.js';
import { openCaller } from './ask.js';
import { startGateway } from './gateway.js';
import type { Node } from './nodes.js';
import { makeScratch } from './scratch.js';

/** Manages her organization in the demo world. */
const PERSON = 'alice@acme.example';
const TOKEN_SECONDS = 24 * 3600;
export const REQUESTS = 500;

/** Where the rows are; the order is that of the table. */
export const PLACES = ['embedded, fresh', 'embedded, existing', 'server'] as const;
export type Place = (typeof PLACES)[number];

/** One start. */
export interface Sample {
  readonly node: string;
  readonly place: Place;
  readonly run: number;
  /** From the start of the process, in milliseconds. */
  readonly firstAnswerMs: number;
  /** Of the process until then, in milliseconds; undefined where there is no /proc, as below. */
  readonly cpuMs: number | undefined;
  /** Resident memory, in MiB: after the first answer, and after all. */
  readonly firstMiB: number | undefined;
  readonly lastMiB: number | undefined;
}

/** Starts the gateway on every Node and every database in turn, round by round. */
export async function measure(
  nodes: readonly Node[],
  runs: number,
  signal: AbortSignal,
  progress: (line: string) => void,
): Promise<Sample[]> {
  const samples: Sample[] = [];
  const secret = randomBytes(32).toString('hex');
  const keys = { HEIMDALL_JWT_SECRET: secret };
  const token = await signDevelopmentToken({
    secret,
    issuer: 'heimdall-dev',
    audience: 'heimdall',
    subject: developmentSubject(PERSON),
    email: PERSON,
    ttl: TOKEN_SECONDS,
  });
  await inFolder(async (home) => {
    progress('a scratch database: migrate and seed');
    const scratch = await makeScratch(keys, home, signal);
    try {
      for (let run = 1; run <= runs; run += 1) {
        for (const node of nodes) {
          const sample = async (place: Place, settings: Readonly<Record<string, string>>) => {
            progress(`run ${run}, Node ${node.version}: ${place}`);
            const gateway = () => startGateway(node, { ...keys, ...settings }, home, signal);
            const figures = await once(gateway, token);
            samples.push({ node: node.version, place, run, ...figures });
          };
          await inFolder(async (folder) => {
            const settings = { HEIMDALL_DATA_DIR: join(folder, 'data') };
            await sample('embedded, fresh', settings);
            await sample('embedded, existing', settings);
          });
          await sample('server', { DATABASE_URL: scratch.url });
        }
      }
    } finally {
      await scratch.drop();
    }
  });
  return samples;
}

async function once(
  start: () => ReturnType<typeof startGateway>,
  token: string,
): Promise<Omit<Sample, 'node' | 'place' | 'run'>> {
  const startedAt = performance.now();
  const gateway = await start();
  const caller = openCaller(gateway.url, token);
  try {
    await caller.ask();
    const firstAnswerMs = performance.now() - startedAt;
    const cpuMs = cpuOf(gateway.pid);
    const firstMiB = residentMiB(gateway.pid);
    for (let nth = 1; nth < REQUESTS; nth += 1) await caller.ask();
    return { firstAnswerMs, cpuMs, firstMiB, lastMiB: residentMiB(gateway.pid) };
  } finally {
    caller.close();
    await gateway.stop();
  }
}

function residentMiB(pid: number): number | undefined {
  let status: string;
  try {
    status = readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return undefined;
  }
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
  return kib === undefined ? undefined : Number(kib) / 1024;
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'heimdall-startup-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
