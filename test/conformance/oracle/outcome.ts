import { type Cell, PLATFORM, type Row, type World } from '../world/types.js';
import type { NamedRow } from '../writing/write.js';
import { versionOf } from './apply.js';
import { cover } from './coverage.js';
import { type Asking, may, mayRead, RESOURCE } from './decide.js';
import type { Place } from './place.js';

/** One row that was written. A new one has no id yet: it goes by a name of its own. */
export interface Written {
  /** What the record calls it (D19). */
  readonly action: string;
  readonly before: Row | null;
  readonly after: Row | null;
  /** Where it was done (D4): of what takes a scope, there. */
  readonly place: Place;
  /** What a secret is set to, where that was told and nothing was written (D16). */
  readonly told?: Cell;
}

/** What a write comes to when it is done. */
export interface Done {
  readonly world: World;
  readonly written: readonly Written[];
  /** What the answer is about, in its order; what was written, unless told. */
  readonly told?: readonly string[];
  /** Whether it may be FORBIDDEN as well, where to refuse is as right. */
  readonly orForbidden?: boolean;
}

/** What a write must come to: nothing, with one of these codes; or all of it. */
export type Outcome = { readonly refused: readonly string[] } | Done;

export const isRefused = (outcome: Outcome): outcome is { readonly refused: readonly string[] } =>
  'refused' in outcome;

export const refuse = (...refused: string[]): Outcome => ({ refused });

/** What a new row is called until it is known what the gateway called it. */
export const freshId = (index: number): string => `fresh ${index}`;

/** What was written, as the record calls it. */
export function writtenAs(
  action: string,
  before: Row | null,
  after: Row | null,
  place: Place,
): Written {
  const { type } = (after ?? before) as Row;
  return { action: `${RESOURCE[type]}:${action}`, before, after, place };
}

/** The effective scope itself (D5). */
export const spotOf = ({ covers, chain }: Place): string =>
  covers.kind === 'global' ? PLATFORM : (chain[0] as string);

/** The row that is named, if it may be written and is as it was seen. */
export function found(
  asking: Asking,
  { type, id, version }: NamedRow,
  actions: readonly string[],
): Row | 'NOT_FOUND' | 'FORBIDDEN' | 'CONFLICT' {
  const row = asking.tree.find(type, id.toLowerCase());
  if (!cover('D14 write: the row is there', row !== undefined && mayRead(asking, row))) {
    return 'NOT_FOUND';
  }
  if (row === undefined) return 'NOT_FOUND';
  const permitted = actions.every((action) => may(asking, action, row));
  if (!cover('§4 write: the row as it is may be written', permitted)) return 'FORBIDDEN';
  if (version === undefined) return row;
  const seen = version === versionOf(row);
  return cover('§2 write: the version seen is the current one', seen) ? row : 'CONFLICT';
}

/** The rows by these ids, each of which may be read; undefined where any may not (D14). */
export function readable(
  asking: Asking,
  type: Row['type'],
  ids: readonly string[],
): readonly Row[] | undefined {
  const rows = [...new Set(ids.map((id) => id.toLowerCase()))].flatMap((id) => {
    const row = asking.tree.find(type, id);
    return row !== undefined && mayRead(asking, row) ? [row] : [];
  });
  const all = new Set(ids.map((id) => id.toLowerCase())).size === rows.length;
  return cover('D14 write: what is referred to is there', all) ? rows : undefined;
}
