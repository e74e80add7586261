import type { Contestant, Variables, WorkloadName } from '../contestants/contestant.js';
import type { PersonName } from '../data/world.js';
import { check, keyOf } from '../run/check.js';
import { watchDatabase } from '../run/cpu.js';
import { type LoadGenerator, startLoad } from '../run/load.js';
import { type Running, start } from '../run/process.js';
import type { Statements } from '../run/proxy.js';
import type { Settings } from '../run/settings.js';
import { type Measured, takeTurn } from '../run/turn.js';

/** One size of what grows, ready to be asked. */
export interface Stage {
  readonly size: number;
  readonly databaseUrl: string;
  /** What is measured comes first; the others are for the comparison alone. */
  readonly variations: readonly [Variables, ...Variables[]];
  readonly person: PersonName;
  readonly contestants: readonly Contestant[];
}

/** What is measured at one size, and what its answer has to be. */
export interface Cell {
  readonly contestant: string;
  readonly workload: WorkloadName;
  readonly size: number;
  readonly bytes: number;
  readonly statements: Statements;
}

/** One turn at one size. */
export interface Sample extends Measured {
  readonly contestant: string;
  readonly workload: WorkloadName;
  readonly size: number;
  readonly round: number;
}

export interface Series {
  readonly cells: readonly Cell[];
  readonly samples: readonly Sample[];
  /** What was answered otherwise than it should have been, under load. */
  readonly failures: readonly string[];
  /** Why there is no figure for the database's CPU. */
  readonly databaseReason: string | undefined;
}

/** For compilers and caches. */
const WARM_UP_ROUNDS = 2;
const CONNECTIONS = 1;

type Progress = (line: string) => void;
type Entrant = Cell & { readonly stage: Stage; readonly running: Running };

/**
 * Compares the answers at every size, then drives all sizes in turn, round by round and all of them
 * running all the time: what grows is a ratio within a round. Throws where answers differ.
 */
export async function measureSeries(
  stages: readonly [Stage, ...Stage[]],
  settings: Settings,
  progress: Progress,
): Promise<Series> {
  const cells = new Map<Stage, readonly Cell[]>();
  for (const stage of stages) cells.set(stage, await checkStage(stage, settings, progress));
  const running: Running[] = [];
  const load = startLoad();
  const database = await watchDatabase(stages[0].databaseUrl);
  try {
    const entrants: Entrant[] = [];
    for (const stage of stages) {
      for (const contestant of stage.contestants) {
        // Its connections are told from those of the same contestant at another size.
        const named = { ...contestant, name: `${contestant.name} ${stage.size}` };
        const one = await start(named, stage.databaseUrl);
        running.push(one);
        for (const cell of cells.get(stage) ?? []) {
          if (cell.contestant === contestant.name) entrants.push({ ...cell, stage, running: one });
        }
      }
    }
    return {
      cells: [...cells.values()].flat(),
      ...(await drive(entrants, settings, load, database, progress)),
      databaseReason: database.reason,
    };
  } finally {
    load.stop();
    await Promise.all(running.map((one) => one.stop()));
    await database.end();
  }
}

async function checkStage(
  stage: Stage,
  settings: Settings,
  progress: Progress,
): Promise<readonly Cell[]> {
  const { contestants, person, databaseUrl, variations, size } = stage;
  const asked = { ...settings, contestants, people: [person] };
  const checked = await check(asked, databaseUrl, variations, (line) =>
    progress(`${size}: ${line}`),
  );
  return [...checked].flatMap(([{ name }, { differences, driven }]) => {
    if (differences.length > 0) throw new Error(`at ${size}, ${differences.join('\n')}`);
    return settings.workloads.map((workload) => {
      const one = driven.get(keyOf(workload, person));
      if (one === undefined) throw new Error(`${name} was not asked ${workload} at ${size}`);
      return { contestant: name, workload, size, ...one };
    });
  });
}

async function drive(
  entrants: readonly Entrant[],
  { workloads, rounds, seconds }: Settings,
  load: LoadGenerator,
  database: Awaited<ReturnType<typeof watchDatabase>>,
  progress: Progress,
): Promise<Pick<Series, 'samples' | 'failures'>> {
  const samples: Sample[] = [];
  const failures: string[] = [];
  // Rounds below 1 warm up. Pages are compared within a round, so that it goes through all workloads.
  const turns = Array.from({ length: WARM_UP_ROUNDS + rounds }, (_, nth) =>
    workloads.flatMap((workload) =>
      entrants
        .filter((entrant) => entrant.workload === workload)
        .map((entrant) => ({ entrant, round: nth + 1 - WARM_UP_ROUNDS })),
    ),
  ).flat();
  for (const [index, { entrant, round }] of turns.entries()) {
    const { contestant, workload, size, stage, running, bytes } = entrant;
    const what = `${workload} at ${size}, ${round < 1 ? 'warming up' : `round ${round}`}: ${contestant}`;
    progress(`${index + 1}/${turns.length} ${what}`);
    const request = running.contestant.request(workload, stage.variations[0], stage.person);
    const taken = await takeTurn(
      { running, request, bytes, connections: CONNECTIONS, seconds },
      load,
      database,
    );
    if (taken.failure !== undefined) failures.push(`${what}: ${taken.failure}`);
    if (round < 1) continue;
    if (taken.measured.requests === 0) failures.push(`${what}: no answer at all`);
    else samples.push({ contestant, workload, size, round, ...taken.measured });
  }
  return { samples, failures };
}
