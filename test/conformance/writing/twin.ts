import { cover } from '../oracle/coverage.js';
import { mayRead } from '../oracle/decide.js';
import { expectSame } from '../questions/difference.js';
import type { Session } from '../questions/session.js';
import { namedIn } from './references.js';
import { type Answer, send } from './send.js';
import type { Entry, Ledger } from './snapshot.js';
import { renamed, type Write } from './write.js';

/** Of the shape that ids have, and of nothing. */
const absent = (index: number): string =>
  `00000000-0000-7000-8000-dead${String(index).padStart(8, '0')}`;

interface Refused {
  readonly session: Session;
  readonly ledger: Ledger;
  readonly write: Write;
  readonly answer: Answer;
  readonly entries: readonly Entry[];
}

/**
 * D14: what is said of rows that may not be read is byte for byte what is said of ids that nothing has, in the
 * answer and in the record. Asked again with such ids.
 */
export async function expectSameAsAbsent(
  title: string,
  { session, ledger, write, answer, entries }: Refused,
): Promise<void> {
  if (!['NOT_FOUND', 'BAD_USER_INPUT'].includes(String(answer.errors[0]?.code))) return;
  const hidden = hiddenIn(session, write);
  if (!cover('D14 write: a refusal is about a hidden row', hidden.length > 0)) return;
  // A place may be named unseen (D4): who names one as both is told that it is none.
  if (write.kind === 'moveScope' && hidden.includes(write.parent)) return;
  const ids = new Map(hidden.map((id, index) => [id, absent(index)]));
  const twin = await send(session, renamed(write, ids));
  const recorded = await ledger.recorded();
  expectSame(`${title}: a hidden row is told from none`, text(answer), text(twin));
  expectSame(
    `${title}: a hidden row is recorded as none is`,
    entries.map(anonymous),
    recorded.map(anonymous),
  );
}

const text = (answer: Answer): string => JSON.stringify(answer);

/** An entry but for when it was made, and of what id it speaks. */
function anonymous({ row }: Entry): unknown {
  const { id: _, at: __, resource_id: ___, ...others } = row;
  return others;
}

/** The ids in a write that are of rows which may not be read. */
function hiddenIn({ asking }: Session, write: Write): string[] {
  const given = write.kind === 'batch' ? [] : namedIn(write);
  return given.flatMap(([type, id]) => {
    const row = asking.tree.find(type, id.toLowerCase());
    return row !== undefined && !mayRead(asking, row) ? [id] : [];
  });
}
