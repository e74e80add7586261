import { permitted } from '../data/prisma/permitted.js';
import { delegateOf } from '../data/prisma/reader.js';
import { forbidden } from '../errors.js';
import type { Policy } from '../policy/define-policy.js';
import type { Session } from './session.js';

/** What is looked at in one statement. */
const AT_ONCE = 1_000;

/**
 * D21: what goes with an organization must be the principal's to delete, each row of it: what is behind a DEFINE
 * boundary is not its owner's.
 *
 * @throws DomainError FORBIDDEN, without a number
 */
export async function assertMayDeleteAllOf(
  session: Session,
  organizationId: string,
): Promise<void> {
  if (session.principal.isPlatformAdmin) return;
  for (const policy of session.guarding.decisions.policies.values()) {
    if (goesAlong(policy)) await assertMayDelete(session, policy.model, organizationId);
  }
}

/** What lives in organizations, and is deleted by somebody. */
const goesAlong = ({ home, actions }: Policy): boolean =>
  home?.organization === 'organizationId' && 'delete' in actions;

async function assertMayDelete(
  { tx, guarding }: Session,
  model: string,
  organizationId: string,
): Promise<void> {
  const rows = delegateOf(tx, model);
  let after: string | undefined;
  for (;;) {
    const found = await rows.findMany({
      where: { organizationId, ...(after === undefined ? {} : { id: { gt: after } }) },
      orderBy: { id: 'asc' },
      take: AT_ONCE,
      select: { id: true },
    });
    const ids = found.map(({ id }) => id);
    if (ids.length === 0) return;
    const allowed = await permitted(tx, guarding, model, 'delete', ids);
    if (allowed.size < ids.length) {
      throw forbidden('it holds what is not permitted to be deleted (D21)');
    }
    after = ids.at(-1);
  }
}
