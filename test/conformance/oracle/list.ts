import { CATALOG } from '../catalog.js';
import type { Row, TypeName } from '../world/types.js';
import type { Asking } from './decide.js';
import { matches, type Where } from './filter.js';
import { listed } from './names.js';
import type { Place } from './place.js';
import { visibleTargets } from './related.js';
import { compareBytes } from './tree.js';

export interface OrderKey {
  readonly cell: string;
  readonly direction: 'ASC' | 'DESC';
}

export interface ListQuestion {
  readonly type: TypeName;
  readonly place: Place;
  readonly includeShadowed: boolean;
  readonly where: Where;
  readonly order: readonly OrderKey[];
}

/** The whole list, in its order; the id decides among equals. */
export function wholeList(asking: Asking, question: ListQuestion): Row[] {
  const { type, place, includeShadowed, where, order } = question;
  const there = { ...asking, place };
  return listed(asking, type, place, includeShadowed)
    .filter((row) => matches(there, row, where))
    .sort(inOrder(order));
}

/** The list of what a row is related to: those rows that may be read by their ids, in an order. */
export function relatedList(
  asking: Asking,
  row: Row,
  relation: string,
  { where = {}, order }: { readonly where?: Where; readonly order: readonly OrderKey[] },
): Row[] {
  return visibleTargets(asking, row, relation)
    .filter((target) => matches(asking, target, where))
    .sort(inOrder(order));
}

export function inOrder(order: readonly OrderKey[]): (a: Row, b: Row) => number {
  return (a, b) => {
    for (const { cell, direction } of order) {
      const ascending = compare(cellOf(a, cell), cellOf(b, cell));
      if (ascending !== 0) return direction === 'ASC' ? ascending : -ascending;
    }
    return compareBytes(a.id, b.id);
  };
}

/** Without an order: by what names the rows, if anything does. */
export function defaultOrder(type: TypeName): OrderKey[] {
  const { cells } = CATALOG[type];
  const named = Object.keys(cells).find((cell) => cells[cell]?.order !== undefined);
  return [{ cell: named ?? 'id', direction: 'ASC' }];
}

const cellOf = (row: Row, cell: string) => (cell === 'id' ? row.id : (row.cells[cell] ?? null));

/** Nothing comes last ascending; text by its bytes. */
function compare(a: unknown, b: unknown): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return compareBytes(String(a), String(b));
}
