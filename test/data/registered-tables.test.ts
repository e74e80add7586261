import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/data/clients.js';
import { dataModel } from '../../src/data/generated-data-model.js';
import { rootScopeId } from '../../src/policy/root-scope.js';
import { PLATFORM_ROOT_ID, SYSTEM_ROLES } from '../../src/policy/vocabulary.js';
import { declaredPolicies } from '../../src/resources/registry.js';
import { freshDatabase } from '../support/database.js';
import { NOTE, NOTE_CHANGES, NOTE_JOINS, NOTE_TABLES } from './note.js';
import { World } from './world.js';

let db: Database;
let world: World;
let a: string;
let b: string;
beforeAll(async () => {
  db = await freshDatabase();
  world = new World(db);
  a = await world.organization('A');
  b = await world.organization('B');
  await db.sql.script(NOTE_TABLES + NOTE_JOINS + NOTE + NOTE_CHANGES);
});
afterAll(() => db.close());

/** What of the database belongs to a table and its shadow, role and join tables. */
async function objectsOf(table: string): Promise<string[]> {
  const rows = await world.rows<{ definition: string }>(
    `WITH t AS (SELECT oid FROM pg_class WHERE relnamespace = current_schema()::regnamespace
       AND relname = ANY (ARRAY[$1, $1 || '_shadow', $1 || '_role']))
     SELECT pg_get_triggerdef(g.oid) AS definition FROM pg_trigger g
       WHERE tgrelid IN (SELECT oid FROM t) AND NOT tgisinternal
     UNION ALL
     SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid IN (SELECT oid FROM t)
     UNION ALL
     SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
       WHERE conrelid IN (SELECT oid FROM t) AND contype <> 'n'
     UNION ALL
     SELECT pg_get_statisticsobjdef(oid) FROM pg_statistic_ext WHERE stxrelid IN (SELECT oid FROM t)`,
    table,
  );
  return rows.map(({ definition }) => definition).sort();
}

/** Everything that is registered, and everything that hangs on it. */
const everything = async () => ({
  registry: await world.rows('SELECT * FROM heimdall_table ORDER BY name'),
  triggers: await world.rows(
    'SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1',
  ),
  indexes: await world.rows('SELECT indexdef FROM pg_indexes ORDER BY 1'),
  checks: await world.rows('SELECT conname, conrelid FROM pg_constraint ORDER BY 1, 2'),
  statistics: await world.rows('SELECT stxname FROM pg_statistic_ext ORDER BY 1'),
  held: await world.rows('SELECT * FROM role_permission ORDER BY 1, 2'),
});

/** What the tables that were there before the registry are, in its words. */
const FIRST_TABLES = `
SELECT heimdall_register('team', placed => false);
SELECT heimdall_register('scope_type', placed => false);
SELECT heimdall_register('role');
SELECT heimdall_register('permission');
SELECT heimdall_register('membership');
SELECT heimdall_register('scope_override',
  refers_to => '{"permission_id": "permission", "role_id": "role"}');
SELECT heimdall_register('virtual_key', owned => true);
SELECT heimdall_register('api_key', owned => true);
SELECT heimdall_register('form', owned => true, cascades_by => 'name', bound_to_roles => true,
  refers_to => '{"workflow_id": "workflow"}');
SELECT heimdall_register('workflow', owned => true, cascades_by => 'name', bound_to_roles => true);
SELECT heimdall_register('agent', owned => true, cascades_by => 'name', bound_to_roles => true,
  may_be_private => true);
SELECT heimdall_register('app', owned => true, cascades_by => 'slug', bound_to_roles => true,
  listed_by => 'name');
SELECT heimdall_register('config', owned => true, cascades_by => 'key');
SELECT heimdall_register_reference('agent_tool', 'workflow_id', 'workflow', 'agent', 'agent_id');
SELECT heimdall_register_reference('agent_delegate', 'delegate_id', 'agent', 'agent', 'agent_id');
`;

const note = (organization: string | null, scope: string | null, values = {}) =>
  world.at('note', organization, scope, { name: randomUUID(), ...values });

describe('a table that is registered', () => {
  it('has what those that were there before have, under its own name', async () => {
    const [mine, forms] = [await objectsOf('note'), await objectsOf('form')];
    expect(forms.length).toBeGreaterThan(40);
    expect(mine.map((definition) => definition.replaceAll('note', 'form')).sort()).toEqual(forms);
  });

  it('changes nothing when it is registered again, nor does any that was there before', async () => {
    const before = await everything();
    await world.rows(
      `DELETE FROM role_permission WHERE role_id = $1 AND permission_id =
        (SELECT id FROM permission WHERE key = 'note:delete:*')`,
      SYSTEM_ROLES.Admin,
    );
    const taken = await everything();
    expect(taken.held).toHaveLength(before.held.length - 1);
    await db.sql.script(NOTE);
    await db.sql.script(FIRST_TABLES);
    expect(await everything()).toEqual(taken);
  });

  it('D1: never changes its ids and organizations, and is placed in its own', async () => {
    const id = await note(a, a);
    for (const change of [`id = '${randomUUID()}'`, `organization_id = '${b}'`]) {
      await expect(world.rows(`UPDATE note SET ${change} WHERE id = $1`, id)).rejects.toThrow(
        /^D1/,
      );
    }
    await expect(note(a, b)).rejects.toThrow(/^D1: the organization of a note must be/);
    await expect(note(null, a)).rejects.toThrow(/^D1/);
  });

  it('D8: is governed by its scope, through moves and flips too', async () => {
    const top = await world.scope(a);
    const type = await world.type(a, 'MERGE');
    const middle = await world.scope(a, a, type);
    const id = await note(a, middle, { governed_by: [b] });
    const governed = async () =>
      (await world.row<{ governed_by: string[] }>('SELECT governed_by FROM note WHERE id = $1', id))
        .governed_by;
    expect(await governed()).toEqual([middle, rootScopeId(a)]);
    await world.edge(
      (await world.row<{ type_id: string }>('SELECT type_id FROM scope WHERE id = $1', top))
        .type_id,
      type,
    );
    await world.rows('UPDATE scope SET parent_id = $2 WHERE id = $1', middle, top);
    expect(await governed()).toEqual([middle, top, rootScopeId(a)]);
    await world.rows(`UPDATE scope_type SET permission_mode = 'DEFINE' WHERE id = $1`, type);
    expect(await governed()).toEqual([middle]);
  });

  it('D3: shadows by its name, through moves too', async () => {
    const [from, to] = [await world.scope(a), await world.scope(a)];
    const folder = await world.type(a, 'MERGE');
    const { type_id } = await world.row<{ type_id: string }>(
      'SELECT type_id FROM scope WHERE id = $1',
      from,
    );
    await world.edge(type_id, folder);
    const moving = await world.scope(a, from, folder);
    const labels: Record<string, string> = {};
    for (const [label, scope] of Object.entries({ global: null, from, to, near: moving })) {
      labels[label] = await note(scope && a, scope, { name: 'shadowed' });
    }
    const far = async () => {
      const rows = await world.rows<{ far_id: string }>(
        'SELECT far_id FROM note_shadow WHERE near_id = $1',
        labels.near,
      );
      return rows
        .map(({ far_id }) => Object.keys(labels).find((key) => labels[key] === far_id))
        .sort();
    };
    expect(await far()).toEqual(['from', 'global']);
    await world.rows('UPDATE scope SET parent_id = $2 WHERE id = $1', moving, to);
    expect(await far()).toEqual(['global', 'to']);
    await expect(world.rows('DELETE FROM note_shadow')).rejects.toThrow(/^D3/);
  });

  it('D6: keeps the roles bound to it, and is never PRIVATE', async () => {
    const id = await note(a, a, { role_ids: [randomUUID()] });
    const role = await world.at('role', a, a, { name: randomUUID(), data_access: 'ALL_DATA' });
    const bound = async () =>
      (await world.row<{ role_ids: string[] }>('SELECT role_ids FROM note WHERE id = $1', id))
        .role_ids;
    expect(await bound()).toEqual([]);
    await world.insert('note_role', { note_id: id, role_id: role });
    await world.rows(`UPDATE note SET role_ids = '{}' WHERE id = $1`, id);
    expect(await bound()).toEqual([role]);
    await world.rows('DELETE FROM note_role WHERE note_id = $1', id);
    expect(await bound()).toEqual([]);
    await expect(note(a, a, { access_level: 'PRIVATE' })).rejects.toThrow('note_private_check');
  });

  it.each(['*', 'owned'])('D10: is not called %s', async (name) => {
    await expect(note(a, a, { name })).rejects.toThrow('note_name_check');
  });

  it('D20: refers to its own organization and to global rows, directly and by joins', async () => {
    const [own, foreign, global] = [
      await world.at('workflow', a, a),
      await world.at('workflow', b, b),
      await world.at('workflow', null, null),
    ];
    const id = await note(a, a, { workflow_id: own });
    await world.rows('UPDATE note SET workflow_id = $2 WHERE id = $1', id, global);
    const astray = world.rows('UPDATE note SET workflow_id = $2 WHERE id = $1', id, foreign);
    await expect(astray).rejects.toThrow(/^D20: a note must refer to a workflow of its own/);
    await expect(note(null, null, { workflow_id: own })).rejects.toThrow(/^D20/);
    const agent = await world.at('agent', b, b);
    const joined = world.insert('note_agent', { note_id: id, agent_id: agent });
    await expect(joined).rejects.toThrow(/^D20: a note must refer to a agent of its own/);
    const role = await world.at('role', b, b);
    await expect(world.insert('note_role', { note_id: id, role_id: role })).rejects.toThrow(/^D20/);
  });

  it('D8: has its actions permitted to the system roles', async () => {
    const rows = await world.rows<{ role: string; key: string }>(
      `SELECT r.name AS role, p.key FROM permission p
       JOIN role_permission b ON b.permission_id = p.id JOIN role r ON r.id = b.role_id
       WHERE p.resource_type = 'note' AND p.scope_id = $1 AND p.action <> 'delete' ORDER BY p.key, r.name`,
      PLATFORM_ROOT_ID,
    );
    expect(rows.map(({ role, key }) => `${role} ${key}`)).toEqual([
      'Admin note:create:*',
      'Owner note:create:*',
      'Admin note:read:*',
      'Owner note:read:*',
      'Viewer note:read:*',
      'Admin note:update:*',
      'Owner note:update:*',
    ]);
    await world.rows(`SELECT heimdall_register_actions('noteKey', ARRAY['read'], false)`);
    const [held] = await world.rows<{ roles: string[] }>(
      `SELECT array_agg(r.name::text ORDER BY r.name) AS roles FROM permission p
       JOIN role_permission b ON b.permission_id = p.id JOIN role r ON r.id = b.role_id
       WHERE p.key = 'noteKey:read:*'`,
    );
    expect(held?.roles).toEqual(['Admin', 'Owner']);
    const odd = world.rows(`SELECT heimdall_register_actions('note', ARRAY['read:all'])`);
    await expect(odd).rejects.toThrow(/'read:all' is no name/);
  });
});

describe('a table that has rows when it is registered', () => {
  const within = (work: (world: World) => Promise<void>) =>
    db.sql
      .transaction(async (tx) => {
        await tx.script(
          (NOTE_TABLES + NOTE_JOINS + NOTE).replaceAll('note', 'memo').split('SELECT')[0] ?? '',
        );
        await work(new World({ ...db, sql: { ...db.sql, ...tx } }));
        throw new Error('undone');
      })
      .catch((error: unknown) => {
        if (!(error instanceof Error) || error.message !== 'undone') throw error;
      });
  const register = NOTE.replaceAll('note', 'memo');

  it('D3, D6, D8: has them governed, paired and bound', () =>
    within(async (early) => {
      const scope = await early.scope(a);
      const far = await early.at('memo', a, a, { name: 'n', governed_by: [b] });
      const near = await early.at('memo', a, scope, { name: 'n', role_ids: [randomUUID()] });
      const role = await early.at('role', a, a);
      await early.insert('memo_role', { memo_id: far, role_id: role });
      await early.db.sql.script(register);
      expect(await early.rows('SELECT far_id, near_id, near_scope_id FROM memo_shadow')).toEqual([
        { far_id: far, near_id: near, near_scope_id: scope },
      ]);
      expect(
        await early.rows('SELECT id, governed_by, role_ids FROM memo ORDER BY id = $1', near),
      ).toEqual([
        { id: far, governed_by: [rootScopeId(a)], role_ids: [role] },
        { id: near, governed_by: [scope, rootScopeId(a)], role_ids: [] },
      ]);
    }));

  it.each([
    ['D1', (early: World) => early.at('memo', a, b, { name: 'n' })],
    [
      'D20',
      async (early: World) =>
        early.at('memo', a, a, { name: 'n', workflow_id: await early.at('workflow', b, b) }),
    ],
    [
      'D20',
      async (early: World) =>
        early.insert('memo_role', {
          memo_id: await early.at('memo', a, a, { name: 'n' }),
          role_id: await early.at('role', b, b),
        }),
    ],
  ])('%s: is refused with rows that break a rule', async (rule, write) => {
    const attempt = within(async (early) => {
      await write(early);
      await early.db.sql.script(register);
    });
    await expect(attempt).rejects.toThrow(new RegExp(`^${rule}`));
  });
});

describe('a table that cannot be registered', () => {
  it.each([
    ['nowhere', '', 'nowhere cannot be registered, it lacks the table nowhere'],
    ['team_member', '', 'team_member.id uuid not null'],
    [
      'team',
      '',
      'team.governed_by uuid[]; team.scope_id uuid not null; team.scope_id references scope on delete no action',
    ],
    ['role', ', owned => true', 'role.owner_id uuid'],
    ['role', `, cascades_by => 'name'`, 'lacks the table role_shadow'],
    ['role', `, cascades_by => 'nickname'`, 'role unique (scope_id, nickname)'],
    ['role', ', bound_to_roles => true', 'the table role_role'],
    ['role', `, listed_by => 'description'`, 'role.description text collate "C" not null'],
    [
      'config',
      `, owned => true, cascades_by => 'key', bound_to_roles => true`,
      'config.role_ids uuid[]',
    ],
    ['role', `, refers_to => '{"scope_id": "workflow"}'`, 'role.scope_id references workflow'],
    ['form', '', 'form is registered otherwise'],
    [
      'form',
      `, owned => true, bound_to_roles => true, cascades_by => 'description'`,
      'registered otherwise',
    ],
    ['form', ', placed => false', 'registered otherwise'],
    ['scope', ', placed => false, owned => true', 'scope must be placed to be owned'],
  ])('%s%s', async (table, options, message) => {
    const before = await everything();
    const attempt = world.rows(`SELECT heimdall_register('${table}'${options})`);
    await expect(attempt).rejects.toThrow(message);
    expect(await everything()).toEqual(before);
  });

  it('nor one whose names are in the order of a country', async () => {
    const tables = (NOTE_TABLES + NOTE_JOINS)
      .replaceAll('note', 'memo')
      .replace(' COLLATE "C"', '');
    const attempt = db.sql.transaction(async (tx) => {
      await tx.script(tables);
      await tx.query(`SELECT heimdall_register('memo', listed_by => 'name')`);
    });
    await expect(attempt).rejects.toThrow('it lacks memo.name text collate "C" not null');
  });

  it.each([
    [
      `'agent_tool', 'workflow_id', 'agent', 'agent', 'agent_id'`,
      'agent_tool.workflow_id references agent',
    ],
    [`'agent_tool', 'workflow_id', 'workflow'`, 'agent_tool.id uuid not null'],
    [`'form', 'colour', 'workflow'`, 'form.colour uuid'],
    [`'form', 'workflow_id', 'workflow', 'form', 'scope_id'`, 'form'],
    [`'team_member', 'user_id', 'nowhere', 'team', 'team_id'`, 'the table nowhere'],
  ])('nor a reference: %s', async (call, message) => {
    const attempt = world.rows(`SELECT heimdall_register_reference(${call})`);
    await expect(attempt).rejects.toThrow(message);
  });
});

describe('the registry', () => {
  it('is written by nobody else', async () => {
    for (const change of [
      `INSERT INTO heimdall_table VALUES ('x', true, true, NULL, true)`,
      `UPDATE heimdall_table SET is_placed = false WHERE name = 'form'`,
      `DELETE FROM heimdall_table WHERE name = 'form'`,
      'TRUNCATE heimdall_table',
    ]) {
      await expect(world.rows(change)).rejects.toThrow(/^D8/);
    }
  });

  it('forgets a table that is gone, and no other', async () => {
    const forget = (name: string) => world.rows('SELECT heimdall_unregister($1)', name);
    await expect(forget('form')).rejects.toThrow(/form still exists/);
    await db.sql.script(`
      CREATE TABLE passing (id uuid PRIMARY KEY, organization_id uuid REFERENCES organization (id) ON DELETE CASCADE);
      SELECT heimdall_register('passing', placed => false);
      DROP TABLE passing;`);
    const registered = () => world.rows(`SELECT FROM heimdall_table WHERE name = 'passing'`);
    expect(await registered()).toHaveLength(1);
    await forget('passing');
    expect(await registered()).toEqual([]);
  });

  it('D8: has every table whose rows live at a scope', async () => {
    const kept = await world.rows(
      `SELECT table_name::text AS name FROM information_schema.columns
       WHERE table_schema = current_schema() AND column_name = 'governed_by' AND table_name <> 'scope'
         -- The record outlives its scopes and keeps where they were itself (D19).
         AND table_name NOT LIKE 'audit\\_%' ORDER BY 1`,
    );
    const placed = await world.rows('SELECT name FROM heimdall_table WHERE is_placed ORDER BY 1');
    expect(placed).toEqual(kept);
  });

  it('D2, D6, D7: says what the policies say', async () => {
    const column = (name: string) => name.replaceAll(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);
    const declared = declaredPolicies(dataModel)
      .filter(({ home }) => home?.scope === 'scopeId' && home.inherits.kind !== 'recorded')
      .map(({ model, ownership, cascadesBy }) => ({
        name: column(model).slice(1),
        // Keys and executions have an owner and a team as other rows do, and reach by them in ways of their own (D31, D40).
        is_owned: ['owned', 'key', 'launch'].includes(ownership),
        cascades_by: cascadesBy === undefined ? null : column(cascadesBy),
        is_bound_to_roles: Object.hasOwn(dataModel[model]?.fields ?? {}, 'roleIds'),
      }));
    const registered = await world.rows(
      `SELECT name, is_owned, cascades_by, is_bound_to_roles FROM heimdall_table
       WHERE is_placed AND name <> 'note'`,
    );
    const byName = (rows: { name?: unknown }[]) =>
      rows.sort((x, y) => String(x.name).localeCompare(String(y.name)));
    expect(byName(registered)).toEqual(byName(declared));
  });
});
