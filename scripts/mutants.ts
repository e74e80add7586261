/**
 * Plants bugs in the policies, the compiler and the rewriting, one at a time, in copies of the
 * project, and shows which test notices each: `npm run mutants`. Survivors are a failure.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { makeCopies, planted, removeCopies } from './mutants/copy.js';
import { Hunt } from './mutants/hunt.js';
import { readKillers, writeKillers } from './mutants/killers.js';
import { mutants } from './mutants/list.js';
import type { Mutant } from './mutants/mutant.js';
import type { Failure } from './mutants/run-tests.js';
import { supersededBy } from './mutants/superseded.js';

const HELP = `Usage: npm run mutants -- [--only TEXT] [--from N] [--jobs N] [--hinted] [--hints] [--list] [--help]

Plants one bug after another in a copy of the project and runs the tests on it, until one fails:
first the test file that scripts/mutants/killers.json names for the bug, then all the others.
No test is asked about a bug before it has passed without any.
  --only TEXT  only bugs whose name contains TEXT; said again, those of another besides
  --from N     begins with the N-th, to go on with a run that was broken off
  --jobs N     so many copies, and bugs at once; one for each core unless given
  --hinted     asks the file that killers.json names and no other: sooner over, and a survivor may be known elsewhere
  --hints      writes into killers.json which test file noticed each bug
  --list       name them without planting any; fails where one no longer fits the code
A bug that keeps the tests from ending is noticed by the time limit, and the output says so.
Ends with status 1 when a bug survives.`;

const cores = availableParallelism();
const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [''] },
    from: { type: 'string', default: '1' },
    jobs: { type: 'string', default: String(cores) },
    hinted: { type: 'boolean', default: false },
    hints: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const started = Date.now();

if (values.help) {
  console.log(HELP);
} else {
  const named = mutants.filter(({ name }) => values.only.some((text) => name.includes(text)));
  const first = atLeastOne('from', values.from) - 1;
  const jobs = atLeastOne('jobs', values.jobs);
  for (const mutant of named.slice(first)) {
    planted('.', mutant);
    const later = supersededBy(mutant);
    if (later !== null) throw new Error(`${mutant.name}: ${later} says that anew`);
  }
  if (values.list)
    for (const { name, file } of named.slice(first)) console.log(`${name}  (${file})`);
  else process.exitCode = await run(named, first, jobs);
}

/** Plants all from the first on; the numbers are those of the whole list, for --from. */
async function run(named: readonly Mutant[], first: number, jobs: number): Promise<number> {
  const abort = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => abort.abort(new Error('broken off')));
  }
  const chosen = named.slice(first);
  const copies = makeCopies(Math.max(1, Math.min(jobs, chosen.length)));
  // Each may hold a whole PostgreSQL in its process.
  const workers = Math.max(1, Math.min(2, Math.floor(cores / copies.length)));
  const hunt = new Hunt(workers, abort.signal, values.hinted);
  const killers = readKillers();
  const left = new Set(chosen.keys());
  const found: { mutant: Mutant; failure: Failure | null }[] = [];
  try {
    await each(copies, chosen, abort, async (copy, mutant, index) => {
      const failure = await hunt.kill(copy, mutant, killers.get(mutant.name));
      left.delete(index);
      found.push({ mutant, failure });
      const place = `${String(first + index + 1).padStart(3)}/${named.length}`;
      console.log(`${elapsed()}  ${place}  ${mutant.name}: ${verdict(failure)}`);
      if (!values.hints || failure?.file === undefined) return;
      killers.set(mutant.name, failure.file);
      writeKillers(
        killers,
        mutants.map(({ name }) => name),
      );
    });
  } catch (error) {
    console.error(`${elapsed()}  ${error instanceof Error ? error.message : String(error)}`);
    console.error(`to go on: --from ${first + 1 + Math.min(...left)}`);
    return 1;
  } finally {
    removeCopies(copies);
    summarize(found);
  }
  return found.every(({ failure }) => failure !== null) ? 0 : 1;
}

/** Hands the items out, in their order, to whichever copy is free. The first error ends it all. */
async function each<Item>(
  copies: readonly string[],
  items: readonly Item[],
  abort: AbortController,
  work: (copy: string, item: Item, index: number) => Promise<void>,
): Promise<void> {
  const left = items.entries();
  await Promise.all(
    copies.map(async (copy) => {
      try {
        for (const [index, item] of left) await work(copy, item, index);
      } catch (error) {
        abort.abort(error);
      }
    }),
  );
  abort.signal.throwIfAborted();
}

function verdict(failure: Failure | null): string {
  if (failure === null) return 'SURVIVED';
  const by = failure.late ? 'killed by the time limit' : 'killed by';
  return [by, failure.file, failure.file && '-', failure.what].filter(Boolean).join(' ');
}

function summarize(found: readonly { mutant: Mutant; failure: Failure | null }[]): void {
  const survivors = found.filter(({ failure }) => failure === null);
  const late = found.filter(({ failure }) => failure?.late);
  const killed = found.length - survivors.length;
  console.log(`${elapsed()}  ${killed} killed, ${survivors.length} survived`);
  for (const { mutant } of late) console.log(`  by a time limit: ${mutant.name} (${mutant.file})`);
  for (const { mutant } of survivors) console.log(`  survived: ${mutant.name} (${mutant.file})`);
}

function elapsed(): string {
  const seconds = Math.round((Date.now() - started) / 1000);
  return `${String(Math.floor(seconds / 60)).padStart(3)}:${String(seconds % 60).padStart(2, '0')}`;
}

function atLeastOne(name: string, text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) {
    throw new Error(`--${name} takes a whole number from 1 on`);
  }
  return number;
}
