import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GraphQLError, GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { isDomainError, notFound } from '../errors.js';
import type { Limits } from '../limits/limits.js';
import { Turns } from '../limits/turns.js';
import type { Principal } from '../policy/principal.js';
import type { Caller } from '../read/caller.js';
import type { Lane } from '../read/lane.js';
import type { Context } from '../request/context.js';
import type { RequestFacts } from '../request/reading.js';
import { once } from '../request/remember.js';
import { answerAuthzen, authzenConfiguration, endpointOf } from './authzen.js';
import { AUTHZEN_CONFIGURATION } from './authzen-paths.js';
import { Bodies } from './bodies.js';
import { createCors } from './cors.js';
import { beginExchange, type Exchange, REQUEST_ID } from './exchange.js';
import { createErrorFormatter } from './format-error.js';
import { createGraphiql, type GraphiqlOptions, wantsGraphiql } from './graphiql.js';
import { type ContextFor, createGraphqlHandler } from './graphql-handler.js';
import { createHealthCheck } from './health.js';
import { describeError, logAccess } from './log.js';
import { createPeopleRoute, type DemoPeople } from './people.js';
import { requestError } from './request-error.js';
import { respondError, respondJson, respondWith } from './respond.js';
import { statusOf } from './status.js';
import { targetOf } from './target.js';
import { whenClosed } from './when-closed.js';

/** Who asks. No credential: ANONYMOUS; one that is refused: a DomainError UNAUTHENTICATED (D18). */
export type Authenticate = (headers: Headers) => Promise<Principal>;

/** The same from memory, for whoever proves in their own statement that it is so still. Throws UNAUTHENTICATED. */
export type Recall = (headers: Headers) => Promise<Caller | undefined>;

/** Everything that answering requests needs. */
export interface RouterParts {
  readonly schema: GraphQLSchema;
  readonly authenticate: Authenticate;
  /** Without it nobody is known before they are read. */
  readonly recall?: Recall | undefined;
  readonly contextFor: ContextFor;
  /** The compiled path, which answers what it can in one statement. */
  readonly lane?: Lane | undefined;
  /** Of how many of its answers the reference path is asked as well: 1, of all. */
  readonly shadow?: number | undefined;
  /** What decisions are asked with in AuthZEN's words; without it nobody asks so. */
  readonly deciding?: ((principal: Principal, facts: RequestFacts) => Promise<Context>) | undefined;
  /** Pings the database. */
  readonly isHealthy: () => Promise<boolean>;
  /** Whether tokens can be verified now; without it they always can. */
  readonly hasKeys?: () => Promise<boolean>;
  readonly log: Logger;
  /** Tells callers the messages of unexpected errors. */
  readonly development: boolean;
  /** Null: GraphiQL is not served. */
  readonly graphiql: GraphiqlOptions | null;
  /** Whom GraphiQL offers to act as, where the gateway is tried out. */
  readonly people?: DemoPeople | undefined;
  readonly limits: Limits;
  /** Whose pages may read answers; without it, none but our own. */
  readonly corsOrigins?: readonly string[];
  /** Whether `__schema` and `__type` are answered; they are unless told otherwise. */
  readonly introspection?: boolean;
  /** The same of `_service`, by which a router composes the subgraph. */
  readonly subgraphSdl?: boolean;
  /** What a proxy puts in front of every path, such as `/heimdall`. */
  readonly pathPrefix?: string;
}

/** Answers one HTTP request. It never rejects. */
export type Router = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const SCOPE_HEADER = 'x-heimdall-scope';
const APP_HEADER = 'x-heimdall-app';
const VIEW_AS_HEADER = 'x-heimdall-view-as';

/** The routes: `/graphql` (GraphiQL for browsers), `/health`, `/` that leads to GraphiQL, and `/people`. */
export function createRouter(parts: RouterParts): Router {
  const { authenticate, log, limits, pathPrefix = '', hasKeys } = parts;
  const { recall = async () => undefined } = parts;
  const format = createErrorFormatter({
    development: parts.development,
    limits,
    report: ({ error, ...where }) => {
      log.error({ ...where, error: describeError(error) }, 'unexpected error');
    },
  });
  const graphql = createGraphqlHandler({
    ...parts,
    format,
    reportCompiled: (error, requestId) => {
      log.error({ requestId, error: describeError(error) }, 'the compiled path failed');
    },
  });
  const people = parts.graphiql === null ? undefined : parts.people;
  const graphiql =
    parts.graphiql && createGraphiql({ ...parts.graphiql, picker: !!people }, pathPrefix);
  const answerPeople = createPeopleRoute(people);
  const needs = { database: parts.isHealthy, ...(hasKeys && { keys: hasKeys }) };
  const checkHealth = createHealthCheck(needs, limits.healthMs, log);
  const isPreflight = createCors(parts.corsOrigins ?? [], limits.corsMaxAgeSeconds);
  const bodies = new Bodies(limits);
  const turns = new Turns({ ...limits, concurrent: limits.concurrentOperations });

  async function route(request: IncomingMessage, response: ServerResponse, exchange: Exchange) {
    assertHost(request);
    const { path, search } = targetOf(request.url, pathPrefix);
    // People are for our own pages alone.
    const isShared = exchange.route !== 'unknown' && exchange.route !== '/people';
    if (isShared && isPreflight(request, response)) return;
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (exchange.route === '/graphql') {
      if (graphiql && wantsGraphiql(request)) return graphiql.page(request, response);
      return answer(search, request, response, exchange);
    }
    if (parts.deciding && exchange.route === '/access') {
      return decide(parts.deciding, path, request, response, exchange);
    }
    if (parts.deciding && exchange.route === AUTHZEN_CONFIGURATION && isRead) {
      response.setHeader('cache-control', 'no-store');
      return respondJson(response, 200, authzenConfiguration(originOf(request) + pathPrefix));
    }
    if (exchange.route === '/health' && isRead) {
      const health = await checkHealth();
      response.setHeader('cache-control', 'no-store');
      return respondJson(response, health.ready ? 200 : 503, health);
    }
    if (graphiql && exchange.route === '/' && isRead) {
      response.writeHead(302, { location: `${pathPrefix}/graphql` }).end();
      return;
    }
    if (exchange.route === '/people') {
      if (await answerPeople(search, request, response)) return;
    } else if (graphiql && exchange.route === '/graphiql' && isRead) {
      const name = path.slice('/graphiql/'.length);
      if (await graphiql.asset(name, request, response)) return;
    } else if (exchange.route === '/health') {
      throw requestError(405, 'health can only be read', { headers: { allow: 'GET, HEAD' } });
    }
    throw notFound();
  }

  async function answer(
    search: string,
    request: IncomingMessage,
    response: ServerResponse,
    exchange: Exchange,
  ): Promise<void> {
    // INVARIANT: an answer is for the principal who asked, never for a cache to give to others.
    response.setHeader('cache-control', 'no-store');
    const headers = headersOf(request);
    const { method = '' } = request;
    const body = method === 'POST' ? await bodies.read(request) : null;
    try {
      // A turn takes what is computed, not how fast a caller sends or reads.
      const answered = await turns.run(async ({ away }) => {
        // Who has gone while waiting asks for nothing any more.
        if (response.destroyed) return undefined;
        return graphql(
          { method, search, headers, body: body?.text ?? null },
          {
            exchange,
            facts: { ...factsOf(headers, exchange), away },
            authenticate: once(() => authenticate(headers)),
            recall: () => recall(headers),
          },
        );
      });
      if (answered !== undefined) await respondWith(response, answered, exchange, limits);
    } finally {
      body?.release();
    }
  }

  async function decide(
    contextFor: NonNullable<RouterParts['deciding']>,
    path: string,
    request: IncomingMessage,
    response: ServerResponse,
    exchange: Exchange,
  ): Promise<void> {
    response.setHeader('cache-control', 'no-store');
    const headers = headersOf(request);
    const { method = '' } = request;
    const endpoint = endpointOf({ path, method, contentType: headers.get('content-type') });
    const body = await bodies.read(request);
    try {
      const answered = await turns.run(async () => {
        if (response.destroyed) return undefined;
        const principal = await authenticate(headers);
        exchange.principal = principal;
        const who = { exchange, principal, facts: factsOf(headers, exchange) };
        return answerAuthzen(contextFor, endpoint, body.text, who);
      });
      if (answered !== undefined) await respondWith(response, answered, exchange, limits);
    } finally {
      body.release();
    }
  }

  function fail(request: IncomingMessage, response: ServerResponse, error: unknown, id: string) {
    if (response.headersSent) {
      log.error({ requestId: id, error: describeError(error) }, 'the answer broke off');
      response.destroy();
      return;
    }
    const formatted = format(error, id);
    noteRefusal(error, formatted, id);
    // What is not read of a body would be taken for the next request.
    if (!request.complete) response.setHeader('connection', 'close');
    respondError(response, formatted, statusOf(formatted, limits));
  }

  function noteRefusal(error: unknown, { extensions }: GraphQLError, requestId: string): void {
    if (!isDomainError(error)) return;
    const reason = error.cause instanceof Error ? error.cause.message : undefined;
    if (extensions.code === 'UNAUTHENTICATED')
      log.info({ requestId, reason }, 'credential refused');
    if (extensions.code === 'UNAVAILABLE') log.warn({ requestId, reason }, 'cannot answer now');
  }

  return async (request, response) => {
    const exchange = beginExchange(request, pathPrefix);
    response.setHeader(REQUEST_ID, exchange.id);
    response.setHeader('x-content-type-options', 'nosniff');
    // Written to after its caller went away; the access log has it as aborted.
    response.on('error', () => {});
    logAccess(log, exchange, response);
    exchange.closed = whenClosed(request.socket, response);
    try {
      await route(request, response, exchange);
    } catch (error) {
      fail(request, response, error, exchange.id);
    }
  };
}

function factsOf(headers: Headers, { id, closed }: Exchange): RequestFacts {
  return {
    scopeHeader: headers.get(SCOPE_HEADER),
    appHeader: headers.get(APP_HEADER),
    viewAs: headers.get(VIEW_AS_HEADER),
    requestId: id,
    closed,
  };
}

/** As the caller reaches the gateway: behind a proxy that ends TLS, as that says. It tells the caller what they said. */
function originOf({ headers }: IncomingMessage): string {
  const isSecure = headers['x-forwarded-proto'] === 'https';
  return `${isSecure ? 'https' : 'http'}://${headers.host ?? 'localhost'}`;
}

/** Nothing here goes by it, and so it is only held to what HTTP/1.1 demands (RFC 9112, 3.2). */
function assertHost({ headers: { host }, httpVersion }: IncomingMessage): void {
  const isThere = host !== undefined || httpVersion === '1.0';
  if (isThere && (!host || /^[\w.:[\]%~!$&'()*+,;=-]+$/.test(host))) return;
  throw requestError(400, 'the host header is missing or not valid');
}

/**
 * INVARIANT: a repeated header is joined, not dropped as node does with a second Authorization: two
 * credentials name nobody, whichever of them a proxy in front of us has checked.
 */
function headersOf(request: IncomingMessage): Headers {
  const headers = new Headers();
  const raw = request.rawHeaders;
  for (let index = 0; index + 1 < raw.length; index += 2) {
    headers.append(String(raw[index]), String(raw[index + 1]));
  }
  return headers;
}
