import type { ServerResponse } from 'node:http';
import type { Metrics } from '../metrics/metrics.js';
import type { Principal } from '../policy/principal.js';
import type { Exchange } from './exchange.js';

/** Counts a request for GraphQL or for decisions once its answer has gone, or nobody waits for it. */
export function countRequest(metrics: Metrics, exchange: Exchange, response: ServerResponse): void {
  if (exchange.route !== '/graphql' && exchange.route !== '/access') return;
  response.once('close', () => {
    const { principal, operation, isCompiled, code, startedAt } = exchange;
    // INVARIANT: who says nothing of themselves makes no line.
    const isKnown = principal !== undefined && principal.kind !== 'ANONYMOUS';
    metrics.add({
      path: isCompiled === true ? 'compiled' : 'reference',
      operation: isKnown ? (operation?.name ?? null) : null,
      code,
      seconds: (performance.now() - startedAt) / 1000,
    });
  });
}

/** The same request is counted once, whoever else it is found to be of meanwhile. */
export function countedOnce(admit: (principal: Principal) => Promise<void>) {
  let counted: Promise<void> | undefined;
  return (principal: Principal): Promise<void> => {
    counted ??= admit(principal);
    return counted;
  };
}
