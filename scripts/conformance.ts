// Compares the gateway with the plain evaluator in many random worlds (test/conformance), or with what
// it answered before.
import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Database } from '../src/data/clients.js';
import { compareLines, headOf, Reference } from '../test/conformance/answers/compare.js';
import { type Drawn, record } from '../test/conformance/answers/record.js';
import { assertCovered, assertWritingCovered } from '../test/conformance/guards.js';
import { coverageTable } from '../test/conformance/oracle/coverage.js';
import { run, runWriting } from '../test/conformance/run.js';
import { FIELDS } from '../test/conformance/writing/fields.js';
import { freshDatabase } from '../test/support/database.js';

const HELP = `Usage: npm run conformance [-- --worlds <number>] [--seed <number>] [--path <path>] [--reading | --writing]
       npm run conformance -- --record <file> [--worlds <number>] [--seed <number>]
       npm run conformance -- --against <file> [--worlds <number>]

Draws worlds, plants each, asks the gateway and compares every answer with an evaluator that is
written from the model alone. Then it writes in other worlds, compares every row of the database and of
the record with what the evaluator says, and asks again. The first world that disagrees is shrunk and printed.

  --worlds <number>  how many worlds; 2000 unless given, 40 to record; half as many are written in
  --reading          reads alone
  --writing          writes alone, in as many worlds
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
      'as-drawn': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const modes = [values.record, values.against, values.path].filter((mode) => mode !== undefined);
  if (values.reading && values.writing)
    throw new Error('--reading and --writing exclude each other');
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
      // A path leads through the worlds of one kind, those that are read in unless it says otherwise.
      if (!values.writing) await compareWithEvaluator(database, drawn(2000), failing);
      if (values.writing) await writeBesideEvaluator(database, drawn(2000), failing);
      else if (!values.reading && path === undefined) {
        const { worlds: read, seed: same } = drawn(2000);
        await writeBesideEvaluator(database, { worlds: Math.ceil(read / 2), seed: same }, failing);
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

async function compareWithEvaluator(database: Database, drawn: Drawn, { path, shrinks }: Failing) {
  const { worlds, seed } = drawn;
  process.stdout.write(`${worlds} worlds, seed ${seed}\n`);
  const seconds = stopwatch();
  await run(database, {
    worlds,
    seed,
    ...(path === undefined ? {} : { path }),
    shrinks,
    onWorld: (done) => {
      if (done % 50 === 0) process.stdout.write(`${done} worlds agree, ${seconds()} s\n`);
    },
  });
  process.stdout.write(`\n${coverageTable()}\n`);
  // In fewer worlds a rare rule may well decide one way only.
  if (path === undefined && worlds >= 1000) assertCovered(true);
}

async function writeBesideEvaluator(database: Database, drawn: Drawn, { path, shrinks }: Failing) {
  const { worlds, seed } = drawn;
  process.stdout.write(`${worlds} worlds to write in, seed ${seed}\n`);
  const seconds = stopwatch();
  await runWriting(database, {
    worlds,
    seed,
    ...(path === undefined ? {} : { path }),
    shrinks,
    onWorld: (done) => {
      if (done % 50 === 0) process.stdout.write(`${done} written worlds agree, ${seconds()} s\n`);
    },
  });
  process.stdout.write(`\n${coverageTable()}\n`);
  if (path === undefined && worlds >= 100) assertWritingCovered(FIELDS, worlds >= 1000);
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
