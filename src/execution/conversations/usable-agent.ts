import type { Session } from '../../commands/session.js';
import type { Row } from '../../data/prisma/reader.js';
import { isDomainError, notFound } from '../../errors.js';
import { usable } from '../usable.js';

/** An agent to talk to: to whom it is not, it is not there (D33), a PRIVATE one to nobody. Throws NOT_FOUND. */
export async function usableAgent(session: Session, id: string): Promise<Row> {
  try {
    return await usable(session, 'Agent', id);
  } catch (error) {
    if (isDomainError(error) && error.code === 'FORBIDDEN') throw notFound();
    throw error;
  }
}
