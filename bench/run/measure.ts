import type { Contestant, Variables, WorkloadName } from '../contestants/contestant.js';
import type { PersonName } from '../data/world.js';
import { type Checked, keyOf, workloadsOf } from './check.js';
import { cpuOf, type DatabaseCpu, watchDatabase } from './cpu.js';
import { type LoadGenerator, startLoad } from './load.js';
import { applicationName, type Running, start } from './process.js';
import { drivers, type Settings } from './settings.js';

/** Until all connections are busy. */
const RAMP_MS = 400;
/** Before the first round, for compilers and caches: so many requests, but at most for twice a turn. */
const WARM_UP_REQUESTS = 2_000;
const WARM_UP_TURNS = 2;

/** One turn of a contestant. */
export interface Sample {
  readonly contestant: string;
  readonly workload: WorkloadName;
  readonly person: PersonName;
  readonly connections: number;
  readonly round: number;
  readonly requests: number;
  readonly requestsASecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Milliseconds a request. */
  readonly processCpu: number;
  readonly databaseCpu: number | undefined;
  readonly bytes: number;
}

export interface Measured {
  readonly samples: readonly Sample[];
  /** What was answered otherwise than it should have been, under load. */
  readonly failures: readonly string[];
  /** Why there is no figure for the database's CPU. */
  readonly databaseReason: string | undefined;
}

/** Drives the contestants in turn, round by round, all of them running all the time. */
export async function measure(
  settings: Settings,
  databaseUrl: string,
  variables: Variables,
  checked: ReadonlyMap<Contestant, Checked>,
  progress: (line: string) => void,
): Promise<Measured> {
  const samples: Sample[] = [];
  const failures: string[] = [];
  const database = await watchDatabase(databaseUrl);
  const load = startLoad();
  const running: Running[] = [];
  try {
    for (const contestant of settings.contestants) {
      running.push(await start(contestant, databaseUrl));
    }
    const turns = [...turnsOf(settings, running)];
    for (const [index, turn] of turns.entries()) {
      progress(`${index + 1}/${turns.length} ${describe(turn)}`);
      const { contestant } = turn.running;
      const bytes = checked.get(contestant)?.driven.get(keyOf(turn.workload, turn.person))?.bytes;
      if (bytes === undefined) throw new Error(`${describe(turn)}: the answer is not known`);
      const { seconds } = settings;
      const times = turn.round === 0 ? WARM_UP_TURNS : 1;
      for (let time = 0, requests = 0; time < times && requests < WARM_UP_REQUESTS; time += 1) {
        const { sample, failure } = await drive(
          { ...turn, variables, bytes, seconds },
          load,
          database,
        );
        requests += sample.requests;
        if (failure !== undefined) failures.push(`${describe(turn)}: ${failure}`);
        if (turn.round === 0) continue;
        if (sample.requests > 0) samples.push(sample);
        else failures.push(`${describe(turn)}: no answer at all`);
      }
    }
    return { samples, failures, databaseReason: database.reason };
  } finally {
    load.stop();
    await Promise.all(running.map((one) => one.stop()));
    await database.end();
  }
}

interface Turn {
  readonly running: Running;
  readonly workload: WorkloadName;
  readonly person: PersonName;
  readonly connections: number;
  /** 0: warming up. */
  readonly round: number;
}

function* turnsOf(settings: Settings, running: readonly Running[]): Generator<Turn> {
  for (const workload of settings.workloads) {
    const able = running.filter(({ contestant }) =>
      workloadsOf(contestant, settings).includes(workload),
    );
    for (const person of drivers(settings, workload)) {
      const most = Math.max(...settings.connections);
      for (const one of able) {
        yield { running: one, workload, person, connections: most, round: 0 };
      }
      for (const connections of settings.connections) {
        for (let round = 1; round <= settings.rounds; round += 1) {
          for (const one of able) yield { running: one, workload, person, connections, round };
        }
      }
    }
  }
}

function describe({ running, workload, person, connections, round }: Turn): string {
  const what = round === 0 ? 'warming up' : `round ${round}`;
  return `${workload} as ${person}, ${connections} connections, ${what}: ${running.contestant.name}`;
}

async function drive(
  turn: Turn & {
    readonly variables: Variables;
    readonly bytes: number;
    readonly seconds: number;
  },
  load: LoadGenerator,
  database: DatabaseCpu,
): Promise<{ sample: Sample; failure: string | undefined }> {
  const { running, workload, person, connections, round, bytes, seconds } = turn;
  const { contestant, pid, url } = running;
  const { path, body, headers } = contestant.request(workload, turn.variables, person);
  let before = 0;
  let after = 0;
  let looking: Promise<void> | undefined;
  const outcome = await load.drive(
    {
      url: new URL(path, url).href,
      body,
      headers,
      connections,
      rampMs: RAMP_MS,
      seconds,
      expectedLength: bytes,
    },
    {
      ramped: () => {
        looking = database.find(applicationName(contestant));
      },
      opened: () => {
        before = processCpu(pid, contestant.name);
        database.open();
      },
      closed: () => {
        after = processCpu(pid, contestant.name);
        database.close();
      },
    },
  );
  await looking;
  const databaseCpu = await database.used(applicationName(contestant));
  const { requests, milliseconds, p50, p99 } = outcome;
  return {
    failure: failureOf(outcome, running),
    sample: {
      contestant: contestant.name,
      workload,
      person,
      connections,
      round,
      requests,
      requestsASecond: (requests * 1000) / milliseconds,
      p50,
      p99,
      processCpu: (after - before) / requests,
      databaseCpu: databaseCpu === undefined ? undefined : databaseCpu / requests,
      bytes,
    },
  };
}

function processCpu(pid: number, name: string): number {
  const used = cpuOf(pid);
  if (used === undefined) throw new Error(`${name} has ended`);
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
