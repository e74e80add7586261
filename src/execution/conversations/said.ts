import { jsonObject } from '../../commands/checks/json.js';
import type { Session } from '../../commands/session.js';
import type { Row } from '../../data/prisma/reader.js';
import { badInput, limitExceeded } from '../../errors.js';
import { isText } from '../../query/text.js';

/** D35: so long may one thing be that is said, in bytes. */
const MOST_BYTES = 65_536;

/** D35: so much may be said in one conversation. */
export const MOST_MESSAGES = 10_000;

export interface Said {
  readonly role: string;
  readonly content: string;
  readonly toolCall: unknown;
  readonly executionId: string | null;
}

/** Throws BAD_USER_INPUT on what cannot be said. */
export function assertSayable(content: string, path: string): void {
  const fault = !isText(content)
    ? 'it is no Unicode text'
    : content === ''
      ? 'it is empty'
      : Buffer.byteLength(content) > MOST_BYTES
        ? `it has more than ${MOST_BYTES} bytes`
        : null;
  if (fault !== null) throw badInput([{ path: [path], message: fault }]);
}

/** Throws BAD_USER_INPUT on what describes no call of a tool. */
export function assertToolCall(value: unknown): void {
  if (value === null) return;
  const issues = jsonObject(MOST_BYTES)(value);
  if (issues.length > 0) {
    throw badInput(issues.map((one) => ({ ...one, path: ['toolCall', ...one.path] })));
  }
}

/**
 * Adds to a conversation, which is locked: what is said is numbered by one at a time.
 *
 * @throws DomainError LIMIT_EXCEEDED: there is as much in it as there may be
 */
export async function say(session: Session, conversationId: string, said: Said): Promise<Row> {
  const { tx, writer } = session;
  const { _max } = await tx.message.aggregate({ where: { conversationId }, _max: { seq: true } });
  const seq = (_max.seq ?? 0) + 1;
  if (seq > MOST_MESSAGES) {
    throw limitExceeded(`a conversation has at most ${MOST_MESSAGES} messages: begin another`);
  }
  return writer.insert('Message', {
    conversationId,
    seq,
    role: said.role,
    content: said.content,
    ...(said.toolCall === null ? {} : { toolCall: said.toolCall }),
    executionId: said.executionId,
  });
}
