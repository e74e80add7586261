import { SignJWT } from 'jose';
import { asciiLowerCase } from './email.js';

/** What a development token says; `ttl` in seconds. */
export interface DevelopmentToken {
  readonly secret: string;
  readonly issuer: string;
  readonly audience: string;
  readonly subject: string;
  readonly email: string;
  readonly ttl: number;
}

/** The subject of a user's development tokens. It comes from the email, so nothing is looked up. */
export function developmentSubject(email: string): string {
  return `dev|${asciiLowerCase(email)}`;
}

/**
 * Signs a token with the shared secret, for development and tests. It counts the email as verified,
 * as whoever knows the secret may say anything.
 */
export function signDevelopmentToken(token: DevelopmentToken): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ email: asciiLowerCase(token.email), email_verified: true })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(token.issuer)
    .setAudience(token.audience)
    .setSubject(token.subject)
    .setIssuedAt(now)
    .setExpirationTime(now + token.ttl)
    .sign(new TextEncoder().encode(token.secret));
}
