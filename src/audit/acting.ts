import type { Principal } from '../policy/principal.js';
import { ownPlace } from '../policy/situation.js';
import { record, type Sender } from './record.js';

/**
 * Records that a request acts in other organizations than its caller's own (D4, D19): an entry for each, in that
 * organization's record, and one in the platform's for all of them at once. It rejects where an entry cannot be written,
 * and the answer must not be given then.
 */
export async function recordActing(
  client: Sender,
  { by, where }: { readonly by: Principal; readonly where: readonly (string | null)[] },
  requestId: string,
): Promise<void> {
  const entries = where.map((organizationId) => ({
    principal: by,
    place: { ...ownPlace(by), organizationId, switched: true },
    action: 'organization:actIn',
    resourceType: 'organization',
    resourceId: organizationId,
    scopeId: null,
    organizationId,
    outcome: 'PERMITTED' as const,
    ...(organizationId === null && {
      reason: 'across all organizations, or of a row that is in none by itself',
    }),
    requestId,
  }));
  await record(client, ...entries);
}
