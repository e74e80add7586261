import type { Row } from '../data/prisma/reader.js';
import { badInput, forbidden } from '../errors.js';
import { guardWrite } from '../query/guard-write.js';
import { assertHoldsAll } from './change-row.js';
import { readsScopes } from './conditions.js';
import { locate, type Named } from './locate.js';
import { recordWrite } from './record.js';
import { isPermitted, isRuledOut, type Session } from './session.js';
import type { Spot } from './spot.js';
import type { Writable } from './writable.js';

/**
 * Moves a row to another scope of its organization: who moves it must be able to update it where it is, and to
 * create it where it goes. What other scopes' grants reach there, the mover must be able to give (D21).
 *
 * @throws DomainError NOT_FOUND, FORBIDDEN, CONFLICT, BAD_USER_INPUT
 */
export async function moveRow(
  session: Session,
  writable: Writable,
  named: Named,
  spot: Spot,
): Promise<Row> {
  const { model } = writable;
  const before = await locate(session, model, named, 'update');
  await writable.guard?.(session, before, { scopeId: spot.scopeId });
  if (before.organizationId !== spot.organizationId) {
    throw badInput([{ path: ['scope'], message: 'a row stays in its organization' }]);
  }
  const reached = before.governedBy as readonly string[];
  const isReachedAnew = !spot.inheritsFrom.every((id) => reached.includes(id));
  if (
    isReachedAnew ||
    (await leavesDisabled(session, reached, spot)) ||
    (await readsScopes(session, writable.resource))
  ) {
    await assertHoldsAll(session, writable, before);
  }
  const proposed = { ...before, scopeId: spot.scopeId, governedBy: spot.inheritsFrom };
  if (isRuledOut(session, model, 'create', proposed)) throw notThere();
  const write = guardWrite(session.guarding, model, before.id, 'update');
  const after = await session.writer.update(write, { scopeId: spot.scopeId });
  if (after === null || !(await isPermitted(session, model, 'create', after))) {
    throw notThere();
  }
  recordWrite(session, writable, 'move', before, after);
  return after;
}

/** D9: who leaves behind what disables something there gives it back to whoever holds it. */
async function leavesDisabled(
  { tx }: Session,
  reached: readonly string[],
  { inheritsFrom }: Spot,
): Promise<boolean> {
  const left = reached.filter((id) => !inheritsFrom.includes(id));
  const where = { scopeId: { in: left }, state: { not: 'enabled' } };
  return left.length > 0 && (await tx.scopeOverride.count({ where })) > 0;
}

const notThere = (): Error => forbidden('create is not permitted where it goes');
