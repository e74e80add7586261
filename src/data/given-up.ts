import { AsyncLocalStorage } from 'node:async_hooks';

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

const asked = new AsyncLocalStorage<Asked | undefined>();

/** Does work whose statements are of what was asked. */
export const during = <T>(one: Asked, work: () => T): T => asked.run(one, work);

/** The same of work that others wait for as well. */
export const apart = <T>(work: () => T): T => asked.run(undefined, work);

/** Of what the statement that is sent now is; undefined: of nothing that is given up. */
export const askedNow = (): Asked | undefined => asked.getStore();
