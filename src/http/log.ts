import type { ServerResponse } from 'node:http';
import { type DestinationStream, type Logger, pino } from 'pino';
import type { Exchange, Route } from './exchange.js';

/** The gateway's log: one JSON object a line, on standard output unless told otherwise. */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/** What a log says of an error. */
export interface DescribedError {
  readonly type: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly cause?: DescribedError;
}

const MAX_CAUSES = 5;

/**
 * An error for the log. Only its type, message, stack and causes: libraries hang requests, queries
 * and parameters on their errors, and these may be secrets.
 */
export function describeError(error: unknown, causes = MAX_CAUSES): DescribedError {
  if (!(error instanceof Error)) {
    return { type: typeof error, message: String(error), stack: undefined };
  }
  const described = { type: error.name, message: error.message, stack: error.stack };
  return error.cause === undefined || causes === 0
    ? described
    : { ...described, cause: describeError(error.cause, causes - 1) };
}

const PROBES: readonly Route[] = ['/health', '/livez', '/readyz'];

/** Writes one line when the answer has been sent, or when the caller went away before. */
export function logAccess(log: Logger, exchange: Exchange, response: ServerResponse): void {
  response.once('close', () => {
    const { id, method, route, principal, operation, code } = exchange;
    const status = response.statusCode;
    const level = status >= 500 ? 'warn' : PROBES.includes(route) ? 'debug' : 'info';
    log[level](
      {
        requestId: id,
        method,
        route,
        status,
        durationMs: Math.round((performance.now() - exchange.startedAt) * 10) / 10,
        ...(operation && { operation }),
        ...(code && { code }),
        ...(exchange.isCompiled === true && { compiled: true }),
        ...(principal && { principal: { kind: principal.kind, label: principal.label } }),
        ...(response.writableFinished ? {} : { aborted: true }),
      },
      'request',
    );
  });
}
