import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { Route } from './exchange.js';
import { createHealthCheck, type Needs } from './health.js';
import { requestError } from './request-error.js';
import { respondJson } from './respond.js';

/** What probes ask. */
export interface Probed {
  /** What answers need. */
  readonly needs: Needs;
  /** What a gateway needs besides to be given requests. */
  readonly needsToBeReady: Needs;
  readonly isStopping: () => boolean;
  readonly timeoutMs: number;
  readonly log: Logger;
}

/** Answers a probe; false: the route is none. */
export type AnswerProbe = (
  route: Route,
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<boolean>;

/**
 * The probes: `/livez`, whether the process answers at all, and so whether to restart it; `/readyz`, whether to give it requests;
 * `/health`, the same but while it stops, and whatever its migrations.
 */
export function createProbes({
  needs,
  needsToBeReady,
  isStopping,
  timeoutMs,
  log,
}: Probed): AnswerProbe {
  const health = createHealthCheck(needs, timeoutMs, log);
  const ready = createHealthCheck({ ...needs, ...needsToBeReady }, timeoutMs, log);
  const answers = {
    '/livez': async () => ({ status: 'ok', ready: true }),
    '/readyz': async () => (isStopping() ? { status: 'stopping', ready: false } : ready()),
    '/health': health,
  } as const;
  return async (route, { method }, response) => {
    if (!(route in answers)) return false;
    if (method !== 'GET' && method !== 'HEAD') {
      throw requestError(405, 'health can only be read', { headers: { allow: 'GET, HEAD' } });
    }
    const answer = await answers[route as keyof typeof answers]();
    response.setHeader('cache-control', 'no-store');
    respondJson(response, answer.ready ? 200 : 503, answer);
    return true;
  };
}
