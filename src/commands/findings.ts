import { unavailable } from '../errors.js';
import type { Turn } from '../limits/turns.js';

/** So often a command begins anew: each time but the first because what it asks about was changed meanwhile. */
const MOST_TIMES = 3;

interface Working {
  /** Gives the command's turn back meanwhile. */
  readonly away: Turn['away'];
  /** So long all that is found out between two tries may take. */
  readonly ms: number;
}

/**
 * What a command has to know that takes long and hangs on nothing but what it is asked with, as whether a value fits a schema:
 * it is found out between two tries of its transaction.
 *
 * INVARIANT: whoever has a transaction open has locks that others wait for, and a tenant says how long this takes.
 */
export class Findings {
  readonly #found = new Map<string, unknown>();
  readonly #wanted = new Map<string, () => Promise<unknown>>();

  /**
   * What was found out under a name; undefined: nothing yet. Then the command goes on as if all were well, so that it asks for
   * everything at once, and is undone and begun anew.
   */
  of<T>(name: string, find: () => Promise<T>): { readonly found: T } | undefined {
    if (this.#found.has(name)) return { found: this.#found.get(name) as T };
    this.#wanted.set(name, find);
    return undefined;
  }

  /** Throws where something is not found out yet: nothing may be committed then. */
  assertComplete(): void {
    if (this.#wanted.size > 0) throw new Error('something is to be found out first');
  }

  /**
   * Does a work that asks for findings until it has them all; it must end with {@link assertComplete} before it commits.
   *
   * @throws DomainError UNAVAILABLE: it takes too long, or what is asked about changes each time
   */
  async complete<T>(work: () => Promise<T>, { away, ms }: Working): Promise<T> {
    for (let left = MOST_TIMES; ; left -= 1) {
      try {
        return await work();
      } catch (error) {
        // INVARIANT: what came of it without them is no answer, whatever it is.
        if (this.#wanted.size === 0) throw error;
        if (left === 0) throw unavailable(error);
      }
      await away(() => this.#findOut(performance.now() + ms));
    }
  }

  async #findOut(until: number): Promise<void> {
    for (const [name, find] of this.#wanted) {
      if (performance.now() > until) throw unavailable(new Error('it takes too long to find out'));
      this.#found.set(name, await find());
      this.#wanted.delete(name);
    }
  }
}
