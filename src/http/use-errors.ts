import { type ExecutionResult, GraphQLError } from 'graphql';
import { isAsyncIterable, mapAsyncIterator, type Plugin } from 'graphql-yoga';
import { badUserInput, withoutStacks } from '../errors.js';
import type { Limits } from '../limits/limits.js';
import type { Exchange } from './exchange.js';
import type { FormatError } from './format-error.js';
import { isUnavailable, statusOf } from './status.js';

/**
 * Formats every error of every result at the one place through which all results leave.
 *
 * INVARIANT: Yoga's own masking is off; whatever path a result takes to the caller passes here.
 */
export function useErrors(
  format: FormatError,
  limits: Limits,
): Plugin<object, { exchange: Exchange }> {
  return {
    onResultProcess({ result, setResult, serverContext }) {
      const { id } = serverContext.exchange;
      const one = (part: ExecutionResult) =>
        formatResult(part, (error) => format(error, id), limits);
      if (isAsyncIterable(result)) setResult(mapAsyncIterator(result, one));
      else setResult(Array.isArray(result) ? result.map(one) : one(result));
    },
  };
}

function formatResult<R extends ExecutionResult>(
  result: R,
  format: FormatError,
  limits: Limits,
): R {
  if (result.errors === undefined) return result;
  const wasExecuted = 'data' in result;
  const distinct = [...new Set(result.errors)];
  const { answerErrors } = limits;
  const errors =
    distinct.length <= answerErrors
      ? distinct
      : [badUserInput(`an answer has at most ${answerErrors} errors: it would have had more`)];
  // One error at several places refuses the whole answer: it cannot tell where something is missing.
  const data = errors.length < result.errors.length ? { data: null } : {};
  const isAnswered = Object.values({ ...result, ...data }.data ?? {}).some((root) => root !== null);
  return {
    ...result,
    ...data,
    errors: withoutStacks(() =>
      errors.map((error) => {
        const formatted = format(error);
        const isStatus = !wasExecuted || (!isAnswered && isUnavailable(formatted));
        return isStatus ? withStatus(formatted, limits) : formatted;
      }),
    ),
  };
}

function withStatus(error: GraphQLError, limits: Limits): GraphQLError {
  if (error.extensions.http !== undefined) return error;
  return new GraphQLError(error.message, {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    path: error.path ?? null,
    extensions: { ...error.extensions, http: statusOf(error, limits) },
  });
}
