import { badUserInput } from '../../errors.js';
import { reached } from '../clients/unreachable.js';

/** What is told of a filter that no statement of Prisma's can hold. */
export const TOO_LARGE_FILTER =
  'the filter is too large for all that you hold: ask for less at once';

/** What Prisma says of a statement with more values than PostgreSQL takes. */
const TOO_MANY_VALUES = 'P2029';

/**
 * Tells the caller when a statement was too large to send. A filter of many management fields asks for
 * Manage(read) again and again (D15), which is as long as what the caller holds. And tells them when the
 * database is away (D47).
 */
export async function withinLimits<T>(statement: PromiseLike<T>): Promise<T> {
  try {
    return await reached(statement);
  } catch (error) {
    if ((error as { code?: unknown } | null)?.code !== TOO_MANY_VALUES) throw error;
    throw badUserInput(TOO_LARGE_FILTER);
  }
}
