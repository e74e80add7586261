import { label } from '../../commands/checks/text.js';
import { recordWrite } from '../../commands/record.js';
import type { Session } from '../../commands/session.js';
import { actingAt } from '../../commands/spot.js';
import type { Row } from '../../data/prisma/reader.js';
import { badInput, badUserInput, forbidden } from '../../errors.js';
import { rootScopeId } from '../../policy/root-scope.js';
import type { ScopeRequest } from '../../request/place.js';
import { usableAgent } from './usable-agent.js';

export interface Begun {
  readonly agent: string;
  readonly title: string | null;
  readonly scope?: ScopeRequest;
}

/**
 * Begins a conversation (D35), where the request acts. It is its creator's alone, and so there is one.
 *
 * @throws DomainError NOT_FOUND: no agent to be used; FORBIDDEN: who asks is nobody, or runs
 */
export async function createConversation(session: Session, begun: Begun): Promise<Row> {
  const { principal } = session;
  const { userId, kind } = principal;
  if (userId === null || kind === 'EXECUTION') throw forbidden('a conversation is somebody’s');
  const { spot, there } = await actingAt(session, begun.scope);
  const agent = await usableAgent(there, begun.agent);
  const organizationId = spot.organizationId ?? principal.organizationId;
  if (organizationId === null) throw badUserInput('nobody talks outside of every organization');
  if (agent.organizationId !== null && agent.organizationId !== organizationId) {
    throw badUserInput(
      'it is of another organization than the one that you act in: name its scope',
    );
  }
  const issues = begun.title === null ? [] : label(begun.title);
  if (issues.length > 0) throw badInput(issues.map((one) => ({ ...one, path: ['title'] })));
  const row = await session.writer.insert('Conversation', {
    agentId: agent.id,
    title: begun.title,
    organizationId,
    scopeId: spot.organizationId === null ? rootScopeId(organizationId) : spot.scopeId,
    createdById: userId,
  });
  const policy = session.guarding.decisions.policy('Conversation');
  recordWrite(there, { resource: 'conversation', policy }, 'create', null, row);
  return row;
}
