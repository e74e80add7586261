// Compares the gateway with the plain evaluator in many random worlds (test/conformance), or with what
// it answered before.
import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Database } from '../src/data/clients.js';
import { compareLines, headOf, Reference } from '../test/conformance/answers/compare.js';
import { type Drawn, record } from '../test/conformance/answers/record.js';
import {
  assertCovered,
  assertGoverningCovered,
  assertWritingCovered,
} from '../test/conformance/guards.js';
import { coverageTable } from '../test/conformance/oracle/coverage.js';
import { share } from '../test/conformance/questions/share.js';
import { type RunOptions, run, runGoverning, runWriting } from '../test/conformance/run.js';
import { freshDatabase } from '../test/support/database.js';

const HELP = `Usage: npm run conformance [-- --worlds <number>] [--seed <number>] [--path <path>] [--reading | --writing | --governing]
       npm run conformance -- --record <file> [--worlds <number>] [--seed <number>]
       npm run conformance -- --against <file> [--worlds <number>]

Draws worlds, plants each, asks the gateway and compares every answer with an evaluator that is
written from the model alone. Then it writes in other worlds, compares every row of the database and of
the record with what the evaluator says, and asks again; and in others it changes who may do what,
and the tree that says where. The first world that disagrees is shrunk and printed.

  --worlds <number>  how many worlds; 2000 unless given, 40 to record; half as many are written in, and
                     half as many governed
  --reading          reads alone
  --writing          writes alone, in as many worlds
  --governing        changes scopes, roles, members and overrides alone, in as many worlds
  --seed <number>    the same seed draws the same worlds; random unless given
  --path <path>      begins where a failure said; with its seed
  --as-drawn         prints a world that disagrees at once, without shrinking it
  --record <file>    asks the same and sweeps over all types, fields, orders, filters and lookups, and
                     writes every question and its whole answer to the file, a line of JSON each;
                     two runs of the same code write the same file
  --against <file>   asks again what the file has, in its worlds or the first of them, and prints
                     where the answers are not the same; ends with status 1 when any is not

Not compared are the order of errors, which is that of their paths in the file, and, where errors left
no data, how many they were.

The embedded database is used, or a new one on TEST_DATABASE_URL's server when that is set.
`;

/** How many differences are printed; the rest is counted. */
const MOST_SHOWN = 10;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      worlds: { type: 'string' },
      seed: { type: 'string' },
      path: { type: 'string' },
      record: { type: 'string' },
      against: { type: 'string' },
      reading: { type: 'boolean', default: false },
      writing: { type: 'boolean', default: false },
      governing: { type: 'boolean', default: false },
      'as-drawn': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const modes = [values.record, values.against, values.path].filter((mode) => mode !== undefined);
  const kinds = [values.reading, values.writing, values.governing].filter(Boolean);
  if (kinds.length > 1) throw new Error('--reading, --writing and --governing exclude each other');
  if (modes.length > 1) throw new Error('--record, --against and --path exclude each other');
  if (process.env.TEST_DATABASE_URL) process.env.HEIMDALL_TEST_ON = 'server';
  const worlds = values.worlds === undefined ? undefined : whole(values.worlds, 'worlds');
  const seed = values.seed === undefined ? undefined : whole(values.seed, 'seed');
  const { record: into, against, path } = values;
  const drawn = (many: number): Drawn => ({
    worlds: worlds ?? many,
    seed: seed ?? Date.now() % 2 ** 31,
  });
  const failing: Failing = { path, shrinks: !values['as-drawn'] };
  const database = await freshDatabase();
  try {
    if (into !== undefined) await recordInto(into, database, drawn(40));
    else if (against !== undefined) await compareWith(against, database, worlds, seed);
    else {
      const { worlds: many, seed: same } = drawn(2000);
      const half = { worlds: Math.ceil(many / 2), seed: same };
      if (values.writing) await writeBesideEvaluator(database, drawn(2000), failing);
      else if (values.governing) await governBesideEvaluator(database, drawn(2000), failing);
      else await compareWithEvaluator(database, drawn(2000), failing);
      // A path leads through the worlds of one kind, those that are read in unless it says otherwise.
      if (kinds.length === 0 && path === undefined) {
        await writeBesideEvaluator(database, half, failing);
        await governBesideEvaluator(database, half, failing);
      }
    }
  } finally {
    await database.close();
  }
}

interface Failing {
  /** Where a failure said that it was. */
  readonly path: string | undefined;
  readonly shrinks: boolean;
}

async function compareWithEvaluator(database: Database, drawn: Drawn, failing: Failing) {
  await inWorlds(drawn, failing, 'worlds', (options) => run(database, options));
  process.stdout.write(`${share.table()}\n`);
  // In fewer worlds a rare rule may well decide one way only.
  if (failing.path === undefined && drawn.worlds >= 200) assertCovered(true);
}

async function writeBesideEvaluator(database: Database, drawn: Drawn, failing: Failing) {
  await inWorlds(drawn, failing, 'written worlds', (options) => runWriting(database, options));
  if (failing.path === undefined && drawn.worlds >= 100) assertWritingCovered(drawn.worlds >= 1000);
}

async function governBesideEvaluator(database: Database, drawn: Drawn, failing: Failing) {
  await inWorlds(drawn, failing, 'governed worlds', (options) => runGoverning(database, options));
  if (failing.path === undefined && drawn.worlds >= 100)
    assertGoverningCovered(drawn.worlds >= 1000);
}

/** Says how far it is, and at the end which rules decided what. */
async function inWorlds(
  { worlds, seed }: Drawn,
  { path, shrinks }: Failing,
  what: string,
  runAll: (options: RunOptions) => Promise<void>,
): Promise<void> {
  process.stdout.write(`${worlds} ${what}, seed ${seed}\n`);
  const seconds = stopwatch();
  await runAll({
    worlds,
    seed,
    ...(path === undefined ? {} : { path }),
    shrinks,
    onWorld: (done) => {
      if (done % 50 === 0) process.stdout.write(`${done} ${what} agree, ${seconds()} s\n`);
    },
    onFailure: (message) => {
      if (shrinks) process.stdout.write(`one disagrees, and is made smaller now:\n${message}\n`);
    },
  });
  process.stdout.write(`\n${coverageTable()}\n`);
}

async function recordInto(file: string, database: Database, drawn: Drawn): Promise<void> {
  process.stdout.write(`${drawn.worlds} worlds, seed ${drawn.seed}\n`);
  const seconds = stopwatch();
  let count = 0;
  // Under another name until it is complete: half a recording would be taken for a whole one.
  const draft = `${file}.draft`;
  writeFileSync(draft, `${headOf(drawn)}\n`);
  await record(database, drawn, (lines) => {
    appendFileSync(draft, lines.map((line) => `${line}\n`).join(''));
    count += lines.length;
    const thrown = lines.filter((line) => 'thrown' in JSON.parse(line));
    for (const line of thrown) process.stdout.write(`not as expected: ${line}\n`);
  });
  renameSync(draft, file);
  process.stdout.write(`${count} answers, ${seconds()} s\n`);
}

async function compareWith(
  file: string,
  database: Database,
  worlds: number | undefined,
  seed: number | undefined,
): Promise<void> {
  const reference = await Reference.open(file);
  const recorded = reference.drawn;
  if (seed !== undefined && seed !== recorded.seed) {
    throw new Error(`${file} has the worlds of seed ${recorded.seed}`);
  }
  const drawn = { ...recorded, worlds: Math.min(worlds ?? recorded.worlds, recorded.worlds) };
  process.stdout.write(`${drawn.worlds} of its ${recorded.worlds} worlds, seed ${drawn.seed}\n`);
  const seconds = stopwatch();
  let [world, count, different] = [0, 0, 0];
  await record(database, drawn, async (lines) => {
    world += 1;
    count += lines.length;
    const found = compareLines(await reference.world(world), lines);
    const shown = found.slice(0, Math.max(0, MOST_SHOWN - different));
    for (const difference of shown) process.stdout.write(`\n${difference}\n`);
    different += found.length;
  });
  process.stdout.write(`\n${count} answers, ${different} not the same, ${seconds()} s\n`);
  if (different > 0) process.exitCode = 1;
}

function stopwatch(): () => number {
  const started = Date.now();
  return () => Math.round((Date.now() - started) / 1000);
}

function whole(text: string, name: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0) {
    throw new Error(`--${name} takes a whole number`);
  }
  return number;
}

try {
  await main();
} catch (error) {
  process.stderr.write(`conformance: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
