import type { ServerResponse } from 'node:http';
import type { Metrics } from '../metrics/metrics.js';
import type { Principal } from '../policy/principal.js';
import type { Attributes } from '../telemetry/traced.js';
import type { Exchange } from './exchange.js';

/** Counts a request for GraphQL or for decisions once its answer has gone, or nobody waits for it. */
export function countRequest(metrics: Metrics, exchange: Exchange, response: ServerResponse): void {
  if (exchange.route !== '/graphql' && exchange.route !== '/access') return;
  response.once('close', () => {
    const { principal, operation, isCompiled, code, startedAt } = exchange;
    // INVARIANT: who says nothing of themselves makes no line.
    const isKnown = principal !== undefined && principal.kind !== 'ANONYMOUS';
    const caller = isKnown ? (principal.keyId ?? principal.userId ?? principal.label) : null;
    metrics.add({
      path: isCompiled === true ? 'compiled' : 'reference',
      operation: isKnown ? (operation?.name ?? null) : null,
      caller,
      code,
      seconds: (performance.now() - startedAt) / 1000,
    });
  });
}

/** What a trace says of a request: what its line in the log says, but for who asked. */
export function spanOf(exchange: Exchange, status: number): Attributes {
  const { id, method, route, operation, isCompiled, code } = exchange;
  return {
    'http.request.method': method,
    'http.route': route,
    'http.response.status_code': status,
    'heimdall.request_id': id,
    'heimdall.path': isCompiled === true ? 'compiled' : 'reference',
    ...(operation && { 'graphql.operation.type': operation.type }),
    ...(operation?.name && { 'graphql.operation.name': operation.name }),
    ...(code && { 'error.type': code }),
  };
}

/** The same request is counted once, whoever else it is found to be of meanwhile. */
export function countedOnce(admit: (principal: Principal) => Promise<void>) {
  let counted: Promise<void> | undefined;
  return (principal: Principal): Promise<void> => {
    counted ??= admit(principal);
    return counted;
  };
}
