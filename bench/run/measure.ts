import type { Contestant, Variables, WorkloadName } from '../contestants/contestant.js';
import type { PersonName } from '../data/world.js';
import { type Checked, keyOf, workloadsOf } from './check.js';
import { watchDatabase } from './cpu.js';
import { startLoad } from './load.js';
import { type Running, start } from './process.js';
import { drivers, type Settings } from './settings.js';
import { type Measured as Figures, takeTurn } from './turn.js';

/** Before the first round, for compilers and caches: so many requests, but at most for twice a turn. */
const WARM_UP_REQUESTS = 2_000;
const WARM_UP_TURNS = 2;

/** One turn of a contestant. */
export interface Sample extends Figures {
  readonly contestant: string;
  readonly workload: WorkloadName;
  readonly person: PersonName;
  readonly connections: number;
  readonly round: number;
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
      const { running: driven, workload, person, connections, round } = turn;
      const { contestant } = driven;
      const bytes = checked.get(contestant)?.driven.get(keyOf(workload, person))?.bytes;
      if (bytes === undefined) throw new Error(`${describe(turn)}: the answer is not known`);
      const { seconds } = settings;
      const request = contestant.request(workload, variables, person);
      const times = round === 0 ? WARM_UP_TURNS : 1;
      for (let time = 0, requests = 0; time < times && requests < WARM_UP_REQUESTS; time += 1) {
        const { measured, failure } = await takeTurn(
          { running: driven, request, bytes, connections, seconds },
          load,
          database,
        );
        requests += measured.requests;
        if (failure !== undefined) failures.push(`${describe(turn)}: ${failure}`);
        if (round === 0) continue;
        const sample = { contestant: contestant.name, workload, person, connections, round, bytes };
        if (measured.requests > 0) samples.push({ ...sample, ...measured });
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
