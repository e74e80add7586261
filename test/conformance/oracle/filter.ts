import { CATALOG } from '../catalog.js';
import type { Cell, Row, TypeName } from '../world/types.js';
import { cover } from './coverage.js';
import type { Asking } from './decide.js';
import { isManaged, isWithheld, visibleTargets } from './related.js';

export type Where = { readonly [key: string]: unknown };

/** Whether a row satisfies a `where` (D45): yes or no, and `not` is the complement. */
export function matches(asking: Asking, row: Row, where: Where): boolean {
  return Object.entries(where).every(([key, value]) => {
    switch (key) {
      case 'and':
        return (value as Where[]).every((one) => matches(asking, row, one));
      case 'or':
        return (value as Where[]).some((one) => matches(asking, row, one));
      case 'not':
        return !matches(asking, row, value as Where);
      default:
        return leaf(asking, row, key, value as Where);
    }
  });
}

/** A condition on a management field holds on managed rows alone (D15). */
function leaf(asking: Asking, row: Row, key: string, test: Where): boolean {
  const { cells } = CATALOG[row.type as TypeName];
  const withheld = isWithheld(asking, row, key);
  if (isManaged(row, key) && !cover('D15 a managed field can match in a filter', !withheld)) {
    return false;
  }
  if (key !== 'id' && cells[key] === undefined) return related(asking, row, key, test);
  const cell = key === 'id' ? row.id : (row.cells[key] ?? null);
  return Object.entries(test).every(([op, value]) => compare(cell, op, value, key === 'id'));
}

/** A comparison with a missing value is false. */
function compare(cell: Cell, op: string, value: unknown, isId: boolean): boolean {
  if (op === 'isNull') return (cell === null) === value;
  return cell !== null && answer(cell, op, value, isId);
}

function answer(cell: NonNullable<Cell>, op: string, value: unknown, isId: boolean): boolean {
  const text = String(cell);
  switch (op) {
    case 'eq':
      return cell === value;
    case 'in':
      return (value as unknown[]).includes(cell);
    case 'contains':
      return !isId && fold(text).includes(fold(String(value)));
    case 'gt':
      return text > String(value);
    case 'gte':
      return text >= String(value);
    case 'lt':
      return text < String(value);
    case 'lte':
      return text <= String(value);
    default:
      throw new Error(`no comparison ${op}`);
  }
}

const fold = (text: string): string => text.replaceAll(/[A-Z]/g, (c) => c.toLowerCase());

/** A test of related rows: `every` holds if none of those that may be read fails. */
function related(asking: Asking, row: Row, relation: string, test: Where): boolean {
  const visible = visibleTargets(asking, row, relation);
  return Object.entries(test).every(([op, value]) => {
    const holds = (target: Row): boolean => matches(asking, target, value as Where);
    switch (op) {
      case 'is':
      case 'some':
        return visible.some(holds);
      case 'none':
        return !visible.some(holds);
      case 'every':
        return visible.every(holds);
      case 'isNull':
        return (visible.length === 0) === value;
      default:
        throw new Error(`no test ${op}`);
    }
  });
}
