import { assertHeld, heldByUser } from '../../commands/escalation.js';
import type { ChangeGuard } from '../../commands/writable.js';
import { forbidden } from '../../errors.js';

/**
 * D21: whoever is active again holds again what they held, and so it must be the giver's: all of it, and a platform
 * admin is reactivated by another.
 *
 * @throws DomainError FORBIDDEN
 */
export const assertMayReactivate: ChangeGuard = async (session, before, { isActive }) => {
  if (isActive !== true || before.isActive === true) return;
  if (before.isPlatformAdmin === true && !session.principal.isPlatformAdmin) throw forbidden();
  assertHeld(session.principal, await heldByUser(session, before.id));
};
