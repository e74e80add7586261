import { permitted } from '../../data/prisma/permitted.js';
import { forbidden } from '../../errors.js';
import { assertHeld, CARRIES, countingAt, holdingsOf } from '../escalation.js';
import type { Session } from '../session.js';

/** A scope at which roles that are held elsewhere would begin to count, as it is before. */
export interface Gaining {
  readonly organizationId: string | null;
  readonly inheritsFrom: readonly string[];
  readonly roleIds: readonly string[];
}

/**
 * D21: what anybody would come to hold somewhere, because what is held elsewhere begins to reach it, must be held there by
 * who has it so. One statement for all of it: roles are read once, however many hold them.
 *
 * @throws DomainError FORBIDDEN
 */
export async function assertMayGive(
  { tx, principal }: Session,
  gaining: readonly Gaining[],
): Promise<void> {
  if (principal.isPlatformAdmin || gaining.length === 0) return;
  const ids = [...new Set(gaining.flatMap(({ roleIds }) => roleIds))];
  const roles = await tx.role.findMany({
    where: { id: { in: ids } },
    select: { id: true, ...CARRIES },
  });
  const byId = new Map(roles.map((role) => [role.id, role]));
  for (const { roleIds, ...scope } of gaining) {
    const inheritsFrom = countingAt(principal, scope);
    const held = roleIds.map((roleId) => ({
      roleId,
      role: byId.get(roleId) ?? null,
      inheritsFrom,
    }));
    assertHeld(principal, holdingsOf(held));
  }
}

/** The roles that anybody holds at any of these scopes. */
export async function rolesHeldAt({ tx }: Session, scopeIds: readonly string[]): Promise<string[]> {
  if (scopeIds.length === 0) return [];
  const roles = await tx.role.findMany({
    where: { assignments: { some: { membership: { scopeId: { in: [...scopeIds] } } } } },
    select: { id: true },
  });
  return roles.map(({ id }) => id);
}

/** What is asked about in one statement. */
const AT_ONCE = 1_000;

/**
 * D21: a disabling override that ceases to count is lifted, and that takes the right to change it, whoever sees it.
 *
 * @throws DomainError FORBIDDEN
 */
export async function assertMayLift(
  { tx, guarding, principal }: Session,
  overrideIds: readonly string[],
): Promise<void> {
  if (principal.isPlatformAdmin) return;
  for (let at = 0; at < overrideIds.length; at += AT_ONCE) {
    const ids = overrideIds.slice(at, at + AT_ONCE);
    const allowed = await permitted(tx, guarding, 'ScopeOverride', 'update', ids);
    if (allowed.size < ids.length) {
      throw forbidden('an override would be lifted that is not the mover’s to change (D21)');
    }
  }
}
