import type { Extent } from '../../policy/situation.js';
import { type DataModel, shapeOf } from '../../query/data-model.js';
import { EnforcementError } from '../../query/enforcement-error.js';
import { both, compare, type Filter, type Operand } from '../../query/filter.js';
import { guard, guardAggregate, guardCount, guardGroups } from '../../query/guard.js';
import type { Guarding } from '../../query/guarding.js';
import { type CountQuery, FUNCTIONS, type Query, type UniqueKey } from '../../query/query.js';
import {
  aggregateArguments,
  countArguments,
  findArguments,
  groupArguments,
} from '../prisma/arguments.js';
import {
  parseColumns,
  parseFunctions,
  parseGroupOrder,
  parseHaving,
  parseNames,
} from './parse-order.js';
import { parseRows } from './parse-selection.js';
import { assertKnown, assertLiteral, type PlainObject, plainObject } from './plain.js';

/** A call after enforcing. `cursor` has still to be asked for: it must name a row that is visible. */
export interface EnforcedCall {
  readonly args: Readonly<Record<string, unknown>>;
  readonly cursor?: Query;
}

type Enforce = (
  guarding: Guarding,
  model: string,
  args: PlainObject,
  extent: Extent,
) => Readonly<Record<string, unknown>>;

const SELECTION = ['select', 'include'];
const LIST = ['where', 'orderBy', 'cursor', 'take', 'skip', 'distinct', ...SELECTION];
const AGGREGATE = ['where', 'orderBy', 'cursor', 'take', 'skip'];

const findMany: Enforce = (guarding, model, args, extent) => {
  assertKnown(args, LIST, `findMany of ${model}`);
  const rows = parseRows(guarding, model, args);
  const query: Query = {
    model,
    ...rows,
    page: { ...rows.page, ...cursorOf(guarding.dataModel, model, args) },
  };
  return findArguments(guarding.dataModel, guard(guarding, query, extent));
};

const findUnique: Enforce = (guarding, model, args, extent) => {
  const { dataModel } = guarding;
  assertKnown(args, ['where', ...SELECTION], `findUnique of ${model}`);
  const { unique, others } = splitUnique(dataModel, model, args.where);
  const rows = parseRows(guarding, model, { ...args, where: others });
  return findArguments(dataModel, guard(guarding, { model, unique, ...rows }, extent));
};

const count: Enforce = (guarding, model, args, extent) => {
  assertKnown(args, [...AGGREGATE, 'select'], `count of ${model}`);
  const query = {
    ...countedRows(guarding, model, args),
    ...(args.select === undefined || args.select === true
      ? {}
      : { columns: parseColumns(model, args.select) }),
  };
  return countArguments(guarding.dataModel, guardCount(guarding, query, extent));
};

const aggregate: Enforce = (guarding, model, args, extent) => {
  assertKnown(args, [...AGGREGATE, ...FUNCTIONS], `aggregate of ${model}`);
  const functions = parseFunctions(model, args);
  const query = { ...countedRows(guarding, model, args), functions };
  return aggregateArguments(guarding.dataModel, guardAggregate(guarding, query, extent));
};

const groupBy: Enforce = (guarding, model, args, extent) => {
  const { dataModel } = guarding;
  const known = ['by', 'where', 'having', 'orderBy', 'take', 'skip', ...FUNCTIONS];
  assertKnown(args, known, `groupBy of ${model}`);
  const { orderBy, having, by, ...rows } = args;
  const query = {
    ...countedRows(guarding, model, rows),
    by: parseNames(model, by),
    functions: parseFunctions(model, args),
    order: orderBy === undefined ? [] : parseGroupOrder(model, orderBy),
    ...(having === undefined ? {} : { having: parseHaving(dataModel, model, having) }),
  };
  return groupArguments(dataModel, guardGroups(guarding, query, extent));
};

/** INVARIANT: what is not in this table throws: writes, raw SQL, and whatever Prisma adds next. */
const OPERATIONS: ReadonlyMap<string, Enforce> = new Map([
  ['findMany', findMany],
  ['findFirst', findMany],
  ['findFirstOrThrow', findMany],
  ['findUnique', findUnique],
  ['findUniqueOrThrow', findUnique],
  ['count', count],
  ['aggregate', aggregate],
  ['groupBy', groupBy],
]);

/**
 * A call written by hand, as a query: parsed, guarded, and put into Prisma's words again.
 *
 * @throws EnforcementError on whatever is not known
 */
export function enforceCall(
  guarding: Guarding,
  model: string | undefined,
  operation: string,
  args: unknown,
  extent: Extent,
): EnforcedCall {
  const enforce = OPERATIONS.get(operation);
  if (model === undefined || enforce === undefined) {
    throw new EnforcementError(`${operation} is not for the enforced client`);
  }
  shapeOf(guarding.dataModel, model);
  const given = args === undefined ? {} : plainObject(args, `the arguments of ${operation}`);
  const enforced = enforce(guarding, model, given, extent);
  const { cursor } = cursorOf(guarding.dataModel, model, given);
  if (cursor === undefined) return { args: enforced };
  const where = uniqueFilter(cursor);
  return { args: enforced, cursor: { model, where, select: { columns: [] } } };
}

function countedRows(guarding: Guarding, model: string, args: PlainObject): CountQuery {
  const {
    where,
    order,
    page = {},
  } = parseRows(guarding, model, {
    ...args,
    select: undefined,
  });
  return {
    model,
    ...(where === undefined ? {} : { where }),
    ...(order === undefined ? {} : { order }),
    page: { ...page, ...cursorOf(guarding.dataModel, model, args) },
  };
}

function cursorOf(dataModel: DataModel, model: string, args: PlainObject): { cursor?: UniqueKey } {
  if (args.cursor === undefined) return {};
  const { unique, others } = splitUnique(dataModel, model, args.cursor);
  if (Object.keys(others).length > 0) throw new EnforcementError('a cursor is a unique key');
  return { cursor: unique };
}

/** The unique key of a `where` and the rest of it. */
function splitUnique(
  dataModel: DataModel,
  model: string,
  where: unknown,
): { unique: UniqueKey; others: PlainObject } {
  const given = plainObject(where, `the key of ${model}`);
  const { uniques } = shapeOf(dataModel, model);
  const unique: Record<string, UniqueKey[string]> = {};
  // Without a prototype, because a filter named `__proto__` would vanish into it.
  const others = Object.create(null) as PlainObject;
  for (const [key, value] of Object.entries(given)) {
    if (!Object.hasOwn(uniques, key)) {
      others[key] = value;
      continue;
    }
    assertLiteral(value, `${model}.${key}`);
    unique[key] = value as UniqueKey[string];
  }
  if (Object.keys(unique).length === 0) throw new EnforcementError(`${model} needs a unique key`);
  return { unique, others };
}

/** A unique key as an ordinary filter: a key of several columns is an object of them. */
function uniqueFilter(unique: UniqueKey): Filter {
  const equal = (field: string, value: Operand): Filter => compare(field, { is: 'equal', value });
  return both(
    ...Object.entries(unique).flatMap(([key, value]) =>
      typeof value === 'object' && !(value instanceof Date) && !(value instanceof Uint8Array)
        ? Object.entries(value).map(([field, one]) => equal(field, one))
        : [equal(key, value)],
    ),
  );
}
