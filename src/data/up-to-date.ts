import { builtInPermissions } from '../policy/system-roles.js';
import { SYSTEM_ROLES } from '../policy/vocabulary.js';
import type { Database } from './clients/database.js';
import { MIGRATION_LOCK } from './migrations/history.js';
import { applyMigrations, pendingMigrations } from './migrations.js';

/** What brought a database up to this version of the code. */
export interface Updates {
  /** The names of the migrations that were applied. */
  readonly migrations: readonly string[];
  /** The keys of the permissions that the vocabulary has and the database had not. */
  readonly permissions: readonly string[];
}

/**
 * Brings a database up to this version of the code: its migrations, and then a global permission for each action of the
 * vocabulary, which the system roles that permit it are given with it. `applying` hears of each migration before it is
 * applied. Throws MigrationError.
 *
 * INVARIANT: only what is new is given: what an operator took from a role stays taken.
 */
export async function bringUpToDate(
  database: Database,
  applying?: (name: string) => void,
): Promise<Updates> {
  const migrations = await applyMigrations(database, undefined, applying);
  if ((await lackingPermissions(database)).length === 0) return { migrations, permissions: [] };
  const permissions = await database.sql.transaction(async (tx) => {
    await tx.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    const made = await tx.query<{ key: string }>(COMPLETE, [
      JSON.stringify(WANTED.map(({ type, action }) => ({ type, action }))),
      JSON.stringify(WANTED.flatMap(({ roles, ...of }) => roles.map((role) => ({ ...of, role })))),
    ]);
    return made.map(({ key }) => key);
  });
  return { migrations, permissions };
}

/** How much a database lacks of this version's migrations and permissions, for a start that must change nothing. */
export async function lackingUpdates(database: Database): Promise<number> {
  const pending = await pendingMigrations(database);
  return pending.length > 0 ? pending.length : (await lackingPermissions(database)).length;
}

const WANTED = builtInPermissions().map(({ resourceType: type, action, roles }) => ({
  type,
  action,
  roles: roles.map((role) => SYSTEM_ROLES[role]),
}));

async function lackingPermissions({ sql }: Database): Promise<string[]> {
  const rows = await sql.query<{ key: string }>(
    `SELECT w.key FROM unnest($1::text[]) w (key) WHERE NOT EXISTS (SELECT FROM permission p
       WHERE p.scope_id = '00000000-0000-7000-8000-000000000001' AND p.key = w.key)`,
    [WANTED.map(({ type, action }) => `${type}:${action}:*`)],
  );
  return rows.map(({ key }) => key);
}

/** The id of a built-in permission follows from what it permits, as that of those of the first migrations does. */
const COMPLETE = `
  WITH made AS (
    INSERT INTO permission (id, scope_id, resource_type, action, resource_pattern)
    SELECT ('00000000-0000-7000-8001-' || left(md5(w.type || ':' || w.action), 12))::uuid,
      '00000000-0000-7000-8000-000000000001', w.type, w.action, '*'
    FROM jsonb_to_recordset($1::jsonb) w (type text, action text)
    ON CONFLICT DO NOTHING
    RETURNING id, resource_type, action, key
  ), given AS (
    INSERT INTO role_permission (role_id, permission_id)
    SELECT g.role, m.id FROM made m
    JOIN jsonb_to_recordset($2::jsonb) g (type text, action text, role uuid)
      ON g.type = m.resource_type AND g.action = m.action
  )
  SELECT key FROM made ORDER BY key`;
