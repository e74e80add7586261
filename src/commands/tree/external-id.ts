import { conflict } from '../../errors.js';
import type { Session } from '../session.js';

/**
 * External ids are unique in an organization, whoever may see the scope that has one (D14). Said by itself, because a
 * scope's name can be another's too.
 *
 * @throws DomainError CONFLICT
 */
export async function assertExternalIdIsFree(
  { tx }: Session,
  organizationId: string | null,
  externalId: unknown,
  id?: string,
): Promise<void> {
  if (typeof externalId !== 'string' || organizationId === null) return;
  const others = await tx.scope.count({
    where: { organizationId, externalId, ...(id === undefined ? {} : { id: { not: id } }) },
  });
  if (others > 0) throw conflict('the external id is taken in its organization');
}
