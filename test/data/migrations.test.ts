import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/data/clients.js';
import {
  applyMigrations,
  DatabaseTooNewError,
  type Migration,
  MigrationError,
  pendingMigrations,
  readMigrations,
} from '../../src/data/migrations.js';
import { freshDatabase } from '../support/database.js';

const real = readMigrations();
const migration = (name: string, sql: string, checksum = name): Migration => ({
  name,
  sql,
  checksum,
});
const good = migration(
  '99990101000000_good',
  'CREATE TABLE good (id int); INSERT INTO good VALUES (1)',
);
const bad = migration('99990102000000_bad', 'CREATE TABLE bad (id int); SELECT no_such_function()');

describe('the migration runner', () => {
  let db: Database;
  beforeEach(async () => {
    db = await freshDatabase();
  });
  afterEach(() => db.close());

  it("has applied everything in order, in Prisma's own table", async () => {
    const rows = await db.sql.query(
      `SELECT migration_name, checksum, applied_steps_count, logs, rolled_back_at,
         finished_at >= started_at AS finished
       FROM _prisma_migrations ORDER BY started_at`,
    );
    expect(rows).toEqual(
      real.map(({ name, checksum }) => ({
        migration_name: name,
        checksum,
        applied_steps_count: 1,
        logs: null,
        rolled_back_at: null,
        finished: true,
      })),
    );
    expect(await applyMigrations(db)).toEqual([]);
  });

  it('tells what is pending, applies it once, and several at a time agree', async () => {
    const more = [...real, good];
    expect(await pendingMigrations(db, more)).toEqual([good.name]);
    const applied = await Promise.all([applyMigrations(db, more), applyMigrations(db, more)]);
    expect(applied.flat()).toEqual([good.name]);
    expect(await pendingMigrations(db, more)).toEqual([]);
    expect(await db.sql.query('SELECT id FROM good')).toEqual([{ id: 1 }]);
  });

  it('undoes a migration that fails, and keeps those before it', async () => {
    const run = applyMigrations(db, [...real, good, bad]);
    await expect(run).rejects.toThrow(
      /^the migration 99990102000000_bad failed and was undone: .*no_such_function/,
    );
    expect(await pendingMigrations(db, [...real, good, bad])).toEqual([bad.name]);
    const [left] = await db.sql.query(`SELECT to_regclass('bad') AS bad`);
    expect(left).toEqual({ bad: null });
  });

  it('refuses a database that is newer than the code', async () => {
    await applyMigrations(db, [...real, good]);
    await expect(applyMigrations(db)).rejects.toBeInstanceOf(DatabaseTooNewError);
    await expect(pendingMigrations(db)).rejects.toThrow(
      /newer than this version: .*99990101000000_good/,
    );
  });

  it('refuses a migration that was changed after it had been applied', async () => {
    await applyMigrations(db, [...real, good]);
    const run = applyMigrations(db, [...real, { ...good, checksum: 'other' }]);
    await expect(run).rejects.toThrow(MigrationError);
    await expect(run).rejects.toThrow(/99990101000000_good was changed/);
  });

  it('refuses to go on from what another tool left half done, until that is rolled back', async () => {
    await db.sql.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('x', $1, $2)`,
      [good.checksum, good.name],
    );
    await expect(applyMigrations(db, [...real, good])).rejects.toThrow(/good failed earlier/);
    await db.sql.query(`UPDATE _prisma_migrations SET rolled_back_at = now() WHERE id = 'x'`);
    expect(await applyMigrations(db, [...real, good])).toEqual([good.name]);
  });
});
