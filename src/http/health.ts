import type { Logger } from 'pino';
import { describeError } from './log.js';

/** What `/health` answers. */
export interface Health {
  readonly status: 'ok' | 'unavailable';
  /** Whether requests can be answered now. */
  readonly ready: boolean;
  /** What is away, where something is. */
  readonly missing?: readonly string[];
}

/** What the gateway cannot answer without, by name: whether it is there. */
export type Needs = Readonly<Record<string, () => Promise<boolean>>>;

/**
 * Asks for `/health` after everything that answers need. What fails or takes longer than `timeoutMs`
 * counts as missing. Callers that come while a check is under way share it: nobody needs a credential
 * to ask, so asking must not cost a statement each.
 */
export function createHealthCheck(
  needs: Needs,
  timeoutMs: number,
  log: Logger,
): () => Promise<Health> {
  let underWay: Promise<Health> | undefined;

  async function isThere(name: string, ask: () => Promise<boolean>): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    });
    try {
      return await Promise.race([ask(), late]);
    } catch (error) {
      log.error({ error: describeError(error) }, `the ${name} does not answer`);
      return false;
    } finally {
      clearTimeout(timer);
    }
  }

  async function check(): Promise<Health> {
    const asked = await Promise.all(
      Object.entries(needs).map(async ([name, ask]) => ({ name, is: await isThere(name, ask) })),
    );
    underWay = undefined;
    const missing = asked.filter(({ is }) => !is).map(({ name }) => name);
    return missing.length === 0
      ? { status: 'ok', ready: true }
      : { status: 'unavailable', ready: false, missing };
  }

  return () => {
    underWay ??= check();
    return underWay;
  };
}
