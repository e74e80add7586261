import { createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import { unavailable } from '../errors.js';
import type { Limits } from '../limits/limits.js';
import { keptSecret } from './kept-secret.js';

/** Where the keys come from and what a token must say. `kept`: a secret of the gateway's own. */
export type TokenSettings = { readonly issuer: string; readonly audience: string } & (
  | { readonly kind: 'secret'; readonly secret: string }
  | { readonly kind: 'kept'; readonly file: string }
  | { readonly kind: 'jwks'; readonly url: URL }
);

/** The keys by which tokens are verified. */
export interface KeySource {
  readonly keyOf: JWTVerifyGetKey;
  /** Whether there are keys now; fetches them if they are not fresh. */
  readonly hasKeys: () => Promise<boolean>;
}

/** The secret, or the keys of the identity provider as they are at the time. */
export function createKeySource(settings: TokenSettings, limits: Limits): KeySource {
  if (settings.kind !== 'jwks') {
    const secret = settings.kind === 'kept' ? keptSecret(settings.file) : settings.secret;
    const key = new TextEncoder().encode(secret);
    return { keyOf: async () => key, hasKeys: async () => true };
  }
  const keys = createRemoteJWKSet(settings.url, {
    cooldownDuration: limits.keysCooldownMs,
    cacheMaxAge: limits.keysFreshMs,
    timeoutDuration: limits.keysTimeoutMs,
  });
  return {
    keyOf: (header, token) =>
      keys(header, token).catch((error) => {
        // A provider that is out of reach is our trouble, not a fault of the caller's credential.
        throw isAboutTheToken(error) ? error : unavailable(error);
      }),
    // Nobody may send tokens to a gateway that is not ready, so it has to look for itself.
    async hasKeys() {
      if (!keys.fresh) await keys.reload();
      return keys.fresh;
    },
  };
}

function isAboutTheToken(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  );
}
