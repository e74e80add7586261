import type { Policy } from '../policy/define-policy.js';

/** Where a row lives, as the record has it (D19). */
export interface Whereabouts {
  /** Null: the platform. */
  readonly organizationId: string | null;
  /** Null: the root of its organization. */
  readonly scopeId: string | null;
}

/**
 * What a command is about, as far as its caller may know: what the record of a refusal names.
 *
 * INVARIANT: `at` is of a row that the caller has read, or of a place that they have named; of a hidden
 * row, and of none, there is the id that was asked for and nothing else (D14).
 */
export interface Aim {
  readonly id: string | null;
  readonly at: Whereabouts | null;
}

/** Where a row of such a policy lives. */
export function whereaboutsOf({ home }: Policy, row: object): Whereabouts {
  const text = (column: string): string | null => {
    const value: unknown = Reflect.get(row, column);
    return typeof value === 'string' ? value : null;
  };
  const lives = home === undefined || home.scope === home.organization ? 'scopeId' : home.scope;
  return {
    organizationId: text(home?.organization ?? 'organizationId'),
    scopeId: text(lives),
  };
}
