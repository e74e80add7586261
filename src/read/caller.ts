import type { Vector } from '../data/write/authority.js';
import type { Principal } from '../policy/principal.js';

/**
 * Who asks, and by what it is known that they still hold what they did: statements compare it in their own snapshot.
 * Undefined: the principal was read a moment ago, for this request alone.
 */
export interface Caller {
  readonly principal: Principal;
  readonly proof: Proof | undefined;
}

/** The authority that a principal was read with (D18), and the instant from which on it is another (D48). */
export interface Proof {
  readonly vector: Vector;
  readonly validUntil: string | null;
}
