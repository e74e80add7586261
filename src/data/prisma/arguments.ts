import { type DataModel, relationOf } from '../../query/data-model.js';
import type {
  GuardedAggregate,
  GuardedCount,
  GuardedGroups,
  GuardedQuery,
  GuardedRelated,
  GuardedSelection,
} from '../../query/guarded.js';
import type {
  Aggregates,
  GroupOrder,
  Having,
  KeyValue,
  OrderKey,
  Page,
} from '../../query/query.js';
import { beyondWhere } from './beyond.js';
import type { Where } from './residual-where.js';
import { bothWheres, whereOf } from './where.js';

type Arguments = Readonly<Record<string, unknown>>;

/** A guarded query in the words of findMany, findFirst and, with a unique key, findUnique. */
export function findArguments(dataModel: DataModel, query: GuardedQuery): Arguments {
  const args: Arguments = {
    ...relatedArguments(dataModel, query),
    relationLoadStrategy: isOfPages(query.select) ? 'join' : 'query',
  };
  if (query.unique === undefined) return args;
  const narrowed = args.where as Where;
  const others = Object.keys(narrowed).length === 0 ? {} : { AND: [narrowed] };
  return { ...args, where: { ...query.unique, ...others } };
}

/** A guarded count in the words of `count`. */
export function countArguments(dataModel: DataModel, query: GuardedCount): Arguments {
  const { columns } = query;
  return {
    ...rowArguments(dataModel, query),
    ...(columns === undefined ? {} : { select: named(columns) }),
  };
}

/** Guarded sums in the words of `aggregate`. */
export function aggregateArguments(dataModel: DataModel, query: GuardedAggregate): Arguments {
  return { ...rowArguments(dataModel, query), ...functionArguments(query.functions) };
}

/** Guarded groups in the words of `groupBy`. */
export function groupArguments(dataModel: DataModel, query: GuardedGroups): Arguments {
  const { by, functions, having, order, where, model, page = {} } = query;
  return {
    by: [...by],
    where: whereOf(dataModel, model, where),
    ...(having === undefined ? {} : { having: havingOf(having) }),
    ...(order.length === 0 ? {} : { orderBy: order.map(groupOrderOf) }),
    ...pageArguments(page),
    ...functionArguments(functions),
  };
}

/**
 * Whether there is a page, or a number, of related rows for each row. These are laterals of one statement, each
 * with a limit of its own; the other strategy reads all rows of all pages and cuts them here, and counts whole
 * tables. But it is the better one for whole lists of related rows, and Prisma's default is not.
 */
function isOfPages({ relations, counts }: GuardedSelection): boolean {
  if (Object.keys(counts).length > 0) return true;
  return Object.values(relations).some(
    ({ page, select }) => page?.take !== undefined || isOfPages(select),
  );
}

function relatedArguments(dataModel: DataModel, query: GuardedRelated): Arguments {
  const { distinct, select } = query;
  return {
    ...rowArguments(dataModel, query),
    ...(distinct === undefined ? {} : { distinct: [...distinct] }),
    ...selectionArguments(dataModel, select),
  };
}

function rowArguments(
  dataModel: DataModel,
  {
    model,
    where,
    order = [],
    page = {},
  }: Pick<GuardedRelated, 'model' | 'where' | 'order' | 'page'>,
): Arguments {
  const narrowed = whereOf(dataModel, model, where);
  return {
    where:
      page.beyond === undefined
        ? narrowed
        : bothWheres(narrowed, beyondPage(dataModel, model, order, page.beyond)),
    ...(order.length === 0 ? {} : { orderBy: order.map(orderOf) }),
    ...pageArguments(page),
  };
}

function pageArguments({ take, skip, cursor }: Page): Arguments {
  return {
    ...(take === undefined ? {} : { take }),
    ...(skip === undefined ? {} : { skip }),
    ...(cursor === undefined ? {} : { cursor }),
  };
}

/** Beyond the last row of a page; of rows that are sorted by what another says, that one is beyond. */
function beyondPage(
  dataModel: DataModel,
  model: string,
  order: readonly OrderKey[],
  values: readonly KeyValue[],
): Where {
  const via = order[0]?.via;
  if (via === undefined) return beyondWhere(dataModel, model, order, values);
  const { type } = relationOf(dataModel, model, via);
  return { [via]: { is: beyondWhere(dataModel, type, order, values) } };
}

function orderOf({ field, via, direction, nulls }: OrderKey): object {
  const key = { [field]: nulls === undefined ? direction : { sort: direction, nulls } };
  return via === undefined ? key : { [via]: key };
}

function groupOrderOf(order: GroupOrder): object {
  if (!('function' in order)) return orderOf(order);
  return { [order.function]: { [order.field]: order.direction } };
}

function selectionArguments(dataModel: DataModel, select: GuardedSelection): Arguments {
  const { columns, sealed } = select;
  const relations = Object.fromEntries(
    Object.entries(select.relations).map(([name, query]) => [
      name,
      relatedArguments(dataModel, query),
    ]),
  );
  const counts = Object.entries(select.counts).map(([name, { model, where }]) => [
    name,
    { where: whereOf(dataModel, model, where) },
  ]);
  const nested = {
    ...relations,
    ...(counts.length === 0 ? {} : { _count: { select: Object.fromEntries(counts) } }),
  };
  if (columns !== 'unsealed') return { select: { ...named(columns), ...nested } };
  return {
    ...(Object.keys(nested).length === 0 ? {} : { include: nested }),
    ...(sealed.length === 0 ? {} : { omit: named(sealed) }),
  };
}

const named = (columns: readonly string[]): Record<string, true> =>
  Object.fromEntries(columns.map((name) => [name, true as const]));

function functionArguments(functions: Aggregates): Arguments {
  return Object.fromEntries(
    Object.entries(functions).map(([name, of]) => [name, of === true ? true : named(of ?? [])]),
  );
}

function havingOf(having: Having): object {
  switch (having.op) {
    case 'test':
      return { [having.field]: having.test };
    case 'all':
      return { AND: having.of.map(havingOf) };
    default:
      return { [having.op]: having.of.map(havingOf) };
  }
}
