import { expect } from 'vitest';
import type { Database } from '../../src/data/clients.js';

/** Looks for plaintexts in every column of every row of a database; `told` says which of them a text has. */
export async function expectNoneKept(
  { sql }: Pick<Database, 'sql'>,
  told: (text: string) => readonly string[],
): Promise<void> {
  const tables = await sql.query<{ name: string }>(
    `SELECT format('%I', tablename) AS name FROM pg_tables WHERE schemaname = 'public'`,
  );
  expect(tables.length).toBeGreaterThan(40);
  for (const { name } of tables) {
    const rows = await sql.query(`SELECT t::text AS row FROM ${name} t`);
    expect([name, told(JSON.stringify(rows))]).toEqual([name, []]);
  }
}
