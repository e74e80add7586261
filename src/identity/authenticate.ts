import { ReadOnlyDatabaseError } from '../data/clients/unreachable.js';
import type { PrismaClient } from '../data/generated/client.js';
import { severalCredentials, unauthenticated } from '../errors.js';
import { DEFAULT_LIMITS, type Limits } from '../limits/limits.js';
import { ANONYMOUS, type Principal } from '../policy/principal.js';
import { type Credential, type CredentialKind, readCredential } from '../secrets/credential.js';
import { bindByVerifiedEmail } from './bind-identity.js';
import { principalOfKey } from './key-credential.js';
import { loadPrincipal } from './load-principal.js';
import type { TokenVerifier } from './verify-token.js';

/** What authenticating needs; `client` is the one without enforcement: nobody is known yet. */
export interface IdentityDeps {
  readonly client: PrismaClient;
  readonly verifyToken: TokenVerifier;
  readonly limits?: Limits;
  /** Is told of each key that signed in. */
  readonly used?: (principal: Principal) => void;
}

const BEARER = /^Bearer +([A-Za-z0-9_.-]+) *$/i;
const JWT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/;

/** The headers that a credential may come in, and the kinds of keys that do. */
const HEADERS: Readonly<Record<string, readonly CredentialKind[]>> = {
  authorization: ['API_KEY', 'VIRTUAL_KEY'],
  'x-api-key': ['API_KEY'],
  'x-virtual-key': ['VIRTUAL_KEY'],
};

/**
 * Who asks (D18, D42). No credential: ANONYMOUS. Any that does not name an active user of an active organization, or a key
 * that may act, is refused, never read as anonymous; and so are two at once, whoever they name.
 *
 * @throws DomainError UNAUTHENTICATED
 */
export async function authenticate(request: Headers, deps: IdentityDeps): Promise<Principal> {
  const given = Object.keys(HEADERS).filter((name) => request.get(name) !== null);
  const [name, ...others] = given;
  if (name === undefined) return ANONYMOUS;
  // INVARIANT: nobody chooses between them: a proxy in front may have checked the other one.
  if (others.length > 0) throw severalCredentials();
  const header = request.get(name) ?? '';
  const value = name === 'authorization' ? BEARER.exec(header)?.[1] : header;
  if (value === undefined) throw unauthenticated(new Error('the header is not a bearer token'));
  const credential = readCredential(value);
  if (credential !== null) return byKey(credential, HEADERS[name] ?? [], deps);
  if (name !== 'authorization' || !JWT.test(value)) {
    throw unauthenticated(new Error('the credential is neither a token nor a key of ours'));
  }
  return byToken(value, deps);
}

/** By a key, which comes in a header of its kind. */
async function byKey(
  credential: Credential,
  kinds: readonly CredentialKind[],
  { client, limits = DEFAULT_LIMITS, used = () => {} }: IdentityDeps,
): Promise<Principal> {
  if (!kinds.includes(credential.kind)) {
    throw unauthenticated(new Error('the key is of another kind than its header'));
  }
  const principal = await principalOfKey(client, credential, limits);
  if (principal === null) {
    throw unauthenticated(new Error(`the key ${credential.prefix} is none that may act`));
  }
  used(principal);
  return principal;
}

async function byToken(
  token: string,
  { client, verifyToken, limits = DEFAULT_LIMITS }: IdentityDeps,
): Promise<Principal> {
  const claims = await verifyToken(token);
  const known = await loadPrincipal(client, claims, limits);
  if (known !== null) return known;
  await bindByVerifiedEmail(client, claims).catch(refuseReadOnly);
  const bound = await loadPrincipal(client, claims, limits);
  if (bound !== null) return bound;
  throw unauthenticated(new Error('the token names no active user'));
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
