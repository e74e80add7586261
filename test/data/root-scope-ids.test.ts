import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/data/clients.js';
import { applyMigrations, type Migration, readMigrations } from '../../src/data/migrations.js';
import { rootScopeId } from '../../src/policy/root-scope.js';
import {
  BUILT_IN_SCOPE_TYPES,
  PLATFORM_ROOT_ID,
  SYSTEM_ROLES,
} from '../../src/policy/vocabulary.js';
import { emptyDatabase, freshDatabase } from '../support/database.js';
import { uuid7 } from '../support/uuid.js';
import { NOTE, NOTE_JOINS, NOTE_TABLES } from './note.js';
import { keptAndComputed } from './oracle.js';
import { World } from './world.js';

const all = readMigrations();
const at = all.findIndex(({ name }) => name.endsWith('_root_scope_ids'));
const [before, migration, later] = [all.slice(0, at), all.slice(0, at + 1), all];

/** A table that nobody has registered, and a resource that somebody has. */
const OTHERS = `${NOTE_TABLES}${NOTE_JOINS}${NOTE}
CREATE TABLE elsewhere (id int PRIMARY KEY, of uuid REFERENCES scope (id));`;

const [A, B] = ['a', 'b'].map((letter) => `01930000-0000-7000-8000-00000000000${letter}`) as [
  string,
  string,
];

/** The n-th thing of a kind: the same id in whichever database. */
const id = (kind: number, n: number): string =>
  `01930000-0000-7000-80${kind.toString(16).padStart(2, '0')}-${String(n).padStart(12, '0')}`;

/** Rows in every table that refers to scopes, the roots among them; `rootOf` says under which id these are. */
async function plant({ sql }: Database, rootOf: (organization: string) => string): Promise<void> {
  const insert = async (table: string, values: Record<string, unknown>): Promise<string> => {
    const columns = Object.keys(values);
    await sql.query(
      `INSERT INTO "${table}" (${columns.join(', ')}) VALUES (${columns.map((_, n) => `$${n + 1}`).join(', ')})`,
      Object.values(values),
    );
    return String(values.id);
  };
  for (const [n, organization] of [A, B].entries()) {
    const own = (kind: number, m: number): string => id(kind, 100 * n + m);
    await insert('organization', { id: organization, name: `Organization ${n}` });
    const root = rootOf(organization);
    const meta = { of: organization };
    await sql.query(
      `UPDATE scope SET external_id = 'root', name = 'Root', meta = $2, version = 7 WHERE id = $1`,
      [root, JSON.stringify(meta)],
    );
    const user = await insert('user', {
      id: own(1, 1),
      email: `u${n}@example.com`,
      name: 'u',
      organization_id: organization,
    });
    const team = await insert('team', {
      id: own(2, 1),
      name: 't',
      organization_id: organization,
      created_by_id: user,
    });
    const wall = await insert('scope_type', {
      id: own(3, 1),
      name: 'Wall',
      permission_mode: 'DEFINE',
      organization_id: organization,
    });
    const { Tenant, Workspace, Project } = BUILT_IN_SCOPE_TYPES;
    for (const [parent_type_id, child_type_id] of [
      [Tenant, wall],
      [wall, Project],
    ]) {
      await insert('scope_type_edge', { parent_type_id, child_type_id });
    }
    const scope = (m: number, parent_id: string, type_id: string): Promise<string> =>
      insert('scope', { id: own(4, m), type_id, parent_id, organization_id: organization });
    const workspace = await scope(1, root, Workspace);
    const project = await scope(2, workspace, Project);
    const walled = await scope(3, root, wall);
    const behind = await scope(4, walled, Project);
    for (const [m, scope_id] of [root, workspace, project, walled, behind].entries()) {
      const place = { scope_id, organization_id: organization };
      const named = { name: `n${m % 2}`, ...place };
      const owned = { owner_id: user, team_id: team };
      const role = await insert('role', { id: own(5, m), data_access: 'ALL_DATA', ...named });
      await insert('permission', {
        id: own(6, m),
        resource_type: 'scope',
        action: 'read',
        // An id can be a pattern; that of an organization is a scope's where scopes are meant.
        resource_pattern: scope_id,
        ...place,
      });
      const more = {
        resource_type: 'organization',
        action: 'read',
        resource_pattern: organization,
      };
      const permission = await insert('permission', { id: own(6, 20 + m), ...more, ...place });
      await insert('role_permission', { role_id: role, permission_id: permission });
      const [key, api] = [own(7, m), own(8, m)];
      await insert('virtual_key', { id: key, prefix: key, hash: key, ...named, ...owned });
      await insert('api_key', { id: api, prefix: api, hash: api, ...named, ...owned });
      const subjects = { user_id: user, team_id: team, virtual_key_id: key, api_key_id: api };
      for (const [k, subject] of Object.entries(subjects).entries()) {
        const membership = await insert('membership', {
          id: own(9, 10 * k + m),
          [subject[0]]: subject[1],
          ...place,
        });
        for (const role_id of [role, SYSTEM_ROLES.Viewer]) {
          await insert('role_assignment', { membership_id: membership, role_id });
        }
      }
      await insert('scope_override', {
        id: own(10, m),
        role_id: role,
        state: 'disabled',
        ...place,
      });
      const rows: Record<string, object> = {
        form: {},
        workflow: { endpoint: 'x' },
        agent: {},
        app: { slug: `n${m % 2}` },
        note: {},
      };
      for (const [k, [table, extra]] of Object.entries(rows).entries()) {
        const row = await insert(table, { id: own(11 + k, m), ...named, ...owned, ...extra });
        await insert(`${table}_role`, { [`${table}_id`]: row, role_id: role });
      }
      await insert('config', { id: own(20, m), key: `n${m % 2}`, type: 'STRING', ...place });
      await insert('elsewhere', { id: 100 * n + m, of: scope_id });
      await insert('audit_entry', {
        id: own(21, m),
        ...place,
        actor_kind: 'USER',
        action: 'update',
        resource_type: 'scope',
        resource_id: scope_id,
        outcome: 'ALLOWED',
        before: JSON.stringify({ by: organization }),
      });
    }
    await insert('audit_entry', {
      id: own(21, 20),
      organization_id: organization,
      scope_id: root,
      actor_kind: 'USER',
      action: 'update',
      resource_type: 'organization',
      resource_id: organization,
      outcome: 'ALLOWED',
    });
  }
  // What is global has namesakes in both, and nothing of theirs.
  const global: Record<string, object> = {
    form: { name: 'n0' },
    workflow: { name: 'n0', endpoint: 'x' },
    agent: { name: 'n0' },
    app: { name: 'n0', slug: 'n0' },
    note: { name: 'n0' },
    config: { key: 'n0', type: 'STRING' },
  };
  for (const [n, [table, values]] of Object.entries(global).entries()) {
    await insert(table, { id: id(30, n), scope_id: PLATFORM_ROOT_ID, ...values });
  }
}

/** Every row of every table, without the times at which it was made. */
async function contents({ sql }: Database): Promise<Record<string, string[]>> {
  const tables = await sql.query<{ name: string }>(
    `SELECT relname::text AS name FROM pg_class WHERE relnamespace = current_schema()::regnamespace
     AND relkind = 'r' AND relname <> '_prisma_migrations' ORDER BY 1`,
  );
  const found: Record<string, string[]> = {};
  for (const { name } of tables) {
    const rows = await sql.query<{ row: string }>(
      `SELECT (to_jsonb(t) - 'created_at' - 'updated_at')::text AS row FROM "${name}" t ORDER BY 1`,
    );
    found[name] = rows.map(({ row }) => row);
  }
  return found;
}

/** What the database keeps and refuses, and whether it does. */
async function rules({ sql }: Database): Promise<Record<string, unknown>> {
  const list = async (text: string) => (await sql.query<{ is: string }>(text)).map((row) => row.is);
  return {
    triggers: await list(
      `SELECT tgenabled::text || ' ' || pg_get_triggerdef(oid) AS is FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1`,
    ),
    constraints: await list(
      `SELECT conrelid::regclass || ' ' || conname || ' ' || convalidated || ' ' || pg_get_constraintdef(oid) AS is
       FROM pg_constraint WHERE connamespace = current_schema()::regnamespace ORDER BY 1`,
    ),
    indexes: await list(
      `SELECT indexrelid::regclass || ' ' || indisvalid AS is FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
       WHERE c.relnamespace = current_schema()::regnamespace ORDER BY 1`,
    ),
    functions: await list(
      `SELECT proname || ' ' || coalesce(proconfig::text, '') || ' ' || prosrc AS is FROM pg_proc
       WHERE pronamespace = current_schema()::regnamespace ORDER BY 1`,
    ),
  };
}

/** A database of before the migration, and another table that refers to scopes. */
async function early(migrations: readonly Migration[] = before): Promise<Database> {
  const db = await emptyDatabase();
  await applyMigrations(db, migrations);
  await db.sql.script(OTHERS);
  return db;
}

describe('D1: the migration that gives root scopes ids of their own', () => {
  let old: Database;
  let fresh: Database;
  beforeAll(async () => {
    [old, fresh] = [await early(), await early(migration)];
    await plant(old, (organization) => organization);
    await plant(fresh, rootScopeId);
  });
  afterAll(() => Promise.all([old.close(), fresh.close()]));

  it('finds a root in whatever can refer to a scope', async () => {
    const columns = await old.sql.query<{ relation: string; name: string }>(
      `SELECT conrelid::regclass::text AS relation, a.attname::text AS name FROM pg_constraint f
       JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = f.conkey[1]
       WHERE f.contype = 'f' AND f.confrelid = 'scope'::regclass`,
    );
    const kept = await old.sql.query<{ relation: string; name: string }>(
      `SELECT name AS relation, 'governed_by' AS name FROM heimdall_table WHERE is_placed
       UNION ALL SELECT 'scope', unnest(ARRAY['home_id', 'path', 'inherits_from', 'governed_by'])
       UNION ALL SELECT name || '_shadow', 'near_scope_id' FROM heimdall_table WHERE cascades_by IS NOT NULL`,
    );
    for (const { relation, name } of [...columns, ...kept]) {
      const [row] = await old.sql.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM ${relation} r WHERE to_jsonb(r) ->> $1 LIKE '%' || $2 || '%'`,
        [name, A],
      );
      expect(row?.count, `${relation}.${name}`).toBeGreaterThan(0);
    }
    expect(columns.map(({ relation }) => relation)).toEqual(
      expect.arrayContaining([
        'scope',
        'form',
        'membership',
        'scope_override',
        'note',
        'elsewhere',
      ]),
    );
  });

  it('moves every reference, and leaves all else as it was', async () => {
    const earlier = await contents(old);
    await applyMigrations(old, migration);
    const moved = await contents(old);
    expect(moved).toEqual(await contents(fresh));
    expect(moved).not.toEqual(earlier);
    expect(Object.values(moved).flat().length).toBe(Object.values(earlier).flat().length);
  });

  it('leaves every trigger, constraint and index as in a database that never had the old ids', async () => {
    expect(await rules(old)).toEqual(await rules(fresh));
    const [off] = await old.sql.query<{ off: number }>(
      `SELECT (SELECT count(*) FROM pg_trigger WHERE tgenabled <> 'O')::int
         + (SELECT count(*) FROM pg_constraint WHERE NOT convalidated)::int AS off`,
    );
    expect(off?.off).toBe(0);
  });

  it('leaves nothing kept that the rows do not say, then and after a change', async () => {
    // Nobody had written it yet when the record came, which refuses what is there.
    await old.sql.query('ALTER TABLE audit_entry DISABLE TRIGGER USER');
    await old.sql.query('TRUNCATE audit_entry');
    await applyMigrations(old, later);
    const world = new World(old);
    const agree = async () => {
      const { kept, computed } = await keptAndComputed(world);
      expect(kept).toEqual(computed);
    };
    await agree();
    await world.rows('UPDATE scope SET parent_id = $2 WHERE id = $1', id(4, 2), rootScopeId(A));
    await world.rows(`UPDATE scope_type SET permission_mode = 'MERGE' WHERE id = $1`, id(3, 1));
    await agree();
    await expect(world.rows('DELETE FROM scope WHERE id = $1', rootScopeId(A))).rejects.toThrow(
      /^D1/,
    );
    for (const table of ['elsewhere', 'note']) await world.rows(`DELETE FROM ${table}`);
    await world.rows('DELETE FROM organization WHERE id = $1', A);
    await agree();
  });
});

// Each makes a database from the first migration on.
describe('D1: of databases that are not as it expects', { timeout: 120_000 }, () => {
  it('refuses one whose organizations have other ids, names how many, and leaves it be', async () => {
    const db = await early();
    try {
      await plant(db, (organization) => organization);
      for (const other of [A.replace('-7', '-4'), B.replace('-7', '-1'), A.replace('-80', '-00')]) {
        await db.sql.query(`INSERT INTO organization (id, name) VALUES ($1, 'x')`, [other]);
      }
      const earlier = [await contents(db), await rules(db)];
      await expect(applyMigrations(db, migration)).rejects.toThrow(
        /D1: the id of an organization must be a UUID of version 7.* 3 organizations/,
      );
      expect([await contents(db), await rules(db)]).toEqual(earlier);
    } finally {
      await db.close();
    }
  });

  it('keeps a trigger off that was off, and makes the types of roots DEFINE', async () => {
    const db = await early();
    try {
      await plant(db, (organization) => organization);
      await db.sql.script(`ALTER TABLE form DISABLE TRIGGER form_2_workflow_id;
        ALTER TABLE form ENABLE ALWAYS TRIGGER form_0_id;
        UPDATE scope_type SET permission_mode = 'MERGE' WHERE name = 'Tenant';
        UPDATE scope_type SET permission_mode = 'FUTURE' WHERE name = 'Platform'`);
      await applyMigrations(db, migration);
      const states = await db.sql.query<{ name: string; state: string }>(
        `SELECT tgname::text AS name, tgenabled::text AS state FROM pg_trigger
         WHERE NOT tgisinternal AND tgenabled <> 'O' ORDER BY 1`,
      );
      expect(states).toEqual([
        { name: 'form_0_id', state: 'A' },
        { name: 'form_2_workflow_id', state: 'D' },
      ]);
      const { kept, computed } = await keptAndComputed(new World(db));
      expect(kept).toEqual(computed);
      const [root] = await db.sql.query('SELECT inherits_from FROM scope WHERE id = $1', [
        rootScopeId(A),
      ]);
      expect(root).toEqual({ inherits_from: [rootScopeId(A)] });
    } finally {
      await db.close();
    }
  });
});

describe('D1: from then on', () => {
  let db: Database;
  let world: World;
  beforeAll(async () => {
    db = await freshDatabase();
    world = new World(db);
  });
  afterAll(() => db.close());

  it('SQL and TypeScript agree on the id of a root', async () => {
    for (let n = 0; n < 20; n += 1) {
      const organization = await world.organization();
      const [row] = await world.rows<{ id: string; root: string }>(
        'SELECT heimdall_root_scope_id($1) AS id, s.id AS root FROM scope s WHERE s.organization_id = $1',
        organization,
      );
      expect(row).toEqual({ id: rootScopeId(organization), root: rootScopeId(organization) });
    }
  });

  it('an organization has an id of version 7, and no scope has it', async () => {
    const make = (name: string) =>
      world.rows(`INSERT INTO organization (id, name) VALUES ($1, 'x')`, name);
    for (const other of [uuid7().replace(/^(.{14})7/, '$14'), rootScopeId(uuid7())]) {
      await expect(make(other)).rejects.toThrow(/organization_id_check/);
    }
    const a = await world.organization();
    const taken = world.insert('scope', {
      id: a,
      type_id: BUILT_IN_SCOPE_TYPES.Workspace,
      parent_id: a,
      organization_id: a,
    });
    await expect(taken).rejects.toThrow(/^D1: an organization and a scope cannot share an id/);
    const scope = uuid7();
    await world.insert('scope', {
      id: scope,
      type_id: BUILT_IN_SCOPE_TYPES.Workspace,
      parent_id: a,
      organization_id: a,
    });
    for (const used of [scope, PLATFORM_ROOT_ID]) {
      await expect(make(used)).rejects.toThrow(/^D1: an organization and a scope cannot share/);
    }
  });

  it.each(['Platform', 'Tenant'] as const)('the type %s is DEFINE', async (type) => {
    for (const mode of ['MERGE', 'FUTURE']) {
      const flip = world.rows(
        'UPDATE scope_type SET permission_mode = $2 WHERE id = $1',
        BUILT_IN_SCOPE_TYPES[type],
        mode,
      );
      await expect(flip).rejects.toThrow(/scope_type_root_check/);
    }
  });
});
