import type { Session } from '../../commands/session.js';
import type { Row } from '../../data/prisma/reader.js';
import { badUserInput, forbidden, isDomainError } from '../../errors.js';
import { isUuid } from '../../policy/pattern.js';
import { launch } from '../launch.js';
import { usable } from '../usable.js';
import { runningAgent } from './running-agent.js';

/**
 * Launches a tool of the agent that runs, as a child of its run (D33): over an edge that is there now, and of a workflow that
 * its launcher may use now. Whatever is not so is FORBIDDEN, and tells a model no more.
 *
 * @throws DomainError FORBIDDEN, BAD_USER_INPUT, LIMIT_EXCEEDED, CONFLICT: the run is to end
 */
export async function callTool(session: Session, workflow: string, given: unknown): Promise<Row> {
  const { id, agentId, there } = await runningAgent(session);
  const workflowId = isUuid(workflow) ? workflow.toLowerCase() : null;
  const edge =
    workflowId !== null && (await session.tx.agentTool.count({ where: { agentId, workflowId } }));
  if (workflowId === null || !edge) throw noTool();
  const target = await usable(there, 'Workflow', workflowId).catch((error: unknown) => {
    throw isDomainError(error) && error.code === 'NOT_FOUND' ? noTool() : error;
  });
  const shared = { kind: 'WORKFLOW', trigger: 'AGENT', parentId: id } as const;
  return launch(there, { ...shared, target, input: inputOf(given) });
}

const noTool = (): Error => forbidden('it is no tool of the agent that its launcher may use');

function inputOf(input: unknown): Readonly<Record<string, unknown>> {
  if (input === null || input === undefined) return {};
  if (typeof input === 'object' && !Array.isArray(input)) return input as Record<string, unknown>;
  throw badUserInput('the input of a workflow is an object, by the names of its parameters');
}
