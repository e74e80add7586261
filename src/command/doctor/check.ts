/** What became of one check. `warned`: it works, and something should be known of it. */
export interface Finding {
  readonly check: string;
  readonly outcome: 'ok' | 'warned' | 'failed' | 'skipped';
  readonly says: string;
  /** What to do about it, where something is to be done. */
  readonly advice?: string;
}

/** What a check says of something, before it has a name. */
export type Said = Omit<Finding, 'check'>;

export const ok = (says: string): Said => ({ outcome: 'ok', says });
export const warned = (says: string, advice: string): Said => ({ outcome: 'warned', says, advice });
export const failed = (says: string, advice: string): Said => ({ outcome: 'failed', says, advice });
export const skipped = (says: string): Said => ({ outcome: 'skipped', says });

const PATIENCE_MS = 10_000;

/** Does a check; one that throws or takes longer than ten seconds has failed. */
export async function check(
  name: string,
  look: () => Promise<Said> | Said,
  advice: string,
): Promise<Finding> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Said>((resolve) => {
    const said = failed(`no answer within ${PATIENCE_MS} ms`, advice);
    timer = setTimeout(() => resolve(said), PATIENCE_MS);
  });
  try {
    return { check: name, ...(await Promise.race([look(), late])) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { check: name, ...failed(message, advice) };
  } finally {
    clearTimeout(timer);
  }
}
