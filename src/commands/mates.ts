import { databaseClock } from '../data/write/database-clock.js';
import { assertHeld, CARRIES, type Carried, carriedBy, countingAt } from './escalation.js';
import type { Session } from './session.js';

/** So many roles at scopes are looked at in one statement. */
const AT_ONCE = 1_000;

interface HeldAt {
  readonly scopeId: string;
  readonly roleId: string;
  readonly organizationId: string | null;
  readonly inheritsFrom: readonly string[];
}

/**
 * D21: what reaches the rows of who joins a team, and what theirs reaches of its members' (D7): each permission that any of them
 * holds with TEAM_DATA, and on teams with OWN_DATA. Who brings them together must hold it there over all rows. A role at a
 * scope is looked at once, however many hold it there, and so many of these at a time.
 *
 * @throws DomainError FORBIDDEN
 */
export async function assertMatesReachNothingElse(
  session: Session,
  teamId: string,
  joining: readonly string[],
): Promise<void> {
  const { principal } = session;
  if (principal.isPlatformAdmin) return;
  const now = await databaseClock(session.tx);
  const known = new Map<string, readonly Carried[]>();
  for (let after: HeldAt | undefined; ; ) {
    const held = await heldAfter(session, { teamId, joining, now }, after);
    await learn(session, held, known);
    assertHeld(principal, {
      roles: [],
      permissions: held.flatMap(({ roleId, ...scope }) => {
        const inheritsFrom = countingAt(principal, scope);
        return (known.get(roleId) ?? []).map((one) => ({ ...one, roleId, inheritsFrom }));
      }),
    });
    if (held.length < AT_ONCE) return;
    after = held.at(-1);
  }
}

/** The next roles at scopes that anybody who is in the team, or is to be, holds with a reach that mates widen. */
function heldAfter(
  { tx }: Session,
  {
    teamId,
    joining,
    now,
  }: { readonly teamId: string; readonly joining: readonly string[]; readonly now: Date },
  after: HeldAt | undefined,
): Promise<HeldAt[]> {
  const [scopeId, roleId] = [after?.scopeId ?? null, after?.roleId ?? null];
  return tx.$queryRaw<HeldAt[]>`
    WITH mate AS (
      SELECT unnest(${[...joining]}::text[]::uuid[]) AS id
      UNION SELECT user_id FROM team_member WHERE team_id = ${teamId}::text::uuid
    ), held AS (
      SELECT m.id, m.scope_id FROM mate u JOIN membership m ON m.user_id = u.id
        WHERE m.expires_at IS NULL OR m.expires_at > ${now}
      UNION SELECT m.id, m.scope_id
        FROM membership m WHERE m.team_id IN (SELECT t.team_id FROM mate u JOIN team_member t ON t.user_id = u.id)
          AND (m.expires_at IS NULL OR m.expires_at > ${now})
    ), distinctly AS (
      SELECT DISTINCT h.scope_id, a.role_id
      FROM held h JOIN role_assignment a ON a.membership_id = h.id
      JOIN role r ON r.id = a.role_id AND r.data_access IN ('TEAM_DATA', 'OWN_DATA')
      WHERE (a.expires_at IS NULL OR a.expires_at > ${now})
        AND (${scopeId}::text IS NULL OR (h.scope_id, a.role_id) > (${scopeId}::text::uuid, ${roleId}::text::uuid))
      ORDER BY 1, 2 LIMIT ${AT_ONCE}::int
    )
    SELECT d.scope_id::text AS "scopeId", d.role_id::text AS "roleId", s.organization_id::text AS "organizationId",
      s.inherits_from::text[] AS "inheritsFrom"
    FROM distinctly d JOIN scope s ON s.id = d.scope_id ORDER BY d.scope_id, d.role_id`;
}

/** Reads what roles that were not met before carry, as far as mates widen it. */
async function learn(
  { tx }: Session,
  held: readonly HeldAt[],
  known: Map<string, readonly Carried[]>,
): Promise<void> {
  const ids = [...new Set(held.map(({ roleId }) => roleId))].filter((id) => !known.has(id));
  if (ids.length === 0) return;
  const roles = await tx.role.findMany({
    where: { id: { in: ids } },
    select: { id: true, ...CARRIES },
  });
  for (const role of roles) {
    // A team is its members' own, too (D7).
    const wide = carriedBy(role).filter(
      ({ dataAccess, resourceType }) =>
        dataAccess === 'TEAM_DATA' || (dataAccess === 'OWN_DATA' && resourceType === 'team'),
    );
    known.set(
      role.id,
      wide.map((one) => ({ ...one, dataAccess: 'ALL_DATA' })),
    );
  }
}
