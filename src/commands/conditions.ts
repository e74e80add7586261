import type { Row } from '../data/prisma/reader.js';
import type { Values } from '../data/prisma/writer.js';
import { CONDITIONAL } from '../data/write/conditional.js';
import { databaseClock } from '../data/write/database-clock.js';
import { forbidden } from '../errors.js';
import { reaching } from './renaming.js';
import { isPermitted, type Session } from './session.js';
import { unexpired } from './unexpired.js';
import { actionsOnRows, type Writable } from './writable.js';

/**
 * D21: permissions count on what conditions read of a row (D11), and so a new value can give a row away. Who changes it must
 * hold on the row whatever any such permission that is held there permits.
 *
 * @throws DomainError FORBIDDEN
 */
export async function assertValuesGiveNothing(
  session: Session,
  writable: Writable,
  before: Row,
  after: Values,
): Promise<void> {
  const { policy, model, resource } = writable;
  const { principal, tx, guarding } = session;
  const { speakable } = guarding.decisions.policy(model);
  const changed = Object.keys(speakable?.columns ?? {}).filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  if (changed.length === 0 || principal.isPlatformAdmin) return;
  const lacked: string[] = [];
  for (const action of actionsOnRows(writable)) {
    if (!(await isPermitted(session, model, action, before))) lacked.push(action);
  }
  if (lacked.length === 0) return;
  // Of few types there are any.
  const conditional = { ...CONDITIONAL, resourceType: resource };
  if ((await tx.permission.findFirst({ where: conditional, select: { id: true } })) === null)
    return;
  const counts = unexpired(await databaseClock(tx));
  const scopeId = { in: reaching(policy, before) };
  const held = await tx.permission.findMany({
    where: {
      ...conditional,
      action: { in: lacked },
      roles: {
        some: {
          role: { assignments: { some: { ...counts, membership: { ...counts, scopeId } } } },
        },
      },
    },
    select: { condition: true },
  });
  const given = held.some(({ condition }) => {
    const text = JSON.stringify(condition);
    return changed.some((name) => text.includes(`"resource.${name}"`));
  });
  if (given) throw forbidden('a condition would give it away (D21)');
}
