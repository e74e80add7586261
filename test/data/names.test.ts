import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/data/clients.js';
import { rootScopeId } from '../../src/policy/root-scope.js';
import { freshDatabase } from '../support/database.js';
import { BOUND_TABLES, NAMED, NAMED_TABLES, type Named, World } from './world.js';

let db: Database;
let world: World;
let a: string;
let folder: string;
beforeAll(async () => {
  db = await freshDatabase();
  world = new World(db);
  a = await world.organization('A');
  folder = await world.type(a);
  await world.edge(folder, folder);
});
afterAll(() => db.close());

/** The pairs in which these rows take part, as `far>near`, by the labels given. */
async function pairs(table: Named, labels: Record<string, string>): Promise<string[]> {
  const rows = await world.rows<{ far_id: string; near_id: string; fits: boolean }>(
    `SELECT p.far_id, p.near_id, p.near_scope_id = n.scope_id AS fits
     FROM ${table}_shadow p JOIN ${table} n ON n.id = p.near_id
     WHERE p.far_id = ANY ($1) OR p.near_id = ANY ($1)`,
    Object.values(labels),
  );
  const label = (id: string) => Object.keys(labels).find((key) => labels[key] === id) ?? '?';
  expect(rows.every(({ fits }) => fits)).toBe(true);
  return rows.map((row) => `${label(row.far_id)}>${label(row.near_id)}`).sort();
}

describe.each(NAMED_TABLES)('D3: the shadows of a %s', (table) => {
  const column = NAMED[table];
  const name = `n-${table}`;

  it('pair namesakes on one path, whatever their order of arrival', async () => {
    const top = await world.scope(a, a, folder);
    const leaf = await world.scope(a, top, folder);
    const aside = await world.scope(a, a, folder);
    const at = (scope: string | null) => world.at(table, scope && a, scope, { [column]: name });
    const r: Record<string, string> = { leaf: await at(leaf), global: await at(null) };
    r.aside = await at(aside);
    r.root = await at(a);
    r.other = await world.at(table, a, top, { [column]: name.toUpperCase() });
    expect(await pairs(table, r)).toEqual([
      'global>aside',
      'global>leaf',
      'global>root',
      'root>aside',
      'root>leaf',
    ]);

    // A rename into the middle, and out of it again.
    const rename = (id: string | undefined, to: string) =>
      world.rows(`UPDATE ${table} SET ${column} = $2 WHERE id = $1`, id, to);
    await rename(r.other, name);
    expect(await pairs(table, r)).toEqual([
      'global>aside',
      'global>leaf',
      'global>other',
      'global>root',
      'other>leaf',
      'root>aside',
      'root>leaf',
      'root>other',
    ]);
    await rename(r.root, 'elsewhere');
    expect(await pairs(table, r)).toEqual([
      'global>aside',
      'global>leaf',
      'global>other',
      'other>leaf',
    ]);

    // A row that moves, a scope that moves, a row that goes.
    await world.rows(
      `UPDATE ${table} SET scope_id = $2 WHERE id = $1`,
      r.aside,
      await world.scope(a, leaf, folder),
    );
    expect(await pairs(table, r)).toEqual([
      'global>aside',
      'global>leaf',
      'global>other',
      'leaf>aside',
      'other>aside',
      'other>leaf',
    ]);
    await world.rows('UPDATE scope SET parent_id = $2 WHERE id = $1', leaf, aside);
    expect(await pairs(table, r)).toEqual([
      'global>aside',
      'global>leaf',
      'global>other',
      'leaf>aside',
    ]);
    await world.rows('UPDATE scope SET parent_id = $2 WHERE id = $1', leaf, top);
    expect(await pairs(table, r)).toContain('other>aside');
    await world.rows(`DELETE FROM ${table} WHERE id = $1`, r.leaf);
    expect(await pairs(table, r)).toEqual(['global>aside', 'global>other', 'other>aside']);
  });

  it('are written by nobody else', async () => {
    const [far, near] = [
      await world.at(table, a, a),
      await world.at(table, a, await world.scope(a)),
    ];
    const forged = world.insert(`${table}_shadow`, {
      far_id: far,
      near_id: near,
      near_scope_id: rootScopeId(a),
    });
    await expect(forged).rejects.toThrow(/^D3/);
    await expect(world.rows(`DELETE FROM ${table}_shadow`)).rejects.toThrow(/^D3/);
  });

  it('are found for many rows of one statement', async () => {
    const scopes = [rootScopeId(a), await world.scope(a), await world.scope(a)];
    const extra = { form: '', workflow: ', endpoint', agent: '', app: ', name', config: ', type' }[
      table
    ];
    await world.rows(
      `INSERT INTO ${table} (id, organization_id, scope_id, ${column}${extra})
       SELECT gen_random_uuid(), $1, s, 'bulk-' || n${extra && ", 'x' || n"}
       FROM unnest($2::uuid[]) s, generate_series(1, 50) n`,
      a,
      scopes,
    );
    const found = await world.row<{ count: number }>(
      `SELECT count(*)::int AS count FROM ${table}_shadow p JOIN ${table} n ON n.id = p.near_id
       WHERE n.${column} LIKE 'bulk-%'`,
    );
    expect(found.count).toBe(100);
  });
});

describe.each(BOUND_TABLES)('D6: the role ids of a %s', (table) => {
  const ids = async (row: string) =>
    (await world.row<{ role_ids: string[] }>(`SELECT role_ids FROM ${table} WHERE id = $1`, row))
      .role_ids;
  const bind = (row: string, role: string) =>
    world.insert(`${table}_role`, { [`${table}_id`]: row, role_id: role });

  it('are the sorted roles bound to it, after every kind of change', async () => {
    const roles = [
      await world.at('role', a, a),
      await world.at('role', a, a),
      await world.at('role', a, a),
    ];
    const [one, two, three] = roles as [string, string, string];
    const row = await world.at(table, a, a);
    expect(await ids(row)).toEqual([]);
    await bind(row, one);
    await bind(row, two);
    expect(await ids(row)).toEqual([one, two].sort());
    await world.rows(`UPDATE ${table}_role SET role_id = $2 WHERE role_id = $1`, one, three);
    expect(await ids(row)).toEqual([two, three].sort());
    await world.rows(`DELETE FROM ${table}_role WHERE role_id = $1`, two);
    expect(await ids(row)).toEqual([three]);
    const other = await world.at(table, a, a);
    await world.rows(`UPDATE ${table}_role SET ${table}_id = $2 WHERE role_id = $1`, three, other);
    expect([await ids(row), await ids(other)]).toEqual([[], [three]]);
    await world.rows('DELETE FROM role WHERE id = $1', three);
    expect(await ids(other)).toEqual([]);
    expect(await ids(row)).toEqual([]);
  });

  it('take no value from a client', async () => {
    const role = await world.at('role', a, a);
    const row = await world.at(table, a, a, { role_ids: [role] });
    expect(await ids(row)).toEqual([]);
    await world.rows(`UPDATE ${table} SET role_ids = $2, description = 'd' WHERE id = $1`, row, [
      role,
    ]);
    expect(await ids(row)).toEqual([]);
    await world.rows(`UPDATE ${table} SET role_ids = NULL WHERE id = $1`, row);
    expect(await ids(row)).toEqual([]);
  });
});
