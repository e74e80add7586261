import { changeRow } from '../../commands/change-row.js';
import { createRow, notToBeMade, wouldPermit } from '../../commands/create-row.js';
import type { Session } from '../../commands/session.js';
import type { Change } from '../../commands/settings.js';
import { actingAt, type Spot } from '../../commands/spot.js';
import type { Writable } from '../../commands/writable.js';
import type { Row } from '../../data/prisma/reader.js';
import { RetryTransaction } from '../../data/write/in-transaction.js';
import { isTaken } from '../../data/write/sqlstate.js';
import { cascadeWriteForbidden, conflict, isDomainError } from '../../errors.js';
import { PLATFORM_ROOT_ID } from '../../policy/vocabulary.js';

/**
 * Sets a config by its key (D5). Without a scope the nearest config of that key is the target, as it is when one
 * is read; with one, that scope's own is, and where there is none an override is made there. No farther
 * row is ever changed that the principal may not update.
 *
 * @throws DomainError CASCADE_WRITE_FORBIDDEN, FORBIDDEN, CONFLICT, BAD_USER_INPUT
 */
export async function setConfig(
  request: Session,
  writable: Writable,
  scope: string | null | undefined,
  key: string,
  change: Change,
): Promise<Row> {
  const { spot, there: session } = await actingAt(request, scope);
  const target = await targetOf(session, key, spot, scope !== undefined);
  const made: Change = { ...change, columns: { ...change.columns, key } };
  const create = () =>
    createRow(session, writable, spot, made, ['create']).catch((error: unknown) => {
      // Somebody has made it since: then it is there to be changed, and not an error of whoever set it too.
      if (isTaken(error)) {
        throw new RetryTransaction('the key was made meanwhile', { progresses: true });
      }
      throw error;
    });
  if (target === null) return create();
  try {
    return await changeRow(session, writable, 'update', { id: target.id }, change);
  } catch (error) {
    if (!isDomainError(error) || !['NOT_FOUND', 'FORBIDDEN'].includes(error.code)) throw error;
    session.aim({ id: null, at: spot });
    // Who could not set it here if there were none learns nothing of what there is (D14).
    if (!wouldPermit(session, writable, 'create', spot, made)) throw notToBeMade('create');
    if (target.scopeId !== spot.scopeId) throw cascadeWriteForbidden();
    throw error.code === 'NOT_FOUND' ? conflict('the name is taken there') : error;
  }
}

/** The nearest config of a key, whoever may see it (D2); with an explicit scope, that scope's own. */
async function targetOf(session: Session, key: string, spot: Spot, explicit: boolean) {
  const scopeIds = explicit ? [spot.scopeId] : [...spot.path, PLATFORM_ROOT_ID];
  const found = await session.tx.config.findMany({
    where: { key, scopeId: { in: scopeIds } },
    select: { id: true, scopeId: true },
  });
  const nearness = (one: { scopeId: string }): number => scopeIds.indexOf(one.scopeId);
  return found.sort((a, b) => nearness(a) - nearness(b))[0] ?? null;
}
