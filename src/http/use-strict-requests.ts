import { GraphQLError, getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Limits } from '../limits/limits.js';
import { assertInTime, type Exchange } from './exchange.js';
import { type HttpExtension, requestError } from './request-error.js';

const JSON_TYPE = /^application\/(graphql\+)?json\s*(;|$)/i;

/** Whether a body of this content type is taken. */
export const isJson = (contentType: string | null): boolean => JSON_TYPE.test(contentType ?? '');

/** Whether Yoga says this of a body: it would have told most callers so with a status of 200. */
const isNoJson = (error: unknown): boolean =>
  error instanceof GraphQLError &&
  (error.extensions.http as HttpExtension | undefined)?.spec === true;

/**
 * Takes JSON by POST and queries by GET, and nothing else that Yoga would also take; notes for the
 * log which operation it is.
 *
 * INVARIANT: a browser sends a form or plain text to any site without asking; JSON it must ask for.
 */
export function useStrictRequests({
  operationNameLength,
}: Limits): Plugin<{ exchange: Exchange }, { exchange: Exchange }> {
  return {
    onRequestParse({ request, requestParser, setRequestParser }) {
      if (request.method === 'POST' && !isJson(request.headers.get('content-type'))) {
        throw requestError(415, 'the content type must be application/json');
      }
      if (requestParser === undefined) return;
      setRequestParser(async (incoming) => {
        try {
          return await requestParser(incoming);
        } catch (error) {
          if (request.method === 'GET' && error instanceof SyntaxError) {
            throw requestError(400, 'variables and extensions must be JSON');
          }
          throw isNoJson(error) ? requestError(400, 'the body must be JSON') : error;
        }
      });
    },
    onParse() {
      return ({ result, context }) => {
        if (result === null || result instanceof Error) return;
        const operation = getOperationAST(result, context.params.operationName);
        if (!operation) return;
        assertInTime(context.exchange);
        const name = operation.name?.value.slice(0, operationNameLength) ?? null;
        context.exchange.operation = { type: operation.operation, name };
        if (context.request.method === 'GET' && operation.operation === 'subscription') {
          throw requestError(405, 'only queries can be sent by GET', {
            headers: { allow: 'POST' },
          });
        }
      };
    },
  };
}
