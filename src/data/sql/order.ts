import type { OrderKey } from '../../query/query.js';
import { column, columnShape, type Table, typeOf } from './table.js';

/** An ORDER BY of columns of the table: nulls last going up and first going down, as PostgreSQL has it. */
export function orderSql(table: Table, order: readonly OrderKey[]): string {
  return order
    .map(
      ({ field, direction }) => `${column(table, field)} ${direction === 'asc' ? 'ASC' : 'DESC'}`,
    )
    .join(', ');
}

/** Whether a value of the cursor is missing: said in the text, for a comparison with nothing is none. */
export type Missing = readonly boolean[];

/** The name under which a request says the value of a key of a cursor. */
export type NameOf = (key: number) => string;

/** The rows strictly beyond the one with these values, in this order. */
export function beyondSql(
  table: Table,
  order: readonly OrderKey[],
  missing: Missing,
  nameOf: NameOf,
): string {
  const place = (index: number): string =>
    table.draft.input(nameOf(index), typeOf(columnShape(table, order[index]?.field ?? '')));
  const isPlain = order.every(
    ({ field, direction }, index) =>
      columnShape(table, field).required && !missing[index] && direction === order[0]?.direction,
  );
  if (isPlain) {
    const columns = order.map(({ field }) => column(table, field)).join(', ');
    const values = order.map((_key, index) => place(index)).join(', ');
    return `(${columns}) ${order[0]?.direction === 'asc' ? '>' : '<'} (${values})`;
  }
  const alternatives = order.flatMap((key, index): string[] => {
    const beyond = beyondOne(table, key, missing[index] === true, () => place(index));
    if (beyond === undefined) return [];
    const ties = order.slice(0, index).map(({ field }, tied) => {
      const name = column(table, field);
      return missing[tied] === true ? `${name} IS NULL` : `${name} = ${place(tied)}`;
    });
    return [`(${[...ties, beyond].join(' AND ')})`];
  });
  return alternatives.length === 0 ? 'false' : `(${alternatives.join(' OR ')})`;
}

/** Values of one column beyond this one; undefined where there are none. */
function beyondOne(
  table: Table,
  { field, direction }: OrderKey,
  missing: boolean,
  place: () => string,
): string | undefined {
  const name = column(table, field);
  if (missing) return direction === 'asc' ? undefined : `${name} IS NOT NULL`;
  if (direction === 'desc') return `${name} < ${place()}`;
  const greater = `${name} > ${place()}`;
  return columnShape(table, field).required ? greater : `(${greater} OR ${name} IS NULL)`;
}
