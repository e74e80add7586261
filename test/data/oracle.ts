import { PLATFORM_ROOT_ID } from '../../src/policy/vocabulary.js';
import { BOUND_TABLES, NAMED, NAMED_TABLES, type World } from './world.js';

interface ScopeRow {
  id: string;
  parent_id: string | null;
  permission_mode: string;
  path: string[];
  inherits_from: string[];
  home_id: string;
  governed_by: string[];
}
interface NamedRow {
  id: string;
  scope_id: string;
  name: string;
}

/** What the database keeps, beside what plain TypeScript makes of the rows that it keeps it from. */
export async function keptAndComputed(world: World): Promise<{ kept: unknown; computed: unknown }> {
  const scopes = await world.rows<ScopeRow>(
    'SELECT s.*, t.permission_mode FROM scope s JOIN scope_type t ON t.id = s.type_id ORDER BY s.id',
  );
  const byId = new Map(scopes.map((scope) => [scope.id, scope]));
  const kept: Record<string, unknown> = {};
  const computed: Record<string, unknown> = {};
  for (const scope of scopes) {
    const { path, inherits_from, home_id, governed_by } = scope;
    kept[scope.id] = { path, inherits_from, home_id, governed_by };
    const home = homeOf(scope, byId);
    computed[scope.id] = {
      path: pathOf(scope, byId),
      inherits_from: inheritsOf(scope, byId),
      home_id: home.id,
      governed_by: inheritsOf(home, byId),
    };
  }
  for (const table of NAMED_TABLES) {
    const rows = await world.rows<NamedRow>(
      `SELECT id, scope_id, ${NAMED[table]} AS name FROM ${table}`,
    );
    const pairs = await world.rows<{ pair: string }>(
      `SELECT far_id || '>' || near_id || '@' || near_scope_id AS pair FROM ${table}_shadow`,
    );
    kept[table] = pairs.map(({ pair }) => pair).sort();
    computed[table] = pairsOf(rows, byId);
  }
  for (const table of BOUND_TABLES) {
    const rows = await world.rows<{ id: string; role_ids: string[] }>(
      `SELECT id, role_ids FROM ${table}`,
    );
    const links = await world.rows<{ row: string; role_id: string }>(
      `SELECT ${table}_id AS row, role_id FROM ${table}_role`,
    );
    const rolesOf = (id: string) =>
      links
        .filter(({ row }) => row === id)
        .map(({ role_id }) => role_id)
        .sort();
    kept[`${table} roles`] = rows.map(({ id, role_ids }) => [id, role_ids]);
    computed[`${table} roles`] = rows.map(({ id }) => [id, rolesOf(id)]);
  }
  for (const table of PLACED_TABLES) {
    const rows = await world.rows<{ id: string; scope_id: string; governed_by: string[] }>(
      `SELECT id, scope_id, governed_by FROM ${table}`,
    );
    const governors = (id: string) => {
      const scope = byId.get(id);
      return scope && inheritsOf(scope, byId);
    };
    kept[`${table} governed`] = rows.map(({ id, governed_by }) => [id, governed_by]);
    computed[`${table} governed`] = rows.map(({ id, scope_id }) => [id, governors(scope_id)]);
  }
  return { kept, computed };
}

const PLACED_TABLES = ['role', 'permission', 'membership', ...NAMED_TABLES] as const;

type Scopes = ReadonlyMap<string, ScopeRow>;

function parentOf(scope: ScopeRow, scopes: Scopes): ScopeRow | undefined {
  return scope.parent_id === null ? undefined : scopes.get(scope.parent_id);
}

function pathOf(scope: ScopeRow, scopes: Scopes): string[] {
  const parent = parentOf(scope, scopes);
  return [scope.id, ...(parent ? pathOf(parent, scopes) : [])];
}

function inheritsOf(scope: ScopeRow, scopes: Scopes): string[] {
  const parent = scope.permission_mode === 'MERGE' ? parentOf(scope, scopes) : undefined;
  return [scope.id, ...(parent ? inheritsOf(parent, scopes) : [])];
}

function homeOf(scope: ScopeRow, scopes: Scopes): ScopeRow {
  const parent = parentOf(scope, scopes);
  return parent && parent.id !== PLATFORM_ROOT_ID ? parent : scope;
}

function pairsOf(rows: readonly NamedRow[], scopes: Scopes): string[] {
  return rows
    .flatMap((near) => {
      const scope = scopes.get(near.scope_id);
      const above = scope ? pathOf(scope, scopes).slice(1) : [];
      return rows
        .filter((far) => far.name === near.name && above.includes(far.scope_id))
        .map((far) => `${far.id}>${near.id}@${near.scope_id}`);
    })
    .sort();
}
