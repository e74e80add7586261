import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Node } from './nodes.js';

const ENTRY = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const READY_MS = 120_000;
const STOP_MS = 15_000;
const STDERR_KEPT = 4_000;

/** A gateway that listens. */
export interface Gateway {
  readonly url: string;
  readonly pid: number;
  /** Ends it as an operator would. Throws when it does not end by itself. */
  stop(): Promise<void>;
}

/**
 * Starts the built gateway as `npm start` does, in a folder without a `.env` and with no other
 * variables than these, and waits until it says that it listens. The signal kills it.
 */
export async function startGateway(
  { binary, version }: Node,
  settings: Readonly<Record<string, string>>,
  folder: string,
  signal: AbortSignal,
): Promise<Gateway> {
  signal.throwIfAborted();
  const child = spawn(binary, ['--enable-source-maps', ENTRY], {
    cwd: folder,
    env: { PATH: process.env.PATH, PORT: '0', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
    killSignal: 'SIGKILL',
  });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-STDERR_KEPT);
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', ({ message }) => resolve(message));
    child.once('exit', (code, name) => resolve(`it ended with ${code ?? name}`));
  });
  try {
    return {
      url: await listening(child, ended),
      pid: child.pid ?? 0,
      stop: () => stop(child, ended),
    };
  } catch (error) {
    child.kill('SIGKILL');
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`the gateway does not start on Node ${version}: ${reason}\n${complaints}`);
  }
}

/** Its address, out of its log. */
async function listening(child: ChildProcess, ended: Promise<string>): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const found = new Promise<string>((resolve, reject) => {
    timer = setTimeout(() => reject(new Error('it does not listen in time')), READY_MS);
    ended.then((reason) => reject(new Error(reason)));
    let text: string | undefined = '';
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      // What it prints later is read and dropped, or the pipe would fill up.
      if (text === undefined) return;
      text += chunk;
      const line = text.split('\n').find((one) => one.includes('"msg":"listening"'));
      if (line === undefined || !line.endsWith('}')) return;
      text = undefined;
      resolve((JSON.parse(line) as { url: string }).url);
    });
  });
  try {
    return await found;
  } finally {
    clearTimeout(timer);
  }
}

async function stop(child: ChildProcess, ended: Promise<string>): Promise<void> {
  child.kill('SIGTERM');
  let isKilled = false;
  const timer = setTimeout(() => {
    isKilled = true;
    child.kill('SIGKILL');
  }, STOP_MS);
  const how = await ended;
  clearTimeout(timer);
  if (isKilled || child.exitCode !== 0) throw new Error(`the gateway does not stop well: ${how}`);
}
