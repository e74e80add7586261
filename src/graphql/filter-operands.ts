import { badUserInput } from '../errors.js';
import { isUuid } from '../policy/pattern.js';
import type { Operand, Scalar } from '../query/filter.js';
import { isMoment } from '../query/moment.js';
import { isText } from '../query/text.js';
import type { FilterKind } from './comparisons.js';

/** Values to compare with; a malformed id is that of no row, and is left out. */
export function operands(kind: FilterKind, values: readonly unknown[]): Operand[] {
  if (kind === 'id') return values.filter(isUuid);
  return values.map(operand);
}

/** A value to compare with. Throws BAD_USER_INPUT on one that the database cannot hold. */
export function operand(value: unknown): Operand {
  if (typeof value === 'string') return text(value);
  return value instanceof Date ? date(value) : (value as Operand);
}

/** A moment for the database. JavaScript knows years before 1 and after 9999, Prisma does not. */
function date(value: Date): Date {
  if (isMoment(value)) return value;
  throw badUserInput('a date must be in the years 1 to 9999');
}

/** Text for the database. Throws BAD_USER_INPUT on what is no text in Unicode, or holds a null character (D45). */
export function text(value: unknown): string {
  if (typeof value === 'string' && isText(value)) return value;
  throw badUserInput('text must be Unicode without the null character');
}

/** A JSON value without parts, to compare with. Throws BAD_USER_INPUT on any other. */
export function scalar(value: unknown): Scalar {
  if (typeof value === 'string') return text(value);
  const isNumber = typeof value === 'number' && Number.isFinite(value);
  if (isNumber || typeof value === 'boolean') return value as Scalar;
  throw badUserInput('what lies at a path is compared with text, a number, true or false');
}

/** INVARIANT: null is not "no condition". Inside `where` it is refused (model §6.1). */
export function entries(value: unknown): [string, unknown][] {
  if (typeof value !== 'object' || value === null) throw badUserInput('where takes no null');
  return Object.entries(value).map(([key, part]) => {
    if (part === null) throw badUserInput(`${key} is null; to ask for a missing value say isNull`);
    return [key, part];
  });
}

/** The same, unless it says nothing: an omitted variable inside must not mean everything (D45). */
export function saying<T>(name: string, value: T): T {
  const isSilent = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  if (isSilent && !(value instanceof Date)) throw badUserInput(`${name} says nothing`);
  return value;
}

/** A list of an input. */
export function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value) || value.includes(null)) throw badUserInput('a list holds no null');
  return value;
}
