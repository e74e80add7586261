import type { Where } from '../../policy/to-prisma-where.js';
import {
  assertOpenColumn,
  checkAggregate,
  checkDistinct,
  checkGroupOrder,
  checkHaving,
  checkOrderBy,
} from './ordering.js';
import { assertKnown, assertLiteral, listOf, type PlainObject, plainObject } from './plain.js';
import { allOf, EnforcementError, type Rules } from './rules.js';
import { rewriteSelection } from './selection.js';
import { rewriteWhere } from './where.js';

/** A call after rewriting. `cursor` still has to be checked: it must name a row that is visible. */
export interface RewrittenCall {
  readonly args: PlainObject;
  readonly cursor?: Where;
}

type Rewrite = (rules: Rules, model: string, args: PlainObject) => PlainObject;

const SELECTION = ['select', 'include'];
const LIST = ['where', 'orderBy', 'cursor', 'take', 'skip', 'distinct', ...SELECTION];
const AGGREGATE = ['where', 'orderBy', 'cursor', 'take', 'skip'];
const FUNCTIONS = ['_count', '_sum', '_avg', '_min', '_max'];

const findMany: Rewrite = (rules, model, args) => {
  assertKnown(args, LIST, `findMany of ${model}`);
  checkOrderBy(rules, model, args.orderBy);
  checkDistinct(rules, model, args.distinct);
  const { select: _select, include: _include, ...rest } = args;
  return {
    ...rest,
    ...rewriteSelection(rules, model, args),
    where: rootWhere(rules, model, args.where),
  };
};

const findUnique: Rewrite = (rules, model, args) => {
  assertKnown(args, ['where', ...SELECTION], `findUnique of ${model}`);
  const { unique, others } = splitUnique(rules, model, args.where);
  const narrowed = allOf(rules.rootWhere(model), rewriteWhere(rules, model, others));
  return {
    ...rewriteSelection(rules, model, args),
    where: { ...unique, ...(Object.keys(narrowed).length === 0 ? {} : { AND: [narrowed] }) },
  };
};

const count: Rewrite = (rules, model, args) => {
  assertKnown(args, [...AGGREGATE, 'select'], `count of ${model}`);
  checkOrderBy(rules, model, args.orderBy);
  checkAggregate(rules, model, args.select);
  return { ...args, where: rootWhere(rules, model, args.where) };
};

const aggregate: Rewrite = (rules, model, args) => {
  assertKnown(args, [...AGGREGATE, ...FUNCTIONS], `aggregate of ${model}`);
  checkOrderBy(rules, model, args.orderBy);
  for (const name of FUNCTIONS) checkAggregate(rules, model, args[name]);
  return { ...args, where: rootWhere(rules, model, args.where) };
};

const groupBy: Rewrite = (rules, model, args) => {
  const known = ['by', 'where', 'having', 'orderBy', 'take', 'skip', ...FUNCTIONS];
  assertKnown(args, known, `groupBy of ${model}`);
  for (const name of listOf(args.by)) assertOpenColumn(rules, model, name, 'grouped by');
  checkHaving(rules, model, args.having);
  checkGroupOrder(rules, model, args.orderBy);
  for (const name of FUNCTIONS) checkAggregate(rules, model, args[name]);
  return { ...args, where: rootWhere(rules, model, args.where) };
};

/** INVARIANT: what is not in this table throws: writes, raw SQL, and whatever Prisma adds next. */
const OPERATIONS: ReadonlyMap<string, Rewrite> = new Map([
  ['findMany', findMany],
  ['findFirst', findMany],
  ['findFirstOrThrow', findMany],
  ['findUnique', findUnique],
  ['findUniqueOrThrow', findUnique],
  ['count', count],
  ['aggregate', aggregate],
  ['groupBy', groupBy],
]);

/** Rewrites a call so that it sees only what the policies let through. Throws on an unknown one. */
export function rewriteCall(
  rules: Rules,
  model: string | undefined,
  operation: string,
  args: unknown,
): RewrittenCall {
  const rewrite = OPERATIONS.get(operation);
  if (model === undefined || rewrite === undefined) {
    throw new EnforcementError(`${operation} is not for the enforced client`);
  }
  const given = args === undefined ? {} : plainObject(args, `the arguments of ${operation}`);
  const rewritten = rewrite(rules, model, given);
  if (given.cursor === undefined) return { args: rewritten };
  const { unique, others } = splitUnique(rules, model, given.cursor);
  if (Object.keys(others).length > 0) throw new EnforcementError('a cursor is a unique key');
  return { args: rewritten, cursor: asFilter(unique) };
}

function rootWhere(rules: Rules, model: string, where: unknown): Where {
  return allOf(
    rules.rootWhere(model),
    where === undefined ? {} : rewriteWhere(rules, model, where),
  );
}

/** The unique key of a `where`, made of open columns alone, and the rest of it. */
function splitUnique(
  rules: Rules,
  model: string,
  where: unknown,
): { unique: PlainObject; others: PlainObject } {
  const given = plainObject(where, `the key of ${model}`);
  const unique: PlainObject = {};
  // Without a prototype, because a filter named `__proto__` would vanish into it.
  const others = Object.create(null) as PlainObject;
  for (const [key, value] of Object.entries(given)) {
    const { uniques } = rules.shape(model);
    const fields = Object.hasOwn(uniques, key) ? uniques[key] : undefined;
    if (fields === undefined) {
      others[key] = value;
      continue;
    }
    for (const field of fields) assertOpenColumn(rules, model, field, 'looked up by');
    assertLiteral(value, `${model}.${key}`);
    unique[key] = value;
  }
  if (Object.keys(unique).length === 0) throw new EnforcementError(`${model} needs a unique key`);
  return { unique, others };
}

/** A unique key as an ordinary filter: a key of several columns is an object of them. */
function asFilter(unique: PlainObject): Where {
  const parts = Object.entries(unique).map(([key, value]) =>
    typeof value === 'object' && value !== null && !(value instanceof Date)
      ? (value as PlainObject)
      : { [key]: value },
  );
  return allOf(...parts);
}
