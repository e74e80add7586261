import type { Row } from '../../data/prisma/reader.js';
import { raiseAuthority } from '../../data/write/authority.js';
import { databaseClock } from '../../data/write/database-clock.js';
import { forbidden } from '../../errors.js';
import { assertConditionsGiveNothing } from '../conditions.js';
import type { Session } from '../session.js';
import type { ChangeGuard } from '../writable.js';
import { assertMayGive, assertMayLift } from './gains.js';

/**
 * D21: a type's mode says what reaches its scopes, all of them. One that begins to merge lets in what is held above; one that
 * begins anew leaves the overrides above behind. Whoever flips it must have been able to give the one there and to change
 * the other, so that nobody gains by it what they could not grant.
 *
 * @throws DomainError FORBIDDEN
 */
export const assertMayFlip: ChangeGuard = async (session, before, { permissionMode, name }) => {
  if (name !== undefined && name !== before.name) await assertNameGivesNothing(session, before);
  if (permissionMode === undefined) return;
  // A mode that this version does not know counts as DEFINE (D8).
  const [did, does] = [before.permissionMode === 'MERGE', permissionMode === 'MERGE'];
  if (did === does || session.principal.isPlatformAdmin) return;
  if (typeof before.organizationId === 'string') {
    await raiseAuthority(session.tx, before.organizationId);
  }
  if (does) await assertMayLetIn(session, before);
  else await assertMayLift(session, await overridesAbove(session, before));
};

/** D21: conditions read what the type of a scope is called (D11), wherever in the organization they are held. */
async function assertNameGivesNothing(session: Session, type: Row): Promise<void> {
  const organizationId = type.organizationId as string | null;
  await assertConditionsGiveNothing(session, { organizationId }, 'scope.type');
}

interface Boundary {
  readonly id: string;
  readonly organizationId: string | null;
  readonly roleIds: readonly string[];
}

/**
 * At each scope of the type, which as yet inherits from itself alone, what is held above as far as it would inherit, and has
 * not ended (D48). What lies below inherits from such a scope or begins anew, and so is no more than it.
 */
async function assertMayLetIn(session: Session, type: Row): Promise<void> {
  // Nothing is held at a scope but through a grant or a role that names it: of more scopes than are named some are lacking.
  const { grants, roles } = session.principal;
  const named = new Set([...grants, ...roles].flatMap(({ scopeIds }) => scopeIds));
  const now = await databaseClock(session.tx);
  const boundaries = await session.tx.$queryRaw<Boundary[]>`
    SELECT b.id::text AS id, b.organization_id::text AS "organizationId",
      array_agg(DISTINCT a.role_id::text) AS "roleIds"
    FROM scope b
    CROSS JOIN LATERAL (
      SELECT above.id, bool_or(above.ends) OVER (ORDER BY above.n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS ended
      FROM (
        SELECT p.id, p.n, t.permission_mode <> 'MERGE' AND t.id <> b.type_id AS ends
        FROM unnest(b.path[2:]) WITH ORDINALITY p (id, n)
        JOIN scope s ON s.id = p.id JOIN scope_type t ON t.id = s.type_id
      ) above
    ) entered
    JOIN membership m ON m.scope_id = entered.id AND (m.expires_at IS NULL OR m.expires_at > ${now})
    JOIN role_assignment a ON a.membership_id = m.id AND (a.expires_at IS NULL OR a.expires_at > ${now})
    WHERE b.type_id = ${type.id}::text::uuid AND entered.ended IS NOT TRUE
    GROUP BY b.id
    LIMIT ${named.size + 1}`;
  if (boundaries.length > named.size)
    throw forbidden('more would be let in than is held there (D21)');
  await assertMayGive(
    session,
    boundaries.map(({ id, ...scope }) => ({ ...scope, inheritsFrom: [id] })),
  );
}

/** The disabling overrides that count at scopes of a type and are not their own. */
async function overridesAbove({ tx }: Session, type: Row): Promise<string[]> {
  const found = await tx.$queryRaw<{ id: string }[]>`
    SELECT DISTINCT o.id::text AS id
    FROM scope s CROSS JOIN LATERAL unnest(s.path[2:]) above (id)
    JOIN scope_override o ON o.scope_id = above.id
    WHERE s.type_id = ${type.id}::text::uuid AND o.state <> 'enabled'`;
  return found.map(({ id }) => id);
}
