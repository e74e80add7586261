import type { Decisions } from '../policy/decisions.js';
import type { Extent } from '../policy/situation.js';
import type { Narrowing } from './query.js';

/** Only rows that may be used, whatever is managed (D37): the very residual by which their use is decided (D6). */
export function usableOf(decisions: Decisions, model: string, extent: Extent): Narrowing {
  return { permitting: [decisions.residual(model, 'use', extent)] };
}
