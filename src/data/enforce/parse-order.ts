import type { DataModel } from '../../query/data-model.js';
import { EnforcementError } from '../../query/enforcement-error.js';
import {
  type AggregateFunction,
  type Aggregates,
  FUNCTIONS,
  type GroupOrder,
  type Having,
  type OrderKey,
} from '../../query/query.js';
import { assertLiteral, isPlainObject, listOf, type PlainObject, plainObject } from './plain.js';

/** A Prisma `orderBy` as keys of an order: columns of the row itself, each with a direction. */
export function parseOrder(model: string, orderBy: unknown): OrderKey[] {
  return listOf(orderBy).flatMap((one) =>
    Object.entries(plainObject(one, `an order of ${model}`)).map(([field, direction]) =>
      orderKey(model, field, direction),
    ),
  );
}

/** Names of columns, as `distinct` and `by` have them. */
export function parseNames(model: string, value: unknown): string[] {
  return listOf(value).map((name) => {
    if (typeof name !== 'string') throw new EnforcementError(`${model} needs names of columns`);
    return name;
  });
}

/** `_count`, `_sum`, `_avg`, `_min` and `_max` of a call. */
export function parseFunctions(model: string, args: PlainObject): Aggregates {
  return Object.fromEntries(
    FUNCTIONS.flatMap((name) => {
      const wanted = args[name];
      if (wanted === undefined) return [];
      return [[name, wanted === true ? true : parseColumns(model, wanted)]];
    }),
  );
}

/** The columns that are selected with `true`. */
export function parseColumns(model: string, wanted: unknown): string[] {
  return Object.entries(plainObject(wanted, `an aggregate of ${model}`)).flatMap(
    ([name, value]) => {
      if (typeof value !== 'boolean')
        throw new EnforcementError(`${model}.${name} is not selected with true`);
      return value ? [name] : [];
    },
  );
}

/** The order of groups: columns, or aggregates of them. */
export function parseGroupOrder(model: string, orderBy: unknown): GroupOrder[] {
  return listOf(orderBy).flatMap((one) =>
    Object.entries(plainObject(one, `an order of ${model}`)).flatMap(
      ([name, value]): GroupOrder[] =>
        isFunction(name)
          ? parseOrder(model, value).map(({ field, direction }) => ({
              function: name,
              field,
              direction,
            }))
          : [orderKey(model, name, value)],
    ),
  );
}

/** The filter of groups. */
export function parseHaving(dataModel: DataModel, model: string, having: unknown): Having {
  const parts = Object.entries(plainObject(having, `having of ${model}`)).map(
    ([name, value]): Having => {
      if (name === 'AND' || name === 'OR' || name === 'NOT') {
        const of = listOf(value).map((part) => parseHaving(dataModel, model, part));
        return { op: name, of };
      }
      assertLiteral(value, `${model}.${name}`);
      return { op: 'test', field: name, test: value };
    },
  );
  return { op: 'all', of: parts };
}

const isFunction = (name: string): name is AggregateFunction =>
  (FUNCTIONS as readonly string[]).includes(name);

function orderKey(model: string, field: string, direction: unknown): OrderKey {
  const isWord = (value: unknown, words: readonly string[]): boolean =>
    typeof value === 'string' && words.includes(value);
  if (isWord(direction, ['asc', 'desc'])) return { field, direction: direction as 'asc' };
  if (isPlainObject(direction)) {
    const { sort, nulls, ...unknown }: PlainObject = direction;
    const known =
      isWord(sort, ['asc', 'desc']) && (nulls === undefined || isWord(nulls, ['first', 'last']));
    if (known && Object.keys(unknown).length === 0) {
      return {
        field,
        direction: sort as 'asc',
        ...(nulls === undefined ? {} : { nulls: nulls as 'first' }),
      };
    }
  }
  throw new EnforcementError(`unknown direction of ${model}.${field}`);
}
