import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/data/clients.js';
import { readMigrations } from '../../src/data/migrations.js';
import { seedDemo } from '../../src/demo/seed-demo.js';
import { freshDatabase, urlOf } from '../support/database.js';

const ROOT = join(import.meta.dirname, '..', '..');
const onServer = process.env.HEIMDALL_TEST_ON === 'server';
const hasTools = ['pg_dump', 'psql'].every((tool) => spawnSync(tool, ['-V']).status === 0);

describe('10.22 functions find their tables', () => {
  let db: Database;
  beforeAll(async () => {
    db = await freshDatabase();
  });
  afterAll(() => db.close());

  it('each by a search_path of its own', async () => {
    const functions = await db.sql.query<{ name: string; path: string | null; volatility: string }>(
      `SELECT p.oid::regprocedure::text AS name, p.provolatile AS volatility,
         (SELECT c FROM unnest(p.proconfig) c WHERE c LIKE 'search_path=%') AS path
       FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
       WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')
         AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')`,
    );
    expect(functions.length).toBeGreaterThan(30);
    const without = functions.filter(({ path }) => path !== 'search_path=public, pg_temp');
    // CREATE OR REPLACE forgets it: say SET search_path FROM CURRENT there, or alter them all again.
    expect(without).toEqual([]);
    // It is in generated columns.
    expect(functions.find(({ name }) => name.startsWith('heimdall_usable_by('))).toMatchObject({
      volatility: 'i',
    });
  });

  it('for whoever has set search_path to nothing', async () => {
    const written = db.sql.transaction(async (tx) => {
      await tx.script(`SET LOCAL search_path = ''`);
      const [organization] = await tx.query<{ id: string }>(
        `INSERT INTO public.organization (id, name, updated_at)
         VALUES (overlay(gen_random_uuid()::text PLACING '7' FROM 15 FOR 1)::uuid, 'Elsewhere', now())
         RETURNING id`,
      );
      const id = organization?.id;
      await tx.query(
        `INSERT INTO public.form (id, organization_id, scope_id, name, access_level, updated_at)
         VALUES (gen_random_uuid(), $1, public.heimdall_root_scope_id($1), 'Below', 'AUTHENTICATED', now())`,
        [id],
      );
      const people = await tx.query(
        `SELECT * FROM public.heimdall_principal(gen_random_uuid(), null, null)`,
      );
      return { id, people };
    });
    expect(await written).toMatchObject({ people: [] });
  });
});

describe('10.22 migrations are the same in every checkout', () => {
  it('because lines end in one way', () => {
    expect(readFileSync(join(ROOT, '.gitattributes'), 'utf8')).toMatch(/^\* text=auto eol=lf$/m);
    for (const { name, sql } of readMigrations()) expect(sql.includes('\r'), name).toBe(false);
  });
});

/** docs/production.md says the same. */
const EMPTY_ALL = `SET session_replication_role = replica;
DO $$ BEGIN
  EXECUTE (SELECT 'TRUNCATE ' || string_agg(format('%I', tablename), ', ') FROM pg_tables
    WHERE schemaname = 'public' AND tablename <> '_prisma_migrations');
END $$`;

const AUDITED = `
  INSERT INTO audit_entry (actor_kind, actor_label, is_switched, action, resource_type, outcome)
  VALUES ('SYSTEM', 'system:test', false, 'form:update', 'form', 'PERMITTED')`;

describe.runIf(onServer)('10.22 a dump', () => {
  let from: Database;
  beforeAll(async () => {
    if (!hasTools) return;
    from = await freshDatabase();
    await seedDemo(from.client, { issuer: 'heimdall-dev' });
    await from.sql.query(AUDITED);
  });
  afterAll(() => from?.close());

  it.each([
    '--data-only --disable-triggers --load-via-partition-root --exclude-table=_prisma_migrations',
    // pg_dump's --clean drops what a partition has of the whole, which PostgreSQL refuses.
    '--no-owner',
  ])(
    'with %s is the same world again, with everything that the database keeps',
    async (options) => {
      // Loudly: a skipped test stands in the report.
      if (!hasTools) return expect.soft(hasTools, 'pg_dump and psql are not here').toBe(false);
      const to = await freshDatabase();
      try {
        const target = await urlOf(to);
        if (options.includes('data-only')) {
          run('psql', [target, '-qX1', '-v', 'ON_ERROR_STOP=1', '-c', EMPTY_ALL]);
        } else
          run('psql', [target, '-qX1', '-c', 'DROP SCHEMA public CASCADE; CREATE SCHEMA public']);
        const dump = run('pg_dump', [await urlOf(from), ...options.split(' ')]);
        run('psql', [target, '-qX1', '-v', 'ON_ERROR_STOP=1'], dump);
        const [before, after] = [await contents(from), await contents(to)];
        expect(after).toEqual(before);
        expect(before.find(({ table }) => table === 'form')?.rows).toBeGreaterThan(0);
        // And it goes on from there.
        await to.client.organization.create({ data: { name: 'Later' } });
      } finally {
        await to.close();
      }
    },
    120_000,
  );
});

function run(tool: string, args: readonly string[], input = ''): string {
  const { status, stdout, stderr } = spawnSync(tool, args, {
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`${tool}: ${stderr}`);
  return stdout;
}

/** How many rows each table has, and a hash of all of them. */
async function contents({ sql }: Database) {
  const tables = await sql.query<{ table: string }>(
    `SELECT tablename AS table FROM pg_tables
     WHERE schemaname = 'public' AND tablename <> '_prisma_migrations' ORDER BY 1`,
  );
  const found: { table: string; rows: number; hash: string | null }[] = [];
  for (const { table } of tables) {
    const [row] = await sql.query<{ rows: number; hash: string | null }>(
      `SELECT count(*)::int AS rows, md5(string_agg(t::text, ',' ORDER BY t::text)) AS hash
       FROM "${table}" t`,
    );
    found.push({ table, rows: row?.rows ?? 0, hash: row?.hash ?? null });
  }
  return found;
}
