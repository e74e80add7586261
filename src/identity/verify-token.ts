import {
  errors,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  type JWTVerifyResult,
  jwtVerify,
} from 'jose';
import { z } from 'zod';
import { unauthenticated } from '../errors.js';
import { DEFAULT_LIMITS, type Limits } from '../limits/limits.js';
import { asciiLowerCase } from './email.js';
import { createKeySource, type KeySource, type TokenSettings } from './key-source.js';

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
  /** In milliseconds since 1970: from then on the token names nobody. */
  readonly expiresAt: number;
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
  exp: z.number(),
  email: storable.optional().catch(undefined),
  email_verified: z.unknown().optional(),
});

/** Makes the one verifier of this gateway (D18): signature, algorithm, issuer, audience, expiry. */
export function createTokenVerifier(
  settings: TokenSettings,
  limits: Limits = DEFAULT_LIMITS,
  { keyOf }: KeySource = createKeySource(settings, limits),
): TokenVerifier {
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
    const { payload, protectedHeader } = await verified(token, keyOf, rules).catch((error) => {
      throw error instanceof errors.JOSEError ? unauthenticated(error) : error;
    });
    if (protectedHeader.typ !== undefined && !TYPES.test(protectedHeader.typ)) {
      throw unauthenticated(new Error('the token is not an access token'));
    }
    const claims = believed.safeParse(payload);
    if (!claims.success) throw unauthenticated(claims.error);
    const { iss, sub, exp, email, email_verified } = claims.data;
    return {
      issuer: iss,
      subject: sub,
      verifiedEmail: email !== undefined && email_verified === true ? asciiLowerCase(email) : null,
      expiresAt: exp * 1_000,
    };
  };
}

/**
 * The token as verified by its key. Where it does not name one of several keys, by any of them: providers
 * that have two while they change them do not always give them names.
 */
async function verified(
  token: string,
  keyOf: JWTVerifyGetKey,
  rules: JWTVerifyOptions,
): Promise<JWTVerifyResult> {
  try {
    return await jwtVerify(token, keyOf, rules);
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    let mismatch: unknown = error;
    for await (const key of error) {
      try {
        return await jwtVerify(token, key, rules);
      } catch (refusal) {
        if (!(refusal instanceof errors.JWSSignatureVerificationFailed)) throw refusal;
        mismatch = refusal;
      }
    }
    throw mismatch;
  }
}
