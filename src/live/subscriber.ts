import { type DomainError, tooSlow } from '../errors.js';
import type { LiveEvent } from '../request/live.js';

/** What an event takes in memory besides its cursor: the object, and its place in a queue. */
const EVENT_BYTES = 200;
const BYTES_PER_CHARACTER = 2;

type Step = IteratorResult<LiveEvent, undefined>;

interface Waiting {
  readonly resolve: (step: Step) => void;
  readonly reject: (error: DomainError) => void;
}

/**
 * The events that wait for one subscriber. INVARIANT: no more than so many bytes of them: who does not read is cut off, and what
 * waited for them is gone.
 */
export class Subscriber implements AsyncIterableIterator<LiveEvent> {
  readonly #most: number;
  readonly #left: () => void;
  #events: LiveEvent[] = [];
  #bytes = 0;
  #waiting: Waiting | undefined;
  #error: DomainError | undefined;
  #isOver = false;

  /** @param left is called once, when it is over, whoever ended it */
  constructor(most: number, left: () => void) {
    this.#most = most;
    this.#left = left;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Whether nothing is told any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Whether half of what may wait is left. */
  get isReading(): boolean {
    return this.#bytes * 2 <= this.#most;
  }

  push(event: LiveEvent): void {
    if (this.#isOver) return;
    const waiting = this.#waiting;
    if (waiting !== undefined) {
      this.#waiting = undefined;
      waiting.resolve({ done: false, value: event });
      return;
    }
    // To read again once is enough.
    const last = this.#events.at(-1);
    if (event.kind === 'ACCESS_CHANGED' && last?.kind === 'ACCESS_CHANGED') {
      this.#events.pop();
      this.#bytes -= bytesOf(last);
    }
    this.#events.push(event);
    this.#bytes += bytesOf(event);
    if (this.#bytes > this.#most) {
      this.#events = [];
      this.end(tooSlow());
    }
  }

  /** What waits is told first, and then why it ends. */
  end(error: DomainError): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#left();
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting === undefined) this.#error = error;
    else waiting.reject(error);
  }

  async next(): Promise<Step> {
    const event = this.#events.shift();
    if (event !== undefined) {
      this.#bytes -= bytesOf(event);
      return { done: false, value: event };
    }
    const error = this.#error;
    this.#error = undefined;
    if (error !== undefined) throw error;
    if (this.#isOver) return { done: true, value: undefined };
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  /** Nobody reads any more. */
  async return(): Promise<Step> {
    this.#events = [];
    this.#error = undefined;
    const wasOver = this.#isOver;
    this.#isOver = true;
    this.#waiting?.resolve({ done: true, value: undefined });
    this.#waiting = undefined;
    if (!wasOver) this.#left();
    return { done: true, value: undefined };
  }
}

const bytesOf = ({ cursor }: LiveEvent): number =>
  EVENT_BYTES + BYTES_PER_CHARACTER * cursor.length;
