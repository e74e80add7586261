import type { GraphQLSchema } from 'graphql';
import { createYoga } from 'graphql-yoga';
import type { Limits } from '../limits/limits.js';
import type { Principal } from '../policy/principal.js';
import type { RequestFacts } from '../request/reading.js';
import { DocumentCache } from './document-cache.js';
import { type Exchange, holdUntilClosed, type Releasable } from './exchange.js';
import type { FormatError } from './format-error.js';
import { repeatOf } from './repeat.js';
import { useDocuments } from './use-documents.js';
import { useErrors } from './use-errors.js';
import { useHiddenSchema } from './use-hidden-schema.js';
import { useLimits } from './use-limits.js';
import { useStrictRequests } from './use-strict-requests.js';
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
}

/** What a request says, read whole. */
export interface GraphqlRequest {
  readonly method: string;
  /** The query of its URL, `?` included. */
  readonly search: string;
  readonly headers: Headers;
  readonly body: string | null;
}

/** Who sent it. */
export interface Authenticated {
  readonly exchange: Exchange;
  readonly principal: Principal;
  readonly facts: RequestFacts;
}

/** Answers one GraphQL request; it writes to no connection, so that whatever is written is ours. */
export type GraphqlHandler = (
  request: GraphqlRequest,
  authenticated: Authenticated,
) => Promise<Response>;

const ENDPOINT = '/graphql';

/** Yoga with everything off that this gateway does itself or does not do. */
export function createGraphqlHandler({
  schema,
  contextFor,
  format,
  limits,
  introspection = true,
  subgraphSdl = true,
}: GraphqlParts): GraphqlHandler {
  const documents = new DocumentCache(limits.documentCacheBytes);
  const yoga = createYoga<Authenticated, object>({
    schema,
    context: async ({ principal, facts, exchange, request, params }) => {
      const repeat = repeatOf(request.headers, params, facts);
      const context = await contextFor(principal, { ...facts, repeat });
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
      useLimits(limits, documents),
      useDocuments(documents),
      useHiddenSchema({ introspection, subgraphSdl }),
      useErrors(format, limits),
      useWithheld(),
      useViewAs(),
    ],
  });
  return async ({ method, search, headers, body }, authenticated) => {
    // INVARIANT: the address is ours: a caller's own may be none, and to parse it fails in the adapter.
    const url = `http://heimdall${ENDPOINT}${search}`;
    const request = new yoga.fetchAPI.Request(url, { method, headers, body });
    return yoga.handleRequest(request, authenticated);
  };
}
