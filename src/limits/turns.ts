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

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#limits.concurrent) await this.#turn();
    else this.#running += 1;
    try {
      return await work();
    } finally {
      this.#next();
    }
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
