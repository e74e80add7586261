import { chargeFilter } from '../limits/charge-filter.js';
import { DEFAULT_LIMITS, type Limited } from '../limits/limits.js';
import type { Filter } from '../query/filter.js';
import { connectionType, type PageArgs } from './connection.js';
import { whereOf } from './filters.js';
import { defineOrder, type Order } from './order.js';
import { refOf } from './refs.js';
import { resourceOf } from './registry.js';
import type { FieldBuilder, ModelName } from './types.js';

/** What every list is asked: which of its rows, in which order, and which part of them. */
export type ListArgs = PageArgs & {
  readonly where?: unknown;
  readonly orderBy?: Parameters<Order['toKeys']>[0];
};

const connections = new Map<string, ReturnType<typeof connectionType>>();
const orders = new Map<string, Order>();

/** The Relay connection of a model's type: one, whatever field leads to it. */
export function connectionOf(model: ModelName): ReturnType<typeof connectionType> {
  const known = connections.get(model) ?? connectionType(model, refOf(model) as never);
  connections.set(model, known);
  return known;
}

/** What the lists of a model can be sorted by: the same, wherever they are. */
export function orderOf(model: string): Order {
  const known = orders.get(model) ?? defineOrder(resourceOf(model));
  orders.set(model, known);
  return known;
}

// What the descriptions say is what holds where nobody has set anything else.
const { pageSize, maxPageSize } = DEFAULT_LIMITS;

/** The arguments of a page: how long it is, and where it begins. */
export function pageArguments({ arg }: Pick<FieldBuilder<never>, 'arg'>) {
  return {
    first: arg.int({
      description: `How many rows from the start or after the cursor: ${pageSize} unless given, at most ${maxPageSize}.`,
    }),
    after: arg.string({ description: 'Only rows after this cursor.' }),
    last: arg.int({
      description: `How many rows from the end or before the cursor, at most ${maxPageSize}.`,
    }),
    before: arg.string({ description: 'Only rows before this cursor.' }),
  };
}

/** The arguments of which rows a list has, and how it is sorted. */
export function rowArguments({ arg }: Pick<FieldBuilder<never>, 'arg'>, model: string) {
  return {
    where: arg({ type: whereOf(model).input, description: 'Only rows of which this holds.' }),
    orderBy: arg({ type: [orderOf(model).input], description: 'How the list is sorted.' }),
  };
}

/** What a `where` asks for, if anything, charged to the request. Throws BAD_USER_INPUT. */
export function filterOf(
  model: string,
  where: unknown,
  request: Limited,
): { readonly where?: Filter } {
  chargeFilter(request, where);
  return where === undefined || where === null ? {} : { where: whereOf(model).toFilter(where) };
}
