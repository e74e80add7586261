import { type ExecutionResult, GraphQLError } from 'graphql';
import { isAsyncIterable, mapAsyncIterator, type Plugin } from 'graphql-yoga';
import { badUserInput, withoutStacks } from '../errors.js';
import type { Limits } from '../limits/limits.js';
import { type Exchange, noteCode } from './exchange.js';
import type { FormatError } from './format-error.js';
import { isRepeatable } from './repeat.js';
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
    onResultProcess({ result, setResult, serverContext, request }) {
      const { exchange } = serverContext;
      const { id, operation } = exchange;
      const isDoneAnew = operation?.type === 'mutation' && !isRepeatable(request.headers);
      const formatted: FormatError = (error) => {
        const told = format(error, id);
        noteCode(exchange, told);
        return isDoneAnew ? afterWriting(told) : told;
      };
      const one = (part: ExecutionResult) => formatResult(part, formatted, limits);
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

/** What a mutation answers is read after it was done: who asks for that again does it again (D47). */
function afterWriting(error: GraphQLError): GraphQLError {
  const isBelow = (error.path?.length ?? 0) > 1;
  return isBelow && isUnavailable(error) ? withExtensions(error, { retryable: false }) : error;
}

function withStatus(error: GraphQLError, limits: Limits): GraphQLError {
  if (error.extensions.http !== undefined) return error;
  return withExtensions(error, { http: statusOf(error, limits) });
}

function withExtensions(
  { message, nodes, source, positions, path, extensions }: GraphQLError,
  more: object,
): GraphQLError {
  return new GraphQLError(message, {
    nodes: nodes ?? null,
    source: source ?? null,
    positions: positions ?? null,
    path: path ?? null,
    extensions: { ...extensions, ...more },
  });
}
