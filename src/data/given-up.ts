/** What somebody asks, whose statements end when nobody waits for an answer any more. */
export class Asked {
  readonly #ends = new Set<() => void>();
  #isGivenUp = false;

  /** Whether nothing more is to be sent for it. */
  get isGivenUp(): boolean {
    return this.#isGivenUp;
  }

  /** Ends the statements that are under way, and those that would be sent for it from now on. */
  giveUp(): void {
    this.#isGivenUp = true;
    for (const end of this.#ends) end();
  }

  /** Has a statement ended by `end`, until it has ended by itself and says so by what this returns. */
  watch(end: () => void): () => void {
    this.#ends.add(end);
    return () => void this.#ends.delete(end);
  }
}

let now: Asked | undefined;

/**
 * Sends a statement for what was asked. It is handed on by hand: to have Node carry it along (AsyncLocalStorage) costs every
 * promise of every request, a fifth of the reference path's time on Node 20.
 */
export function sentFor<T>(one: Asked | undefined, send: () => T): T {
  now = one;
  try {
    return send();
  } finally {
    now = undefined;
  }
}

/** Of what the statement that is being sent is; undefined: of nothing that is given up. */
export const askedNow = (): Asked | undefined => now;
