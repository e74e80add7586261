import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GraphQLError, GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { isDomainError, notFound } from '../errors.js';
import type { Limits } from '../limits/limits.js';
import { Turns } from '../limits/turns.js';
import type { Metrics } from '../metrics/metrics.js';
import type { Principal } from '../policy/principal.js';
import type { Caller } from '../read/caller.js';
import type { Lane } from '../read/lane.js';
import type { Context } from '../request/context.js';
import type { Subscribing } from '../request/live.js';
import type { RequestFacts } from '../request/reading.js';
import { once } from '../request/remember.js';
import type { NamedDocuments } from '../shared/named-documents.js';
import type { RateLimits } from '../shared/rate-limits.js';
import { untraced } from '../telemetry/traced.js';
import type { Tracing } from '../telemetry/tracing.js';
import { answerAuthzen, authzenConfiguration, endpointOf } from './authzen.js';
import { AUTHZEN_CONFIGURATION } from './authzen-paths.js';
import { Bodies } from './bodies.js';
import { clientAddress } from './client-address.js';
import { createCors } from './cors.js';
import { countedOnce, countRequest, spanOf } from './count-request.js';
import { type OperationTime, operationTime } from './deadline.js';
import type { EventResult } from './event-result.js';
import { beginExchange, type Exchange, noteCode, REQUEST_ID } from './exchange.js';
import { createErrorFormatter } from './format-error.js';
import { createGraphiql, type GraphiqlOptions, wantsGraphiql } from './graphiql.js';
import { type ContextFor, createGraphqlHandler } from './graphql-handler.js';
import { assertHost, factsOf, originOf } from './incoming.js';
import { describeError, logAccess } from './log.js';
import { createPeopleRoute, type DemoPeople } from './people.js';
import { createProbes } from './probes.js';
import { type RecordActing, recorded } from './record-acting.js';
import { type RequestHeaders, readHeaders } from './request-headers.js';
import { respondError, respondJson, respondWith } from './respond.js';
import { SECURITY_HEADERS } from './security-headers.js';
import { sendEvents } from './send-events.js';
import { DifferentAnswersError } from './shadow.js';
import type { SocketParts } from './sockets.js';
import { statusOf } from './status.js';
import { targetOf } from './target.js';
import { whenClosed } from './when-closed.js';

/** Who asks. No credential: ANONYMOUS; one that is refused: a DomainError UNAUTHENTICATED (D18). */
export type Authenticate = (headers: RequestHeaders) => Promise<Principal>;

/** The same from memory, for whoever proves in their own statement that it is so still. Throws UNAUTHENTICATED. */
export type Recall = (headers: RequestHeaders) => Promise<Caller | undefined>;

/** Everything that answering requests needs. */
export interface RouterParts {
  readonly schema: GraphQLSchema;
  readonly authenticate: Authenticate;
  /** Without it nobody is known before they are read. */
  readonly recall?: Recall | undefined;
  /** By which right who asks subscribes. Without it nobody does. */
  readonly subscribingBy?: ((headers: RequestHeaders) => Promise<Subscribing>) | undefined;
  readonly contextFor: ContextFor;
  /** The compiled path, which answers what it can in one statement. */
  readonly lane?: Lane | undefined;
  /** Of how many of its answers the reference path is asked as well: 1, of all. */
  readonly shadow?: number | undefined;
  /** What decisions are asked with in AuthZEN's words; without it nobody asks so. */
  readonly deciding?: ((principal: Principal, facts: RequestFacts) => Promise<Context>) | undefined;
  /** Records in which other organizations a request acts; without it nothing is recorded. */
  readonly recordActing?: RecordActing | undefined;
  /** Pings the database. */
  readonly isHealthy: () => Promise<boolean>;
  /** Whether tokens can be verified now; without it they always can. */
  readonly hasKeys?: () => Promise<boolean>;
  /** Whether the database has what this version needs; without it nobody asks. */
  readonly isMigrated?: (() => Promise<boolean>) | undefined;
  /** Whether requests should go elsewhere from now on. */
  readonly isStopping?: (() => boolean) | undefined;
  /** What is counted; without it nothing is. */
  readonly metrics?: Metrics | undefined;
  /** Traces requests; without it nothing is traced. */
  readonly tracing?: Tracing | undefined;
  readonly log: Logger;
  /** Tells callers the messages of unexpected errors. */
  readonly development: boolean;
  /** Null: GraphiQL is not served. */
  readonly graphiql: GraphiqlOptions | null;
  /** Whom GraphiQL offers to act as, where the gateway is tried out. */
  readonly people?: DemoPeople | undefined;
  readonly limits: Limits;
  /** Who may ask how often; without it, as often as they like. */
  readonly rates?: RateLimits | undefined;
  /** Documents by their hashes; without it none are taken. */
  readonly named?: NamedDocuments | undefined;
  /** Whose pages may read answers; without it, none but our own. */
  readonly corsOrigins?: readonly string[];
  /** Whether `__schema` and `__type` are answered; they are unless told otherwise. */
  readonly introspection?: boolean;
  /** The same of `_service`, by which a router composes the subgraph. */
  readonly subgraphSdl?: boolean;
  /** What a proxy puts in front of every path, such as `/heimdall`. */
  readonly pathPrefix?: string;
}

/** What answers. */
export interface Router {
  /** Answers one HTTP request. It never rejects. */
  readonly route: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** What a WebSocket is opened for, and what is subscribed over it. */
  readonly socket: SocketParts;
}

/** The routes: `/graphql` (GraphiQL for browsers), probes, `/` that leads to GraphiQL, and `/people`. */
export function createRouter(parts: RouterParts): Router {
  const { log, limits, pathPrefix = '', hasKeys, metrics, tracing } = parts;
  const { traced = untraced } = tracing ?? {};
  const authenticate: Authenticate = (headers) =>
    traced('authenticate', {}, () => parts.authenticate(headers));
  const { recall = async () => undefined, subscribingBy } = parts;
  const format = createErrorFormatter({
    development: parts.development,
    limits,
    suggestions: parts.introspection ?? true,
    report: ({ error, ...where }) => {
      log.error({ ...where, error: describeError(error) }, 'unexpected error');
    },
  });
  const graphql = createGraphqlHandler({
    ...parts,
    format,
    reportCompiled: (error, requestId) => {
      const said = { requestId, error: describeError(error) };
      // One of them may have shown what nobody may see: another matter than a path that broke.
      if (error instanceof DifferentAnswersError) {
        log.error({ security: 'DIFFERENT_ANSWERS', ...said }, 'the paths answered differently');
      } else log.error(said, 'the compiled path failed');
    },
  });
  const people = parts.graphiql === null ? undefined : parts.people;
  const graphiql =
    parts.graphiql && createGraphiql({ ...parts.graphiql, picker: !!people }, pathPrefix);
  const answerPeople = createPeopleRoute(people);
  const needs = { database: parts.isHealthy, ...(hasKeys && { keys: hasKeys }) };
  const answerProbe = createProbes({
    needs,
    needsToBeReady: parts.isMigrated === undefined ? {} : { migrations: parts.isMigrated },
    isStopping: parts.isStopping ?? (() => false),
    timeoutMs: limits.healthMs,
    log,
  });
  const isPreflight = createCors(parts.corsOrigins ?? [], limits.corsMaxAgeSeconds);
  const bodies = new Bodies(limits);
  const turns = new Turns({ ...limits, concurrent: limits.concurrentOperations });
  metrics?.watch('heimdall_held_bytes', 'bodies', () => bodies.bytes);
  metrics?.watch('heimdall_operations', 'running', () => turns.running);
  metrics?.watch('heimdall_operations', 'waiting', () => turns.waiting);
  const { admitAddress, admitPrincipal } = parts.rates ?? {};

  const timeOf = (exchange: Exchange): OperationTime =>
    operationTime(
      limits.operationMs,
      () => exchange.operation?.type === 'mutation',
      () => {
        exchange.isLate = true;
        exchange.asked.giveUp();
      },
    );

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
    if (await answerProbe(exchange.route, request, response)) return;
    if (graphiql && exchange.route === '/' && isRead) {
      response.writeHead(302, { location: `${pathPrefix}/graphql` }).end();
      return;
    }
    if (exchange.route === '/people') {
      if (await answerPeople(search, request, response)) return;
    } else if (graphiql && exchange.route === '/graphiql' && isRead) {
      const name = path.slice('/graphiql/'.length);
      if (await graphiql.asset(name, request, response)) return;
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
    // In front of the body: who asks too often has nothing read.
    await admitAddress?.(clientAddress(request, limits.trustedProxies));
    const headers = readHeaders(request);
    const { method = '' } = request;
    const body = method === 'POST' ? await bodies.read(request) : null;
    try {
      // A turn takes what is computed, not how fast a caller sends or reads.
      const time = timeOf(exchange);
      const work = turns.run(async ({ away }) => {
        // Who has gone while waiting asks for nothing any more; nor does who was told that it took too long.
        if (response.destroyed || response.headersSent) return undefined;
        const sent = {
          exchange,
          facts: factsOf(
            headers,
            exchange,
            (one) => time.stopped(() => away(one)),
            subscribingBy && (() => subscribingBy(headers)),
          ),
          authenticate: once(() => authenticate(headers)),
          recall: () => recall(headers),
          admit: admitPrincipal && countedOnce(admitPrincipal),
        };
        const asked = { method, search, headers, body: body?.text ?? null };
        return traced('operation', {}, () => graphql(asked, sent));
      });
      let events: AsyncIterable<EventResult> | undefined;
      exchange.takeEvents = (taken) => {
        events = taken;
      };
      const answered = await time.within(work);
      body?.release();
      if (events !== undefined) return await sendEvents(response, events, limits);
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
    const headers = readHeaders(request);
    const { method = '' } = request;
    await admitAddress?.(clientAddress(request, limits.trustedProxies));
    const endpoint = endpointOf({ path, method, contentType: headers.get('content-type') });
    const body = await bodies.read(request);
    try {
      const time = timeOf(exchange);
      const work = turns.run(async () => {
        if (response.destroyed || response.headersSent) return undefined;
        const principal = await authenticate(headers);
        exchange.principal = principal;
        await admitPrincipal?.(principal);
        const who = { exchange, principal, facts: factsOf(headers, exchange) };
        const decided = traced('decision', {}, () =>
          answerAuthzen(contextFor, endpoint, body.text, who),
        );
        // Whatever is answered, a refusal as well.
        return decided.finally(() => recorded(exchange, parts.recordActing));
      });
      const answered = await time.within(work);
      if (answered !== undefined) await respondWith(response, answered, exchange, limits);
    } finally {
      body.release();
    }
  }

  function fail(
    request: IncomingMessage,
    response: ServerResponse,
    error: unknown,
    exchange: Exchange,
  ) {
    const { id } = exchange;
    if (response.headersSent) {
      log.error({ requestId: id, error: describeError(error) }, 'the answer broke off');
      response.destroy();
      return;
    }
    const formatted = format(error, id);
    noteCode(exchange, formatted);
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

  const routed: Router['route'] = async (request, response) => {
    const exchange = beginExchange(request, pathPrefix);
    response.setHeader(REQUEST_ID, exchange.id);
    for (const [name, value] of SECURITY_HEADERS) response.setHeader(name, value);
    // Who keeps its connection would come back to a gateway that is about to go.
    if (parts.isStopping?.() === true) response.setHeader('connection', 'close');
    // Written to after its caller went away; the access log has it as aborted.
    response.on('error', () => {});
    logAccess(log, exchange, response);
    if (metrics !== undefined) countRequest(metrics, exchange, response);
    exchange.onceClosed = whenClosed(request.socket, response);
    const answered = async (): Promise<void> => {
      try {
        await route(request, response, exchange);
      } catch (error) {
        fail(request, response, error, exchange);
      }
    };
    const isTraced = exchange.route === '/graphql' || exchange.route === '/access';
    if (tracing === undefined || !isTraced) return answered();
    const told = () => spanOf(exchange, response.statusCode);
    await tracing.request(request.headers, told, answered);
  };
  return {
    route: routed,
    socket: {
      pathPrefix,
      limits,
      corsOrigins: parts.corsOrigins ?? [],
      isStopping: parts.isStopping ?? (() => false),
      isOpen: subscribingBy !== undefined && limits.subscriptions > 0,
      authenticate,
      admit: (request) => admitAddress?.(clientAddress(request, limits.trustedProxies)),
      async subscribe({ body, headers, exchange, closed }) {
        try {
          const time = timeOf(exchange);
          const work = turns.run(({ away }) => {
            const facts = {
              ...factsOf(headers, exchange, away, subscribingBy && (() => subscribingBy(headers))),
              closed: () => closed,
            };
            const sent = {
              ...{ exchange, facts, recall: async () => undefined },
              authenticate: once(() => authenticate(headers)),
              admit: admitPrincipal && countedOnce(admitPrincipal),
            };
            return traced('operation', {}, () =>
              graphql({ method: 'POST', search: '', headers, body }, sent),
            );
          });
          return await time.within(work);
        } catch (error) {
          const formatted = format(error, exchange.id);
          noteCode(exchange, formatted);
          noteRefusal(error, formatted, exchange.id);
          return formatted;
        }
      },
    },
  };
}
