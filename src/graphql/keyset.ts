import { badUserInput } from '../errors.js';
import { isUuid } from '../policy/pattern.js';
import type { KeyValue } from '../query/query.js';
import { isText } from '../query/text.js';

/** A column that a list can be sorted by. */
export interface SortField {
  readonly field: string;
  readonly kind: 'id' | 'text' | 'number' | 'boolean' | 'date';
  readonly nullable: boolean;
}

/** One key of an order. Nulls come last going up and first going down, as in PostgreSQL. */
export interface SortKey extends SortField {
  readonly direction: 'asc' | 'desc';
}

type Row = Readonly<Record<string, unknown>>;

/** The same order read from its end. */
export function reversed(keys: readonly SortKey[]): SortKey[] {
  return keys.map((key) => ({ ...key, direction: key.direction === 'asc' ? 'desc' : 'asc' }));
}

/** Compares two rows as the database does: text by its bytes, for the columns collate "C". */
export function compareRows(keys: readonly SortKey[]): (a: Row, b: Row) => number {
  return (a, b) => {
    for (const { field, direction } of keys) {
      const order = compareValues(keyValue(a[field]), keyValue(b[field]));
      if (order !== 0) return direction === 'asc' ? order : -order;
    }
    return 0;
  };
}

function compareValues(a: KeyValue, b: KeyValue): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  if (typeof a === 'string' && typeof b === 'string') return compareBytes(a, b);
  return a < b ? -1 : 1;
}

/** The order of two texts by the bytes of their UTF-8, without encoding them. */
export function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (x !== y) return byteOrder(x) - byteOrder(y);
  }
  return a.length - b.length;
}

/** UTF-16 puts surrogates, which stand for the characters from U+10000 on, before U+E000; UTF-8 after. */
function byteOrder(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/** A column's value as it stands in a cursor. */
function keyValue(value: unknown): KeyValue {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return value;
  }
  return null;
}

/** An opaque cursor: the values of the sort keys, which the caller has been shown. */
export function encodeCursor(keys: readonly SortKey[], row: Row): string {
  const content = [signature(keys), ...keys.map(({ field }) => keyValue(row[field]))];
  return Buffer.from(JSON.stringify(content)).toString('base64url');
}

/** The values in a cursor. Throws BAD_USER_INPUT on one that is not of this order. */
export function decodeCursor(keys: readonly SortKey[], cursor: string): KeyValue[] {
  const content = parse(cursor);
  if (!Array.isArray(content) || content.length !== keys.length + 1) throw badCursor();
  const [signed, ...values] = content as unknown[];
  if (signed !== signature(keys)) throw badCursor();
  return keys.map((key, index) => checkedValue(key, values[index]));
}

/** A cursor is the caller's input: what the column cannot hold must not reach the database. */
function checkedValue(key: SortKey, value: unknown): KeyValue {
  if (value === null && key.nullable) return null;
  if (key.kind === 'number' && Number.isSafeInteger(value)) return value as number;
  if (key.kind === 'boolean' && typeof value === 'boolean') return value;
  if (key.kind === 'id' && isUuid(value)) return value;
  if (key.kind === 'text' && typeof value === 'string' && isText(value)) return value;
  if (key.kind === 'date' && typeof value === 'string' && isIsoDate(value)) return value;
  throw badCursor();
}

/** INVARIANT: years 1 to 9999 alone. JavaScript has others, which the database does not take. */
function isIsoDate(value: string): boolean {
  const date = new Date(value);
  return !Number.isNaN(date.getTime()) && date.toISOString() === value && /^(?!0000)\d/.test(value);
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    throw badCursor();
  }
}

const badCursor = () => badUserInput('the cursor is not one of this list in this order');

/** Which order a cursor is of. */
export const signature = (keys: readonly SortKey[]): string =>
  keys.map(({ field, direction }) => `${field} ${direction}`).join();
