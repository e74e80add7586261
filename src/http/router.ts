import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { isDomainError } from '../errors.js';
import type { Limits } from '../limits/limits.js';
import type { Principal } from '../policy/principal.js';
import { beginExchange, type Exchange, REQUEST_ID } from './exchange.js';
import { createErrorFormatter } from './format-error.js';
import { createGraphiql, type GraphiqlOptions, wantsGraphiql } from './graphiql.js';
import { type ContextFor, createGraphqlHandler } from './graphql-handler.js';
import { createHealthCheck } from './health.js';
import { describeError, logAccess } from './log.js';
import { createPeopleRoute, type DemoPeople } from './people.js';
import { respondError, respondJson } from './respond.js';

/** Who asks. No credential: ANONYMOUS; one that is refused: a DomainError UNAUTHENTICATED (D18). */
export type Authenticate = (headers: Headers) => Promise<Principal>;

/** Everything that answering requests needs. */
export interface RouterParts {
  readonly schema: GraphQLSchema;
  readonly authenticate: Authenticate;
  readonly contextFor: ContextFor;
  /** Pings the database. */
  readonly isHealthy: () => Promise<boolean>;
  readonly log: Logger;
  /** Tells callers the messages of unexpected errors. */
  readonly development: boolean;
  readonly graphiql: GraphiqlOptions;
  /** Whom GraphiQL offers to act as, where the gateway is tried out. */
  readonly people?: DemoPeople | undefined;
  readonly limits: Limits;
}

/** Answers one HTTP request. It never rejects. */
export type Router = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const SCOPE_HEADER = 'x-heimdall-scope';

/** The routes: `/graphql` (GraphiQL for browsers), `/health`, `/` that leads to GraphiQL, and `/people`. */
export function createRouter(parts: RouterParts): Router {
  const { authenticate, log, limits } = parts;
  const format = createErrorFormatter({
    development: parts.development,
    limits,
    report: ({ error, ...where }) => {
      log.error({ ...where, error: describeError(error) }, 'unexpected error');
    },
  });
  const graphql = createGraphqlHandler({ ...parts, format });
  const graphiql = createGraphiql({ ...parts.graphiql, picker: parts.people !== undefined });
  const answerPeople = createPeopleRoute(parts.people);
  const checkHealth = createHealthCheck(parts.isHealthy, limits.healthMs, log);

  async function route(request: IncomingMessage, response: ServerResponse, exchange: Exchange) {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (exchange.route === '/graphql') {
      if (wantsGraphiql(request)) return graphiql(request, response);
      // INVARIANT: an answer is for the principal who asked, never for a cache to give to others.
      response.setHeader('cache-control', 'no-store');
      const headers = headersOf(request);
      exchange.principal = await authenticate(headers);
      const { principal } = exchange;
      return graphql(request, response, {
        exchange,
        principal,
        scopeHeader: headers.get(SCOPE_HEADER),
      });
    }
    if (exchange.route === '/health' && isRead) {
      const health = await checkHealth();
      response.setHeader('cache-control', 'no-store');
      return respondJson(response, health.status === 'ok' ? 200 : 503, health);
    }
    if (exchange.route === '/' && isRead) {
      response.writeHead(302, { location: '/graphql' }).end();
      return;
    }
    if (exchange.route === '/people') {
      if (!(await answerPeople(request, response))) response.writeHead(404).end();
      return;
    }
    response.writeHead(exchange.route === 'unknown' ? 404 : 405).end();
  }

  function fail(response: ServerResponse, error: unknown, exchange: Exchange): void {
    if (response.headersSent) {
      log.error({ requestId: exchange.id, error: describeError(error) }, 'the answer broke off');
      response.destroy();
      return;
    }
    const isRefusal = isDomainError(error) && error.code === 'UNAUTHENTICATED';
    if (isRefusal) {
      const reason = error.cause instanceof Error ? error.cause.message : undefined;
      log.info({ requestId: exchange.id, reason }, 'credential refused');
      response.setHeader('www-authenticate', 'Bearer');
    }
    respondError(response, isRefusal ? 401 : 500, format(error, exchange.id));
  }

  return async (request, response) => {
    const exchange = beginExchange(request);
    response.setHeader(REQUEST_ID, exchange.id);
    response.setHeader('x-content-type-options', 'nosniff');
    logAccess(log, exchange, response);
    try {
      await route(request, response, exchange);
    } catch (error) {
      fail(response, error, exchange);
    }
  };
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
