import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { Contestant, WorkloadName } from '../contestants/contestant.js';
import { heimdall } from '../contestants/heimdall.js';
import { contestants } from '../contestants/index.js';
import { readCount } from '../data/load.js';
import { DEFAULT_ROWS, PEOPLE, type PersonName } from '../data/world.js';
import { namedIn } from './named.js';

/** What each workload asks for; the order is that of the tables. */
export const WORKLOADS: Readonly<Record<WorkloadName, string>> = {
  Q1: '50 forms by name, with workflow and roles',
  Q2: 'one form by id, with workflow and roles',
  Q3: 'a config by key, through the cascade',
  Q4: 'a scope with its children',
  Q5: '100 decisions, each about a form',
  Q5a: 'a decision about a form',
  Q6: 'the page in the middle of Q1, at most page 1,000',
  Q7a: 'a form is made, with three fields',
  Q7b: "a form's description is changed",
  Q8: '50 entities of three types',
};

export const HELP = `Usage: npm run bench -- [options]

Starts the contestants on one PostgreSQL server, checks that they give the same answers, and measures
them in turn.

  --rows <number>       forms and workflows together (default ${DEFAULT_ROWS}); 10k and 1M are understood
  --only <list>         of ${contestants.map(({ name }) => name).join(', ')}
  --before <folder>     another checkout of this project takes part, as "before": what a change brought
  --workloads <list>    of ${Object.keys(WORKLOADS).join(', ')} (default all)
  --people <list>       who asks, of ${Object.keys(PEOPLE).join(', ')}
                        (default all; for Q4, which that person may not read, admin)
  --seconds <number>    how long each is driven in a round (default 5)
  --rounds <number>     how often they take turns (default 3)
  --connections <list>  of the load generator (default 1,32)
  --check               only compares the answers and counts statements
  --json                the figures as JSON, with machine, versions and settings
  --svg <file>          also a picture of the throughput
  --help

  BENCH_DATABASE_URL    the server (default postgres://postgres@127.0.0.1:5432/postgres)`;

export interface Settings {
  readonly rows: number;
  readonly contestants: readonly Contestant[];
  readonly workloads: readonly WorkloadName[];
  /** Undefined: the one that is usual for the workload. */
  readonly people: readonly PersonName[] | undefined;
  readonly seconds: number;
  readonly rounds: number;
  readonly connections: readonly number[];
  readonly checkOnly: boolean;
  readonly json: boolean;
  readonly svg: string | undefined;
}

/** The settings of a run, or undefined where help is asked for. Throws on what is not understood. */
export function readSettings(args: readonly string[]): Settings | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rows: { type: 'string', default: String(DEFAULT_ROWS) },
      only: { type: 'string' },
      before: { type: 'string' },
      workloads: { type: 'string' },
      people: { type: 'string' },
      seconds: { type: 'string', default: '5' },
      rounds: { type: 'string', default: '3' },
      connections: { type: 'string', default: '1,32' },
      check: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      svg: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const workloads = Object.keys(WORKLOADS) as WorkloadName[];
  const names = contestants.map(({ name }) => name);
  const only = values.only === undefined ? names : namedIn(values.only, names, 'contestant');
  return {
    rows: readCount(values.rows),
    contestants: [
      ...contestants.filter(({ name }) => only.includes(name)),
      ...(values.before === undefined ? [] : [gatewayOf(values.before)]),
    ],
    workloads:
      values.workloads === undefined ? workloads : namedIn(values.workloads, workloads, 'workload'),
    people:
      values.people === undefined
        ? undefined
        : namedIn(values.people, Object.keys(PEOPLE) as PersonName[], 'person'),
    seconds: readCount(values.seconds),
    rounds: readCount(values.rounds),
    connections: values.connections.split(',').map(readCount),
    checkOnly: values.check,
    json: values.json,
    svg: values.svg === undefined ? undefined : fromHere(values.svg),
  };
}

/** npm runs a script in the folder of its package; a path is meant where npm was called. */
function fromHere(path: string): string {
  return resolve(process.env.INIT_CWD ?? '.', path);
}

/** The gateway of another checkout. Throws where there is none, or none with this benchmark in it. */
function gatewayOf(folder: string): Contestant {
  const entry = resolve(fromHere(folder), 'bench/contestants', heimdall.entry);
  if (!existsSync(entry)) throw new Error(`${folder} has no ${heimdall.entry} of the benchmark`);
  const what = 'Heimdall before the change';
  return { ...heimdall, name: 'before', what, entry: pathToFileURL(entry).href };
}

/** Who drives a workload: with all their rights, and for scopes the only one who may read them. */
export function drivers({ people }: Settings, workload: WorkloadName): readonly PersonName[] {
  return people ?? (workload === 'Q4' ? ['admin'] : ['all']);
}
