import type { Sql } from './clients/database.js';

/**
 * The ids of keys that stored secrets are encrypted with and that are not among these, sorted: those secrets cannot be read. It
 * looks at each id once, however many secrets there are.
 */
export async function missingKeys(sql: Sql, keys: readonly string[]): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(`
    WITH RECURSIVE k AS (
      (SELECT split_part(ciphertext, '.', 2) AS id FROM config WHERE ciphertext IS NOT NULL
        ORDER BY split_part(ciphertext, '.', 2) LIMIT 1)
      UNION ALL
      SELECT (SELECT split_part(c.ciphertext, '.', 2) FROM config c
        WHERE c.ciphertext IS NOT NULL AND split_part(c.ciphertext, '.', 2) > k.id
        ORDER BY split_part(c.ciphertext, '.', 2) LIMIT 1)
      FROM k WHERE k.id IS NOT NULL
    )
    SELECT id FROM k WHERE id IS NOT NULL`);
  return rows.map(({ id }) => id).filter((id) => !keys.includes(id));
}
