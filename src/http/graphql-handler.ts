import type { GraphQLSchema } from 'graphql';
import { createYoga } from 'graphql-yoga';
import type { Limits } from '../limits/limits.js';
import type { Metrics } from '../metrics/metrics.js';
import type { Principal } from '../policy/principal.js';
import type { Lane } from '../read/lane.js';
import type { RequestFacts } from '../request/reading.js';
import { NamedDocuments } from '../shared/named-documents.js';
import { untraced } from '../telemetry/traced.js';
import type { Tracing } from '../telemetry/tracing.js';
import { answerCompiled } from './compiled.js';
import { DocumentCache } from './document-cache.js';
import { assertInTime, holdUntilClosed, type Releasable } from './exchange.js';
import type { FormatError } from './format-error.js';
import type { Answered, Authenticated, GraphqlRequest, Sent } from './graphql-request.js';
import { type RecordActing, recorded } from './record-acting.js';
import { repeatOf } from './repeat.js';
import { compareWithReference, DifferentAnswersError } from './shadow.js';
import { useCost } from './use-cost.js';
import { useDocuments } from './use-documents.js';
import { useErrors } from './use-errors.js';
import { useEventStreams } from './use-event-streams.js';
import { useHiddenSchema } from './use-hidden-schema.js';
import { useLimits } from './use-limits.js';
import { useNamedDocuments } from './use-named-documents.js';
import { useStrictRequests } from './use-strict-requests.js';
import { useSubscriptions } from './use-subscriptions.js';
import { useViewAs } from './use-view-as.js';
import { useWithheld } from './use-withheld.js';

/** Builds what resolvers get; rejects with SCOPE_FORBIDDEN for a scope header that is refused (D4). */
export type ContextFor = (principal: Principal, facts: RequestFacts) => Promise<Releasable>;

/** What executing operations needs. */
export interface GraphqlParts {
  readonly schema: GraphQLSchema;
  readonly contextFor: ContextFor;
  readonly format: FormatError;
  readonly limits: Limits;
  readonly introspection?: boolean;
  readonly subgraphSdl?: boolean;
  /** Documents by their hashes; without it none are taken, and any document is answered. */
  readonly named?: NamedDocuments | undefined;
  readonly metrics?: Metrics | undefined;
  readonly tracing?: Tracing | undefined;
  /** The compiled path; without it the other one answers everything. */
  readonly lane?: Lane | undefined;
  /** Of how many compiled answers the other path is asked as well: 1, of all. */
  readonly shadow?: number | undefined;
  /** Records in which other organizations a request acts; without it nothing is recorded. */
  readonly recordActing?: RecordActing | undefined;
  /** Is told what went wrong on the compiled path, though the other one has answered. */
  readonly reportCompiled?: (error: unknown, requestId: string) => void;
}

/** Answers one GraphQL request; it writes to no connection, so that whatever is written is ours. */
export type GraphqlHandler = (request: GraphqlRequest, sent: Sent) => Promise<Response | Answered>;

const ENDPOINT = '/graphql';

/** Yoga with everything off that this gateway does itself or does not do. */
export function createGraphqlHandler({
  schema,
  contextFor,
  format,
  limits,
  introspection = true,
  subgraphSdl = true,
  named = new NamedDocuments({ limits }),
  metrics,
  tracing,
  lane,
  shadow = 0,
  recordActing,
  reportCompiled: report = () => {},
}: GraphqlParts): GraphqlHandler {
  const { traced = untraced } = tracing ?? {};
  const documents = new DocumentCache(limits.documentCacheBytes);
  metrics?.watch('heimdall_cache_bytes', 'documents', () => documents.bytes);
  metrics?.watch('heimdall_cache_bytes', 'persisted queries', () => named.bytes);
  const yoga = createYoga<Authenticated, object>({
    schema,
    context: async ({ principal, facts, exchange, request, params }) => {
      const repeat = repeatOf(request.headers, params, facts);
      const context = await traced('decision', {}, () =>
        contextFor(principal, { ...facts, repeat }),
      );
      holdUntilClosed(exchange, context);
      return context;
    },
    graphqlEndpoint: ENDPOINT,
    graphiql: false,
    landingPage: false,
    cors: false,
    batching: false,
    multipart: false,
    maskedErrors: false,
    logging: false,
    // What comes is bounded where it is read; this would count it once more.
    maxRequestBodySize: false,
    // It keeps what anybody sends, by count.
    parserAndValidationCache: false,
    plugins: [
      useStrictRequests(limits),
      useNamedDocuments(named),
      useLimits(limits, documents),
      useDocuments(documents),
      useHiddenSchema({ introspection, subgraphSdl }),
      useErrors(format, limits),
      useCost(limits),
      useWithheld(),
      useViewAs(),
      useSubscriptions(contextFor, limits, (exchange) => recorded(exchange, recordActing)),
      useEventStreams(),
    ],
  });
  const execute = async (
    asked: GraphqlRequest,
    authenticated: Authenticated,
  ): Promise<Response> => {
    const { method, search, body } = asked;
    const headers = asked.headers.toFetch();
    // INVARIANT: the address is ours: a caller's own may be none, and to parse it fails in the adapter.
    const url = `http://heimdall${ENDPOINT}${search}`;
    const request = new yoga.fetchAPI.Request(url, { method, headers, body });
    return yoga.handleRequest(request, authenticated);
  };
  const parts = lane && { lane, schema, limits, documents, named, report };
  return async (asked, sent) => {
    const { exchange, facts, authenticate, admit } = sent;
    const compiled = async () => parts && answerCompiled(parts, asked, sent);
    const executed = async (): Promise<Response> => {
      const principal = await authenticate();
      exchange.principal = principal;
      await admit?.(principal);
      assertInTime(exchange);
      return execute(asked, { exchange, principal, facts });
    };
    const answered = await compiled();
    if (answered === undefined) {
      const response = await executed();
      // A subscription is recorded where it begins.
      if (exchange.operation?.type !== 'subscription') await recorded(exchange, recordActing);
      return response;
    }
    if (Math.random() < shadow) {
      const reference = async () => wholeOf(await executed());
      const outcome = await compareWithReference(answered, { compiled, reference }).then(
        () => 'alike' as const,
        (error: unknown) => {
          report(error, exchange.id);
          return error instanceof DifferentAnswersError ? 'different' : 'failed';
        },
      );
      metrics?.compare(outcome);
    }
    await recorded(exchange, recordActing);
    return answered;
  };
}

async function wholeOf(response: Response): Promise<Answered> {
  return { contentType: response.headers.get('content-type') ?? '', text: await response.text() };
}
