import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ExecutionResult } from 'graphql';
import { type Context, handleProtocols, makeServer } from 'graphql-ws';
import type { Logger } from 'pino';
import { type WebSocket, WebSocketServer } from 'ws';
import { isDomainError } from '../errors.js';
import type { Limits } from '../limits/limits.js';
import type { Principal } from '../policy/principal.js';
import { type EventResult, toldOf } from './event-result.js';
import { describeError } from './log.js';
import { type RequestHeaders, readHeaders } from './request-headers.js';
import { type Prepared, prepared, type SubscribeParts, subscribed } from './socket-subscription.js';
import { targetOf } from './target.js';

/** What sockets need. */
export interface SocketParts extends SubscribeParts {
  readonly pathPrefix: string;
  readonly limits: Limits;
  readonly corsOrigins: readonly string[];
  readonly isStopping: () => boolean;
  /** Whether anything can be subscribed to. */
  readonly isOpen: boolean;
  readonly authenticate: (headers: RequestHeaders) => Promise<Principal>;
  /** Counts who opens one; throws RATE_LIMITED. */
  readonly admit: (request: IncomingMessage) => Promise<void> | undefined;
}

/** The sockets of a server. */
export interface Sockets {
  /** Takes no more, and has those that are open end when nothing is subscribed over them any more. */
  close(): void;
  terminate(): void;
}

/** The headers that the payload of `connection_init` may say instead: browsers send none with a socket. */
const SAID_AT_INIT: readonly string[] = [
  ...['authorization', 'x-api-key', 'x-virtual-key', 'x-heimdall-scope', 'x-heimdall-view-as'],
];
/** How often it is looked whether somebody is still there. */
const PING_MS = 12_000;
const GOING_AWAY = 1001;

interface Extra extends Record<PropertyKey, unknown> {
  readonly request: IncomingMessage;
  readonly socket: WebSocket;
  /** Once it is acknowledged: who subscribes over it. */
  headers?: RequestHeaders;
}
type Connection = Context<Said, Extra>;
type Said = Record<string, unknown> | undefined;

/**
 * Subscriptions over WebSockets, in the words of graphql-ws (`graphql-transport-ws`). What is subscribed goes the way of every
 * request, and what was refused there is refused here.
 *
 * INVARIANT: a browser opens a socket to any site without asking: of another origin's page none is taken that CORS would not let
 * read answers either.
 */
export function takeSockets(server: Server, parts: SocketParts, log: Logger): Sockets {
  const { limits } = parts;
  const sockets = new WebSocketServer({
    ...{ noServer: true, handleProtocols, maxPayload: limits.bodyBytes, perMessageDeflate: false },
  });
  const open = new Map<WebSocket, Connection | undefined>();
  let isClosing = false;
  const leave = (socket: WebSocket): void => {
    const connection = open.get(socket);
    const isIdle = Object.keys(connection?.subscriptions ?? {}).length === 0;
    if (isClosing && isIdle) socket.close(GOING_AWAY, 'the gateway stops');
  };
  const protocol = makeServer<Said, Extra>({
    connectionInitWaitTimeout: limits.headersMs,
    async onConnect(connection) {
      const { extra, connectionParams } = connection;
      open.set(extra.socket, connection);
      extra.headers = headersOf(extra.request, connectionParams);
      return (await parts.authenticate(extra.headers)).kind !== 'ANONYMOUS';
    },
    onSubscribe: ({ extra }, _, payload) => prepared(extra.headers, payload, limits),
    subscribe: (args) => subscribed(parts, args.contextValue as Prepared),
    onNext: (_, __, ___, ____, result) => toldOf(result as EventResult) as ExecutionResult as never,
    onError: (_, __, ___, errors) => (toldOf({ errors }) as { errors: [] }).errors,
  });
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', () => {});
    void refusalOf(request, parts, isClosing || open.size >= limits.subscriptions).then(
      (status) => {
        if (status !== undefined) return refuse(socket, status);
        sockets.handleUpgrade(request, socket, head, (one) => take(one, request));
      },
    );
  };
  // Where nobody listens for them, requests to upgrade are answered as what else they are.
  if (parts.isOpen) server.on('upgrade', onUpgrade);
  function take(socket: WebSocket, request: IncomingMessage): void {
    open.set(socket, undefined);
    let isThere = true;
    const pings = setInterval(() => {
      if (!isThere) return socket.terminate();
      isThere = false;
      socket.ping();
    }, PING_MS).unref();
    socket.on('pong', () => {
      isThere = true;
    });
    // One that breaks is closed as well.
    socket.on('error', () => {});
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        // Waits until it has gone: what comes meanwhile waits where it is bounded.
        send: (text) =>
          new Promise((resolve) => {
            if (socket.readyState !== socket.OPEN) return resolve();
            const deadline = setTimeout(() => socket.terminate(), limits.sendMs);
            socket.send(text, () => {
              clearTimeout(deadline);
              resolve();
            });
          }),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (heard) =>
          socket.on('message', (data) => {
            heard(String(data)).then(
              () => leave(socket),
              (error: unknown) => {
                if (!isDomainError(error)) {
                  log.error({ error: describeError(error) }, 'a message of a socket failed');
                }
                socket.close(isDomainError(error) ? FORBIDDEN : FAILED, 'refused');
              },
            );
          }),
      },
      { request, socket },
    );
    socket.once('close', (code, reason) => {
      clearInterval(pings);
      open.delete(socket);
      void closed(code, String(reason)).catch(() => {});
    });
  }
  return {
    close() {
      isClosing = true;
      for (const socket of open.keys()) leave(socket);
    },
    terminate() {
      for (const socket of open.keys()) socket.terminate();
    },
  };
}

const FORBIDDEN = 4403;
const FAILED = 4500;

async function refusalOf(
  request: IncomingMessage,
  { pathPrefix, corsOrigins, isStopping, admit }: SocketParts,
  isFull: boolean,
): Promise<string | undefined> {
  if (targetOf(request.url, pathPrefix).path !== '/graphql') return '404 Not Found';
  if (isStopping() || isFull) return '503 Service Unavailable';
  const { origin, host } = request.headers;
  if (origin !== undefined && !corsOrigins.includes(origin) && hostOf(origin) !== host) {
    return '403 Forbidden';
  }
  try {
    await admit(request);
    return undefined;
  } catch {
    return '429 Too Many Requests';
  }
}

const hostOf = (origin: string): string | undefined =>
  URL.canParse(origin) ? new URL(origin).host : undefined;

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}

/** INVARIANT: what is said twice is joined, and names nobody: whichever of two credentials a proxy has checked. */
function headersOf({ rawHeaders }: IncomingMessage, said: Said): RequestHeaders {
  const more = Object.entries(said ?? {}).flatMap(([name, value]) =>
    SAID_AT_INIT.includes(name.toLowerCase()) && typeof value === 'string' ? [name, value] : [],
  );
  // What the way of every request is told of the body of this one.
  const kept = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 && !/^(accept|content-type|last-event-id)$/i.test(name)
      ? [name, String(rawHeaders[index + 1])]
      : [],
  );
  const own = ['accept', 'text/event-stream, application/json', 'content-type', 'application/json'];
  return readHeaders({ rawHeaders: [...kept, ...more, ...own] });
}
