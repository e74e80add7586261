import { record } from '../audit/record.js';
import { reached } from '../data/clients/unreachable.js';
import type { PrismaClient } from '../data/generated/client.js';
import { ownPlace } from '../policy/situation.js';
import { loadPrincipal } from './load-principal.js';
import type { Claims } from './verify-token.js';

/**
 * First contact (D18): binds (issuer, subject) to the active user with the verified email. Does
 * nothing if there is no such user, or if that user or that subject is bound already. It is recorded as theirs, in
 * the same transaction (D19).
 *
 * INVARIANT: an identity is never bound to an unverified email, never bound anew, and a user never
 * gets a second one this way: else whoever obtains an old address would obtain the user.
 */
export async function bindByVerifiedEmail(client: PrismaClient, claims: Claims): Promise<void> {
  const { issuer, subject, verifiedEmail } = claims;
  if (verifiedEmail === null) return;
  const binding = client.$transaction(
    async (tx) => {
      // The lock makes two first contacts of one user take turns; the count below is a statement of
      // its own, because under READ COMMITTED only that one sees what the other contact bound.
      const [user] = await tx.$queryRaw<{ id: string }[]>`
        SELECT u.id::text AS id
        FROM "user" u JOIN organization o ON o.id = u.organization_id
        WHERE u.email = ${verifiedEmail} AND u.is_active AND o.is_active
        FOR NO KEY UPDATE OF u`;
      if (user === undefined) return;
      if ((await tx.userIdentity.count({ where: { userId: user.id } })) > 0) return;
      const { count } = await tx.userIdentity.createMany({
        data: [{ userId: user.id, issuer, subject }],
        skipDuplicates: true,
      });
      const principal = count === 0 ? null : await loadPrincipal(tx, { userId: user.id });
      if (principal === null) return;
      await record(tx, {
        principal,
        place: ownPlace(principal),
        action: 'user:firstContact',
        resourceType: 'user',
        resourceId: user.id,
        scopeId: null,
        organizationId: principal.organizationId,
        outcome: 'PERMITTED',
        // What the issuer calls them stays between the two.
        reason: `bound by a verified email, of the issuer ${issuer}`,
      });
    },
    { isolationLevel: 'ReadCommitted' },
  );
  await reached(binding);
}
