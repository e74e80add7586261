import fc from 'fast-check';
import type { Database } from '../../src/data/clients.js';
import { caseArbitrary, check } from './case.js';
import { describe, describeWriting } from './describe.js';
import { checkWriting, writingArbitrary } from './writing/case.js';

export interface RunOptions {
  readonly worlds: number;
  readonly seed: number;
  /** Where in the run of this seed to begin, as a failure prints it. */
  readonly path?: string;
  /** Whether a world that disagrees is made as small as can be, which takes minutes; else it is told as it was drawn. */
  readonly shrinks?: boolean;
  /** Called after each world that agreed. */
  readonly onWorld?: (done: number) => void;
  /** Called with what is wrong in the first world that disagrees, before it is made smaller. */
  readonly onFailure?: (what: string) => void;
}

/**
 * Plants worlds one after another and asks in each; throws on the first that disagrees, shrunk and
 * described, with what it takes to see it again.
 */
export const run = (database: Database, options: RunOptions): Promise<void> =>
  runAll(options, {
    cases: caseArbitrary,
    check: (drawn) => check(database, drawn),
    describe,
    command: 'npm run conformance --',
  });

/** The same with worlds that are written in. */
export const runWriting = (database: Database, options: RunOptions): Promise<void> =>
  runAll(options, {
    cases: writingArbitrary,
    check: (drawn) => checkWriting(database, drawn),
    describe: describeWriting,
    command: 'npm run conformance -- --writing',
  });

/** The same with worlds in which who may do what is changed, and the tree that says where. */
export const runGoverning = (database: Database, options: RunOptions): Promise<void> =>
  runAll(options, {
    cases: writingArbitrary,
    check: (drawn) => checkWriting(database, drawn, 'governing'),
    describe: (drawn) => describeWriting(drawn, 'governing'),
    command: 'npm run conformance -- --governing',
  });

interface Running<T> {
  readonly cases: fc.Arbitrary<T>;
  readonly check: (drawn: T) => Promise<unknown>;
  readonly describe: (drawn: T) => string;
  readonly command: string;
}

/** Draws cases and checks each; throws on the first that does not hold. */
export async function runAll<T>(options: RunOptions, running: Running<T>): Promise<void> {
  const { worlds, seed, path, onWorld, onFailure } = options;
  let done = 0;
  let hasFailed = false;
  const property = fc.asyncProperty(running.cases, async (drawn) => {
    try {
      await running.check(drawn);
    } catch (error) {
      if (!hasFailed) onFailure?.(messageOf(error));
      hasFailed = true;
      throw error;
    }
    done += 1;
    onWorld?.(done);
  });
  const details = await fc.check(property, {
    endOnFailure: options.shrinks !== true,
    numRuns: worlds,
    seed,
    ...(path === undefined ? {} : { path }),
  });
  if (details.failed) throw new Error(report(details, running.command, running.describe));
}

/** What disagreed, where, and what `command` it takes to see it again. */
function report<T>(
  details: fc.RunDetails<[T]>,
  command: string,
  tell: (drawn: T) => string,
): string {
  const { counterexample, counterexamplePath, seed, errorInstance } = details;
  const what = messageOf(errorInstance);
  const again = `${command} --seed ${seed} --path ${counterexamplePath}`;
  const where = counterexample === null ? '' : tell(counterexample[0]);
  return `${what}\n\nin this world:\n${where}\n\nto see it again: ${again}`;
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
