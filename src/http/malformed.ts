import { randomUUID } from 'node:crypto';
import { type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { REQUEST_ID } from './exchange.js';
import { requestError } from './request-error.js';
import { bodyOf } from './respond.js';
import { SECURITY_HEADERS } from './security-headers.js';

/** By connection: the answer to its last request. */
export type UnderWay = WeakMap<Duplex, ServerResponse>;

interface Refusal {
  readonly status: number;
  readonly message: string;
}

const MALFORMED: Refusal = { status: 400, message: 'this is not a request of HTTP/1.1' };

/** By what the parser of requests calls them. */
const REFUSALS: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: { status: 431, message: 'the headers are too large' },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: {
    status: 413,
    message: 'the extensions of a chunk are too large',
  },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, message: 'the request did not come in time' },
};

/**
 * Answers what never becomes a request: what Node cannot parse or does not hand on.
 *
 * INVARIANT: no answer comes from anywhere but here and the router, each in one shape and with an id that
 * the log has.
 */
export function answerMalformed(server: Server, underWay: UnderWay, log: Logger): void {
  const refuse = (socket: Duplex, { status, message }: Refusal, code: string) => {
    const response = underWay.get(socket);
    const isAnswering =
      response !== undefined && !response.writableFinished && response.headersSent;
    if (!socket.writable || isAnswering) return void socket.destroy();
    const requestId = randomUUID();
    log.info({ requestId, status, code }, 'malformed request');
    socket.end(textOf(status, message, requestId), () => socket.destroy());
  };
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const code = error.code ?? 'unknown';
    if (code === 'ECONNRESET') return void socket.destroy();
    refuse(socket, REFUSALS[code] ?? MALFORMED, code);
  });
  server.on('connect', (_, socket) => {
    socket.on('error', () => {});
    refuse(socket, { status: 405, message: 'this is no proxy' }, 'CONNECT');
  });
}

function textOf(status: number, message: string, requestId: string): string {
  const body = JSON.stringify(bodyOf(requestError(status, message)));
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    ...SECURITY_HEADERS.map(([name, value]) => `${name}: ${value}`),
    'cache-control: no-store',
    `${REQUEST_ID}: ${requestId}`,
    'connection: close',
    '',
    body,
  ].join('\r\n');
}
