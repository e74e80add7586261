import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/data/clients.js';
import { freshDatabase } from '../support/database.js';
import { NOTE, NOTE_JOINS, NOTE_TABLES } from './note.js';

let db: Database;
beforeAll(async () => {
  db = await freshDatabase();
  // A table that came after the migrations: what it is registered as gives it the same.
  await db.sql.script(NOTE_TABLES + NOTE_JOINS + NOTE);
});
afterAll(() => db.close());

interface Column {
  readonly table: string;
  readonly column: string;
}

/** The columns of our tables of some types; Prisma's own history is not ours. */
function columns<Row extends Column>(types: string, more: string): Promise<Row[]> {
  return db.sql.query<Row>(
    `SELECT table_name AS "table", column_name AS "column", ${more}
     FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
     WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'
       -- What a table has, its partitions have.
       AND NOT EXISTS (SELECT FROM pg_class c WHERE c.relname = table_name AND c.relispartition)
       AND table_name <> '_prisma_migrations' AND udt_name ~ '${types}'
     ORDER BY table_name, column_name`,
  );
}
const named = ({ table, column }: Column) => `${table}.${column}`;

describe('issue 10, number 9', () => {
  it('D45: every text column, and every array of texts, is COLLATE "C"', async () => {
    const texts = await columns<Column & { collation: string | null }>(
      '^_?(text|varchar|bpchar|citext)$',
      'collation_name AS "collation"',
    );
    const names = texts.map(named);
    expect(names).toContain('form.description');
    expect(names).toContain('virtual_key.operations');
    expect(names).toContain('permission.action');
    expect(names).toContain('note.access_level');
    expect(texts.filter(({ collation }) => collation !== 'C').map(named)).toEqual([]);
  });

  it('what a trigger keeps of such a column is kept as before', async () => {
    const triggers = await db.sql.query<{ name: string }>(
      `SELECT tgname AS name FROM pg_trigger WHERE tgname IN ('permission_1_key', 'scope_type_3_flipped')
       ORDER BY 1`,
    );
    expect(triggers.map(({ name }) => name)).toEqual(['permission_1_key', 'scope_type_3_flipped']);
  });
});

describe('issue 10, number 11', () => {
  const REFUSED = ['infinity', '-infinity', '0001-12-31 23:59:59.999+00 BC', '10000-01-01 00:00Z'];
  const TAKEN = ['0001-01-01 00:00Z', '2026-11-26 12:00Z', '9999-12-31 23:59:59.999Z'];

  it('D46: every moment is finite and of the years 0001 to 9999, by a check', async () => {
    const moments = await columns<Column & { type: string }>(
      '^_?(timestamp|timestamptz|date)$',
      'udt_name AS "type"',
    );
    const names = moments.map(named);
    expect(names).toContain('form.created_at');
    expect(names).toContain('audit_entry.at');
    expect(names).toContain('api_key.expires_at');
    expect(names).toContain('note.updated_at');
    for (const { table, column, type } of moments) {
      const [check] = await db.sql.query<{ holds: string }>(
        `SELECT pg_get_expr(conbin, conrelid) AS holds FROM pg_constraint
         WHERE conrelid = format('%I', $1::text)::regclass AND contype = 'c' AND convalidated AND conname = $2`,
        [table, `${table}_${column}_moment_check`],
      );
      expect([table, column, check]).toEqual([table, column, { holds: expect.any(String) }]);
      const values = await db.sql.query<{ holds: boolean }>(
        `SELECT ${check?.holds} AS holds
         FROM unnest($1::text[]) WITH ORDINALITY t (text, n) CROSS JOIN LATERAL (SELECT text::${type}) m ("${column}")
         ORDER BY n`,
        [[...REFUSED, ...TAKEN]],
      );
      expect([table, column, ...values.map(({ holds }) => holds)]).toEqual([
        ...[table, column],
        ...REFUSED.map(() => false),
        ...TAKEN.map(() => true),
      ]);
    }
  });

  it.each(REFUSED)('D46: %s is not stored', async (moment) => {
    const stored = db.sql.query(`UPDATE role SET updated_at = $1::text::timestamptz`, [moment]);
    await expect(stored).rejects.toThrow(/role_updated_at_moment_check/);
  });
});
