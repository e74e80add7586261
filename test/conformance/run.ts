import fc from 'fast-check';
import type { Database } from '../../src/data/clients.js';
import { type Case, caseArbitrary, check } from './case.js';
import { describe } from './describe.js';

export interface RunOptions {
  readonly worlds: number;
  readonly seed: number;
  /** Where in the run of this seed to begin, as a failure prints it. */
  readonly path?: string;
  /** Called after each world that agreed. */
  readonly onWorld?: (done: number) => void;
}

/** A planted bug need only be noticed; to shrink a world for it takes minutes. */
export const SHRINKING = { endOnFailure: process.env.CONFORMANCE_SHRINK === 'no' };

/**
 * Plants worlds one after another and asks in each; throws on the first that disagrees, shrunk and
 * described, with what it takes to see it again.
 */
export async function run(database: Database, options: RunOptions): Promise<void> {
  const { worlds, seed, path, onWorld } = options;
  let done = 0;
  const property = fc.asyncProperty(caseArbitrary, async (drawn) => {
    await check(database, drawn);
    done += 1;
    onWorld?.(done);
  });
  const details = await fc.check(property, {
    ...SHRINKING,
    numRuns: worlds,
    seed,
    ...(path === undefined ? {} : { path }),
  });
  if (!details.failed) return;
  throw new Error(report(details, 'npm run conformance --'));
}

/** What disagreed, where, and what `command` it takes to see it again. */
export function report(details: fc.RunDetails<[Case]>, command: string): string {
  const { counterexample, counterexamplePath, seed, errorInstance } = details;
  const what = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  const again = `${command} --seed ${seed} --path ${counterexamplePath}`;
  const where = counterexample === null ? '' : describe(counterexample[0]);
  return `${what}\n\nin this world:\n${where}\n\nto see it again: ${again}`;
}
