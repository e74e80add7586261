import { isPermitted, type Session } from '../commands/session.js';
import { actingAt } from '../commands/spot.js';
import type { Row } from '../data/prisma/reader.js';
import { badUserInput, conflict, forbidden, notFound } from '../errors.js';
import { isUuid } from '../policy/pattern.js';
import { MANAGE } from '../policy/resolve.js';
import { oneOf } from '../query/filter.js';
import { launch } from './launch.js';
import { usable } from './usable.js';

/**
 * Launches again what has ended, with the same input, as the launch of whoever retries it (D34): they must be able to use the
 * workflow themselves.
 *
 * INVARIANT: they must see the input as well: as the launcher of the new one they would.
 *
 * @throws DomainError NOT_FOUND: it or its workflow may not be read; FORBIDDEN; CONFLICT: it has not ended; BAD_USER_INPUT
 */
export async function retryExecution(session: Session, id: string): Promise<Row> {
  if (!isUuid(id)) throw notFound();
  const where = oneOf('id', [id.toLowerCase()]);
  const reader = session.readerAt(session.place);
  const before = await reader.first({
    model: 'Execution',
    where,
    select: { columns: 'unsealed' },
  });
  if (before === null) throw notFound();
  session.aim({
    id: before.id,
    at: { organizationId: String(before.organizationId), scopeId: String(before.scopeId) },
  });
  if (!(await isPermitted(session, 'Execution', MANAGE, before))) {
    throw forbidden('what was asked of it may not be seen, and so not be asked again');
  }
  if (before.kind !== 'WORKFLOW') throw badUserInput('only runs of workflows are tried again');
  if (before.finishedAt === null) throw conflict('it has not ended');
  const { there } = await actingAt(session, String(before.scopeId));
  return launch(there, {
    kind: 'WORKFLOW',
    target: await usable(there, 'Workflow', String(before.workflowId)),
    trigger: 'API',
    input: before.input as Readonly<Record<string, unknown>>,
    submitted: before.submitted as Readonly<Record<string, unknown>> | null,
    retryOfId: before.id,
  });
}
