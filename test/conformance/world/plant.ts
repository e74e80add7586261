import type { Sql, TransactionalSql } from '../../../src/data/clients.js';
import { seal } from './seal.js';
import { type Cell, type Key, type Row, rootOf, type TypeName, type World } from './types.js';

type Columns = Record<string, Cell | readonly string[]>;

export const TABLES: Record<TypeName, string> = {
  Organization: 'organization',
  User: 'user',
  Team: 'team',
  ScopeType: 'scope_type',
  Scope: 'scope',
  Role: 'role',
  Permission: 'permission',
  Form: 'form',
  Workflow: 'workflow',
  Agent: 'agent',
  App: 'app',
  Config: 'config',
  Membership: 'membership',
  ScopeOverride: 'scope_override',
};

/** Join tables, by type and relation: table, column of the row, column of the target. */
export const LINKS: readonly (readonly [TypeName, string, string, string, string])[] = [
  ['ScopeType', 'mayContain', 'scope_type_edge', 'parent_type_id', 'child_type_id'],
  ['Team', 'members', 'team_member', 'team_id', 'user_id'],
  ['Role', 'permissions', 'role_permission', 'role_id', 'permission_id'],
  ['Form', 'roles', 'form_role', 'form_id', 'role_id'],
  ['Workflow', 'roles', 'workflow_role', 'workflow_id', 'role_id'],
  ['Agent', 'roles', 'agent_role', 'agent_id', 'role_id'],
  ['App', 'roles', 'app_role', 'app_id', 'role_id'],
  ['Agent', 'tools', 'agent_tool', 'agent_id', 'workflow_id'],
  ['Agent', 'delegates', 'agent_delegate', 'agent_id', 'delegate_id'],
  ['Membership', 'roles', 'role_assignment', 'membership_id', 'role_id'],
];

const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);

/** What differs between a row as it is asked for and as it is stored. */
export function columnsOf(row: Row): Columns {
  const columns: Columns = { id: row.id };
  for (const [name, value] of Object.entries(row.cells)) columns[snake(name)] = value;
  for (const [name, value] of Object.entries(row.one)) columns[`${snake(name)}_id`] = value;
  delete columns.root_scope_id;
  if (row.type === 'Config') {
    const { secret = null } = row.cells;
    columns.ciphertext = row.cells.type === 'SECRET' ? seal(row.id, secret) : null;
    delete columns.secret;
  }
  if (row.type === 'Permission') {
    const { condition = null } = row.cells;
    columns.condition = condition === null ? null : JSON.parse(String(condition));
  }
  if (row.type === 'ScopeOverride') columns.state = String(row.cells.state).toLowerCase();
  return columns;
}

/** One statement for all rows of a table, through JSON, as each statement takes its time. */
async function insert(sql: Sql, table: string, rows: readonly Columns[]): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const columns = Object.keys(first)
    .map((name) => `"${name}"`)
    .join(', ');
  await sql.query(
    `INSERT INTO "${table}" (${columns})
     SELECT ${columns} FROM json_populate_recordset(NULL::"${table}", $1::json)`,
    [JSON.stringify(rows)],
  );
}

/** Puts a world into a migrated database in place of the one that was there. */
export async function plant(database: { sql: TransactionalSql }, world: World): Promise<void> {
  await database.sql.transaction(async (sql) => {
    await clear(sql);
    await insertRows(sql, world);
    await insertLinks(sql, world);
  });
}

async function clear(sql: Sql): Promise<void> {
  // The record takes inserts alone, whoever writes; worlds follow one another under the same ids. Not
  // TRUNCATE, which makes every file of every index anew: on a server it took longer than all questions.
  await sql.script(`
    SET LOCAL session_replication_role = replica;
    DELETE FROM audit_entry; DELETE FROM idempotency_key;
    DELETE FROM execution_log; DELETE FROM execution_secret; DELETE FROM execution;
    DELETE FROM message; DELETE FROM conversation; DELETE FROM schedule_firing; DELETE FROM schedule;
    SET LOCAL session_replication_role = origin;
  `);
  // Global rows first: tenants' rows may point to them, but not the other way around.
  await sql.script(`
    DELETE FROM membership; DELETE FROM scope_override; DELETE FROM api_key; DELETE FROM virtual_key;
    DELETE FROM form; DELETE FROM agent; DELETE FROM workflow; DELETE FROM app; DELETE FROM config;
    DELETE FROM role WHERE NOT is_system;
    DELETE FROM permission WHERE id::text NOT LIKE '00000000-0000-7000-8001-%';
    DELETE FROM team; DELETE FROM "user"; DELETE FROM organization;
    DELETE FROM scope_type WHERE organization_id IS NULL AND id::text NOT LIKE '00000000-%';
    UPDATE role SET created_at = '2000-01-01Z', updated_at = '2000-01-01Z' WHERE created_at > '2000-01-01Z';
    UPDATE permission SET created_at = '2000-01-01Z', updated_at = '2000-01-01Z' WHERE created_at > '2000-01-01Z';
    UPDATE scope SET created_at = '2000-01-01Z', updated_at = '2000-01-01Z' WHERE created_at > '2000-01-01Z';
    UPDATE scope_type SET created_at = '2000-01-01Z', updated_at = '2000-01-01Z' WHERE created_at > '2000-01-01Z';
  `);
}

async function insertRows(sql: Sql, world: World): Promise<void> {
  const of = (type: TypeName): Row[] =>
    world.rows.filter((row) => row.type === type && !world.builtIn.has(row.id));
  const insertAll = (type: TypeName, rows: readonly Row[] = of(type)): Promise<void> =>
    insert(sql, TABLES[type], rows.map(columnsOf));
  await insertAll('Organization');
  // The roots came with their organizations; they get our times.
  await sql.query(`UPDATE scope SET created_at = o.created_at, updated_at = o.updated_at
    FROM organization o WHERE o.id = scope.organization_id`);
  await insertAll('ScopeType');
  await insertContainment(sql, world);
  const roots = new Set(of('Organization').map((row) => rootOf(row.id)));
  await insertAll(
    'Scope',
    of('Scope').filter((row) => !roots.has(row.id)),
  );
  for (const type of ['User', 'Team', 'Permission', 'Role'] as const) await insertAll(type);
  for (const type of ['Workflow', 'Form', 'Agent', 'App', 'Config'] as const) await insertAll(type);
  for (const kind of ['API_KEY', 'VIRTUAL_KEY'] as const) await insertKeys(sql, world, kind);
  for (const type of ['Membership', 'ScopeOverride'] as const) await insertAll(type);
}

/** At the roots of their organizations. No value is of any: whoever acts by one has signed in. */
async function insertKeys(sql: Sql, { keys }: World, kind: Key['kind']): Promise<void> {
  const rows = keys.filter((key) => key.kind === kind);
  await insert(
    sql,
    kind === 'API_KEY' ? 'api_key' : 'virtual_key',
    rows.map(({ id, organizationId, ...key }) => ({
      ...{ id, name: `key ${id}`, prefix: id, hash: id, operations: key.operations },
      ...{ organization_id: organizationId, scope_id: rootOf(organizationId) },
      ...{ owner_id: key.ownerId, team_id: key.teamId },
      ...{ is_active: key.isActive, expires_at: key.expiresAt, revoked_at: key.revokedAt },
      ...{ version: 1, created_at: CREATED, updated_at: CREATED },
    })),
  );
}

const CREATED = '2026-01-01T00:00:00.000Z';

/** The containment graph comes before the scopes that need it; what is built in stays. */
async function insertContainment(sql: Sql, world: World): Promise<void> {
  const edges = linksOf(world, 'ScopeType', 'mayContain', 'parent_type_id', 'child_type_id').filter(
    ({ parent_type_id: parent, child_type_id: child }) =>
      !(world.builtIn.has(parent as string) && world.builtIn.has(child as string)),
  );
  await insert(sql, 'scope_type_edge', edges);
}

async function insertLinks(sql: Sql, world: World): Promise<void> {
  for (const [type, relation, table, from, to] of LINKS) {
    if (['ScopeType', 'Membership'].includes(type)) continue;
    const links = linksOf(world, type, relation, from, to);
    await insert(
      sql,
      table,
      links.filter((link) => !world.builtIn.has(link[from] as string)),
    );
  }
  const held = world.memberships.flatMap(({ id, roleIds, ends }) =>
    roleIds.map((roleId) => ({
      membership_id: id,
      role_id: roleId,
      expires_at: ends[roleId] ?? null,
    })),
  );
  await insert(sql, 'role_assignment', held);
}

function linksOf(world: World, type: TypeName, relation: string, from: string, to: string) {
  return world.rows
    .filter((row) => row.type === type)
    .flatMap((row): Columns[] =>
      (row.many[relation] ?? []).map((id) => ({ [from]: row.id, [to]: id })),
    );
}
