import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database, Sql } from '../../src/data/clients.js';
import { rootScopeId } from '../../src/policy/root-scope.js';
import { freshDatabase } from '../support/database.js';
import { keptAndComputed } from './oracle.js';
import { World } from './world.js';

// The embedded database has one session: there everything takes turns anyway.
describe.runIf(process.env.HEIMDALL_TEST_ON === 'server')('two transactions at once', () => {
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

  const insertForm = (sql: Sql, scope: string | null, name: string) =>
    sql.query('INSERT INTO form (id, name, organization_id, scope_id) VALUES ($1, $2, $3, $4)', [
      randomUUID(),
      name,
      scope && a,
      scope ?? '00000000-0000-7000-8000-000000000001',
    ]);

  /** Runs `second` while the transaction of `first` is still open. */
  async function overlapping(
    first: (sql: Sql) => Promise<unknown>,
    second: (sql: Sql) => Promise<unknown>,
  ) {
    let other: Promise<unknown> = Promise.resolve();
    await db.sql.transaction(async (sql) => {
      await first(sql);
      other = db.sql.transaction(second);
      await setTimeout(200);
    });
    await other;
    const { kept, computed } = await keptAndComputed(world);
    expect(kept).toEqual(computed);
  }

  it('D3: namesakes on one path find each other', async () => {
    const below = await world.scope(a, a, folder);
    await overlapping(
      (sql) => insertForm(sql, rootScopeId(a), 'x'),
      (sql) => insertForm(sql, below, 'x'),
    );
    await overlapping(
      (sql) => insertForm(sql, below, 'y'),
      (sql) => insertForm(sql, null, 'y'),
    );
    await overlapping(
      (sql) => insertForm(sql, null, 'z'),
      (sql) => insertForm(sql, below, 'z'),
    );
  });

  it('D3, D8: rows, scopes and assignments arrive while a scope moves', async () => {
    const [left, right] = [await world.scope(a, a, folder), await world.scope(a, a, folder)];
    const inner = await world.scope(a, left, folder);
    await world.at('form', a, right, { name: 'n' });
    const move = (parent: string) => (sql: Sql) =>
      sql.query('UPDATE scope SET parent_id = $2 WHERE id = $1', [inner, parent]);
    await overlapping(move(right), (sql) => insertForm(sql, inner, 'n'));
    await overlapping((sql) => insertForm(sql, inner, 'm'), move(left));
    await overlapping(move(right), (sql) =>
      sql.query(
        'INSERT INTO scope (id, type_id, parent_id, organization_id) VALUES ($1, $2, $3, $4)',
        [randomUUID(), folder, inner, a],
      ),
    );
    const role = await world.at('role', a, right);
    const membership = await world.insert('membership', {
      id: randomUUID(),
      scope_id: inner,
      organization_id: a,
      user_id: await world.user(a),
    });
    const assign = (sql: Sql) =>
      sql.query('INSERT INTO role_assignment VALUES ($1, $2)', [membership, role]);
    await expect(overlapping(move(left), assign)).rejects.toThrow(/^D8/);
  });

  it('D8: a scope is made while its type is flipped', async () => {
    await overlapping(
      (sql) =>
        sql.query(`UPDATE scope_type SET permission_mode = 'DEFINE' WHERE id = $1`, [folder]),
      () => world.scope(a, a, folder),
    );
  });

  it('D6: two roles are bound to one row', async () => {
    const form = await world.at('form', a, a);
    const bind = async (sql: Sql) => {
      const role = await world.at('role', a, a);
      await sql.query('INSERT INTO form_role VALUES ($1, $2)', [form, role]);
    };
    await overlapping(bind, bind);
  });

  it('refuses a snapshot that could not see the other one', async () => {
    const stale = db.client.$transaction(
      (tx) => tx.form.create({ data: { name: 's', scopeId: rootScopeId(a), organizationId: a } }),
      {
        isolationLevel: 'RepeatableRead',
      },
    );
    await expect(stale).rejects.toThrow(/READ COMMITTED/);
  });
});
