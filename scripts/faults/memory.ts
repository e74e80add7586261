import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Fault, underLoad } from './fault.js';

const READERS = 32;
/** The documents of a run; each is asked a hundred times at least, for what is kept of them first has to come. */
const DOCUMENTS = 10_000;
const ASKED = 100;
/** Caches fill and pools open in the first part; what is held is compared from there on. */
const WARM_SHARE = 0.25;
const WRITE_PAUSE_MS = 2_000;
const GROWS_AT_MOST = 1.1;
const EVERY_MS = 100;

export const memory: Fault = {
  name: 'memory',
  says: 'as many requests as --requests says, of up to ten thousand documents, with no fault at all: memory stays flat',
  run: ({ ground, requests }) =>
    underLoad(ground, {
      excuse: { codes: [] },
      readers: READERS,
      documents: Math.min(DOCUMENTS, Math.ceil(requests / ASKED)),
      pauseMs: 0,
      // Each of them makes callers anew; a million requests are to end within an hour.
      writePauseMs: WRITE_PAUSE_MS,
      afterMs: 0,
      async happen({ tally }, { pid }) {
        const held: number[] = [];
        while (tally.requests < requests) {
          if (tally.requests > requests * WARM_SHARE) held.push(residentBytes(pid));
          await sleep(EVERY_MS);
        }
        const third = Math.ceil(held.length / 3);
        const [early, late] = [median(held.slice(0, third)), median(held.slice(-third))];
        if (late > early * GROWS_AT_MOST) {
          tally.blame(`memory grew from ${megabytes(early)} to ${megabytes(late)}`);
        }
        return `${megabytes(early)}, later ${megabytes(late)}`;
      },
    }),
};

const megabytes = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MB`;

/** What the kernel says that a process holds. */
function residentBytes(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes ?? 0) * 1024;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
