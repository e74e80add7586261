import type { Row } from '../world/types.js';
import { cover } from './coverage.js';
import { type Asking, may } from './decide.js';
import { isCovered, isReachable, type Place } from './place.js';

/** Who asks, and the key that they sign in with, if it is one. */
export interface AskingForRuns extends Asking {
  readonly keyId: string | null;
}

/** What somebody may see of an execution and do with it (D31, D32). */
export interface Sight {
  readonly reads: boolean;
  readonly payload: boolean;
  readonly detail: boolean;
  readonly cancels: boolean;
}

const NOTHING: Sight = { reads: false, payload: false, detail: false, cancels: false };

/** The table of D31, row by row. */
export function sightOf(asking: AskingForRuns, row: Row): Sight {
  if (asking.person.guise === 'anonymous') return NOTHING;
  if (!isReachable(asking.tree, asking.person, row)) return NOTHING;
  const mine = cover('D31 the launcher reads', isLaunchers(asking, row, 'read'));
  const manages = cover('D31 who manages reads', may(asking, 'read', row));
  if (!mine && !manages) return NOTHING;
  const inspects = cover('D31 who inspects sees all', manages && may(asking, 'inspect', row));
  return {
    reads: true,
    payload: mine || inspects,
    detail: inspects,
    cancels: isLaunchers(asking, row, 'cancel') || may(asking, 'cancel', row),
  };
}

/** The same for a list in a place. */
export const isListed = (asking: AskingForRuns, place: Place, row: Row): boolean =>
  isCovered(place, row) && sightOf({ ...asking, place }, row).reads;

/** The same user, or the same key; a key for another of its owner's only if it is for that (D18). */
function isLaunchers({ person, keyId }: AskingForRuns, row: Row, action: string): boolean {
  if (keyId !== null && row.one.launcherKey === keyId) return true;
  if (person.userId === null || row.one.createdBy !== person.userId) return false;
  return person.operations === null || person.operations.includes(`execution:${action}`);
}
