import { EnforcementError } from '../../query/enforcement-error.js';

export type PlainObject = Record<string, unknown>;

/** The value as a plain object, or an error: a class instance could carry what no rule has seen. */
export function plainObject(value: unknown, what: string): PlainObject {
  if (!isPlainObject(value)) throw new EnforcementError(`${what} must be a plain object`);
  return value;
}

export function isPlainObject(value: unknown): value is PlainObject {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The value as a list: Prisma takes one item and a list of one alike. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

/**
 * Refuses what would change a filter's meaning without saying so: an undefined value drops its
 * condition, a field reference compares with a column that no rule has seen (model §6.1).
 */
export function assertLiteral(value: unknown, what: string): void {
  if (value === undefined) throw new EnforcementError(`${what} is undefined`);
  if (Array.isArray(value)) {
    for (const item of value) assertLiteral(item, what);
  } else if (isPlainObject(value)) {
    for (const item of Object.values(value)) assertLiteral(item, what);
  } else if (typeof value === 'symbol' || typeof value === 'function') {
    throw new EnforcementError(`${what} is not a literal`);
  } else if (typeof value === 'object' && value !== null && !isKnownScalar(value)) {
    throw new EnforcementError(`${what} is not a literal`);
  }
}

function isKnownScalar(value: object): boolean {
  return value instanceof Date || value instanceof Uint8Array;
}

/** Throws on an argument that the parsing does not know. */
export function assertKnown(args: PlainObject, known: readonly string[], what: string): void {
  for (const key of Object.keys(args)) {
    if (!known.includes(key)) throw new EnforcementError(`${what} does not take ${key}`);
    if (args[key] === undefined) throw new EnforcementError(`${key} of ${what} is undefined`);
    if ((key === 'take' || key === 'skip') && !Number.isInteger(args[key])) {
      throw new EnforcementError(`${key} of ${what} is not a whole number`);
    }
  }
}
