import type { Vector } from '../data/write/authority.js';
import type { Principal } from '../policy/principal.js';
import type { Place } from '../policy/situation.js';
import type { ScopeRequest } from './place.js';

/** What an event says of a row, or of what its subscriber may see. */
export type LiveKind = 'STARTED' | 'CREATED' | 'UPDATED' | 'DELETED' | 'ACCESS_CHANGED';

/** One event of a subscription. */
export interface LiveEvent {
  readonly kind: LiveKind;
  /** Of which row; null: of none. */
  readonly model: string | null;
  readonly id: string | null;
  /** To come back with. */
  readonly cursor: string;
  /** Who is subscribed, as they were when it was decided that they are told. */
  readonly principal: Principal;
  /** Where they are. */
  readonly place: Place;
}

/** Who is subscribed by a credential, and for how long. */
export interface Subscribing {
  /** What those have in common who are the same by the same right; it opens nothing. */
  readonly who: string;
  /** When the credential ends by itself, in milliseconds since 1970; null: the database alone says. */
  readonly endsAt: number | null;
  /** Whether the credential itself can end without a version being raised, so that it is proved before each event. */
  readonly isProvedAnew: boolean;
  /** Who it is now, with the authority of that moment or an earlier one. Null, or UNAUTHENTICATED: it may not act any more. */
  readonly again: () => Promise<Subscribed | null>;
}

/** Somebody with the authority that they were read with (D18). */
export interface Subscribed {
  readonly principal: Principal;
  readonly vector: Vector;
}

/** What somebody wants to be told of. */
export interface LiveAsked {
  readonly subscribing: Subscribing;
  /** The header that says where the request acts, and the argument. */
  readonly scopeHeader: string | null;
  readonly scope: ScopeRequest;
  readonly models: readonly string[];
  /** The cursor to go on after; null: from now on. */
  readonly after: string | null;
}

/** What tells subscribers what was changed. */
export interface Live {
  /**
   * The events from now on, or after a cursor. It ends with an error that says why: UNAUTHENTICATED, SCOPE_FORBIDDEN, TOO_SLOW,
   * UNAVAILABLE.
   *
   * @throws DomainError LIMIT_EXCEEDED, CURSOR_EXPIRED, SCOPE_FORBIDDEN, UNAUTHENTICATED
   */
  subscribe(asked: LiveAsked): Promise<AsyncIterableIterator<LiveEvent>>;
}
