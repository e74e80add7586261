import type { Session } from '../../commands/session.js';
import type { Spot } from '../../commands/spot.js';
import { conflict, forbidden } from '../../errors.js';
import { oneOf } from '../../query/filter.js';
import type { Target } from './target.js';

/**
 * D9: what is enabled lifts what overrides above disable, and only who could have set those may do that.
 *
 * @throws DomainError CONFLICT: nothing that the principal may read disables it; FORBIDDEN
 */
export async function assertMayLift(session: Session, spot: Spot, target: Target): Promise<void> {
  const [, ...above] = spot.inheritsFrom;
  const found = await session.tx.scopeOverride.findMany({
    where: { scopeId: { in: above }, ...target },
    select: { id: true, scopeId: true, state: true },
  });
  const nearestFirst = above.flatMap((id) => found.filter(({ scopeId }) => scopeId === id));
  // What is beyond one that is enabled already is lifted by that.
  const until = nearestFirst.findIndex(({ state }) => state === 'enabled');
  const ids = nearestFirst.slice(0, until < 0 ? undefined : until).map(({ id }) => id);
  const rows =
    ids.length === 0
      ? []
      : await session.readerAt(session.place).find({
          model: 'ScopeOverride',
          where: oneOf('id', ids),
          select: { columns: 'unsealed' },
        });
  // INVARIANT: one that may not be read is none (D14), and is not lifted either.
  if (rows.length === 0 || rows.length < ids.length) {
    throw conflict('nothing above disables it there that could be lifted');
  }
  const settable = await session.permitting('ScopeOverride', 'create', rows);
  if (!rows.every(({ id }) => settable.has(id))) {
    throw forbidden('what is lifted could not have been set (D9)');
  }
}
