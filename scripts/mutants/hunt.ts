import { withBug } from './copy.js';
import type { Mutant } from './mutant.js';
import { type Failure, type Outcome, runTests } from './run-tests.js';

/** The tests that are expected to notice, the quickest first: what a principal may read. */
const STAGES = [
  [
    'test/policy/',
    'test/query/',
    'test/request/',
    'test/commands/',
    'test/graphql/',
    'test/schema/',
  ],
  ['test/data/enforce/', 'test/data/prisma/'],
  [
    'test/acceptance/',
    'test/identity/load-principal.test.ts',
    'test/identity/principal-anew.test.ts',
  ],
  ['test/data/registered-tables.test.ts'],
  ['test/conformance/'],
];

/** A bug may slow the tests down, and so may other work on the machine. */
const PATIENCE = 10;
const PATIENCE_MS = 60_000;

/** Looks for tests that notice bugs, in copies of the project that it is given. */
export class Hunt {
  /** How long tests take without any bug, by what they are. */
  readonly #proofs = new Map<string, Promise<number>>();
  readonly #workers: number;
  readonly #signal: AbortSignal;
  readonly #hintedAlone: boolean;

  /** Of a bug that has a hint, nothing but that is asked if `hintedAlone`. */
  constructor(workers: number, signal: AbortSignal, hintedAlone = false) {
    this.#workers = workers;
    this.#signal = signal;
    this.#hintedAlone = hintedAlone;
  }

  /** What failed on the bug, or null when nothing did. The hint is tried first. */
  async kill(copy: string, mutant: Mutant, hint: string | undefined): Promise<Failure | null> {
    const hinted = hint === undefined ? [] : [[hint]];
    for (const tests of hint !== undefined && this.#hintedAlone ? hinted : [...hinted, ...STAGES]) {
      const usual = await this.prove(copy, tests);
      const limitMs = PATIENCE_MS + PATIENCE * usual;
      const outcome = await withBug(copy, mutant, () => this.#run(copy, tests, limitMs));
      if (outcome.kind === 'failed') return outcome.failure;
      if (outcome.kind === 'broken') console.log(broken(tests, outcome, mutant.name));
    }
    return null;
  }

  /**
   * Shows that tests pass without any bug, else every bug would seem to be noticed. Once for all
   * copies, because these are alike. Resolves to the time that it takes.
   */
  prove(copy: string, tests: readonly string[]): Promise<number> {
    const key = tests.join(' ');
    const known = this.#proofs.get(key);
    if (known) return known;
    const proof = this.#proveNow(copy, tests);
    this.#proofs.set(key, proof);
    return proof;
  }

  async #proveNow(copy: string, tests: readonly string[]): Promise<number> {
    const started = performance.now();
    let outcome = await this.#run(copy, tests);
    // On a machine that others use, time can run out without any bug.
    if (outcome.kind === 'failed' && outcome.failure.late) outcome = await this.#run(copy, tests);
    if (outcome.kind === 'broken') throw new Error(broken(tests, outcome, 'no bug'));
    if (outcome.kind === 'failed') {
      const { file = tests.join(' '), what } = outcome.failure;
      throw new Error(`this fails without any bug planted: ${file}: ${what}`);
    }
    return performance.now() - started;
  }

  #run(copy: string, tests: readonly string[], limitMs?: number): Promise<Outcome> {
    return runTests({
      copy,
      tests,
      workers: this.#workers,
      signal: this.#signal,
      ...(limitMs !== undefined && { limitMs }),
    });
  }
}

function broken(tests: readonly string[], outcome: Outcome & { kind: 'broken' }, bug: string) {
  return `${tests.join(' ')} ended without a report, status ${outcome.status}, with ${bug}`;
}
