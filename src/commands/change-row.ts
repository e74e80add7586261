import type { Row } from '../data/prisma/reader.js';
import { forbidden } from '../errors.js';
import { guardWrite } from '../query/guard-write.js';
import { relink, resolveReferences } from './change.js';
import { assertValuesGiveNothing } from './conditions.js';
import { locate, type Named } from './locate.js';
import { recordWrite } from './record.js';
import { assertNameGivesNothing } from './renaming.js';
import { isHeldOn, isPermitted, isRuledOut, type Session } from './session.js';
import type { Change } from './settings.js';
import { assertSomebodys } from './somebodys.js';
import { actionsOnRows, assertSound, type Writable } from './writable.js';

/**
 * Changes a row by an action: `update`, or one of those that set what matters more (`share`, `transfer`).
 * It must permit the action before and after (§4).
 *
 * @throws DomainError NOT_FOUND, FORBIDDEN, CONFLICT, BAD_USER_INPUT
 */
export async function changeRow(
  session: Session,
  writable: Writable,
  action: string,
  named: Named,
  change: Change,
): Promise<Row> {
  const { model } = writable;
  const before = await locate(session, model, named, action);
  await writable.guard?.(session, before, change.columns);
  if (action === 'transfer') await assertHoldsAll(session, writable, before);
  const resolved = await resolveReferences(session, writable, change, before.scopeId);
  const wanted = { ...before, ...resolved.values };
  const proposed = writable.keeping?.decidedOn(wanted) ?? wanted;
  await assertNameGivesNothing(session, writable, before, proposed);
  await assertValuesGiveNothing(session, writable, before, proposed);
  if (isRuledOut(session, model, action, proposed)) throw notAsItWouldBe(action);
  if (action === 'transfer') assertSomebodys(proposed);
  // What is given to somebody else is what it was, though it could not be set so any more.
  if (action !== 'transfer' && setsAnything(change)) assertSound(writable, proposed);
  const values =
    (await writable.keeping?.keep(session, before, before.id, resolved.values)) ?? resolved.values;
  const write = guardWrite(session.guarding, model, before.id, action);
  const watched = await writable.watch?.(session, before);
  const linked = await relink(session, before.id, resolved);
  const after = await session.writer.update(write, values);
  if (after === null || !(await isPermitted(session, model, action, after))) {
    throw notAsItWouldBe(action);
  }
  await watched?.(after);
  recordWrite(
    session,
    writable,
    action,
    { ...before, ...linked.before },
    { ...after, ...linked.after },
  );
  return after;
}

const setsAnything = ({ columns, references }: Change): boolean =>
  Object.keys(columns).length + Object.keys(references).length > 0;

const notAsItWouldBe = (action: string): Error =>
  forbidden(`${action} is not permitted on the row as it would be`);

/**
 * D21: what gives a row to others gives them nothing that the giver could not have granted. Who holds every
 * action of its type on it can give all of them; who holds fewer might give away more than they have.
 */
export async function assertHoldsAll(
  session: Session,
  writable: Writable,
  row: Row,
): Promise<void> {
  for (const action of actionsOnRows(writable)) {
    if (!(await isHeldOn(session, writable.model, action, row))) {
      throw forbidden(`${action} is not held on the row, and would be given away (D21)`);
    }
  }
}
