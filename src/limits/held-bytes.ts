import { badUserInput, unavailable } from '../errors.js';
import type { Limits } from './limits.js';

type ByteLimits = Pick<Limits, 'answerBytes' | 'heldAnswerBytes'>;

/** So much a request holds without being counted with the others: the small ones always find room. */
const FREE_BYTES = 256_000;

/** What one request has loaded, from its first row until its answer has gone. */
export interface Held {
  /**
   * Counts what is about to be loaded, or has been. Throws BAD_USER_INPUT where the request has had all that it may
   * have, and UNAVAILABLE where the others hold too much, or where the answer is awaited no more.
   */
  take(bytes: number): void;
  /** Counts an answer of so many bytes, in place of what it was made of where that was less. Throws as `take` does. */
  hold(bytes: number): void;
  /** Gives all of it back. */
  release(): void;
}

/**
 * What all requests of the gateway hold together. A request may take half of what the others leave, so that
 * the largest are refused first and there is always room for smaller ones.
 */
export class HeldBytes {
  readonly #limits: ByteLimits;
  #shared = 0;

  constructor(limits: ByteLimits) {
    this.#limits = limits;
  }

  /** What is counted of all requests under way, in bytes. */
  get bytes(): number {
    return this.#shared;
  }

  open(): Held {
    const { answerBytes, heldAnswerBytes } = this.#limits;
    let mine = 0;
    let isOver = false;
    const shared = (bytes: number): number => Math.max(0, bytes - FREE_BYTES);
    const held: Held = {
      take: (bytes) => {
        if (isOver) throw unavailable(new Error('the answer is awaited no more'));
        const wanted = mine + bytes;
        if (wanted > answerBytes) {
          throw badUserInput(
            `an answer has at most ${answerBytes} bytes: ask for fewer rows, or for less of each`,
          );
        }
        const others = this.#shared - shared(mine);
        if (shared(wanted) > (heldAnswerBytes - others) / 2) {
          throw unavailable(new Error('other answers hold too much memory'));
        }
        this.#shared = others + shared(wanted);
        mine = wanted;
      },
      hold: (bytes) => held.take(Math.max(0, bytes - mine)),
      release: () => {
        if (!isOver) this.#shared -= shared(mine);
        isOver = true;
      },
    };
    return held;
  }
}
