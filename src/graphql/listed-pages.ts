import type { Row } from '../data/prisma/reader.js';
import { badUserInput } from '../errors.js';
import { ALL, both, type Filter } from '../query/filter.js';
import { columnsOf, type Operation } from '../request/columns.js';
import type { Context } from '../request/context.js';
import { placeOfRow, readIn } from '../request/row-place.js';
import { type ConnectionShape, type PageSource, resolveConnection } from './connection.js';
import { filterOf, type ListArgs, orderOf } from './list.js';

/** How many rows of a request have had such a field. */
const asked = new WeakMap<Context, number>();

/**
 * A page of the rows that a filter finds, of those that the caller may read. It is a statement for each row that has the
 * field, which no loader makes one of, and so as many rows of a request may have it as a page usually has.
 *
 * @throws DomainError BAD_USER_INPUT
 */
export function resolveListed(
  model: string,
  found: Filter,
  args: ListArgs,
  source: object,
  context: Context,
  info: Operation,
): Promise<ConnectionShape<Row>> {
  const { limits } = context;
  const rows = (asked.get(context) ?? 0) + 1;
  asked.set(context, rows);
  if (rows > limits.pageSize) {
    throw badUserInput(`this is answered for at most ${limits.pageSize} rows at once`);
  }
  const place = placeOfRow(source, context);
  const { where = ALL } = filterOf(model, args.where, context);
  const keys = orderOf(model).toKeys(args.orderBy);
  const columns = [...new Set([...columnsOf(model, info), ...keys.map(({ field }) => field)])];
  const reader = context.readerAt(place);
  const query = { model, where: both(found, where) };
  const pages: PageSource<Row> = {
    find: async (order, page) => {
      const read = await reader.find({ ...query, order, page, select: { columns } });
      readIn(read, place);
      return read;
    },
    count: () => reader.count(query),
  };
  return resolveConnection([pages], keys, args, limits);
}
