import { isDeepStrictEqual } from 'node:util';
import type { Row } from '../../data/prisma/reader.js';
import { assertConditionsGiveNothing } from '../conditions.js';
import type { Session } from '../session.js';
import type { ChangeGuard } from '../writable.js';
import { assertExternalIdIsFree } from './external-id.js';

/** What a change of a scope needs besides `scope:update` on the scope itself. */
export const assertMayChangeScope: ChangeGuard = async (session, before, change) => {
  const { externalId } = change;
  if (externalId !== before.externalId) {
    const organizationId = before.organizationId as string | null;
    await assertExternalIdIsFree(session, organizationId, externalId, before.id);
  }
  const changes = ['name', 'externalId', 'meta'].filter(
    (column) => column in change && !isDeepStrictEqual(change[column], before[column]),
  );
  if (changes.length > 0) await assertScopeGivesNothing(session, before);
};

/** D21: conditions read what a scope is called and its meta, on the rows that live there (D11). */
async function assertScopeGivesNothing(session: Session, before: Row): Promise<void> {
  const inheritsFrom = before.inheritsFrom as readonly string[];
  const organizationId = before.organizationId as string | null;
  const there = { scopeId: { in: [...inheritsFrom] } };
  await assertConditionsGiveNothing(session, there, 'scope.', { inheritsFrom, organizationId });
}
