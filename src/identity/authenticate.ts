import { ReadOnlyDatabaseError } from '../data/clients/unreachable.js';
import type { PrismaClient } from '../data/generated/client.js';
import { severalCredentials, unauthenticated } from '../errors.js';
import { DEFAULT_LIMITS, type Limits } from '../limits/limits.js';
import { ANONYMOUS, type Principal } from '../policy/principal.js';
import { type Credential, type CredentialKind, readCredential } from '../secrets/credential.js';
import { type ExecutionToken, readExecutionToken } from '../secrets/lease.js';
import { bindByVerifiedEmail } from './bind-identity.js';
import { principalOfToken } from './execution-credential.js';
import { principalOfKey } from './key-credential.js';
import type { KnownPrincipals } from './known-principals.js';
import type { TokenVerifier } from './verify-token.js';

/** What authenticating needs; `client` is the one without enforcement: nobody is known yet. */
export interface IdentityDeps {
  readonly client: PrismaClient;
  readonly verifyToken: TokenVerifier;
  readonly principals: KnownPrincipals;
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

/** By what a request says who sent it. */
export type Given =
  | { readonly by: 'token'; readonly token: string }
  | { readonly by: 'key'; readonly key: Credential }
  | { readonly by: 'execution'; readonly execution: ExecutionToken };

/**
 * The credential of a request, which nobody has verified yet; null: it has none.
 *
 * @throws DomainError UNAUTHENTICATED: it is none of ours, or there are two
 */
export function credentialIn(request: Headers): Given | null {
  const given = Object.keys(HEADERS).filter((name) => request.get(name) !== null);
  const [name, ...others] = given;
  if (name === undefined) return null;
  // INVARIANT: nobody chooses between them: a proxy in front may have checked the other one.
  if (others.length > 0) throw severalCredentials();
  const header = request.get(name) ?? '';
  const value = name === 'authorization' ? BEARER.exec(header)?.[1] : header;
  if (value === undefined) throw unauthenticated(new Error('the header is not a bearer token'));
  const key = readCredential(value);
  if (key !== null) {
    if (HEADERS[name]?.includes(key.kind) === true) return { by: 'key', key };
    throw unauthenticated(new Error('the key is of another kind than its header'));
  }
  const execution = readExecutionToken(value);
  if (name === 'authorization' && execution !== null) return { by: 'execution', execution };
  if (name !== 'authorization' || !JWT.test(value)) {
    throw unauthenticated(new Error('the credential is neither a token nor a key of ours'));
  }
  return { by: 'token', token: value };
}

/**
 * Who asks (D18, D42). No credential: ANONYMOUS. Any that does not name an active user of an active organization, or a key
 * that may act, is refused, never read as anonymous; and so are two at once, whoever they name.
 *
 * @throws DomainError UNAUTHENTICATED
 */
export async function authenticate(request: Headers, deps: IdentityDeps): Promise<Principal> {
  const given = credentialIn(request);
  if (given === null) return ANONYMOUS;
  switch (given.by) {
    case 'key':
      return byKey(given.key, deps);
    case 'execution':
      return byExecution(given.execution, deps);
    case 'token':
      return byToken(given.token, deps);
  }
}

async function byExecution(
  token: ExecutionToken,
  { client, limits = DEFAULT_LIMITS }: IdentityDeps,
): Promise<Principal> {
  const principal = await principalOfToken(client, token, limits);
  if (principal === null) {
    throw unauthenticated(new Error(`the execution ${token.executionId} may not act (any more)`));
  }
  return principal;
}

async function byKey(
  credential: Credential,
  { client, limits = DEFAULT_LIMITS, used = () => {} }: IdentityDeps,
): Promise<Principal> {
  const principal = await principalOfKey(client, credential, limits);
  if (principal === null) {
    throw unauthenticated(new Error(`the key ${credential.prefix} is none that may act`));
  }
  used(principal);
  return principal;
}

async function byToken(
  token: string,
  { client, verifyToken, principals }: IdentityDeps,
): Promise<Principal> {
  const claims = await verifyToken(token);
  const known = await principals.find(claims);
  if (known !== null) return known;
  await bindByVerifiedEmail(client, claims).catch(refuseReadOnly);
  const bound = await principals.find(claims);
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
