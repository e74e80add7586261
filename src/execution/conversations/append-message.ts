import type { Session } from '../../commands/session.js';
import type { Row } from '../../data/prisma/reader.js';
import { badInput, conflict } from '../../errors.js';
import { runningAgent } from './running-agent.js';
import { assertSayable, assertToolCall, type Said, say } from './said.js';

/**
 * Says something for the agent that runs, in the conversation that its run answers in (D35).
 *
 * @throws DomainError FORBIDDEN: it is no run of an agent; CONFLICT: it answers in no conversation; BAD_USER_INPUT
 */
export async function appendMessage(
  session: Session,
  { role, content, toolCall }: Omit<Said, 'executionId'>,
): Promise<Row> {
  const { id, conversationId } = await runningAgent(session);
  // INVARIANT: what a person said nobody says for them.
  if (role !== 'ASSISTANT' && role !== 'TOOL') {
    throw badInput([{ path: ['role'], message: 'an agent says what an agent says, or its tools' }]);
  }
  assertSayable(content, 'content');
  assertToolCall(toolCall);
  if (conversationId === null) throw conflict('the run answers in no conversation');
  await session.writer.lock('Conversation', [conversationId]);
  return say(session, conversationId, { role, content, toolCall, executionId: id });
}
