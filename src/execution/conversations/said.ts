import { jsonObject } from '../../commands/checks/json.js';
import type { Session } from '../../commands/session.js';
import type { Row } from '../../data/prisma/reader.js';
import { badInput } from '../../errors.js';
import { isText } from '../../query/text.js';

/** D35: so long may one thing be that is said, in bytes. */
const MOST_BYTES = 65_536;

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

/** Adds to a conversation, which is locked: what is said is numbered by one at a time. */
export async function say(session: Session, conversationId: string, said: Said): Promise<Row> {
  const { tx, writer } = session;
  const { _max } = await tx.message.aggregate({ where: { conversationId }, _max: { seq: true } });
  return writer.insert('Message', {
    conversationId,
    seq: (_max.seq ?? 0) + 1,
    role: said.role,
    content: said.content,
    ...(said.toolCall === null ? {} : { toolCall: said.toolCall }),
    executionId: said.executionId,
  });
}
