import { unavailable } from '../errors.js';
import type { Limits } from './limits.js';

/** How many are at work, how many wait, and for how long. */
interface TurnLimits extends Pick<Limits, 'queuedOperations' | 'queueMs'> {
  readonly concurrent: number;
}

interface Waiting {
  readonly start: () => void;
  readonly timer: NodeJS.Timeout;
}

/** A turn that is had. */
export interface Turn {
  /**
   * Gives the turn back while `work` waits for something else than this process or its database, as for a worker, and takes
   * one again afterwards. Of several at once the first gives it back and the last takes it again.
   */
  away<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * Has only so many operations at work at once, and so many wait for their turn, first come first
 * served. Throws UNAVAILABLE at once for one more, and for one that has waited too long: an
 * operation that would only join a line at the database is better told so while its caller can
 * still ask elsewhere.
 */
export class Turns {
  readonly #limits: TurnLimits;
  readonly #waiting = new Set<Waiting>();
  #running = 0;

  constructor(limits: TurnLimits) {
    this.#limits = limits;
  }

  async run<T>(work: (turn: Turn) => Promise<T>): Promise<T> {
    await this.#begin();
    const turn = this.#had();
    try {
      return await work(turn);
    } finally {
      turn.end();
    }
  }

  async #begin(): Promise<void> {
    if (this.#running >= this.#limits.concurrent) await this.#turn();
    else this.#running += 1;
  }

  #had(): Turn & { end(): void } {
    let away = 0;
    let has = true;
    return {
      away: async (work) => {
        away += 1;
        if (away === 1) {
          has = false;
          this.#next();
        }
        try {
          return await work();
        } finally {
          away -= 1;
          // INVARIANT: where there is none to be had again, there is none to be given back.
          if (away === 0) {
            await this.#begin();
            has = true;
          }
        }
      },
      end: () => {
        if (has) this.#next();
        has = false;
      },
    };
  }

  #turn(): Promise<void> {
    if (this.#waiting.size >= this.#limits.queuedOperations) {
      throw unavailable(new Error('too many operations wait'));
    }
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        start: resolve,
        timer: setTimeout(() => {
          this.#waiting.delete(waiting);
          reject(unavailable(new Error('the operation has waited too long')));
        }, this.#limits.queueMs),
      };
      this.#waiting.add(waiting);
    });
  }

  /** The turn goes to whoever waits, without being free in between. */
  #next(): void {
    for (const waiting of this.#waiting) {
      this.#waiting.delete(waiting);
      clearTimeout(waiting.timer);
      waiting.start();
      return;
    }
    this.#running -= 1;
  }
}
