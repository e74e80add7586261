import { EnforcementError } from '../../query/enforcement-error.js';
import type { Writable } from '../writable.js';

type PlainObject = Readonly<Record<string, unknown>>;

/**
 * The `data` of a call of Prisma, as an input of commands: columns that can be set by name, and to-one relations by
 * `connect: { id }` or `disconnect: true`. Foreign keys go by their relations, because what is referred to has to be looked up.
 *
 * @throws EnforcementError on whatever else Prisma knows: nested creates and upserts, `connectOrCreate`, `set`,
 *   `disconnect` with a filter, operations on columns, undefined values, and columns that the gateway stamps
 */
export function parseData({ model, settings }: Writable, data: unknown): PlainObject {
  const parsed: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(objectOf(data, `the data of ${model}`))) {
    const what = `${model}.${name}`;
    if (value === undefined) throw new EnforcementError(`${what} is undefined`);
    const setting = settings.find((one) => one.name === name);
    if (setting === undefined) throw new EnforcementError(`${what} cannot be set`);
    if (setting.is === 'links') {
      throw new EnforcementError(`${what} is kept in rows between: a command sets it`);
    }
    parsed[name] = setting.is === 'reference' ? parseReference(what, value) : value;
  }
  return parsed;
}

function parseReference(what: string, value: unknown): string | null {
  const [[operation, of] = [], ...others] = Object.entries(objectOf(value, what));
  if (others.length === 0 && operation === 'disconnect' && of === true) return null;
  if (others.length === 0 && operation === 'connect') return parseId(of, what);
  throw new EnforcementError(`${what} is connected by id or disconnected, and nothing else`);
}

/** The id of `{ id }`: the only key by which a row is named for a write. */
export function parseId(value: unknown, what: string): string {
  const { id, ...others } = objectOf(value, what);
  if (typeof id !== 'string' || Object.keys(others).length > 0) {
    throw new EnforcementError(`${what} is named by its id alone`);
  }
  return id;
}

/** An object that carries nothing that no rule has seen. */
export function objectOf(value: unknown, what: string): PlainObject {
  const prototype =
    typeof value === 'object' && value !== null ? Object.getPrototypeOf(value) : undefined;
  if (prototype !== Object.prototype && prototype !== null) {
    throw new EnforcementError(`${what} must be a plain object`);
  }
  return value as PlainObject;
}
