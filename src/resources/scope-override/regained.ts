import { assertHeld, type Holdings } from '../../commands/escalation.js';
import type { Session } from '../../commands/session.js';
import type { Spot } from '../../commands/spot.js';
import { unexpired } from '../../commands/unexpired.js';
import { databaseClock } from '../../data/write/database-clock.js';
import { PLATFORM_ROOT_ID } from '../../policy/vocabulary.js';

/** What an override is of (D9). */
export interface Target {
  readonly permissionId: string | null;
  readonly roleId: string | null;
}

/**
 * D21: what others regain where nothing disables it any more must be held there by who sees to that: of a role, or of what a
 * role carries, by another way than that role.
 *
 * What is taken of a permission in all roles is taken of whoever sets it as well. It is enough to hold it as soon as it is
 * lifted, or else nobody could undo what they did; D9 says who may lift it at all.
 *
 * @throws DomainError FORBIDDEN
 */
export async function assertHoldsRegained(
  session: Session,
  spot: Spot,
  target: Target,
): Promise<void> {
  if (session.principal.isPlatformAdmin) return;
  const regained = await regainedAt(session, spot, target);
  assertHeld(target.roleId === null ? await session.principalNow() : session.principal, regained);
}

/** What whoever holds it there, or below, holds again. */
async function regainedAt(
  { tx }: Session,
  { scopeId, inheritsFrom }: Spot,
  { permissionId, roleId }: Target,
): Promise<Holdings> {
  const counts = unexpired(await databaseClock(tx));
  // At a root it is held for global rows as well (D8).
  const below =
    scopeId === PLATFORM_ROOT_ID ? { parentId: scopeId } : { inheritsFrom: { has: scopeId } };
  const place = { OR: [{ id: { in: [...inheritsFrom] } }, below] };
  const roles = await tx.role.findMany({
    where: {
      ...(roleId === null ? {} : { id: roleId }),
      ...(permissionId === null ? {} : { permissions: { some: { permissionId } } }),
      assignments: { some: { ...counts, membership: { ...counts, scope: { is: place } } } },
    },
    select: {
      id: true,
      dataAccess: true,
      permissions: {
        where: permissionId === null ? {} : { permissionId },
        select: { permission: true },
      },
    },
  });
  return {
    // Of a role alone what is bound to it opens again, too (D6).
    roles: permissionId === null ? roles.map(({ id }) => ({ roleId: id, inheritsFrom })) : [],
    permissions: roles.flatMap(({ dataAccess, permissions }) =>
      permissions.flatMap(({ permission }) =>
        permission === null
          ? []
          : [
              {
                resourceType: permission.resourceType,
                action: permission.action,
                pattern: permission.resourcePattern,
                condition: permission.condition,
                dataAccess,
                inheritsFrom,
                // Where others disable it as well, nobody regains it.
                ...(roleId === null ? { permissionId: permission.id } : {}),
              },
            ],
      ),
    ),
  };
}
