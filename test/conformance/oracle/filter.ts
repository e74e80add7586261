import { CATALOG } from '../catalog.js';
import type { Cell, Row, TypeName } from '../world/types.js';
import { cover } from './coverage.js';
import type { Asking } from './decide.js';
import { isManaged, isWithheld, visibleTargets } from './related.js';

export type Where = { readonly [key: string]: unknown };

/**
 * Whether a row satisfies a `where`, or, `negated`, its negation. Negation goes down to the leaves,
 * where a comparison with nothing holds neither way, as in SQL.
 */
export function matches(asking: Asking, row: Row, where: Where, negated = false): boolean {
  const parts = Object.entries(where).map(([key, value]) => (): boolean => {
    switch (key) {
      case 'and':
        return junction(asking, row, value as Where[], negated, false);
      case 'or':
        return junction(asking, row, value as Where[], negated, true);
      case 'not':
        return matches(asking, row, value as Where, !negated);
      default:
        return leaf(asking, row, key, value as Where, negated);
    }
  });
  return negated ? parts.some((holds) => holds()) : parts.every((holds) => holds());
}

function junction(asking: Asking, row: Row, of: Where[], negated: boolean, any: boolean): boolean {
  const holds = (one: Where): boolean => matches(asking, row, one, negated);
  return any !== negated ? of.some(holds) : of.every(holds);
}

/** A management field is asked about managed rows alone, also when it is negated (D15). */
function leaf(asking: Asking, row: Row, key: string, test: Where, negated: boolean): boolean {
  const { cells } = CATALOG[row.type as TypeName];
  const withheld = isWithheld(asking, row, key);
  if (isManaged(row, key) && !cover('D15 a managed field can match in a filter', !withheld)) {
    return false;
  }
  if (key === 'id' || cells[key] !== undefined) {
    const cell = key === 'id' ? row.id : (row.cells[key] ?? null);
    const ops = Object.entries(test);
    const one = ([op, value]: [string, unknown]): boolean =>
      compare(cell, op, value, key === 'id', negated);
    return negated ? ops.some(one) : ops.every(one);
  }
  return related(asking, row, key, test) !== negated;
}

function compare(cell: Cell, op: string, value: unknown, isId: boolean, negated: boolean): boolean {
  if (op === 'isNull') return ((cell === null) === value) !== negated;
  // Nothing is in an empty list, which is known of null too.
  if (op === 'in' && (value as unknown[]).length === 0) return negated;
  if (cell === null) return false;
  return answer(cell, op, value, isId) !== negated;
}

function answer(cell: string | boolean, op: string, value: unknown, isId: boolean): boolean {
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

/** A test of related rows; `every` asks that none of them satisfies the negation. */
function related(asking: Asking, row: Row, relation: string, test: Where): boolean {
  const visible = visibleTargets(asking, row, relation);
  return Object.entries(test).every(([op, value]) => {
    const some = (negated: boolean): boolean =>
      visible.some((target) => matches(asking, target, value as Where, negated));
    switch (op) {
      case 'is':
      case 'some':
        return some(false);
      case 'none':
        return !some(false);
      case 'every':
        return !some(true);
      case 'isNull':
        return (visible.length === 0) === value;
      default:
        throw new Error(`no test ${op}`);
    }
  });
}
