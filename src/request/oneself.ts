import type { SystemQueries } from '../data/system-queries.js';
import type { Principal } from '../policy/principal.js';

/**
 * What everybody may know of themselves: their user's name and email, and the name of their
 * organization. Read once a request, and only if asked for.
 *
 * INVARIANT: neither takes an id. They are about the principal, and nobody else.
 */
export interface Oneself {
  readonly user: () => ReturnType<SystemQueries['findUser']>;
  readonly organization: () => ReturnType<SystemQueries['findOrganization']>;
}

/** Null is who has no user, or no organization: a key of nobody, the system. */
export function oneselfOf(
  { userId, organizationId }: Principal,
  { findUser, findOrganization }: SystemQueries,
): Oneself {
  let user: ReturnType<Oneself['user']> | undefined;
  let organization: ReturnType<Oneself['organization']> | undefined;
  return {
    user: () => (user ??= userId === null ? Promise.resolve(null) : findUser(userId)),
    organization: () =>
      (organization ??=
        organizationId === null ? Promise.resolve(null) : findOrganization(organizationId)),
  };
}
