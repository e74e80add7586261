import { parseArgs } from 'node:util';
import { readCount } from '../data/load.js';
import { DEFAULT_ORGANIZATIONS, DEFAULT_ROWS, WIDE_PROJECTS } from '../data/world.js';
import { namedIn } from '../run/named.js';
import { readSettings, type Settings } from '../run/settings.js';

/** What may grow; the order is that of the tables. */
export const DIMENSIONS = ['rows', 'organizations', 'memberships'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** What a person without platform rights can be asked in any organization. */
const WORKLOADS = ['Q1', 'Q2', 'Q3', 'Q6'];
/** The bulk data have three large organizations, and compare a fourth with what triggers keep. */
const LEAST_ORGANIZATIONS = 4;

export const HELP = `Usage: npm run scale -- [options]

How the time of a request grows, for the floor and Heimdall, at one connection.

  --rows <list>           forms and workflows together, in ${DEFAULT_ORGANIZATIONS} organizations (default 10k,100k,1M)
  --organizations <list>  with ${DEFAULT_ROWS} rows (default 10,100,1000,10000)
  --memberships <list>    of the caller, with ${DEFAULT_ROWS} rows (default 1,10,100,1000)
  --tables <list>         of ${DIMENSIONS.join(', ')} (default all)
  --workloads <list>      of ${WORKLOADS.join(', ')} (default all)
  --seconds <number>      how long each is driven in a round (default 3)
  --rounds <number>       how often they take turns (default 3)
  --json                  the figures as JSON, with machine, versions and settings
  --help

  BENCH_DATABASE_URL      the server (default postgres://postgres@127.0.0.1:5432/postgres)`;

export interface ScaleSettings {
  /** By what grows; none where that table is not wanted. */
  readonly sizes: Readonly<Record<Dimension, readonly number[]>>;
  /** As the benchmark has them, for what checks answers. */
  readonly run: Settings;
  readonly json: boolean;
}

/** The settings of a run, or undefined where help is asked for. Throws on what is not understood. */
export function readScaleSettings(args: readonly string[]): ScaleSettings | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rows: { type: 'string', default: '10k,100k,1M' },
      organizations: { type: 'string', default: '10,100,1000,10000' },
      memberships: { type: 'string', default: '1,10,100,1000' },
      tables: { type: 'string', default: DIMENSIONS.join(',') },
      workloads: { type: 'string', default: WORKLOADS.join(',') },
      seconds: { type: 'string', default: '3' },
      rounds: { type: 'string', default: '3' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const tables = namedIn(values.tables, DIMENSIONS, 'table');
  const workloads = namedIn(values.workloads, WORKLOADS, 'workload').join(',');
  const { seconds, rounds, json } = values;
  const run = readSettings(
    Object.entries({
      only: 'floor,heimdall',
      connections: '1',
      workloads,
      seconds,
      rounds,
    }).flatMap(([name, value]) => [`--${name}`, value]),
  );
  if (run === undefined) throw new Error('the settings of the benchmark are missing');
  const sizesOf = (dimension: Dimension, least: number, most: number) => {
    if (!tables.includes(dimension)) return [];
    const sizes = [...new Set(values[dimension].split(',').map(readCount))].sort((a, b) => a - b);
    const wrong = sizes.find((size) => size < least || size > most);
    if (wrong === undefined) return sizes;
    throw new Error(`--${dimension} takes numbers from ${least} to ${most}, not ${wrong}`);
  };
  const sizes = {
    rows: sizesOf('rows', 10_000, 10_000_000),
    organizations: sizesOf('organizations', LEAST_ORGANIZATIONS, 10_000),
    memberships: sizesOf('memberships', 1, WIDE_PROJECTS),
  };
  return { sizes, run, json };
}
