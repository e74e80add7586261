import { whereaboutsOf } from '../../commands/aim.js';
import { isPermitted, type Session } from '../../commands/session.js';
import type { Row } from '../../data/prisma/reader.js';
import { notFound } from '../../errors.js';
import { isUuid } from '../../policy/pattern.js';

/** So many messages are told, the last ones. */
const MOST_TOLD = 1_000;

/**
 * What was said in a conversation of somebody else (D35), for who holds `conversation:inspect` on it; recorded with the reason. To
 * all others there is no such conversation.
 *
 * @throws DomainError NOT_FOUND
 */
export async function inspectConversation(
  session: Session,
  id: string,
  reason: string,
): Promise<{ readonly row: Row; readonly messages: readonly object[] }> {
  const { tx, principal, place, requestId, guarding } = session;
  session.aim({ id, at: null });
  const row = isUuid(id)
    ? await tx.conversation.findUnique({ where: { id: id.toLowerCase() } })
    : null;
  if (row === null || !(await isPermitted(session, 'Conversation', 'inspect', row))) {
    throw notFound();
  }
  const said = await tx.message.findMany({
    where: { conversationId: row.id },
    orderBy: { seq: 'desc' },
    take: MOST_TOLD,
    select: { seq: true, role: true, content: true, toolCall: true, createdAt: true },
  });
  session.entries.push({
    principal,
    place,
    action: 'conversation:inspect',
    resourceType: 'conversation',
    resourceId: row.id,
    ...whereaboutsOf(guarding.decisions.policy('Conversation'), row),
    outcome: 'PERMITTED',
    reason,
    ...(requestId === undefined ? {} : { requestId }),
  });
  return { row, messages: said.reverse() };
}
