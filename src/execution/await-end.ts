import { isDomainError } from '../errors.js';
import { oneOf } from '../query/filter.js';
import type { Context } from '../request/context.js';

/** D34: so long an answer may be waited for, in seconds. */
export const MOST_WAIT_SECONDS = 30;

/**
 * Waits until an execution has ended, but no longer than so many seconds, and as long as it may be read. Whoever cannot wait,
 * because too many do, is answered at once: it was launched, and that is not to be told as if it were not.
 */
export async function awaitEnd(context: Context, id: string, seconds: number): Promise<void> {
  const query = {
    model: 'Execution',
    where: oneOf('id', [id]),
    select: { columns: ['finishedAt'] },
  };
  const look = async (): Promise<true | undefined> => {
    const row = await context.readerAt(context.place).first(query);
    // There is nothing to be waited for by who may not see it any more.
    return row === null || row.finishedAt !== null ? true : undefined;
  };
  try {
    await context.wait([`finished:${id}`], look, seconds * 1_000);
  } catch (error) {
    if (!isDomainError(error) || error.code !== 'UNAVAILABLE') throw error;
  }
}
