import { whereaboutsOf } from '../../commands/aim.js';
import type { Session } from '../../commands/session.js';
import { actingAt } from '../../commands/spot.js';
import { forbidden } from '../../errors.js';
import { asWritten } from '../launch.js';

/** A run of an agent, as its own token acts for it. */
export interface RunningAgent {
  readonly id: string;
  readonly agentId: string;
  readonly conversationId: string | null;
  readonly organizationId: string;
  /** Where it runs: what it launches is decided and runs there. */
  readonly there: Session;
}

/**
 * The run of an agent whose token this is; nobody else calls its tools or says what it says (D35).
 *
 * @throws DomainError FORBIDDEN
 */
export async function runningAgent(session: Session): Promise<RunningAgent> {
  const { tx, principal } = session;
  const id = principal.execution?.id;
  if (id === undefined) throw forbidden('only a run of an agent does this, by its token');
  const run = await tx.execution.findUniqueOrThrow({
    where: { id },
    select: { agentId: true, conversationId: true, organizationId: true, scopeId: true },
  });
  session.aim({ id: null, at: whereaboutsOf(asWritten(session).policy, run) });
  if (run.agentId === null) throw forbidden('it is no run of an agent');
  const { there } = await actingAt(session, run.scopeId);
  const { agentId, conversationId, organizationId } = run;
  return { id, agentId, conversationId, organizationId, there };
}
