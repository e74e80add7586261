import { BadUserInputError, ScopeForbiddenError } from './errors.js';
import type { CheckInput } from './generated.js';

/** Answers questions in their order; throws if one of them is none. */
export type AskMany = (checks: readonly CheckInput[]) => Promise<readonly boolean[]>;

/** At most so many in a request; the gateway takes 1000. */
const MOST = 500;

interface Waiting {
  readonly check: CheckInput;
  readonly resolve: (allowed: boolean) => void;
  readonly reject: (error: unknown) => void;
}

/** Gathers what is asked in one turn of the event loop, by where it is asked, and asks it at once. */
export class Checks {
  readonly #gathered = new Map<string, { readonly ask: AskMany; readonly waiting: Waiting[] }>();

  /** @param where what else the answer hangs on: questions of different places are not mixed */
  ask(where: string, ask: AskMany, check: CheckInput): Promise<boolean> {
    return new Promise((resolve, reject) => {
      let gathered = this.#gathered.get(where);
      if (gathered === undefined) {
        if (this.#gathered.size === 0) queueMicrotask(() => this.#flush());
        gathered = { ask, waiting: [] };
        this.#gathered.set(where, gathered);
      }
      gathered.waiting.push({ check, resolve, reject });
    });
  }

  #flush(): void {
    const all = [...this.#gathered.values()];
    this.#gathered.clear();
    for (const { ask, waiting } of all) {
      for (let from = 0; from < waiting.length; from += MOST) {
        void answer(ask, waiting.slice(from, from + MOST));
      }
    }
  }
}

/** A question that is none refuses all that come with it: the others are asked again without it. */
async function answer(ask: AskMany, waiting: readonly Waiting[]): Promise<void> {
  try {
    const answers = await ask(waiting.map(({ check }) => check));
    // INVARIANT: what is not answered is not allowed.
    for (const [index, { resolve }] of waiting.entries()) resolve(answers[index] === true);
  } catch (error) {
    const isOneOfThem = error instanceof BadUserInputError || error instanceof ScopeForbiddenError;
    if (!isOneOfThem || waiting.length === 1) {
      for (const { reject } of waiting) reject(error);
      return;
    }
    const middle = waiting.length >> 1;
    await Promise.all([answer(ask, waiting.slice(0, middle)), answer(ask, waiting.slice(middle))]);
  }
}
