import { ERROR_CODES, type ErrorCode } from '../errors.js';
import type { Limits } from '../limits/limits.js';
import { Checks } from './checks.js';
import { Latencies } from './latencies.js';

/** How a request was answered. */
export const PATHS = ['compiled', 'reference'] as const;
export type Path = (typeof PATHS)[number];

/** What came of asking both of them the same. */
export const COMPARISONS = ['alike', 'different', 'failed'] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** The name of what has none, and of all operations beyond those that are told apart. */
const OTHER = 'other';

/** One caller brings this share of the operations that are told apart. */
const SHARES = 10;

/** What is looked at when somebody asks, by one label. */
export const GAUGES = {
  heimdall_cache_bytes: { label: 'cache', help: 'What a cache takes in memory' },
  heimdall_held_bytes: { label: 'of', help: 'What bodies and answers under way take in memory' },
  heimdall_operations: { label: 'state', help: 'Operations at work and waiting for their turn' },
  heimdall_replica_reads: {
    label: 'answered_by',
    help: 'Compiled reads since the start that a replica could answer',
  },
  heimdall_pool_connections: { label: 'state', help: 'Connections to the database server' },
} as const;

export type GaugeName = keyof typeof GAUGES;

/** Has a gauge read from then on; one of the same name and label takes its place. */
export type Watch = (gauge: GaugeName, label: string, read: () => number) => void;

/** One request for GraphQL or for decisions that was answered, or given up. */
export interface Answered {
  readonly path: Path;
  /** As the document names it; null: not at all, or nobody knows who asks. */
  readonly operation: string | null;
  /** Who asks, by an id; null: nobody knows. */
  readonly caller: string | null;
  /** Of its first error; undefined: there was none. */
  readonly code: ErrorCode | undefined;
  readonly seconds: number;
}

/** The codes by which somebody is told that they may not. */
const DENIALS: readonly ErrorCode[] = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'SCOPE_FORBIDDEN',
  'CASCADE_WRITE_FORBIDDEN',
];

/**
 * What is counted of this process.
 *
 * INVARIANT: there are only so many numbers, whatever callers say: codes and paths are a closed set, and so many
 * operations have a line of their own, of callers who are known. None of them can use up all the lines: each brings a tenth of
 * them, at most.
 */
export class Metrics {
  readonly #operations: number;
  /** How many lines each caller has brought; of those alone who have, and so no more than there are lines. */
  readonly #brought = new Map<string, number>();
  readonly #latencies = new Map<string, Readonly<Record<Path, Latencies>>>();
  readonly #errors = new Map<ErrorCode, number>(ERROR_CODES.map((code) => [code, 0]));
  readonly #comparisons = new Map<Comparison, number>(COMPARISONS.map((one) => [one, 0]));
  readonly #gauges = new Map<GaugeName, Map<string, () => number>>();
  /** Of those decisions that were asked for, as by `check`. */
  readonly checks = new Checks();
  #permitted = 0;

  constructor({ metricsOperations }: Pick<Limits, 'metricsOperations'>) {
    this.#operations = metricsOperations;
    this.#latencies.set(OTHER, pathsOf());
  }

  readonly watch: Watch = (gauge, label, read) => {
    const known = this.#gauges.get(gauge) ?? new Map<string, () => number>();
    known.set(label, read);
    this.#gauges.set(gauge, known);
  };

  /** Counts a request; nothing is made for it but the first time that its operation is seen. */
  add({ path, operation, caller, code, seconds }: Answered): void {
    this.#latenciesOf(caller === null ? null : operation, caller ?? OTHER)[path].add(seconds);
    if (code === undefined) this.#permitted += 1;
    else this.#errors.set(code, (this.#errors.get(code) ?? 0) + 1);
  }

  /** Counts a compiled answer for which the reference path was asked as well. */
  compare(outcome: Comparison): void {
    this.#comparisons.set(outcome, (this.#comparisons.get(outcome) ?? 0) + 1);
  }

  get comparisons(): ReadonlyMap<Comparison, number> {
    return this.#comparisons;
  }

  get latencies(): ReadonlyMap<string, Readonly<Record<Path, Latencies>>> {
    return this.#latencies;
  }

  get errors(): ReadonlyMap<ErrorCode, number> {
    return this.#errors;
  }

  /** What was decided, by outcome and reason. */
  get decisions(): readonly { readonly outcome: string; readonly reason: string; n: number }[] {
    return [
      { outcome: 'permitted', reason: 'policy', n: this.#permitted },
      ...DENIALS.map((reason) => ({
        outcome: 'denied',
        reason,
        n: this.#errors.get(reason) ?? 0,
      })),
    ];
  }

  /** The values of a gauge now, by label. */
  read(gauge: GaugeName): readonly (readonly [label: string, value: number])[] {
    return [...(this.#gauges.get(gauge) ?? [])].map(([label, read]) => [label, read()] as const);
  }

  #latenciesOf(operation: string | null, caller: string): Readonly<Record<Path, Latencies>> {
    const known = this.#latencies.get(operation ?? OTHER);
    if (known !== undefined) return known;
    const brought = this.#brought.get(caller) ?? 0;
    // Besides those of all others.
    const isFull = this.#latencies.size > this.#operations;
    if (isFull || brought >= Math.ceil(this.#operations / SHARES)) {
      return this.#latenciesOf(null, caller);
    }
    this.#brought.set(caller, brought + 1);
    const made = pathsOf();
    this.#latencies.set(operation ?? OTHER, made);
    return made;
  }
}

const pathsOf = (): Readonly<Record<Path, Latencies>> => ({
  compiled: new Latencies(),
  reference: new Latencies(),
});
