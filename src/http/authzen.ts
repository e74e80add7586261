import { notFound, unauthenticated } from '../errors.js';
import type { Principal } from '../policy/principal.js';
import type { Context } from '../request/context.js';
import type { RequestFacts } from '../request/reading.js';
import { AUTHZEN_ENDPOINTS } from './authzen-answers.js';
import { AUTHZEN_BASE } from './authzen-paths.js';
import { holdUntilClosed } from './exchange.js';
import type { Authenticated } from './graphql-request.js';
import { requestError } from './request-error.js';

/** What a request to a decision point says. */
export interface AuthzenRequest {
  readonly path: string;
  readonly method: string;
  readonly contentType: string | null;
}

type Endpoint = (context: Context, body: string) => Promise<object>;

/** The endpoint that a request is for. Throws NOT_FOUND, or a refusal by its status. */
export function endpointOf({ path, method, contentType }: AuthzenRequest): Endpoint {
  const name = path.slice(AUTHZEN_BASE.length);
  const endpoint = Object.hasOwn(AUTHZEN_ENDPOINTS, name) ? AUTHZEN_ENDPOINTS[name] : undefined;
  if (endpoint === undefined) throw notFound();
  if (method !== 'POST') {
    throw requestError(405, 'a decision is asked for by POST', { headers: { allow: 'POST' } });
  }
  if (!/^application\/json\s*(;|$)/i.test(contentType ?? '')) {
    throw requestError(415, 'the content type must be application/json');
  }
  return endpoint;
}

/**
 * Answers one request of the AuthZEN Authorization API 1.0, by the same decisions as `check` and its like.
 *
 * What it loads and answers is counted until the answer has gone.
 *
 * INVARIANT: who asks has said who they are: what others may is for those who may ask about them.
 *
 * @throws DomainError UNAUTHENTICATED, BAD_USER_INPUT, FORBIDDEN, NOT_FOUND, SCOPE_FORBIDDEN
 */
export async function answerAuthzen(
  contextFor: (principal: Principal, facts: RequestFacts) => Promise<Context>,
  endpoint: Endpoint,
  body: string,
  { principal, facts, exchange }: Authenticated,
): Promise<Response> {
  if (principal.kind === 'ANONYMOUS') throw unauthenticated();
  const context = await contextFor(principal, facts);
  holdUntilClosed(exchange, context);
  const answer = JSON.stringify(await endpoint(context, body));
  return new Response(answer, { headers: { 'content-type': 'application/json; charset=utf-8' } });
}

/** What can be asked where, as the caller reaches the gateway. */
export function authzenConfiguration(origin: string): object {
  const at = (name: string): string => `${origin}${AUTHZEN_BASE}${name}`;
  return {
    policy_decision_point: origin,
    access_evaluation_endpoint: at('evaluation'),
    access_evaluations_endpoint: at('evaluations'),
    search_subject_endpoint: at('search/subject'),
    search_resource_endpoint: at('search/resource'),
    search_action_endpoint: at('search/action'),
  };
}
