import { isDeepStrictEqual } from 'node:util';
import type { Row } from '../../data/prisma/reader.js';
import type { Values } from '../../data/prisma/writer.js';
import type { ChangeGuard } from '../writable.js';
import { assertExternalIdIsFree } from './external-id.js';

/** What a change of a scope needs besides `scope:update` on the scope itself. */
export const assertMayChangeScope: ChangeGuard = async (session, before, change) => {
  const { externalId } = change;
  if (externalId !== before.externalId) {
    const organizationId = before.organizationId as string | null;
    await assertExternalIdIsFree(session, organizationId, externalId, before.id);
  }
  if ('meta' in change && !isDeepStrictEqual(change.meta, before.meta)) {
    assertMetaGivesNothing(before, change);
  }
};

/**
 * D21: a condition reads the meta of a row's scope, so that to change it can give somebody what they did not have.
 *
 * To be filled in with conditions (D11): as long as a permission with one grants nothing, meta decides nothing, and
 * `scope:update` at the scope itself, which was asked, is enough.
 */
function assertMetaGivesNothing(_before: Row, _change: Values): void {}
