import type { Database } from '../../src/data/clients.js';

/** The number of rows of each table and a hash of all that they say. */
export async function contents({ sql }: Database): Promise<Record<string, unknown>> {
  const tables = await sql.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables
     WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY 1`,
  );
  const found: Record<string, unknown> = {};
  for (const { name } of tables) {
    [found[name]] = await sql.query(
      `SELECT count(*)::int AS rows, md5(string_agg(t::text, '|' ORDER BY t::text)) AS hash
       FROM "${name}" t`,
    );
  }
  return found;
}
