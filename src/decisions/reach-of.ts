import type { Place } from '../policy/situation.js';

/**
 * A place as far as it decides about rows that are named by their ids (D4): whose root counts for global rows. So all the
 * scopes of an organization are one, and their rows are read by one statement.
 */
export function reachOf(place: Place): Place {
  return { ...place, chain: [], coverage: { kind: 'global' } };
}
