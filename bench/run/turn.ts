import type { HttpRequest } from '../contestants/contestant.js';
import { cpuOf, type DatabaseCpu } from './cpu.js';
import type { LoadGenerator } from './load.js';
import { applicationName, type Running } from './process.js';

/** Until all connections are busy. */
const RAMP_MS = 400;

/** A contestant, and what it is driven with. */
export interface Turn {
  readonly running: Running;
  readonly request: HttpRequest;
  /** Of the answer that was compared. */
  readonly bytes: number;
  readonly connections: number;
  readonly seconds: number;
}

/** What was measured between the opening and the closing of a window. */
export interface Measured {
  readonly requests: number;
  readonly requestsASecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Milliseconds a request. */
  readonly processCpu: number;
  readonly databaseCpu: number | undefined;
}

/** Drives a contestant for one turn. `failure` says what it answered otherwise than it should have. */
export async function takeTurn(
  { running, request, bytes, connections, seconds }: Turn,
  load: LoadGenerator,
  database: DatabaseCpu,
): Promise<{ readonly measured: Measured; readonly failure: string | undefined }> {
  const name = applicationName(running.contestant);
  let before = 0;
  let after = 0;
  let looking: Promise<void> | undefined;
  const outcome = await load.drive(
    {
      url: new URL(request.path, running.url).href,
      body: request.body,
      targets: request.targets ?? [],
      headers: request.headers,
      connections,
      rampMs: RAMP_MS,
      seconds,
      expectedLength: bytes,
    },
    {
      ramped: () => {
        looking = database.find(name);
      },
      opened: () => {
        before = processCpu(running);
        database.open();
      },
      closed: () => {
        after = processCpu(running);
        database.close();
      },
    },
  );
  await looking;
  const databaseCpu = await database.used(name);
  const { requests, milliseconds, p50, p99 } = outcome;
  return {
    failure: failureOf(outcome, running),
    measured: {
      requests,
      requestsASecond: (requests * 1000) / milliseconds,
      p50,
      p99,
      processCpu: (after - before) / requests,
      databaseCpu: databaseCpu === undefined ? undefined : databaseCpu / requests,
    },
  };
}

function processCpu({ pid, contestant }: Running): number {
  const used = cpuOf(pid);
  if (used === undefined) throw new Error(`${contestant.name} has ended`);
  return used;
}

function failureOf(
  outcome: { refused: number; mismatched: number; errors: number },
  { complaints }: Running,
): string | undefined {
  const { refused, mismatched, errors } = outcome;
  const what = [
    refused > 0 && `${refused} answers other than 200`,
    mismatched > 0 && `${mismatched} answers of another length`,
    errors > 0 && `${errors} connection errors`,
  ].filter((one) => one !== false);
  if (what.length === 0) return undefined;
  const said = complaints()
    .split('\n')
    .findLast((line) => /error/i.test(line));
  return `${what.join(', ')}${said === undefined ? '' : `; it said: ${said.trim()}`}`;
}
