import type { Decisions } from '../../policy/decisions.js';
import { type DataModel, fieldOf, shapeOf } from '../../query/data-model.js';
import { EnforcementError } from '../../query/enforcement-error.js';
import { ALL, type Filter } from '../../query/filter.js';
import type { Page, RelatedQuery, Selection } from '../../query/query.js';
import { parseNames, parseOrder } from './parse-order.js';
import { parseWhere } from './parse-where.js';
import { assertKnown, type PlainObject, plainObject } from './plain.js';

const NESTED_LIST = ['where', 'orderBy', 'take', 'skip', 'distinct', 'select', 'include'];
const NESTED_ONE = ['where', 'select', 'include'];

/** What parsing asks besides the schema: which relations `_count: true` means. */
export interface Parsing {
  readonly dataModel: DataModel;
  readonly decisions: Decisions;
}

/** `select` and `include` of a call. */
function parseSelection(parsing: Parsing, model: string, args: PlainObject): Selection {
  if (args.select !== undefined && args.include !== undefined) {
    throw new EnforcementError('select and include exclude each other');
  }
  if (args.select !== undefined) return parseFields(parsing, model, args.select, true);
  return { ...parseFields(parsing, model, args.include ?? {}, false), columns: 'unsealed' };
}

/** The arguments that lists at the root and below have in common. */
export function parseRows(parsing: Parsing, model: string, args: PlainObject): RelatedQuery {
  const { where, orderBy, distinct, take, skip } = args;
  const page: Page = {
    ...(take === undefined ? {} : { take: take as number }),
    ...(skip === undefined ? {} : { skip: skip as number }),
  };
  return {
    ...(where === undefined ? {} : { where: parseWhere(parsing.dataModel, model, where) }),
    ...(orderBy === undefined ? {} : { order: parseOrder(model, orderBy) }),
    ...(distinct === undefined ? {} : { distinct: parseNames(model, distinct) }),
    ...(Object.keys(page).length === 0 ? {} : { page }),
    select: parseSelection(parsing, model, args),
  };
}

function parseFields(
  parsing: Parsing,
  model: string,
  fields: unknown,
  scalars: boolean,
): Selection {
  const columns: string[] = [];
  const relations: Record<string, RelatedQuery> = {};
  let counts: Record<string, Filter> = {};
  for (const [name, wanted] of Object.entries(plainObject(fields, `the selection of ${model}`))) {
    if (wanted === undefined) throw new EnforcementError(`${model}.${name} is undefined`);
    if (wanted === false) continue;
    if (name === '_count') {
      counts = parseCounts(parsing, model, wanted);
      continue;
    }
    const field = fieldOf(parsing.dataModel, model, name);
    if (field.kind === 'scalar') {
      if (!scalars || wanted !== true) {
        throw new EnforcementError(`${model}.${name} is not selected with true`);
      }
      columns.push(name);
      continue;
    }
    const args = wanted === true ? {} : plainObject(wanted, `${model}.${name}`);
    assertKnown(args, field.list ? NESTED_LIST : NESTED_ONE, `${model}.${name}`);
    relations[name] = parseRows(parsing, field.type, args);
  }
  return { columns, relations, counts };
}

/** `_count: true` counts every relation that may be asked for. */
function parseCounts(parsing: Parsing, model: string, wanted: unknown): Record<string, Filter> {
  const counted = wanted === true ? countable(parsing, model) : countedRelations(model, wanted);
  return Object.fromEntries(
    Object.entries(counted).map(([name, one]) => {
      const field = fieldOf(parsing.dataModel, model, name);
      const args = one === true ? {} : plainObject(one, `the count of ${model}.${name}`);
      assertKnown(args, ['where'], `the count of ${model}.${name}`);
      return [
        name,
        args.where === undefined ? ALL : parseWhere(parsing.dataModel, field.type, args.where),
      ];
    }),
  );
}

function countable({ dataModel, decisions }: Parsing, model: string): PlainObject {
  const lists = Object.entries(shapeOf(dataModel, model).fields).filter(
    ([name, field]) =>
      field.kind === 'relation' && field.list && decisions.classOf(model, name) === 'open',
  );
  if (lists.length === 0) throw new EnforcementError(`${model} has no relation to count`);
  return Object.fromEntries(lists.map(([name]) => [name, true]));
}

function countedRelations(model: string, wanted: unknown): PlainObject {
  const args = plainObject(wanted, `the counts of ${model}`);
  assertKnown(args, ['select'], `the counts of ${model}`);
  const select = plainObject(args.select, `the counts of ${model}`);
  return Object.fromEntries(Object.entries(select).filter(([, one]) => one !== false));
}
