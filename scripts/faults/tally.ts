import type { Outcome } from './ask.js';

/** What a fault excuses: these codes, or a lost connection, from its beginning until it is over and time to recover has passed. */
export interface Excuse {
  readonly codes: readonly string[];
  readonly broken?: boolean;
}

/** How long a gateway may take to be as before once a fault is over. */
export const RECOVERY_MS = 5_000;

/** The most that is told of what is wrong; the rest is counted. */
const MOST_TOLD = 10;

/** What came of all requests of a run. */
export class Tally {
  requests = 0;
  answered = 0;
  slowestMs = 0;
  /** How often each code came, and lost connections. */
  readonly failures = new Map<string, number>();
  readonly wrong: string[] = [];
  #wrongs = 0;
  #excuse: Excuse | undefined;
  #overAt = Number.POSITIVE_INFINITY;
  #lastFailure = 0;

  /** A fault begins. */
  begin(excuse: Excuse): void {
    this.#excuse = excuse;
  }

  /** It is over. */
  over(): void {
    this.#overAt = performance.now();
  }

  /** From the end of the fault to the end of the last request that failed; 0 if none did. */
  get recoveredMs(): number {
    return Math.max(0, this.#lastFailure - this.#overAt);
  }

  blame(what: string): void {
    this.#wrongs += 1;
    if (this.wrong.length < MOST_TOLD) this.wrong.push(what);
  }

  get wrongs(): number {
    return this.#wrongs;
  }

  add(outcome: Outcome, startedAt: number, wrong: string | undefined): void {
    const now = performance.now();
    this.requests += 1;
    this.slowestMs = Math.max(this.slowestMs, now - startedAt);
    if (wrong !== undefined) this.blame(wrong);
    if (outcome.kind === 'answered') {
      this.answered += 1;
      return;
    }
    if (outcome.kind === 'malformed') return;
    const what = outcome.kind === 'refused' ? outcome.code : 'connection lost';
    this.failures.set(what, (this.failures.get(what) ?? 0) + 1);
    if (startedAt > this.#overAt) this.#lastFailure = now;
    if (!this.#isExcused(outcome, startedAt)) {
      const after = Math.round(startedAt - this.#overAt);
      const when = after > 0 ? `, ${after} ms after the fault` : '';
      this.blame(outcome.kind === 'broken' ? `${what}: ${outcome.why}${when}` : what + when);
    }
  }

  #isExcused(outcome: Outcome, startedAt: number): boolean {
    const excuse = this.#excuse;
    if (excuse === undefined || startedAt > this.#overAt + RECOVERY_MS) return false;
    if (outcome.kind === 'broken') return excuse.broken === true;
    return outcome.kind === 'refused' && excuse.codes.includes(outcome.code);
  }
}
