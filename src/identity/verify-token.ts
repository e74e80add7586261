import { createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { z } from 'zod';
import { internalServerError, unauthenticated } from '../errors.js';
import { asciiLowerCase } from './email.js';
import { keptSecret } from './kept-secret.js';

/** Where the keys come from and what a token must say. `kept`: a secret of the gateway's own. */
export type TokenSettings = { readonly issuer: string; readonly audience: string } & (
  | { readonly kind: 'secret'; readonly secret: string }
  | { readonly kind: 'kept'; readonly file: string }
  | { readonly kind: 'jwks'; readonly url: URL }
);

/**
 * What the gateway believes of a token: who it names, and nothing else.
 *
 * INVARIANT: nothing about authority is taken from a token's claims (D18).
 */
export interface Claims {
  readonly issuer: string;
  readonly subject: string;
  /** Lower-cased; null unless the issuer says that it verified it. */
  readonly verifiedEmail: string | null;
}

/** Answers a token's claims, or throws UNAUTHENTICATED. */
export type TokenVerifier = (token: string) => Promise<Claims>;

interface KeyFetching {
  /** After a fetch, an unknown key id does not cause another one for so many milliseconds. */
  readonly cooldownMs?: number;
}

const MAX_TOKEN_LENGTH = 8192;
const CLOCK_TOLERANCE_SECONDS = 10;
const KEYS_FRESH_MS = 5 * 60_000;
const KEYS_COOLDOWN_MS = 30_000;
const KEYS_TIMEOUT_MS = 5000;

// INVARIANT: a shared secret verifies HS256 alone and public keys their own algorithms alone: a
// public key must never be tried as an HMAC secret, and `none` is nowhere on a list.
const SECRET_ALGORITHMS = ['HS256'];
const PUBLIC_KEY_ALGORITHMS = ['RS256', 'ES256', 'EdDSA'];

// A provider signs other things than access tokens with the same keys, and says so in `typ`.
const TYPES = /^(application\/)?(jwt|at\+jwt)$/i;

// Control characters cannot be stored, and a lone surrogate is stored as if it were another.
const storable = z
  .string()
  .max(255)
  .regex(/^[^\p{Cc}\p{Cs}]+$/u);

const believed = z.object({
  iss: z.string(),
  sub: storable,
  email: storable.optional().catch(undefined),
  email_verified: z.unknown().optional(),
});

/** Makes the one verifier of this gateway (D18): signature, algorithm, issuer, audience, expiry. */
export function createTokenVerifier(
  settings: TokenSettings,
  fetching: KeyFetching = {},
): TokenVerifier {
  const key = keySource(settings, fetching);
  const rules = {
    algorithms: settings.kind === 'jwks' ? PUBLIC_KEY_ALGORITHMS : SECRET_ALGORITHMS,
    issuer: settings.issuer,
    audience: settings.audience,
    requiredClaims: ['exp', 'sub'],
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
  };
  return async (token) => {
    if (token.length > MAX_TOKEN_LENGTH) throw unauthenticated(new Error('the token is too large'));
    const { payload, protectedHeader } = await jwtVerify(token, key, rules).catch((error) => {
      throw error instanceof errors.JOSEError ? unauthenticated(error) : error;
    });
    if (protectedHeader.typ !== undefined && !TYPES.test(protectedHeader.typ)) {
      throw unauthenticated(new Error('the token is not an access token'));
    }
    const claims = believed.safeParse(payload);
    if (!claims.success) throw unauthenticated(claims.error);
    const { iss, sub, email, email_verified } = claims.data;
    return {
      issuer: iss,
      subject: sub,
      verifiedEmail: email !== undefined && email_verified === true ? asciiLowerCase(email) : null,
    };
  };
}

function keySource(settings: TokenSettings, fetching: KeyFetching): JWTVerifyGetKey {
  if (settings.kind !== 'jwks') {
    const secret = settings.kind === 'kept' ? keptSecret(settings.file) : settings.secret;
    const key = new TextEncoder().encode(secret);
    return async () => key;
  }
  const keys = createRemoteJWKSet(settings.url, {
    cooldownDuration: fetching.cooldownMs ?? KEYS_COOLDOWN_MS,
    cacheMaxAge: KEYS_FRESH_MS,
    timeoutDuration: KEYS_TIMEOUT_MS,
  });
  return (header, token) =>
    keys(header, token).catch((error) => {
      // A provider that is out of reach is our trouble, not a fault of the caller's credential.
      throw isAboutTheToken(error) ? error : internalServerError(error);
    });
}

function isAboutTheToken(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  );
}
