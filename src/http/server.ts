import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DEFAULT_LIMITS, type Limits } from '../limits/limits.js';
import { endIdleConnections } from './idle-connections.js';
import { answerMalformed, type UnderWay } from './malformed.js';
import { createRouter, type RouterParts } from './router.js';
import { takeSockets } from './sockets.js';

/** What the server needs; limits that are left out have their defaults. */
export interface HttpServerOptions extends Omit<RouterParts, 'limits'> {
  readonly limits?: Partial<Limits>;
}

/** The gateway's HTTP server. */
export interface HttpServer {
  /**
   * Starts to accept connections; port 0 takes any free one. Answers the URL of the server.
   *
   * @throws ListenError
   */
  listen(host: string, port: number): Promise<string>;
  /** Accepts no more, lets requests under way finish for `deadlineMs` and then breaks them off. */
  close(deadlineMs: number): Promise<void>;
}

/** The server cannot listen where it should; one sentence for an operator. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/** So many may wait for the end of one answer. */
const LISTENERS = 30;

/** Makes the server; it listens to nothing yet. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const { route, socket } = createRouter({ ...options, limits });
  const underWay: UnderWay = new WeakMap();
  let isClosing = false;

  const server = createServer(
    {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.keepAliveMs,
      // Node looks at these times every 30 seconds unless told otherwise.
      connectionsCheckingInterval: Math.ceil(limits.headersMs / 4),
      // The router asks for it, and answers where it is missing.
      requireHostHeader: false,
    },
    take,
  );
  function take(request: IncomingMessage, response: ServerResponse): void {
    underWay.set(request.socket, response);
    // More of our parts than node expects wait for its end, each of them once: no leak to warn of.
    response.setMaxListeners(LISTENERS);
    taken(request, response);
    // A kept-alive connection would outlast its last answer and hold up the end.
    response.once('close', () => {
      if (isClosing) setImmediate(() => server.closeIdleConnections());
    });
    void route(request, response);
  }
  answerMalformed(server, underWay, options.log);
  const sockets = takeSockets(server, socket, options.log);
  // A request that begins in the last moment has the time of its headers besides.
  const taken = endIdleConnections(server, limits.keepAliveMs + limits.headersMs);
  // What a client expects besides `100-continue` is answered like everything else.
  server.on('checkExpectation', take);

  return {
    listen: (host, port) => listen(server, host, port),
    close: (deadlineMs) =>
      new Promise((resolve) => {
        isClosing = true;
        sockets.close();
        const deadline = setTimeout(() => {
          server.closeAllConnections();
          sockets.terminate();
        }, deadlineMs);
        server.close(() => {
          clearTimeout(deadline);
          resolve();
        });
      }),
  };
}

function listen(server: Server, host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => {
      reject(new ListenError(reasonOf(error, host, port), { cause: error }));
    };
    server.once('error', onError);
    server.listen(port, host, () => {
      server.off('error', onError);
      resolve(urlOf(server.address() as AddressInfo));
    });
  });
}

function reasonOf(error: NodeJS.ErrnoException, host: string, port: number): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `port ${port} of ${host} is in use: stop what listens there or set PORT to another`;
    case 'EACCES':
      return `port ${port} is not permitted to this user: set PORT to another`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is not an address of this machine: set HOST to one`;
    default:
      return `cannot listen on port ${port} of ${host}: ${error.message}`;
  }
}

function urlOf({ address, family, port }: AddressInfo): string {
  const host = ['0.0.0.0', '::'].includes(address) ? 'localhost' : address;
  return `http://${family === 'IPv6' && host !== 'localhost' ? `[${host}]` : host}:${port}`;
}
