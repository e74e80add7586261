import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { GraphQLError } from 'graphql';
import { Asked } from '../data/given-up.js';
import type { ErrorCode } from '../errors.js';
import { unavailable } from '../errors.js';
import type { Principal } from '../policy/principal.js';
import type { Acting } from '../request/acting.js';
import { AUTHZEN_CONFIGURATION, isAuthzen } from './authzen-paths.js';
import type { EventResult } from './event-result.js';
import { targetOf } from './target.js';
import type { OnceClosed } from './when-closed.js';

/** Who acts in which organizations; null: in all of them. */
export type ActingIn = Pick<Acting, 'by' | 'where'>;

/** What holds memory for an answer until it has gone. */
export interface Releasable {
  readonly release?: () => void;
  readonly hold?: (bytes: number) => void;
  /** In which other organizations its caller acts (D19). */
  readonly acting?: ActingIn;
}

/** Has what is loaded for an answer counted until the answer has gone, or nobody waits for it. */
export function holdUntilClosed(
  exchange: Exchange,
  { release = () => {}, hold, acting }: Releasable,
): void {
  if (acting !== undefined) exchange.acting = acting;
  if (hold !== undefined) exchange.hold = hold;
  exchange.onceClosed?.(release);
}

/**
 * What the room knows of one request and its answer, filled in on the way; it is all that the
 * access log is made of.
 *
 * INVARIANT: it holds no credential, no header and no variable, so the log cannot either.
 */
export interface Exchange {
  readonly id: string;
  readonly method: string;
  readonly route: Route;
  readonly startedAt: number;
  /** What its statements are sent for, until it is late. */
  readonly asked: Asked;
  principal?: Principal;
  /** Tells when the answer has gone, or nobody waits for it. */
  onceClosed?: OnceClosed;
  /** Counts bytes that are held until the answer has gone; throws UNAVAILABLE where others hold too much. */
  hold?: (bytes: number) => void;
  /** In which other organizations than their own its caller acts. */
  acting?: ActingIn;
  /** Takes the events of a subscription that are sent otherwise than as an answer of HTTP. */
  takeEvents?: (events: AsyncIterable<EventResult>) => void;
  /** Whether its caller has been told that it took too long. */
  isLate?: boolean;
  /** Whether one compiled statement gave the answer. */
  isCompiled?: boolean;
  /** Of the first error that is told. */
  code?: ErrorCode;
  /** What it asks for, counted in fields of the answer. */
  cost?: number;
  operation?: { readonly type: string; readonly name: string | null };
}

/** INVARIANT: a log names the route, not the URL: the query of a URL carries variables. */
export type Route =
  | '/'
  | '/graphql'
  | '/graphiql'
  | '/health'
  | '/livez'
  | '/readyz'
  | '/people'
  | '/access'
  | typeof AUTHZEN_CONFIGURATION
  | 'unknown';

/** The header that names a request, coming and going. */
export const REQUEST_ID = 'x-request-id';

const ACCEPTABLE_ID = /^[\w.:-]{1,128}$/;

/** Keeps of the errors that are told the code of the first. */
export function noteCode(exchange: Exchange, { extensions }: GraphQLError): void {
  exchange.code ??= extensions.code as ErrorCode;
}

/** Begins the record of a request; a caller's own id is kept where it is one. */
export function beginExchange(request: IncomingMessage, pathPrefix: string): Exchange {
  const given = request.headers[REQUEST_ID];
  return {
    id: typeof given === 'string' && ACCEPTABLE_ID.test(given) ? given : randomUUID(),
    method: request.method ?? '',
    route: routeOf(targetOf(request.url, pathPrefix).path),
    startedAt: performance.now(),
    asked: new Asked(),
  };
}

function routeOf(path: string): Route {
  switch (path) {
    case '/':
    case '/graphql':
    case '/health':
    case '/livez':
    case '/readyz':
    case '/people':
    case AUTHZEN_CONFIGURATION:
      return path;
    default:
      if (isAuthzen(path)) return '/access';
      return path.startsWith('/graphiql/') ? '/graphiql' : 'unknown';
  }
}

/**
 * INVARIANT: a caller who was told that the time is over before anybody knew what was asked may send it again: so it must not
 * begin after that.
 *
 * @throws DomainError UNAVAILABLE
 */
export function assertInTime({ isLate }: Pick<Exchange, 'isLate'>): void {
  if (isLate === true) throw unavailable(new Error('the operation took too long'));
}
