import type { Session } from '../../commands/session.js';
import type { Row } from '../../data/prisma/reader.js';
import { forbidden, isDomainError, limitExceeded } from '../../errors.js';
import { isUuid } from '../../policy/pattern.js';
import { launch } from '../launch.js';
import { usable } from '../usable.js';
import { type RunningAgent, runningAgent } from './running-agent.js';
import { assertSayable } from './said.js';

/** D13: so many delegate to one another. */
const MOST_DEPTH = 5;

/**
 * Delegates a task to another agent, whose run is a child of this one (D13): over an edge that is there now, to an active agent
 * of the same tenant or a global one, which the launcher may use unless it is PRIVATE, and which is not on the way here already.
 *
 * @throws DomainError FORBIDDEN, LIMIT_EXCEEDED, BAD_USER_INPUT, CONFLICT: the run is to end
 */
export async function delegate(session: Session, agent: string, task: string): Promise<Row> {
  const run = await runningAgent(session);
  assertSayable(task, 'task');
  const delegateId = isUuid(agent) ? agent.toLowerCase() : null;
  const edge =
    delegateId !== null &&
    (await session.tx.agentDelegate.count({ where: { agentId: run.agentId, delegateId } }));
  if (delegateId === null || !edge) throw noDelegate();
  const way = await wayTo(session, run.id);
  if (way.includes(delegateId)) throw forbidden('it is on the way here already (D33)');
  if (way.length > MOST_DEPTH) throw limitExceeded(`at most ${MOST_DEPTH} delegate to one another`);
  const target = (await privateOne(session, delegateId, run)) ?? (await usableOne(run, delegateId));
  const shared = { kind: 'AGENT_RUN', trigger: 'AGENT', parentId: run.id } as const;
  return launch(run.there, { ...shared, target, input: { task } });
}

const noDelegate = (): Error => forbidden('it is no delegate of the agent that may be called');

/** The agents that run above, this one first. */
async function wayTo({ tx }: Session, id: string): Promise<string[]> {
  const rows = await tx.$queryRaw<{ agentId: string }[]>`
    WITH RECURSIVE above (id, parent_id, agent_id, n) AS (
      SELECT id, parent_id, agent_id, 0 FROM execution WHERE id = ${id}::uuid
      UNION ALL
      SELECT e.id, e.parent_id, e.agent_id, a.n + 1 FROM execution e JOIN above a ON e.id = a.parent_id
    )
    SELECT agent_id::text AS "agentId" FROM above WHERE agent_id IS NOT NULL ORDER BY n`;
  return rows.map(({ agentId }) => agentId);
}

/**
 * One that is PRIVATE, and so nobody's to read by use: it is reached by the edge.
 * INVARIANT: by its own word alone; null and whatever else is stored is not PRIVATE (D6).
 */
async function privateOne(
  { tx }: Session,
  id: string,
  { organizationId }: RunningAgent,
): Promise<Row | null> {
  return tx.agent.findFirst({
    where: {
      id,
      isActive: true,
      accessLevel: 'PRIVATE',
      OR: [{ organizationId: null }, { organizationId }],
    },
  });
}

async function usableOne({ there }: RunningAgent, id: string): Promise<Row> {
  try {
    return await usable(there, 'Agent', id);
  } catch (error) {
    throw isDomainError(error) && error.code === 'NOT_FOUND' ? noDelegate() : error;
  }
}
