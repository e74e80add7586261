import { permits, permitted } from '../data/prisma/permitted.js';
import type { Row } from '../data/prisma/reader.js';
import { createWriter, type Writer } from '../data/prisma/writer.js';
import type { Within } from '../request/context.js';

/** What a command has: what reads and decides as of its transaction, and what writes in it. */
export interface Session extends Within {
  readonly writer: Writer;
  /** Which of these rows permit an action, by what they are now. */
  permitting(model: string, action: string, rows: readonly Row[]): Promise<ReadonlySet<string>>;
}

export function createSession(within: Within): Session {
  const { tx, guarding } = within;
  const { dataModel, decisions } = guarding;
  return {
    ...within,
    writer: createWriter(tx, dataModel, (model) => decisions.sealed(model)),
    async permitting(model, action, rows) {
      const answers = rows.map((row) => ({ row, is: permits(guarding, model, action, row) }));
      const unknown = answers.filter(({ is }) => is === 'unknown').map(({ row }) => row.id);
      const asked =
        unknown.length === 0
          ? new Set<string>()
          : await permitted(tx, guarding, model, action, unknown);
      return new Set(
        answers
          .filter(({ is, row }) => is === 'yes' || (is === 'unknown' && asked.has(row.id)))
          .map(({ row }) => row.id),
      );
    },
  };
}

/** Whether the row permits the action. */
export async function isPermitted(
  session: Session,
  model: string,
  action: string,
  row: Row,
): Promise<boolean> {
  return (await session.permitting(model, action, [row])).has(row.id);
}
