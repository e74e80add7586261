import type { IncomingMessage } from 'node:http';
import type { RequestFacts } from '../request/reading.js';
import type { Exchange } from './exchange.js';
import { requestError } from './request-error.js';
import type { RequestHeaders } from './request-headers.js';
import { signalWhen } from './when-closed.js';

const SCOPE_HEADER = 'x-heimdall-scope';
const APP_HEADER = 'x-heimdall-app';
const VIEW_AS_HEADER = 'x-heimdall-view-as';
const LAST_EVENT = 'last-event-id';

/** What a request says of itself besides who sends it. */
export function factsOf(
  headers: RequestHeaders,
  exchange: Exchange,
  away?: RequestFacts['away'],
  subscribing?: RequestFacts['subscribing'],
): RequestFacts {
  return {
    scopeHeader: headers.get(SCOPE_HEADER),
    appHeader: headers.get(APP_HEADER),
    viewAs: headers.get(VIEW_AS_HEADER),
    requestId: exchange.id,
    away,
    subscribing,
    lastEventId: headers.get(LAST_EVENT),
    closed: exchange.onceClosed && signalWhen(exchange.onceClosed),
  };
}

/** As the caller reaches the gateway: behind a proxy that ends TLS, as that says. It tells the caller what they said. */
export function originOf({ headers }: IncomingMessage): string {
  const isSecure = headers['x-forwarded-proto'] === 'https';
  return `${isSecure ? 'https' : 'http'}://${headers.host ?? 'localhost'}`;
}

/** Nothing here goes by it, and so it is only held to what HTTP/1.1 demands (RFC 9112, 3.2). */
export function assertHost({ headers: { host }, httpVersion }: IncomingMessage): void {
  const isThere = host !== undefined || httpVersion === '1.0';
  if (isThere && (!host || /^[\w.:[\]%~!$&'()*+,;=-]+$/.test(host))) return;
  throw requestError(400, 'the host header is missing or not valid');
}
