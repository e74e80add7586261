import { notFound, unauthenticated } from '../errors.js';
import type { Principal } from '../policy/principal.js';
import type { Context } from '../request/context.js';
import type { RequestFacts } from '../request/reading.js';
import { AUTHZEN_ENDPOINTS } from './authzen-answers.js';
import { requestError } from './request-error.js';

/** Where a decision point says what it can be asked (RFC 8615). */
export const AUTHZEN_CONFIGURATION = '/.well-known/authzen-configuration';

const BASE = '/access/v1/';

/** Whether a path is one of those that can be asked for decisions. */
export const isAuthzen = (path: string): boolean => path.startsWith(BASE);

/** What a request to a decision point says. */
export interface AuthzenRequest {
  readonly path: string;
  readonly method: string;
  readonly contentType: string | null;
}

type Endpoint = (context: Context, body: string) => Promise<object>;

/** The endpoint that a request is for. Throws NOT_FOUND, or a refusal by its status. */
export function endpointOf({ path, method, contentType }: AuthzenRequest): Endpoint {
  const name = path.slice(BASE.length);
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
 * INVARIANT: who asks has said who they are: what others may is for those who may ask about them.
 *
 * @throws DomainError UNAUTHENTICATED, BAD_USER_INPUT, FORBIDDEN, NOT_FOUND, SCOPE_FORBIDDEN
 */
export async function answerAuthzen(
  contextFor: (principal: Principal, facts: RequestFacts) => Promise<Context>,
  endpoint: Endpoint,
  body: string,
  { principal, facts }: { readonly principal: Principal; readonly facts: RequestFacts },
): Promise<object> {
  if (principal.kind === 'ANONYMOUS') throw unauthenticated();
  const context = await contextFor(principal, facts);
  try {
    return await endpoint(context, body);
  } finally {
    context.release();
  }
}

/** What can be asked where, as the caller reaches the gateway. */
export function authzenConfiguration(origin: string): object {
  const at = (name: string): string => `${origin}${BASE}${name}`;
  return {
    policy_decision_point: origin,
    access_evaluation_endpoint: at('evaluation'),
    access_evaluations_endpoint: at('evaluations'),
    search_subject_endpoint: at('search/subject'),
    search_resource_endpoint: at('search/resource'),
    search_action_endpoint: at('search/action'),
  };
}
