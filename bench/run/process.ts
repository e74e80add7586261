import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Contestant, POOL_SIZE } from '../contestants/contestant.js';
import { findNode24 } from './node-24.js';

const READY_MS = 60_000;
const STOP_MS = 5_000;
const STDERR_KEPT = 4_000;

/** A contestant that answers. */
export interface Running {
  readonly contestant: Contestant;
  readonly pid: number;
  readonly url: string;
  /** What it said on standard error last, to go with a failure. */
  complaints(): string;
  stop(): Promise<void>;
}

const children = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

/** What the database calls the connections of a contestant. */
export const applicationName = (contestant: Contestant): string => `bench ${contestant.name}`;

/** Starts a contestant's process and waits until it answers. */
export async function start(contestant: Contestant, databaseUrl: string): Promise<Running> {
  const url = new URL(databaseUrl);
  url.searchParams.set('application_name', applicationName(contestant));
  const entry = fileURLToPath(
    new URL(contestant.entry, new URL('../contestants/', import.meta.url)),
  );
  const child = spawn(
    nodeFor(contestant),
    [
      ...(contestant.flags ?? []),
      '--import',
      import.meta.resolve('./strip-types.mjs'),
      entry,
      ...(contestant.args ?? []),
    ],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        NODE_ENV: 'production',
        DATABASE_URL: url.href,
        POOL_SIZE: String(POOL_SIZE),
        PORT: '0',
      },
    },
  );
  children.add(child);
  child.once('exit', () => children.delete(child));
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-STDERR_KEPT);
  });
  try {
    return {
      contestant,
      pid: child.pid ?? 0,
      url: await ready(child),
      complaints: () => complaints,
      stop: () => stop(child),
    };
  } catch (error) {
    await stop(child);
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${contestant.name} ${reason}\n${complaints}`);
  }
}

function nodeFor({ name, node }: Contestant): string {
  if (node === undefined || Number(process.versions.node.split('.')[0]) >= node) {
    return process.execPath;
  }
  const binary = findNode24();
  if (binary === undefined) {
    throw new Error(
      `${name} runs on Node ${node}: npm ci --prefix bench brings one for Linux on x64; elsewhere run the benchmark itself on it`,
    );
  }
  return binary;
}

function ready(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('was not ready in time')), READY_MS);
    const fail = (message: string) => {
      clearTimeout(timer);
      reject(new Error(message));
    };
    child.once('error', ({ message }) => fail(`did not start: ${message}`));
    child.once('exit', (code, signal) => fail(`ended with ${code ?? signal} before it was ready`));
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      // What it prints later is read and dropped, or the pipe would fill up.
      if (text === 'ready') return;
      text += chunk;
      const url = /^ready (\S+)$/m.exec(text)?.[1];
      if (url === undefined) return;
      text = 'ready';
      clearTimeout(timer);
      resolve(url);
    });
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await ended;
  clearTimeout(timer);
}
