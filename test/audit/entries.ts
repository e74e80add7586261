import type { AuditEntry } from '../../src/audit/entry.js';
import { ANONYMOUS, type Principal } from '../../src/policy/principal.js';
import { ownPlace } from '../../src/policy/situation.js';

/** Somebody who acts, with nothing but a name and an organization. */
export const actor = (userId: string | null, organizationId: string | null = null): Principal => ({
  ...ANONYMOUS,
  kind: userId === null ? 'SYSTEM' : 'USER',
  label: userId === null ? 'system:test' : `user:${userId}`,
  userId,
  organizationId,
});

/** An entry of which the test says what matters. */
export function entryOf(
  principal: Principal,
  more: Partial<AuditEntry> & Pick<AuditEntry, 'organizationId'>,
): AuditEntry {
  return {
    principal,
    place: ownPlace(principal),
    action: 'form:update',
    resourceType: 'form',
    resourceId: null,
    scopeId: null,
    outcome: 'PERMITTED',
    ...more,
  };
}
