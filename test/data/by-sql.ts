import type { Database } from '../../src/data/clients.js';
import { dataModel } from '../../src/data/generated-data-model.js';
import { Draft } from '../../src/data/sql/draft.js';
import { column, from, type Table, tableOf } from '../../src/data/sql/table.js';

/** The ids of the rows of a model of which a condition is true, sorted, as the second renderer writes it. */
export async function idsBySql(
  { sql }: Pick<Database, 'sql'>,
  model: string,
  condition: (table: Table) => string,
): Promise<string[]> {
  const draft = new Draft();
  const table = tableOf(draft, dataModel, model);
  const text = `SELECT ${column(table, 'id')}::text AS id FROM ${from(table)} WHERE ${condition(table)}`;
  const values = draft.bound.map((one) => {
    if (one.kind !== 'value') throw new Error('nothing is left open');
    return one.value;
  });
  const rows = await sql.query<{ id: string }>(text, values);
  return rows.map(({ id }) => id).sort();
}
