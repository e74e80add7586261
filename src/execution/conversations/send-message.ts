import { whereaboutsOf } from '../../commands/aim.js';
import type { Session } from '../../commands/session.js';
import { actingAt } from '../../commands/spot.js';
import type { Row } from '../../data/prisma/reader.js';
import { conflict, notFound } from '../../errors.js';
import { isUuid } from '../../policy/pattern.js';
import { oneOf } from '../../query/filter.js';
import { launch } from '../launch.js';
import { LIVE } from '../transitions.js';
import { assertSayable, say } from './said.js';
import { usableAgent } from './usable-agent.js';

/** Of what was said before, a run is handed the last of these, and no more bytes of it. */
const MOST_HISTORY = 100;
const HISTORY_BYTES = 131_072;

/**
 * Says something in a conversation, and launches the run of its agent that answers (D35). Use of the agent is decided for every
 * message (D33), where the conversation lives.
 *
 * @returns the message
 * @throws DomainError NOT_FOUND: no conversation of one's own, or no agent to be used any more; CONFLICT: a run has not ended
 */
export async function sendMessage(session: Session, id: string, content: string): Promise<Row> {
  assertSayable(content, 'content');
  const conversation = await ownConversation(session, id);
  await session.writer.lock('Conversation', [conversation.id]);
  const { there } = await actingAt(session, String(conversation.scopeId));
  const agent = await usableAgent(there, String(conversation.agentId));
  const running = await session.tx.execution.count({
    where: { conversationId: conversation.id, parentId: null, status: { in: [...LIVE] } },
  });
  if (running > 0) throw conflict('the agent has not answered yet');
  const run = await launch(there, {
    kind: 'AGENT_RUN',
    target: agent,
    trigger: 'API',
    input: { message: content, history: await historyOf(session, conversation.id) },
    conversationId: conversation.id,
  });
  const said = { role: 'USER', content, toolCall: null, executionId: run.id };
  return say(session, conversation.id, said);
}

async function ownConversation(session: Session, id: string): Promise<Row> {
  if (!isUuid(id)) throw notFound();
  const row = await session.readerAt(session.place).first({
    model: 'Conversation',
    where: oneOf('id', [id.toLowerCase()]),
    select: { columns: 'unsealed' },
  });
  if (row === null) throw notFound();
  const at = whereaboutsOf(session.guarding.decisions.policy('Conversation'), row);
  session.aim({ id: row.id, at });
  return row;
}

/** What was said before, the last of it: a run may not read the conversation, and is handed what it needs of it. */
async function historyOf({ tx }: Session, conversationId: string) {
  const said = await tx.message.findMany({
    where: { conversationId },
    orderBy: { seq: 'desc' },
    take: MOST_HISTORY,
    select: { role: true, content: true, toolCall: true },
  });
  let bytes = 0;
  const kept = said.filter((one) => {
    bytes += Buffer.byteLength(JSON.stringify(one));
    return bytes <= HISTORY_BYTES;
  });
  return kept.reverse();
}
