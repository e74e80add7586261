import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GraphQLSchema } from 'graphql';
import { createYoga } from 'graphql-yoga';
import type { Limits } from '../limits/limits.js';
import type { Principal } from '../policy/principal.js';
import type { Exchange } from './exchange.js';
import type { FormatError } from './format-error.js';
import { useErrors } from './use-errors.js';
import { useLimits } from './use-limits.js';
import { useStrictRequests } from './use-strict-requests.js';
import { useWithheld } from './use-withheld.js';

/** Builds what resolvers get; rejects with SCOPE_FORBIDDEN for a scope header that is refused (D4). */
export type ContextFor = (principal: Principal, scopeHeader: string | null) => Promise<object>;

/** What executing operations needs. */
export interface GraphqlParts {
  readonly schema: GraphQLSchema;
  readonly contextFor: ContextFor;
  readonly format: FormatError;
  readonly limits: Limits;
}

/** A request whose principal is known. */
export interface AuthenticatedRequest {
  readonly exchange: Exchange;
  readonly principal: Principal;
  readonly scopeHeader: string | null;
}

/** Answers one GraphQL request. */
export type GraphqlHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  authenticated: AuthenticatedRequest,
) => Promise<void>;

/** Yoga with everything off that this gateway does itself or does not do. */
export function createGraphqlHandler({
  schema,
  contextFor,
  format,
  limits,
}: GraphqlParts): GraphqlHandler {
  const yoga = createYoga<AuthenticatedRequest, object>({
    schema,
    context: ({ principal, scopeHeader }) => contextFor(principal, scopeHeader),
    graphqlEndpoint: '/graphql',
    graphiql: false,
    landingPage: false,
    cors: false,
    batching: false,
    multipart: false,
    maskedErrors: false,
    logging: false,
    maxRequestBodySize: limits.bodyBytes,
    plugins: [useStrictRequests(limits), useLimits(limits), useErrors(format), useWithheld()],
  });
  return async (request, response, authenticated) => {
    await yoga(request, response, authenticated);
  };
}
