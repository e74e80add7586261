import { assertHeld, CARRIES, carriedBy, countingAt } from '../../commands/escalation.js';
import type { FoundSpot, Session } from '../../commands/session.js';
import type { Watch } from '../../commands/writable.js';
import type { Row } from '../../data/prisma/reader.js';
import { badInput, forbidden } from '../../errors.js';
import { evaluate } from '../../policy/evaluate.js';
import { PLATFORM_ROOT_ID, SYSTEM_ROLES } from '../../policy/vocabulary.js';

/**
 * D21: each role that comes to be on a membership, or to be on it for longer (D48), whoever puts it there must be able to
 * assign at that scope, and hold there all that it carries.
 */
export const watchMembership: Watch = async (session, before) => {
  const had = before === null ? new Map<string, number>() : await rolesOn(session, before);
  return async (after) => {
    if (before === null) await assertOfNobody(session, after);
    const has = [...(await rolesOn(session, after))];
    const gained = has.filter(([id, until]) => until > (had.get(id) ?? Number.NEGATIVE_INFINITY));
    await assertAssignable(
      session,
      after,
      gained.map(([id]) => id),
    );
  };
};

/**
 * D42: a key that a user or a team owns holds what they do, and nothing itself; and none holds anything elsewhere (D18), but a
 * provider's key what a platform admin lets it work on everywhere (D34), which counts for that alone.
 */
async function assertOfNobody({ tx, principal }: Session, membership: Row): Promise<void> {
  const { apiKeyId, virtualKeyId, organizationId } = membership;
  const select = {
    ...{ organizationId: true, ownerId: true, teamId: true },
    organization: { select: { isProvider: true } },
  } as const;
  for (const [field, id, find] of [
    ['apiKey', apiKeyId, (id: string) => tx.apiKey.findUnique({ where: { id }, select })],
    [
      'virtualKey',
      virtualKeyId,
      (id: string) => tx.virtualKey.findUnique({ where: { id }, select }),
    ],
  ] as const) {
    if (typeof id !== 'string') continue;
    const key = await find(id);
    const isProviders =
      field === 'apiKey' &&
      principal.isPlatformAdmin &&
      membership.scopeId === PLATFORM_ROOT_ID &&
      key?.organization?.isProvider === true;
    if (key === null || (key.organizationId !== organizationId && !isProviders)) {
      throw badInput([{ path: [field], message: 'a key is in scopes of its own organization' }]);
    }
    if (key.ownerId !== null || key.teamId !== null) {
      throw badInput([{ path: [field], message: 'it holds what its owner or team does' }]);
    }
  }
}

/** The roles on a membership, and until when each counts: until it ends itself, or the membership does. */
async function rolesOn({ tx }: Session, membership: Row): Promise<Map<string, number>> {
  const found = await tx.roleAssignment.findMany({
    where: { membershipId: membership.id },
    select: { roleId: true, expiresAt: true },
  });
  const ends = untilOf(membership.expiresAt as Date | null);
  return new Map(
    found.map(({ roleId, expiresAt }) => [roleId, Math.min(ends, untilOf(expiresAt))]),
  );
}

const untilOf = (expiresAt: Date | null): number =>
  expiresAt?.getTime() ?? Number.POSITIVE_INFINITY;

/**
 * Whether these roles may be put on a membership.
 *
 * @throws DomainError FORBIDDEN
 */
async function assertAssignable(
  session: Session,
  membership: Row,
  roleIds: readonly string[],
): Promise<void> {
  if (roleIds.length === 0) return;
  const spot = await session.findSpot(String(membership.scopeId));
  if (spot === null) throw forbidden('there is no such scope');
  const roles = await session.tx.role.findMany({
    where: { id: { in: [...roleIds] } },
    select: { id: true, name: true, ...CARRIES },
  });
  const { principal } = session;
  for (const role of roles) {
    if (!assigns(session, role, String(membership.scopeId), spot)) {
      throw forbidden('role:assign is not permitted there for each of the roles');
    }
    const inheritsFrom = countingAt(principal, spot);
    const permissions = carriedBy(role).map((one) => ({ ...one, roleId: role.id, inheritsFrom }));
    // The right to assign it was asked; that of Owner takes being one.
    const roles = role.id === SYSTEM_ROLES.Owner ? [{ roleId: role.id, inheritsFrom }] : [];
    assertHeld(principal, { roles, permissions });
  }
}

/**
 * A role is assigned by rights where it comes to be held: a system role is everybody's to use, and nobody's but the
 * platform's to manage. So it is decided as if it lived there.
 */
function assigns(
  { guarding: { decisions } }: Session,
  { id, name }: { readonly id: string; readonly name: string },
  scopeId: string,
  { organizationId, inheritsFrom }: FoundSpot,
): boolean {
  const there = { id, name, scopeId, organizationId, governedBy: inheritsFrom };
  return evaluate(decisions.residual('Role', 'assign'), there) === 'yes';
}
