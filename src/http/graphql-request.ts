import type { Principal } from '../policy/principal.js';
import type { Caller } from '../read/caller.js';
import type { RequestFacts } from '../request/reading.js';
import type { Exchange } from './exchange.js';
import type { RequestHeaders } from './request-headers.js';

/** What a request says, read whole. */
export interface GraphqlRequest {
  readonly method: string;
  /** The query of its URL, `?` included. */
  readonly search: string;
  readonly headers: RequestHeaders;
  readonly body: string | null;
}

/** Who sent it, and how. */
export interface Sent {
  readonly exchange: Exchange;
  readonly facts: RequestFacts;
  /** Who asks, as they are now; the same each time. Throws UNAUTHENTICATED. */
  readonly authenticate: () => Promise<Principal>;
  /** Counts the request of who asks, once; throws RATE_LIMITED. Without it nobody is counted. */
  readonly admit?: ((principal: Principal) => Promise<void>) | undefined;
  /** The same as they were when they were read, if they are known. */
  readonly recall: () => Promise<Caller | undefined>;
}

/** Who was found to have sent it. */
export interface Authenticated {
  readonly exchange: Exchange;
  readonly principal: Principal;
  readonly facts: RequestFacts;
}

/** An answer that is there as a whole. */
export interface Answered {
  readonly contentType: string;
  readonly text: string;
}
