import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Limits } from '../limits/limits.js';
import type { Exchange } from './exchange.js';

/** What a request was found to ask for, in fields of the answer, and what it may ask for. */
export interface Cost {
  readonly requested: number;
  readonly limit: number;
}

const HEADER = 'x-heimdall-cost';

/** Whether a caller wants to be told what a request costs. */
export const wantsCost = (headers: Pick<Headers, 'get'>): boolean => headers.get(HEADER) !== null;

/** The same, as it is told on either path. */
export const costOf = (requested: number, { cost: limit }: Pick<Limits, 'cost'>): Cost => ({
  requested,
  limit,
});

/** Says in `extensions.cost` what was asked for, to who wants to know; of what is refused for it as well. */
export function useCost(limits: Limits): Plugin<object, { exchange: Exchange }> {
  return {
    onResultProcess({ result, setResult, serverContext: { exchange }, request }) {
      if (exchange.cost === undefined || !wantsCost(request.headers)) return;
      if (isAsyncIterable(result) || Array.isArray(result)) return;
      const cost = costOf(exchange.cost, limits);
      setResult({ ...result, extensions: { ...result.extensions, cost } });
    },
  };
}
