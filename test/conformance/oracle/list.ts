import type { Row, TypeName } from '../world/types.js';
import type { Asking } from './decide.js';
import { matches, type Where } from './filter.js';
import { listed } from './names.js';
import type { Place } from './place.js';
import { compareBytes } from './view.js';

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
    .sort((a, b) => {
      for (const { cell, direction } of order) {
        const ascending = compare(cellOf(a, cell), cellOf(b, cell));
        if (ascending !== 0) return direction === 'ASC' ? ascending : -ascending;
      }
      return compareBytes(a.id, b.id);
    });
}

const cellOf = (row: Row, cell: string) => (cell === 'id' ? row.id : (row.cells[cell] ?? null));

/** Nothing comes last ascending; text by its bytes. */
function compare(a: unknown, b: unknown): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return compareBytes(String(a), String(b));
}
