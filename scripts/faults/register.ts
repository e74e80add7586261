import type { Outcome } from './ask.js';

/** What somebody who reads may find: the values that could be there at any moment while they asked. */
export interface Watch<T> {
  readonly values: ReadonlySet<T>;
  end(): void;
}

/**
 * One value that one writer changes, a write at a time, as its readers may find it. While a write is under way it may be the value
 * before or the one after; so it may after one of which nobody knows what came of it, until the next that was acknowledged.
 */
export class Register<T> {
  #possible: ReadonlySet<T>;
  readonly #watching = new Set<Set<T>>();

  constructor(value: T) {
    this.#possible = new Set([value]);
  }

  get possible(): ReadonlySet<T> {
    return this.#possible;
  }

  watch(): Watch<T> {
    const values = new Set(this.#possible);
    this.#watching.add(values);
    return { values, end: () => void this.#watching.delete(values) };
  }

  /** Writes `value` by `work`, and keeps what came of it. */
  async write(value: T, work: () => Promise<Outcome>): Promise<Outcome> {
    const before = this.#possible;
    this.#possible = new Set([...before, value]);
    for (const values of this.#watching) values.add(value);
    const outcome = await work();
    if (outcome.kind === 'answered') this.#possible = new Set([value]);
    else if (isUndone(outcome)) this.#possible = before;
    return outcome;
  }
}

/** Whether a write that had no key is known not to have happened: refused, and no word of an unknown outcome. */
export const isUndone = (outcome: Outcome): boolean =>
  outcome.kind === 'refused' && outcome.retryable !== false;
