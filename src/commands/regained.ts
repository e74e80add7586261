import { databaseClock } from '../data/write/database-clock.js';
import type { Principal } from '../policy/principal.js';
import { PLATFORM_ROOT_ID } from '../policy/vocabulary.js';
import { assertHeld, CARRIES, countingAt, type Holdings, holdingsOf } from './escalation.js';
import type { Session } from './session.js';

/** A disabling override that ceases to count (D9): where it is, and what it is of. */
export interface Lifted {
  readonly permissionId: string | null;
  readonly roleId: string | null;
  readonly scope: {
    readonly id: string;
    readonly organizationId: string | null;
    readonly inheritsFrom: readonly string[];
  };
}

/**
 * D21: what others regain where nothing disables it any more must be held there by who sees to that: of a role, or of what a
 * role carries, by another way than that role. Three statements, however many are lifted.
 *
 * What is taken of a permission in all roles is taken of whoever lifts it as well. It is enough to hold it as soon as it is
 * lifted, or else nobody could undo what they did; D9 says who may lift it at all.
 *
 * @param asLifted the principal as they are where one of a permission in all roles is no more
 * @throws DomainError FORBIDDEN
 */
export async function assertHoldsRegained(
  session: Session,
  lifted: readonly Lifted[],
  asLifted: (one: Lifted) => Principal,
): Promise<void> {
  const { principal } = session;
  if (principal.isPlatformAdmin || lifted.length === 0) return;
  const regained = await regainedBy(session, lifted);
  for (const one of lifted) {
    assertHeld(one.roleId === null ? asLifted(one) : principal, regained(one));
  }
}

/** What whoever holds it where an override is, above or below, holds again. */
async function regainedBy(
  { tx, principal }: Session,
  lifted: readonly Lifted[],
): Promise<(one: Lifted) => Holdings> {
  const rolesNear = await rolesHeldNear(
    tx,
    lifted.map(({ scope }) => scope.id),
  );
  const permissionIds = lifted.flatMap(({ permissionId }) => permissionId ?? []);
  const isOfPermissions = permissionIds.length === lifted.length;
  const roles = await tx.role.findMany({
    where: { id: { in: [...new Set([...rolesNear.values()].flat())] } },
    select: {
      id: true,
      dataAccess: true,
      permissions: {
        ...CARRIES.permissions,
        where: isOfPermissions ? { permissionId: { in: permissionIds } } : {},
      },
    },
  });
  const byId = new Map(roles.map((role) => [role.id, role]));
  return ({ permissionId, roleId, scope }) => {
    const inheritsFrom = countingAt(principal, scope);
    const held = (rolesNear.get(scope.id) ?? []).filter((id) => roleId === null || id === roleId);
    const { permissions, roles } = holdingsOf(
      held.map((id) => ({ roleId: id, role: byId.get(id) ?? null, inheritsFrom })),
    );
    return {
      // Of a role alone what is bound to it opens again, too (D6).
      roles: permissionId === null ? roles : [],
      permissions: permissions
        .filter((one) => permissionId === null || one.permissionId === permissionId)
        // By another way than the role: what is switched off with it alone excuses nothing.
        .map(({ roleId: _role, ...one }) => one),
    };
  };
}

/**
 * By scope, the roles that anybody holds so that they count there or below (D8): there, where it inherits from, or in what
 * inherits from it. At a root a role is held for global rows as well. What has ended gives nothing (D48).
 */
async function rolesHeldNear(
  tx: Session['tx'],
  scopeIds: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const now = await databaseClock(tx);
  const found = await tx.$queryRaw<{ scopeId: string; roleIds: string[] }[]>`
    SELECT at.id::text AS "scopeId", array_agg(DISTINCT a.role_id::text) AS "roleIds"
    FROM scope at
    CROSS JOIN LATERAL (
      SELECT unnest(at.inherits_from) AS id
      UNION SELECT below.id FROM scope below
        WHERE below.path @> ARRAY[at.id] AND below.inherits_from @> ARRAY[at.id]
      UNION SELECT root.id FROM scope root
        WHERE at.id = ${PLATFORM_ROOT_ID}::text::uuid AND root.parent_id = at.id
    ) near
    JOIN membership m ON m.scope_id = near.id AND (m.expires_at IS NULL OR m.expires_at > ${now})
    JOIN role_assignment a ON a.membership_id = m.id AND (a.expires_at IS NULL OR a.expires_at > ${now})
    WHERE at.id = ANY (${[...new Set(scopeIds)]}::text[]::uuid[])
    GROUP BY at.id`;
  return new Map(found.map(({ scopeId, roleIds }) => [scopeId, roleIds]));
}
