import type { Database, Sql } from './clients/database.js';
import { type Migration, readMigrations } from './migrations/files.js';
import { HISTORY_TABLE, type HistoryRow, MIGRATION_LOCK } from './migrations/history.js';

export { type Migration, readMigrations } from './migrations/files.js';

/** A migration cannot be applied, or the history does not fit; one sentence for an operator. */
export class MigrationError extends Error {
  override readonly name: string = 'MigrationError';
}

/** The database was migrated by a newer version of the code than this one. */
export class DatabaseTooNewError extends MigrationError {
  override readonly name = 'DatabaseTooNewError';
}

/**
 * Applies what is pending, in order, each migration in a transaction of its own, and returns the
 * names of those applied. Several processes may start at once: one applies, the others wait.
 *
 * The history is Prisma's own table with its checksums, so that `prisma migrate deploy` finds the
 * same database in order. Throws {@link MigrationError}; a migration that fails leaves no trace.
 */
export async function applyMigrations(
  database: Database,
  migrations: readonly Migration[] = readMigrations(),
  applying: (name: string) => void = () => {},
): Promise<string[]> {
  const { sql } = database;
  const applied: string[] = [];
  for (;;) {
    // The history is read again under the lock each time: another process may have been faster.
    const next = await sql.transaction(async (tx) => {
      await tx.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
      await tx.script(HISTORY_TABLE);
      const [first] = pending(migrations, await history(tx));
      if (first) {
        applying(first.name);
        await apply(tx, first);
      }
      return first;
    });
    if (!next) return applied;
    applied.push(next.name);
  }
}

/**
 * The names of the migrations that the database still lacks, for a start that must not migrate.
 * Throws like {@link applyMigrations} when the history does not fit.
 */
export async function pendingMigrations(
  database: Database,
  migrations: readonly Migration[] = readMigrations(),
): Promise<string[]> {
  const [table] = await database.sql.query<{ found: boolean }>(
    `SELECT to_regclass('_prisma_migrations') IS NOT NULL AS found`,
  );
  const rows = table?.found ? await history(database.sql) : [];
  return pending(migrations, rows).map(({ name }) => name);
}

/** Compares the files with the history; the answer is what remains to be applied. */
function pending(migrations: readonly Migration[], rows: readonly HistoryRow[]): Migration[] {
  const files = new Map(migrations.map((migration) => [migration.name, migration]));
  const done = new Set<string>();
  for (const row of rows) {
    if (row.rolled_back) continue;
    if (!row.finished) {
      throw new MigrationError(
        `the migration ${row.migration_name} failed earlier and must be resolved by hand (prisma migrate resolve)`,
      );
    }
    const file = files.get(row.migration_name);
    if (!file) {
      throw new DatabaseTooNewError(
        `the database is newer than this version: it has the unknown migration ${row.migration_name}`,
      );
    }
    if (file.checksum !== row.checksum) {
      throw new MigrationError(
        `the migration ${row.migration_name} was changed after it had been applied`,
      );
    }
    done.add(row.migration_name);
  }
  return migrations.filter(({ name }) => !done.has(name));
}

function history(sql: Sql): Promise<HistoryRow[]> {
  return sql.query<HistoryRow>(
    `SELECT migration_name, checksum, finished_at IS NOT NULL AS finished,
       rolled_back_at IS NOT NULL AS rolled_back
     FROM _prisma_migrations ORDER BY started_at, migration_name`,
  );
}

async function apply(tx: Sql, migration: Migration): Promise<void> {
  const startedAt = new Date().toISOString();
  try {
    await tx.script(migration.sql);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new MigrationError(`the migration ${migration.name} failed and was undone: ${message}`, {
      cause: error,
    });
  }
  await tx.query(
    `INSERT INTO _prisma_migrations
       (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
     VALUES (gen_random_uuid()::text, $1, $2, $3::timestamptz, clock_timestamp(), 1)`,
    [migration.checksum, migration.name, startedAt],
  );
}
