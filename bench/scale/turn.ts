import type { HttpRequest, WorkloadName } from '../contestants/contestant.js';
import { cpuOf, type DatabaseCpu } from '../run/cpu.js';
import type { LoadGenerator } from '../run/load.js';
import { applicationName, type Running } from '../run/process.js';

const CONNECTIONS = 1;
/** Until the connection is busy. */
const RAMP_MS = 400;

/** What was measured between the opening and the closing of a window. */
export interface Measured {
  readonly requests: number;
  readonly p50: number;
  /** Milliseconds a request. */
  readonly processCpu: number;
  readonly databaseCpu: number | undefined;
}

/** One turn at one size. */
export interface Sample extends Measured {
  readonly contestant: string;
  readonly workload: WorkloadName;
  readonly size: number;
  readonly round: number;
}

/** Drives a contestant with one request over one connection. */
export async function takeTurn(
  turn: {
    readonly running: Running;
    readonly request: HttpRequest;
    readonly bytes: number;
    readonly seconds: number;
  },
  load: LoadGenerator,
  database: DatabaseCpu,
): Promise<{ readonly measured: Measured; readonly failure: string | undefined }> {
  const { running, request, bytes, seconds } = turn;
  const name = applicationName(running.contestant);
  const cpu = (): number => {
    const used = cpuOf(running.pid);
    if (used === undefined) throw new Error(`${running.contestant.name} has ended`);
    return used;
  };
  let before = 0;
  let after = 0;
  let looking: Promise<void> | undefined;
  const outcome = await load.drive(
    {
      url: new URL(request.path, running.url).href,
      body: request.body,
      headers: request.headers,
      connections: CONNECTIONS,
      rampMs: RAMP_MS,
      seconds,
      expectedLength: bytes,
    },
    {
      ramped: () => {
        looking = database.find(name);
      },
      opened: () => {
        before = cpu();
        database.open();
      },
      closed: () => {
        after = cpu();
        database.close();
      },
    },
  );
  await looking;
  const databaseCpu = await database.used(name);
  const { requests, p50, refused, mismatched, errors } = outcome;
  const wrong = refused + mismatched + errors;
  return {
    measured: {
      requests,
      p50,
      processCpu: (after - before) / requests,
      databaseCpu: databaseCpu === undefined ? undefined : databaseCpu / requests,
    },
    failure:
      wrong === 0
        ? undefined
        : `${refused} answers other than 200, ${mismatched} of another length, ${errors} connection errors\n${running.complaints()}`,
  };
}
