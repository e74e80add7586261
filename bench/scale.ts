/** `npm run scale`: how the time of a request grows with rows, organizations and memberships. */
import { ensureData } from './data/database.js';
import { DEFAULT_ORGANIZATIONS, DEFAULT_ROWS, type Size } from './data/world.js';
import { circumstances, describe } from './run/machine.js';
import { findVariables } from './run/variables.js';
import { addCallers, askedBy, inWide, STAND_IN } from './scale/callers.js';
import { figuresOf } from './scale/figures.js';
import { legend, report } from './scale/report.js';
import { measureSeries, type Series, type Stage } from './scale/series.js';
import {
  DIMENSIONS,
  type Dimension,
  HELP,
  readScaleSettings,
  type ScaleSettings,
} from './scale/settings.js';

const progress = (line: string): void => void process.stderr.write(`${line}\n`);

async function main(): Promise<void> {
  const settings = readScaleSettings(process.argv.slice(2));
  if (settings === undefined) return console.log(HELP);
  const where = await circumstances(await dataOf({}));
  progress(describe(where));
  const grown: { dimension: Dimension; series: Series }[] = [];
  for (const dimension of DIMENSIONS) {
    if (settings.sizes[dimension].length === 0) continue;
    const series = await GROW[dimension](settings);
    grown.push({ dimension, series });
    for (const failure of series.failures) {
      progress(`failed under load: ${failure}`);
      process.exitCode = 1;
    }
    if (series.databaseReason !== undefined) {
      progress(`no figure for the database's CPU: ${series.databaseReason}`);
    }
  }
  const results = grown.map(({ dimension, series }) => ({
    dimension,
    figures: figuresOf(series),
    ...series,
  }));
  const { sizes, run } = settings;
  const { workloads, seconds, rounds } = run;
  if (settings.json) {
    const said = { settings: { sizes, workloads, seconds, rounds }, where, results };
    return console.log(JSON.stringify(said, null, 2));
  }
  const tables = results.map(({ dimension, figures }) => report(dimension, figures));
  console.log([...tables, legend(workloads), describe(where)].join('\n\n'));
}

const dataOf = (size: Partial<Size>): Promise<string> =>
  ensureData({ rows: DEFAULT_ROWS, organizations: DEFAULT_ORGANIZATIONS, ...size }, progress);

const GROW: Readonly<Record<Dimension, (settings: ScaleSettings) => Promise<Series>>> = {
  rows: (settings) => growData(settings, 'rows'),
  organizations: (settings) => growData(settings, 'organizations'),
  memberships: growMemberships,
};

/** A database each. */
async function growData(
  { sizes, run }: ScaleSettings,
  dimension: 'rows' | 'organizations',
): Promise<Series> {
  const stages: Stage[] = [];
  for (const size of sizes[dimension]) {
    progress(`data of ${size} ${dimension}`);
    const databaseUrl = await dataOf({ [dimension]: size });
    const variations = await findVariables(databaseUrl);
    const { contestants } = run;
    stages.push({ size, databaseUrl, variations, person: 'all', contestants });
  }
  return measureSeries(atLeastOne(stages), run, progress);
}

/** A caller each, in one database. */
async function growMemberships({ sizes, run }: ScaleSettings): Promise<Series> {
  const databaseUrl = await dataOf({});
  const [variables] = await findVariables(databaseUrl);
  const variations = [await inWide(databaseUrl, variables)] as const;
  const removeCallers = await addCallers(databaseUrl, sizes.memberships);
  try {
    const stages = sizes.memberships.map((size): Stage => {
      const contestants = run.contestants.map((contestant) => askedBy(size, contestant));
      return { size, databaseUrl, variations, person: STAND_IN, contestants };
    });
    return await measureSeries(atLeastOne(stages), run, progress);
  } finally {
    await removeCallers();
  }
}

function atLeastOne(stages: readonly Stage[]): readonly [Stage, ...Stage[]] {
  const [first, ...others] = stages;
  if (first === undefined) throw new Error('no size to measure');
  return [first, ...others];
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
