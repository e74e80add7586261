import type { Sql } from '../../src/data/clients.js';
import { PLATFORM_ROOT_ID } from '../../src/policy/vocabulary.js';

/** All tables that say who holds what, as they are. */
export interface Tables {
  readonly scopes: readonly { id: string; parent: string | null; merges: boolean }[];
  readonly people: readonly { id: string; active: boolean; teams: readonly string[] }[];
  readonly held: readonly { who: string; role: string; scope: string; ended: boolean }[];
  readonly roles: readonly { id: string; scope: string; reach: string }[];
  readonly carried: readonly { role: string; permission: string }[];
  readonly permissions: readonly {
    id: string;
    scope: string;
    what: string;
    conditional: boolean;
  }[];
  readonly overrides: readonly {
    scope: string;
    permission: string | null;
    role: string | null;
    state: string;
  }[];
}

/** Reads the tables, and nothing that the database derives from them. */
export async function readTables(sql: Sql): Promise<Tables> {
  const rows = <K extends keyof Tables>(text: string) => sql.query<Tables[K][number]>(text);
  return {
    scopes: await rows<'scopes'>(
      `SELECT s.id, s.parent_id AS parent, t.permission_mode = 'MERGE' AS merges
       FROM scope s JOIN scope_type t ON t.id = s.type_id`,
    ),
    people: await rows<'people'>(
      `SELECT u.id, u.is_active AND o.is_active AS active,
         ARRAY(SELECT team_id::text FROM team_member WHERE user_id = u.id) AS teams
       FROM "user" u JOIN organization o ON o.id = u.organization_id`,
    ),
    held: await rows<'held'>(
      `SELECT coalesce(m.user_id, m.team_id) AS who, a.role_id AS role, m.scope_id AS scope,
         coalesce(m.expires_at < now(), false) OR coalesce(a.expires_at < now(), false) AS ended
       FROM membership m JOIN role_assignment a ON a.membership_id = m.id`,
    ),
    roles: await rows<'roles'>('SELECT id, scope_id AS scope, data_access AS reach FROM role'),
    carried: await rows<'carried'>(
      'SELECT role_id AS role, permission_id AS permission FROM role_permission',
    ),
    permissions: await rows<'permissions'>(
      `SELECT id, scope_id AS scope, concat_ws(' ', resource_type, action, resource_pattern) AS what,
         condition IS NOT NULL AS conditional FROM permission`,
    ),
    overrides: await rows<'overrides'>(
      'SELECT scope_id AS scope, permission_id AS permission, role_id AS role, state FROM scope_override',
    ),
  };
}

/** What somebody holds at a scope, a word each: `form read * ALL_DATA`, `role` and its id. */
export type Words = readonly string[];

/**
 * D7, D8, D9, D18 and D48, word by word as the model has them: what each person holds at each scope. At the platform's root it is
 * what counts for global rows, held there (`platform`) or at a root (`root` and its id).
 */
export function plainHoldings(tables: Tables) {
  const { scopes, people, held, roles, carried, permissions, overrides } = tables;
  const scopeOf = new Map(scopes.map((one) => [one.id, one]));
  const roleOf = new Map(roles.map((one) => [one.id, one]));
  const permissionOf = new Map(permissions.map((one) => [one.id, one]));
  const path = (id: string): string[] => {
    const parent = scopeOf.get(id)?.parent ?? null;
    return parent === null ? [id] : [id, ...path(parent)];
  };
  const inherits = (id: string): string[] => {
    const { parent = null, merges = false } = scopeOf.get(id) ?? {};
    return merges && parent !== null ? [id, ...inherits(parent)] : [id];
  };
  /** The state of the nearest override of a target. */
  const isOff = (at: string, permission: string | null, role: string | null): boolean => {
    for (const id of inherits(at)) {
      const found = overrides.find(
        (one) => one.scope === id && one.permission === permission && one.role === role,
      );
      if (found !== undefined) return found.state !== 'enabled';
    }
    return false;
  };
  const rolesOf = (who: string) => {
    const person = people.find(({ id }) => id === who);
    if (person === undefined || !person.active) return [];
    return held.filter(
      (one) =>
        [who, ...person.teams].includes(one.who) &&
        !one.ended &&
        path(one.scope).includes(roleOf.get(one.role)?.scope ?? ''),
    );
  };
  /** What of these counts at all of these places, each of which has its own overrides. */
  const wordsOf = (of: ReturnType<typeof rolesOf>, places: readonly string[]): Words => {
    const words = new Set<string>();
    for (const { role } of of) {
      if (places.some((at) => isOff(at, null, role))) continue;
      words.add(`role ${role}`);
      const { reach = '', scope = '' } = roleOf.get(role) ?? {};
      if (!['OWN_DATA', 'TEAM_DATA', 'ALL_DATA'].includes(reach)) continue;
      for (const { permission } of carried.filter((one) => one.role === role)) {
        const found = permissionOf.get(permission);
        if (found === undefined || found.conditional || !path(scope).includes(found.scope))
          continue;
        const off = places.some((at) => isOff(at, permission, null) || isOff(at, permission, role));
        if (!off) words.add(`${found.what} ${reach}`);
      }
    }
    return [...words].sort();
  };
  return {
    people: people.map(({ id }) => id),
    tenants: scopes.map(({ id }) => id).filter((id) => id !== PLATFORM_ROOT_ID),
    roots: scopes.filter(({ parent }) => parent === PLATFORM_ROOT_ID).map(({ id }) => id),
    inherits,
    /** At a scope of a tenant. */
    at: (who: string, scope: string): Words =>
      wordsOf(
        rolesOf(who).filter((one) => inherits(scope).includes(one.scope)),
        [scope],
      ),
    /** For global rows, by what is held at this root, or at the platform's. */
    globally: (who: string, root: string): Words =>
      wordsOf(
        rolesOf(who).filter((one) => one.scope === root),
        [...new Set([root, PLATFORM_ROOT_ID])],
      ),
  };
}
