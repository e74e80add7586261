import { isText } from '../../query/text.js';
import { type Check, issue } from './check.js';

/** JSON may be nested so deep; PostgreSQL and JavaScript take more, and stop at different depths. */
const DEPTH = 32;

/**
 * A JSON value of at most so many bytes that comes back as it went in (D46): numbers that a double keeps,
 * Unicode text, no key that JavaScript takes for something else.
 */
export const json =
  (mostBytes: number): Check =>
  (value) => {
    const found = walk(value, DEPTH);
    if (found !== undefined) return [issue(found)];
    const bytes = Buffer.byteLength(JSON.stringify(value));
    return bytes > mostBytes ? [issue(`it has more than ${mostBytes} bytes`)] : [];
  };

function walk(value: unknown, depth: number): string | undefined {
  if (depth < 0) return `it is nested more than ${DEPTH} levels deep`;
  switch (typeof value) {
    case 'string':
      return isText(value) ? undefined : 'it has text that is no Unicode';
    case 'number':
      if (!Number.isFinite(value)) return 'it has a number that is none';
      return Number.isInteger(value) && !Number.isSafeInteger(value)
        ? 'it has a number of more digits than JSON keeps: send it as text'
        : undefined;
    case 'boolean':
      return undefined;
    case 'object': {
      if (value === null) return undefined;
      if (Array.isArray(value)) return first(value, (item) => walk(item, depth - 1));
      return first(Object.entries(value), ([key, item]) => {
        if (key === '__proto__' || !isText(key)) return 'it has a key that cannot be kept';
        return walk(item, depth - 1);
      });
    }
    default:
      return 'it is no JSON';
  }
}

function first<T>(items: readonly T[], find: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The same, which is an object. */
export const jsonObject =
  (mostBytes: number): Check =>
  (value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? json(mostBytes)(value)
      : [issue('it is no JSON object')];
