import { ReadOnlyDatabaseError } from '../data/clients/unreachable.js';
import type { PrismaClient } from '../data/generated/client.js';
import { unauthenticated } from '../errors.js';
import { ANONYMOUS, type Principal } from '../policy/principal.js';
import { bindByVerifiedEmail } from './bind-identity.js';
import type { KnownPrincipals } from './known-principals.js';
import type { Claims, TokenVerifier } from './verify-token.js';

/** What authenticating needs; `client` is the one without enforcement: nobody is known yet. */
export interface IdentityDeps {
  readonly client: PrismaClient;
  readonly verifyToken: TokenVerifier;
  readonly principals: KnownPrincipals;
}

const BEARER = /^Bearer +([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*) *$/i;

/**
 * Who asks (D18). No Authorization header: ANONYMOUS. Any other that does not name an active user
 * of an active organization is refused, never read as anonymous.
 *
 * @throws DomainError UNAUTHENTICATED
 */
export async function authenticate(
  request: Headers,
  { client, verifyToken, principals }: IdentityDeps,
): Promise<Principal> {
  const claims = await claimsOf(request, verifyToken);
  if (claims === null) return ANONYMOUS;
  const known = await principals.find(claims);
  if (known !== null) return known;
  await bindByVerifiedEmail(client, claims).catch(refuseReadOnly);
  const bound = await principals.find(claims);
  if (bound !== null) return bound;
  throw unauthenticated(new Error('the token names no active user'));
}

/**
 * Whom a request's credential names; null where it has none.
 *
 * @throws DomainError UNAUTHENTICATED
 */
export async function claimsOf(
  request: Headers,
  verifyToken: TokenVerifier,
): Promise<Claims | null> {
  const header = request.get('authorization');
  if (header === null) return null;
  const token = BEARER.exec(header)?.[1];
  if (token === undefined) throw unauthenticated(new Error('the header is not a bearer token'));
  return verifyToken(token);
}

/**
 * On a replica nobody can be bound. That is a refusal like any other, and the same whether there is a user
 * with this email or not: who was bound before, by way of the primary, is let in.
 */
function refuseReadOnly(error: unknown): never {
  if (!(error instanceof ReadOnlyDatabaseError)) throw error;
  throw unauthenticated(
    new Error(
      'the token names nobody yet, and first contact cannot be kept: the database is read-only',
    ),
  );
}
