import { setTimeout } from 'node:timers/promises';

/** Where a primary is in what it writes, and when. */
export interface Mark {
  readonly lsn: string;
  readonly at: string;
  readonly system: string;
  readonly timeline: number;
  readonly name: string;
}

export interface FreshnessParts {
  /** Asks the primary how far it is. */
  readonly mark: () => Promise<Mark>;
  /** Asks the replica whether it has come to there. */
  readonly hasReached: (mark: Mark) => Promise<boolean>;
  /** How long both may take together, in milliseconds. */
  readonly withinMs: number;
  /** For how long nobody is asked once one of them was late or failed, in milliseconds. */
  readonly pauseMs: number;
  /** Is told once when the replica cannot be asked, and once when it can be again. */
  readonly report: (error: Error | null) => void;
}

/**
 * Whether a replica has everything that was committed before the question.
 *
 * INVARIANT: the primary is asked after each question, never before it. Those who ask while an answer is under way share the
 * next one, for what was committed meanwhile may be what they have to see.
 */
export class Freshness {
  readonly #parts: FreshnessParts;
  #running: Promise<unknown> = Promise.resolve();
  #next: Promise<boolean> | undefined;
  #pausedUntil = 0;
  #isAway = false;

  constructor(parts: FreshnessParts) {
    this.#parts = parts;
  }

  /** Never fails: what is not known to be fresh is not. */
  isFresh(): Promise<boolean> {
    this.#next ??= this.#running.then(() => {
      this.#next = undefined;
      const round = this.#round();
      this.#running = round;
      return round;
    });
    return this.#next;
  }

  async #round(): Promise<boolean> {
    const { withinMs, pauseMs, report } = this.#parts;
    if (performance.now() < this.#pausedUntil) return false;
    try {
      const isFresh = await within(withinMs, this.#compare());
      if (this.#isAway) report(null);
      this.#isAway = false;
      return isFresh;
    } catch (error) {
      this.#pausedUntil = performance.now() + pauseMs;
      if (!this.#isAway) report(error instanceof Error ? error : new Error(String(error)));
      this.#isAway = true;
      return false;
    }
  }

  async #compare(): Promise<boolean> {
    const { mark, hasReached } = this.#parts;
    return hasReached(await mark());
  }
}

/** What `work` comes to, if it does in time; what it comes to later is nobody's any more. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const given = new AbortController();
  const late = setTimeout(ms, undefined, { signal: given.signal }).then(
    () => {
      throw new Error(`no answer in ${ms} ms`);
    },
    () => new Promise<never>(() => {}),
  );
  work.catch(() => {});
  return Promise.race([work, late]).finally(() => given.abort());
}
