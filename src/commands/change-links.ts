import type { Row } from '../data/prisma/reader.js';
import type { Values } from '../data/prisma/writer.js';
import { badInput, forbidden } from '../errors.js';
import { guardWrite } from '../query/guard-write.js';
import { listed, strays } from './change.js';
import { locate, type Named } from './locate.js';
import { recordWrite } from './record.js';
import type { Session } from './session.js';
import type { Links, Writable } from './writable.js';

/** Rows that are to be linked with another one, or no longer: the others stay. */
export interface Linking {
  /** As the mutation is called, for the record. */
  readonly action: string;
  /** What the record calls what is linked. */
  readonly part: string;
  /** The field of the input that lists it. */
  readonly input: string;
  readonly by: Links;
  readonly given: readonly string[];
  readonly change: 'link' | 'unlink';
  /** What stands on each link: one that is there already is made anew with it. */
  readonly columns?: Values;
  /** What it needs besides, decided before it is done. Throws DomainError. */
  readonly guard?: (session: Session, before: Row, given: readonly Row[]) => Promise<void>;
}

/**
 * Links a row with others, or unlinks them, by the right to update it; what comes of that is watched as in any change.
 *
 * @throws DomainError NOT_FOUND, FORBIDDEN, CONFLICT, BAD_USER_INPUT
 */
export async function changeLinks(
  session: Session,
  writable: Writable,
  named: Named,
  { action, part, input, by, given, change, columns, guard }: Linking,
): Promise<Row> {
  const { model, resource } = writable;
  const before = await locate(session, model, named, 'update');
  const watched = await writable.watch?.(session, before);
  const rows = await listed(session, by.target, given, [input]);
  if (change === 'link' && by.definedAbove) {
    const issues = await strays(session, String(before.scopeId), rows, given, [input]);
    if (issues.length > 0) throw badInput(issues);
  }
  await guard?.(session, before, rows);
  const ids = rows.map(({ id }) => id);
  if (change === 'unlink' || columns !== undefined) {
    await session.writer.unlink(by.join, { [by.near]: before.id, [by.far]: { in: ids } });
  }
  if (change === 'link') {
    const links = ids.map((far) => ({ [by.near]: before.id, [by.far]: far, ...columns }));
    await session.writer.link(by.join, links);
  }
  // Its version counts what it is linked with.
  const after = await session.writer.update(
    guardWrite(session.guarding, model, before.id, 'update'),
    {},
  );
  if (after === null) throw forbidden(`update is not permitted on the ${resource}`);
  await watched?.(after);
  // What came or went, and not all that is there.
  const [went, came] = change === 'link' ? [[], ids] : [ids, []];
  recordWrite(session, writable, action, { ...before, [part]: went }, { ...after, [part]: came });
  return after;
}
