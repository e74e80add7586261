import { literal } from '../data/sql/draft.js';
import { column, columnShape, type Table } from '../data/sql/table.js';
import type { SortKey } from '../graphql/keyset.js';
import { signature } from '../graphql/keyset.js';
import type { Written } from './plan.js';
import { concatenated, cursor, json, type Part } from './text.js';

/** The text of a column's value, `null` where there is none. */
export function valueSql(table: Table, name: string, written: Written): string {
  const { required, list } = columnShape(table, name);
  const value = column(table, name);
  if (written.as === 'word') return wordSql(value, written);
  const text = list ? `to_json(${value})::text` : textOf(value, written.as);
  return required ? text : `coalesce(${text}, 'null')`;
}

function textOf(value: string, as: Exclude<Written['as'], 'word'>): string {
  switch (as) {
    case 'id':
      return `('"' || ${value}::text || '"')`;
    case 'number':
    case 'boolean':
      return `${value}::text`;
    case 'date':
      return `('"' || to_char(${value} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || '"')`;
    case 'json':
      return json(value);
    case 'text':
    case 'array':
      return `to_json(${value})::text`;
  }
}

/** An unknown word is shown as none, or as the one that it counts as. */
function wordSql(value: string, { names, otherwise }: Written & { as: 'word' }): string {
  const other = otherwise === undefined ? 'null' : JSON.stringify(names.get(otherwise));
  const cases = [...names].map(
    ([word, name]) => `WHEN ${literal(word)} THEN ${literal(JSON.stringify(name))}`,
  );
  return `(CASE ${value} ${cases.join(' ')} ELSE ${literal(other)} END)`;
}

/** The cursor of a row: which order it is of, and the row's values of its keys. */
export function cursorSql(table: Table, keys: readonly SortKey[]): string {
  const values = keys.flatMap(({ field, kind }): Part[] => [
    ',',
    { sql: valueSql(table, field, { as: kind }) },
  ]);
  return cursor(concatenated([`[${JSON.stringify(signature(keys))}`, ...values, ']']));
}
