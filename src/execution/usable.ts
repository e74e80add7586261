import { whereaboutsOf } from '../commands/aim.js';
import { isPermitted, type Session } from '../commands/session.js';
import type { Row } from '../data/prisma/reader.js';
import { forbidden, notFound } from '../errors.js';
import { isUuid } from '../policy/pattern.js';
import { oneOf } from '../query/filter.js';

/** What is used by its access level (D6). */
export type Used = 'Form' | 'Workflow' | 'Agent' | 'App';

/**
 * A row that the session's principal may use (D6), decided where the session acts. It is not locked: whoever takes its use away
 * meanwhile is heeded when a worker claims what was launched (D33).
 *
 * @throws DomainError NOT_FOUND: it may not be read, or there is none; FORBIDDEN: it may be read, and not used
 */
export async function usable(session: Session, model: Used, id: string): Promise<Row> {
  if (!isUuid(id)) throw notFound();
  const where = oneOf('id', [id.toLowerCase()]);
  const select = { columns: 'unsealed' } as const;
  const row = await session.readerAt(session.place).first({ model, where, select });
  if (row === null) throw notFound();
  session.aim({
    id: null,
    at: whereaboutsOf(session.guarding.decisions.policy(model), row),
  });
  if (!(await isPermitted(session, model, 'use', row))) {
    throw forbidden(`the ${model.toLowerCase()} may be read, and not used`);
  }
  return row;
}
