import { type ExecutionResult, GraphQLError } from 'graphql';
import { isAsyncIterable, mapAsyncIterator, type Plugin } from 'graphql-yoga';
import { withoutStacks } from '../errors.js';
import type { Exchange } from './exchange.js';
import type { FormatError } from './format-error.js';
import type { HttpExtension } from './request-error.js';

/** The statuses of requests that were not executed; any other code: 400. */
const STATUS: Readonly<Record<string, HttpExtension>> = {
  UNAUTHENTICATED: { status: 401, headers: { 'www-authenticate': 'Bearer' } },
  FORBIDDEN: { status: 403, spec: true },
  SCOPE_FORBIDDEN: { status: 403, spec: true },
  INTERNAL_SERVER_ERROR: { status: 500 },
};

/**
 * Formats every error of every result at the one place through which all results leave.
 *
 * INVARIANT: Yoga's own masking is off; whatever path a result takes to the caller passes here.
 */
export function useErrors(format: FormatError): Plugin<object, { exchange: Exchange }> {
  return {
    onResultProcess({ result, setResult, serverContext }) {
      const one = (part: ExecutionResult) => formatResult(part, format, serverContext.exchange.id);
      if (isAsyncIterable(result)) setResult(mapAsyncIterator(result, one));
      else setResult(Array.isArray(result) ? result.map(one) : one(result));
    },
  };
}

function formatResult<R extends ExecutionResult>(result: R, format: FormatError, id: string): R {
  if (result.errors === undefined) return result;
  const wasExecuted = 'data' in result;
  const errors = [...new Set(result.errors)];
  // One error at several places refuses the whole answer: it cannot tell where something is missing.
  const data = errors.length < result.errors.length ? { data: null } : {};
  return {
    ...result,
    ...data,
    errors: withoutStacks(() =>
      errors.map((error) => {
        const formatted = format(error, id);
        return wasExecuted ? formatted : withStatus(formatted);
      }),
    ),
  };
}

function withStatus(error: GraphQLError): GraphQLError {
  const { code, http } = error.extensions;
  if (http !== undefined) return error;
  const fallback: HttpExtension = STATUS[String(code)] ?? { status: 400, spec: true };
  return new GraphQLError(error.message, {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    path: error.path ?? null,
    extensions: { ...error.extensions, http: fallback },
  });
}
