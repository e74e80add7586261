import { createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { z } from 'zod';
import { internalServerError, unauthenticated } from '../errors.js';
import { DEFAULT_LIMITS, type Limits } from '../limits/limits.js';
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
  limits: Limits = DEFAULT_LIMITS,
): TokenVerifier {
  const key = keySource(settings, limits);
  const rules = {
    algorithms: settings.kind === 'jwks' ? PUBLIC_KEY_ALGORITHMS : SECRET_ALGORITHMS,
    issuer: settings.issuer,
    audience: settings.audience,
    requiredClaims: ['exp', 'sub'],
    clockTolerance: limits.clockToleranceSeconds,
  };
  return async (token) => {
    if (token.length > limits.tokenLength)
      throw unauthenticated(new Error('the token is too large'));
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

function keySource(settings: TokenSettings, limits: Limits): JWTVerifyGetKey {
  if (settings.kind !== 'jwks') {
    const secret = settings.kind === 'kept' ? keptSecret(settings.file) : settings.secret;
    const key = new TextEncoder().encode(secret);
    return async () => key;
  }
  const keys = createRemoteJWKSet(settings.url, {
    cooldownDuration: limits.keysCooldownMs,
    cacheMaxAge: limits.keysFreshMs,
    timeoutDuration: limits.keysTimeoutMs,
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
