import type { GraphQLError } from 'graphql';
import type { Limits } from '../limits/limits.js';
import type { HttpExtension } from './request-error.js';

const STATUS: Readonly<Record<string, HttpExtension>> = {
  UNAUTHENTICATED: { status: 401, headers: { 'www-authenticate': 'Bearer' } },
  FORBIDDEN: { status: 403, spec: true },
  SCOPE_FORBIDDEN: { status: 403, spec: true },
  NOT_FOUND: { status: 404, spec: true },
  SECRET_KEY_MISSING: { status: 500 },
  PERSISTED_QUERY_NOT_SUPPORTED: { status: 200 },
  PERSISTED_QUERY_NOT_FOUND: { status: 200 },
  INTERNAL_SERVER_ERROR: { status: 500 },
};

/** Whether an error, as it is answered, says that it may go better another time (D47). */
export function isUnavailable({ extensions }: GraphQLError): boolean {
  return extensions.code === 'UNAVAILABLE';
}

/** The status, and the headers that go with it, of a request of which nothing was answered. */
export function statusOf(error: GraphQLError, { retryAfterSeconds }: Limits): HttpExtension {
  const { code, http } = error.extensions;
  if (http !== undefined) return http as HttpExtension;
  if (isUnavailable(error)) {
    // Who may have done something already is not invited to do it again (D47).
    const isInvited = error.extensions.retryable !== false;
    return {
      status: 503,
      headers: isInvited ? { 'retry-after': String(retryAfterSeconds) } : {},
    };
  }
  if (code === 'RATE_LIMITED') {
    return { status: 429, headers: { 'retry-after': String(error.extensions.retryAfter) } };
  }
  return STATUS[String(code)] ?? { status: 400, spec: true };
}
