import { permitted } from '../../data/prisma/permitted.js';
import { databaseClock } from '../../data/write/database-clock.js';
import { forbidden } from '../../errors.js';
import type { Principal, Switched } from '../../policy/principal.js';
import { assertHeld, CARRIES, countingAt, holdingsOf } from '../escalation.js';
import { assertHoldsRegained, type Lifted } from '../regained.js';
import type { Session } from '../session.js';
import { unexpired } from '../unexpired.js';

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

/** The roles that anybody holds at any of these scopes: what has ended is held by nobody (D48). */
export async function rolesHeldAt({ tx }: Session, scopeIds: readonly string[]): Promise<string[]> {
  if (scopeIds.length === 0) return [];
  const counts = unexpired(await databaseClock(tx));
  const membership = { ...counts, scopeId: { in: [...scopeIds] } };
  const roles = await tx.role.findMany({
    where: { assignments: { some: { ...counts, membership } } },
    select: { id: true },
  });
  return roles.map(({ id }) => id);
}

/** What is asked about in one statement. */
const AT_ONCE = 1_000;

/**
 * D21: a disabling override that ceases to count is lifted: that takes the right to change it, whoever sees it, and to hold
 * what others regain. What is disabled in all roles is taken from who lifts it, too: it is enough to hold it then.
 *
 * @throws DomainError FORBIDDEN
 */
export async function assertMayLift(
  session: Session,
  overrideIds: readonly string[],
): Promise<void> {
  const { tx, guarding, principal } = session;
  if (principal.isPlatformAdmin || overrideIds.length === 0) return;
  for (let at = 0; at < overrideIds.length; at += AT_ONCE) {
    const ids = overrideIds.slice(at, at + AT_ONCE);
    const allowed = await permitted(tx, guarding, 'ScopeOverride', 'update', ids);
    if (allowed.size < ids.length) {
      throw forbidden('an override would be lifted that is not the mover’s to change (D21)');
    }
    const overrides = await tx.scopeOverride.findMany({
      where: { id: { in: ids } },
      select: { roleId: true, permissionId: true, scope: { select: WHERE } },
    });
    const lifted = overrides.flatMap(({ scope, ...of }) =>
      scope === null ? [] : { ...of, scope },
    );
    await assertHoldsRegained(session, lifted, (one) => without(principal, one));
  }
}

const WHERE = { id: true, inheritsFrom: true, organizationId: true } as const;

/** The principal as they are where an override of a permission in all roles is no more. */
function without(principal: Principal, { permissionId, scope }: Lifted): Principal {
  const on = <T extends Switched>(held: T): T => ({
    ...held,
    switches: (held.switches ?? []).filter(
      (one) =>
        one.disabledAt !== scope.id || one.roleId !== null || one.permissionId !== permissionId,
    ),
  });
  const { grants, conditional } = principal;
  return { ...principal, grants: grants.map(on), conditional: conditional.map(on) };
}
