import { permitted } from '../../data/prisma/permitted.js';
import { databaseClock } from '../../data/write/database-clock.js';
import { forbidden } from '../../errors.js';
import type { Principal, Switched } from '../../policy/principal.js';
import { assertHeld, CARRIES, countingAt, holdingsOf } from '../escalation.js';
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
  { tx, guarding, principal }: Session,
  overrideIds: readonly string[],
): Promise<void> {
  if (principal.isPlatformAdmin || overrideIds.length === 0) return;
  const counts = unexpired(await databaseClock(tx));
  for (let at = 0; at < overrideIds.length; at += AT_ONCE) {
    const ids = overrideIds.slice(at, at + AT_ONCE);
    const allowed = await permitted(tx, guarding, 'ScopeOverride', 'update', ids);
    if (allowed.size < ids.length) {
      throw forbidden('an override would be lifted that is not the mover’s to change (D21)');
    }
    const lifted = await tx.scopeOverride.findMany({
      where: { id: { in: ids } },
      select: { roleId: true, permissionId: true, scope: { select: WHERE } },
    });
    for (const one of lifted) await assertHoldsRegained(tx, principal, one, counts);
  }
}

const WHERE = { id: true, inheritsFrom: true, organizationId: true } as const;

interface Lifted {
  readonly roleId: string | null;
  readonly permissionId: string | null;
  readonly scope: {
    readonly id: string;
    readonly inheritsFrom: readonly string[];
    readonly organizationId: string | null;
  } | null;
}

async function assertHoldsRegained(
  tx: Session['tx'],
  principal: Principal,
  { roleId, permissionId, scope }: Lifted,
  counts: ReturnType<typeof unexpired>,
): Promise<void> {
  // Of those who are members where the override is, or at the platform's root; of roles with one permission the reach is all.
  const near = [{ organizationId: scope?.organizationId ?? null }, { organizationId: null }];
  const roles = await tx.role.findMany({
    where: {
      assignments: { some: { ...counts, membership: { AND: [counts, { OR: near }] } } },
      ...(roleId === null ? {} : { id: roleId }),
      ...(permissionId === null ? {} : { permissions: { some: { permissionId } } }),
    },
    ...(permissionId === null ? {} : { distinct: ['dataAccess'] }),
    select: { id: true, ...CARRIES },
  });
  const inheritsFrom = countingAt(principal, scope);
  const { permissions, roles: held } = holdingsOf(
    roles.map((role) => ({ roleId: role.id, role, inheritsFrom })),
  );
  const regained = permissions.filter(
    (one) => permissionId === null || one.permissionId === permissionId,
  );
  // Of one role alone nothing of what is given is switched off with it any more.
  const given = regained.map(({ roleId: _role, ...one }) => one);
  const holder = roleId === null ? without(principal, permissionId, scope?.id) : principal;
  assertHeld(holder, { permissions: given, roles: permissionId === null ? held : [] });
}

/** The principal as they are where an override of a permission in all roles is no more. */
function without(
  principal: Principal,
  permissionId: string | null,
  scopeId: string | undefined,
): Principal {
  const on = <T extends Switched>(held: T): T => ({
    ...held,
    switches: (held.switches ?? []).filter(
      (one) =>
        one.disabledAt !== scopeId || one.roleId !== null || one.permissionId !== permissionId,
    ),
  });
  const { grants, conditional } = principal;
  return { ...principal, grants: grants.map(on), conditional: conditional.map(on) };
}
