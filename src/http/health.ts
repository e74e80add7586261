import type { Logger } from 'pino';
import { describeError } from './log.js';

/** What `/health` answers. */
export interface Health {
  readonly status: 'ok' | 'unavailable';
}

/**
 * Pings the database for `/health`. A ping that fails or takes longer than `timeoutMs` counts as
 * unavailable. Callers that come while one is under way share it: nobody needs a credential to ask,
 * so asking must not cost a statement each.
 */
export function createHealthCheck(
  isHealthy: () => Promise<boolean>,
  timeoutMs: number,
  log: Logger,
): () => Promise<Health> {
  let underWay: Promise<Health> | undefined;

  async function check(): Promise<Health> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    });
    try {
      return { status: (await Promise.race([isHealthy(), late])) ? 'ok' : 'unavailable' };
    } catch (error) {
      log.error({ error: describeError(error) }, 'the database does not answer');
      return { status: 'unavailable' };
    } finally {
      clearTimeout(timer);
      underWay = undefined;
    }
  }

  return () => {
    underWay ??= check();
    return underWay;
  };
}
