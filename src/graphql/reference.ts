import { isUuid } from '../policy/pattern.js';
import type { NaturalKey } from '../query/filter.js';
import { isText } from '../query/text.js';
import type { KeyColumns } from '../request/loaders.js';

/** What a representation names a row by. */
export type Reference =
  | { readonly by: 'id'; readonly id: string }
  | (NaturalKey & { readonly by: 'key' });

/** No text that names a row is longer, in UTF-16 code units: 255 characters. */
const LONGEST = 510;

/**
 * What a router's representation of an entity names it by: its id if it says one, else its natural key. Nothing else of it is
 * believed. Malformed, absent and hidden are the same (D14): null is the key of nothing.
 */
export function referenceOf(
  representation: object,
  columns: KeyColumns | undefined,
): Reference | null {
  const id = idIn(representation);
  if (id !== undefined || columns === undefined) return id ? { by: 'id', id } : null;
  const owner: unknown = Reflect.get(representation, columns.relation);
  const of = typeof owner === 'object' && owner !== null ? idIn(owner) : null;
  const text: unknown = Reflect.get(representation, columns.column);
  if (!of || typeof text !== 'string' || text.length > LONGEST || !isText(text)) return null;
  return { by: 'key', of, text };
}

/** The id that an object says; null: it says one that is none; undefined: it says nothing of it. */
function idIn(object: object): string | null | undefined {
  const id: unknown = Reflect.get(object, 'id');
  if (id === undefined) return undefined;
  return isUuid(id) ? id.toLowerCase() : null;
}
