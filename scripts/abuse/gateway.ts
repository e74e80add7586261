import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Ready } from './gateway-process.js';

export const HEAP_MB = 512;

/** A gateway in a process of its own, with little memory. */
export interface AttackedGateway extends Ready {
  readonly pid: number;
  isAlive(): boolean;
  /** What it holds now, in bytes: its heap as it says itself, all of it as the kernel does. */
  memory(): { readonly heap: number; readonly rss: number };
  stop(): Promise<void>;
}

/** Starts it; `on` is which database it has. */
export async function startGateway(on: 'embedded' | 'server'): Promise<AttackedGateway> {
  const file = fileURLToPath(new URL('gateway-process.ts', import.meta.url));
  const child = fork(file, {
    execArgv: [`--max-old-space-size=${HEAP_MB}`, '--import', 'tsx'],
    env: { ...process.env, HEIMDALL_TEST_ON: on },
  });
  let heap = 0;
  child.on('message', (message: { readonly heap?: number }) => {
    heap = message.heap ?? heap;
  });
  const ready = await untilReady(child);
  const pid = child.pid ?? 0;
  const isAlive = (): boolean => child.exitCode === null && child.signalCode === null;
  return {
    ...ready,
    pid,
    isAlive,
    memory: () => ({ heap, rss: rssOf(pid) }),
    async stop() {
      if (!isAlive()) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function untilReady(child: ChildProcess): Promise<Ready> {
  return new Promise((resolve, reject) => {
    child.on('message', ({ ready }: { readonly ready?: Ready }) => ready && resolve(ready));
    child.once('exit', (code) => reject(new Error(`the gateway ended with ${code}`)));
  });
}

/** 0 where there is no /proc, or the process is gone. */
function rssOf(pid: number): number {
  try {
    const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kilobytes) * 1024;
  } catch {
    return 0;
  }
}
