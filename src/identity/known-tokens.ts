import { createHash } from 'node:crypto';
import { ByteCache } from '../limits/byte-cache.js';
import type { Limits } from '../limits/limits.js';
import type { Watch } from '../metrics/metrics.js';
import type { Claims, TokenVerifier } from './verify-token.js';

/** What claims take in memory, with the hash that names them. */
const BYTES = 1_000;

interface Verified {
  readonly claims: Claims;
  readonly until: number;
}

/**
 * Verifies a token once: until it ends, and no longer than keys are used without looking whether they are still the provider's.
 *
 * INVARIANT: tokens are kept by their hash: what is in memory opens nothing.
 */
export function rememberingTokens(
  verify: TokenVerifier,
  limits: Limits,
  watch?: Watch,
): TokenVerifier {
  const known = new ByteCache<string, Verified>(limits.tokenCacheBytes);
  watch?.('heimdall_cache_bytes', 'tokens', () => known.bytes);
  return async (token) => {
    const name = createHash('sha256').update(token).digest('base64');
    const found = known.find(name);
    if (found !== undefined && Date.now() < found.until) return found.claims;
    known.forget(name);
    const claims = await verify(token);
    const until = Math.min(claims.expiresAt, Date.now() + limits.keysFreshMs);
    known.keep(name, { claims, until }, BYTES);
    return claims;
  };
}
