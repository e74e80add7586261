/** `npm run bench`: the gateway beside what it could cost at best, and beside what others do. */
import { writeFileSync } from 'node:fs';
import { type Variables, WRITES } from './contestants/contestant.js';
import { ensureData } from './data/database.js';
import { plantTargets, sweepTargets } from './data/targets.js';
import { DEFAULT_ORGANIZATIONS } from './data/world.js';
import { type Checked, check } from './run/check.js';
import { figuresOf, policyFiguresOf } from './run/figures.js';
import { type Circumstances, circumstances, describe } from './run/machine.js';
import { measure } from './run/measure.js';
import { picture } from './run/picture.js';
import { report } from './run/report.js';
import { HELP, readSettings, type Settings } from './run/settings.js';
import { findVariables } from './run/variables.js';

const progress = (line: string): void => void process.stderr.write(`${line}\n`);

async function main(): Promise<void> {
  const settings = readSettings(process.argv.slice(2));
  if (settings === undefined) return console.log(HELP);
  const size = { rows: settings.rows, organizations: DEFAULT_ORGANIZATIONS };
  const databaseUrl = await ensureData(size, progress);
  const where = await circumstances(databaseUrl);
  progress(describe(where));
  if (where.load > where.cores / 2) {
    progress(`the machine is busy (load ${where.load}): the figures will be worse than they are`);
  }
  for (const contestant of settings.contestants) await contestant.prepare?.(databaseUrl);
  if (!settings.workloads.some((workload) => WRITES.includes(workload))) {
    return compare(settings, databaseUrl, where, await findVariables(databaseUrl));
  }
  try {
    const targets = await plantTargets(databaseUrl);
    await compare(settings, databaseUrl, where, await findVariables(databaseUrl, targets));
  } finally {
    await sweepTargets(databaseUrl);
  }
}

/** Checks everybody, and measures those who agree. */
async function compare(
  settings: Settings,
  databaseUrl: string,
  where: Circumstances,
  variations: readonly [Variables, ...Variables[]],
): Promise<void> {
  const checked = await check(settings, databaseUrl, variations, progress);
  const agreeing = settings.contestants.filter((one) => agrees(one.name, checked.get(one)));
  if (agreeing.length < settings.contestants.length) process.exitCode = 1;
  if (settings.checkOnly) return;

  const [variables] = variations;
  const measured = await measure(
    { ...settings, contestants: agreeing },
    databaseUrl,
    variables,
    checked,
    progress,
  );
  const counted = new Map([...checked].map(([{ name }, { driven }]) => [name, driven]));
  const figures = figuresOf(measured.samples, counted);
  const policy = policyFiguresOf(measured.samples);
  if (measured.databaseReason !== undefined) {
    progress(`no figure for the database's CPU: ${measured.databaseReason}`);
  }
  for (const failure of measured.failures) {
    progress(`failed under load: ${failure}`);
    process.exitCode = 1;
  }
  if (settings.json)
    console.log(json(settings, { where, variables, figures, policy, ...measured }));
  else console.log(`${report(figures, policy)}\n\n${rowsOf(settings)}; ${describe(where)}`);
  if (settings.svg !== undefined) {
    writeFileSync(
      settings.svg,
      picture(figures, [rowsOf(settings), ...describe(where).split('; ')]),
    );
  }
}

/** Says what a check has shown. One that disagrees is not measured: it would do other work. */
function agrees(name: string, checked: Checked | undefined): boolean {
  if (checked === undefined) throw new Error(`${name} was not checked`);
  for (const difference of checked.differences) progress(difference);
  progress(
    checked.differences.length === 0
      ? `${name}: ${checked.compared} answers agree`
      : `${name}: ${checked.differences.length} of ${checked.compared} answers differ; it is not measured`,
  );
  return checked.differences.length === 0;
}

const rowsOf = ({ rows }: Settings): string => `${rows.toLocaleString('en')} rows`;

function json({ contestants, ...settings }: Settings, results: object): string {
  const named = contestants.map(({ name, what }) => ({ name, what }));
  return JSON.stringify({ settings, contestants: named, ...results }, null, 2);
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
