import { assertHoldsRegained, type Lifted } from '../../commands/regained.js';
import type { Session } from '../../commands/session.js';
import type { Spot } from '../../commands/spot.js';

/** What an override is of (D9). */
export type Target = Omit<Lifted, 'scope'>;

/**
 * D21: who lifted what an override disabled must hold what others regain there, as things are now that it is written.
 *
 * @throws DomainError FORBIDDEN
 */
export async function assertHoldsRegainedAt(
  session: Session,
  { scopeId, organizationId, inheritsFrom }: Spot,
  target: Target,
): Promise<void> {
  if (session.principal.isPlatformAdmin) return;
  const now = await session.principalNow();
  const scope = { id: scopeId, organizationId, inheritsFrom };
  await assertHoldsRegained(session, [{ ...target, scope }], () => now);
}
