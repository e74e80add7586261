import type { IncomingMessage, ServerResponse } from 'node:http';

/** Answers whether the request was one of a browser that only asks whether it may ask. */
export type Cors = (request: IncomingMessage, response: ServerResponse) => boolean;

const METHODS = 'GET, POST';
/** What our clients send beyond what a browser may send unasked. */
const HEADERS =
  'authorization, content-type, x-heimdall-scope, x-heimdall-app, x-heimdall-view-as, x-request-id, idempotency-key';
/** What their scripts may read of an answer. */
const EXPOSED = 'x-request-id, retry-after';

/**
 * Lets pages of these origins read answers, and no other page.
 *
 * INVARIANT: an origin is told its own name only when it is on the list, to the letter, and never that
 * it may send credentials of the browser: who asks is said by a header that its script must know.
 */
export function createCors(origins: readonly string[], maxAgeSeconds: number): Cors {
  const allowed = new Set(origins);
  return (request, response) => {
    if (allowed.size === 0) return false;
    const { origin } = request.headers;
    response.setHeader('vary', 'origin');
    if (origin === undefined || !allowed.has(origin)) return false;
    response.setHeader('access-control-allow-origin', origin);
    response.setHeader('access-control-expose-headers', EXPOSED);
    const asks = request.headers['access-control-request-method'];
    if (request.method !== 'OPTIONS' || asks === undefined) return false;
    response.setHeader('access-control-allow-methods', METHODS);
    response.setHeader('access-control-allow-headers', HEADERS);
    response.setHeader('access-control-max-age', String(maxAgeSeconds));
    response.writeHead(204).end();
    return true;
  };
}
