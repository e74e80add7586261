import type { DECIDED_BY } from '../metrics/checks.js';
import type { ScopeRequest } from '../request/place.js';

/** What of a resource its asker says, because nobody else knows it: it is theirs to answer for. */
export interface Attributes {
  readonly ownerId?: string | null | undefined;
  readonly createdById?: string | null | undefined;
  readonly teamId?: string | null | undefined;
}

/** Of whom something is asked: one of these. */
export interface SubjectName {
  readonly userId?: string | null | undefined;
  /** A team by itself: what it permits to whoever acts as it, with nobody behind it (D42). */
  readonly teamId?: string | null | undefined;
}

/** One question: may somebody do this, with that resource, or with such a one at a scope. */
export interface Asked {
  readonly action: string;
  readonly resourceType: string;
  readonly resourceId?: string | null | undefined;
  /** What a permission's pattern is compared with besides the id (D10). */
  readonly resourceName?: string | null | undefined;
  readonly attributes?: Attributes | null | undefined;
  /** Where (D4); omitted: where the request acts. */
  readonly scope?: ScopeRequest;
  /** Who, if it is not the asker. */
  readonly subject?: SubjectName | null | undefined;
}

/** What a decision hung on: the policies, or what was looked at before them. */
export type DecidedBy = (typeof DECIDED_BY)[number];

/** Three-valued: what cannot be told is neither permitted nor refused. */
export type Answer = 'YES' | 'NO' | 'UNKNOWN';

/** What came of a question. */
export interface Decision {
  readonly answer: Answer;
  /** What it hung on, for counting. */
  readonly by: DecidedBy;
  /** In words; worked out when it is asked for. */
  readonly reason: () => string;
  /** What of it goes by the asker's own word. */
  readonly callersWord: readonly string[];
}

/** Why something is not told (issue 12): the one can be mended by saying more, the other cannot. */
export const WHY_UNKNOWN = {
  missing: 'context is missing: the answer hangs on what was not said of the resource',
  hidden: 'you may not see this part',
} as const;

/** INVARIANT: of a row that may not be read, and of none, the same words (D14). */
export const NO_SUCH_RESOURCE = 'there is no such resource that you may read';
export const NO_SUCH_SUBJECT = 'there is no such user or team that you may read';

/** A decision that needs no working out. */
export function decided(answer: Answer, by: DecidedBy, reason: string): Decision {
  return { answer, by, reason: () => reason, callersWord: [] };
}
