import { record } from '../audit/record.js';
import type { PrismaClient } from '../data/generated/client.js';
import { ownPlace } from '../policy/situation.js';
import { asciiLowerCase } from './email.js';
import { systemPrincipal } from './system-principal.js';

/** Who is to be the first platform admin of an installation. */
export interface FirstAdmin {
  /** The name of the organization that is made for them. */
  readonly organization: string;
  readonly name: string;
  /** Whoever comes with this email first, verified, is the admin (D18), unless there is an identity. */
  readonly email: string;
  /** What an identity provider calls them: then nothing is left to a first contact. */
  readonly identity: { readonly issuer: string; readonly subject: string } | null;
}

/** There is an admin already: whoever may make others is asked, and not this. */
class BootstrappedError extends Error {
  override readonly name = 'BootstrappedError';
}

/**
 * Makes the first organization and its admin, who may do everything from then on (D12); the record begins with it.
 *
 * INVARIANT: once. It asks for no credential but the database itself, and so it must never be a way to
 * become an admin beside others, not even for two at once.
 *
 * @throws BootstrappedError when there is a platform admin, active or not
 */
export async function bootstrap(
  client: PrismaClient,
  { organization, name, email, identity }: FirstAdmin,
): Promise<{ organizationId: string; userId: string }> {
  return client.$transaction(async (tx) => {
    await tx.$executeRaw`LOCK TABLE "user" IN SHARE ROW EXCLUSIVE MODE`;
    if ((await tx.user.count({ where: { isPlatformAdmin: true } })) > 0) {
      throw new BootstrappedError('there is a platform admin already: nothing was changed');
    }
    const made = await tx.organization.create({ data: { name: organization } });
    const { id: organizationId } = made;
    const admin = await tx.user.create({
      data: {
        name,
        email: asciiLowerCase(email),
        organizationId,
        isPlatformAdmin: true,
        ...(identity === null ? {} : { identities: { create: identity } }),
      },
    });
    const principal = systemPrincipal('bootstrap');
    for (const [resourceType, after] of [
      ['organization', made],
      ['user', admin],
    ] as const) {
      await record(tx, {
        principal,
        place: ownPlace(principal),
        action: `${resourceType}:create`,
        resourceType,
        resourceId: after.id,
        scopeId: null,
        organizationId,
        outcome: 'PERMITTED',
        after,
      });
    }
    return { organizationId, userId: admin.id };
  });
}
