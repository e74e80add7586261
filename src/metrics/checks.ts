import { ERROR_CODES, type ErrorCode } from '../errors.js';

/** What a decision can have hung on: the policies, whom or what it was asked about, or what was not said or is not shown. */
export const DECIDED_BY = ['policy', 'subject', 'resource', 'missing', 'hidden'] as const;

const OUTCOMES = { YES: 'permitted', NO: 'denied', UNKNOWN: 'unknown' } as const;

/** What came of one question; a code: it could not be asked so. */
export type Checked =
  | ErrorCode
  | { readonly answer: keyof typeof OUTCOMES; readonly by: (typeof DECIDED_BY)[number] };

/** Counts decisions that were asked for. INVARIANT: there are only so many lines, whatever is asked. */
export class Checks {
  readonly #counts = new Map(
    [
      ...Object.values(OUTCOMES).flatMap((outcome) =>
        DECIDED_BY.map((reason) => ({ outcome, reason })),
      ),
      ...ERROR_CODES.map((reason) => ({ outcome: 'refused', reason })),
    ].map((labels) => [nameOf(labels), { ...labels, n: 0 }]),
  );

  readonly add = (one: Checked): void => {
    const labels =
      typeof one === 'string'
        ? { outcome: 'refused', reason: one }
        : { outcome: OUTCOMES[one.answer], reason: one.by };
    const count = this.#counts.get(nameOf(labels));
    if (count !== undefined) count.n += 1;
  };

  /** Those that there were. */
  get counts(): readonly { readonly outcome: string; readonly reason: string; n: number }[] {
    return [...this.#counts.values()].filter(({ n }) => n > 0);
  }
}

const nameOf = ({ outcome, reason }: { readonly outcome: string; readonly reason: string }) =>
  `${outcome} ${reason}`;
