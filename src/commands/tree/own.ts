import type { Row } from '../../data/prisma/reader.js';
import { SYSTEM_ROLES } from '../../policy/vocabulary.js';
import { recordWrite } from '../record.js';
import type { Session } from '../session.js';

/** Makes a user an Owner at a scope where they are no member yet. Decides nothing: it follows from what was decided. */
export async function makeOwner(
  session: Session,
  at: { readonly scopeId: string; readonly organizationId: string | null },
  userId: string,
): Promise<void> {
  const { writer, guarding } = session;
  const { scopeId, organizationId } = at;
  const membership = await writer.insert('Membership', { scopeId, organizationId, userId });
  await writer.link('RoleAssignment', [
    { membershipId: membership.id, roleId: SYSTEM_ROLES.Owner },
  ]);
  const policy = guarding.decisions.policy('Membership');
  const after = { ...membership, roles: [SYSTEM_ROLES.Owner] };
  recordWrite(session, { resource: 'membership', policy }, 'create', null, after);
}

/**
 * D8: who makes a DEFINE scope is its first owner; nothing from above reaches into it, and without one nobody could.
 *
 * A platform admin owns what they make at home alone: elsewhere they pass anyway (D12), and a membership among
 * others would outlive the flag.
 */
export async function ownAsMaker(session: Session, scope: Row): Promise<void> {
  const { userId, isPlatformAdmin, organizationId: home } = session.principal;
  const organizationId = scope.organizationId as string | null;
  if (userId === null || (isPlatformAdmin && organizationId !== home)) return;
  await makeOwner(session, { scopeId: scope.id, organizationId }, userId);
}
