import type { Cell, Row } from '../world/types.js';
import type { Reveal, Settings } from '../writing/write.js';
import { versionOf } from './apply.js';
import { cover } from './coverage.js';
import type { Asking } from './decide.js';
import { found, type Outcome, refuse, type Written } from './outcome.js';
import type { Place } from './place.js';

/**
 * D16: of a secret the value is none, and what it is set to is kept apart; another type keeps the same as it keeps values.
 *
 * @param after the row as what is set of it says
 */
export function encoded(before: Row | null, after: Row, set: Settings): Row {
  if (after.type !== 'Config') return after;
  const { secret = null, ...cells } = after.cells;
  const isKept = !('value' in set) && before?.cells.type === 'SECRET';
  const plain = isKept ? secret : (cells.value ?? null);
  const kept: Record<string, Cell> =
    cells.type === 'SECRET' ? { value: null, secret: plain } : { value: plain, secret: null };
  return { ...after, cells: { ...cells, ...kept } };
}

/** Whether what was a secret is shown from then on, as it was: to who reads the config. */
export const tellsSecret = (before: Row, after: Row, set: Settings): boolean =>
  before.cells.type === 'SECRET' && after.cells.type !== 'SECRET' && !('value' in set);

/** What the record has of a secret that was told: that it was, and nothing of the row (D19). */
export function revealed(row: Row, place: Place): Written {
  const same = { ...row, version: versionOf(row) };
  const told = row.cells.secret ?? null;
  return { action: 'config:reveal', before: same, after: same, place, told };
}

/** D16: by the permission to reveal it, on what one may read; of what is no secret there is nothing to tell. */
export function reveal(asking: Asking, write: Reveal): Outcome {
  const row = found(asking, write, ['reveal']);
  if (typeof row === 'string') return refuse(row);
  const isSecret = cover('D16 write: what is revealed is a secret', row.cells.type === 'SECRET');
  if (!isSecret) return refuse('BAD_USER_INPUT');
  return { world: asking.tree.world, written: [revealed(row, asking.place)] };
}
