import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/data/clients.js';
import { rootScopeId } from '../../src/policy/root-scope.js';
import { freshDatabase } from '../support/database.js';
import { BOUND_TABLES, NAMED, NAMED_TABLES, World } from './world.js';

let db: Database;
let world: World;
let a: string;
beforeAll(async () => {
  db = await freshDatabase();
  world = new World(db);
  a = await world.organization('A');
});
afterAll(() => db.close());

describe('values that the database refuses', () => {
  it('an email that is not in lower case', async () => {
    const user = await world.user(a);
    const change = world.rows(`UPDATE "user" SET email = 'Ann@Example.com' WHERE id = $1`, user);
    await expect(change).rejects.toThrow(/user_email_check/);
  });

  it.each(['form', 'workflow', 'app'])('D6: PRIVATE on a %s', async (table) => {
    const row = world.at(table, a, a, { access_level: 'PRIVATE' });
    await expect(row).rejects.toThrow(`${table}_private_check`);
  });

  it.each(NAMED_TABLES)('D10: "*" and "owned" as the name of a %s', async (table) => {
    for (const name of ['*', 'owned']) {
      await expect(world.at(table, a, a, { [NAMED[table]]: name })).rejects.toThrow(/_check/);
    }
  });

  it.each(['', '**', '/*', 'a*', 'a/*/b', 'a/**', '*/*', '*/a'])(
    'D10: pattern %j',
    async (pattern) => {
      const row = world.at('permission', a, a, { resource_pattern: pattern });
      await expect(row).rejects.toThrow(/permission_pattern_check/);
    },
  );

  it('D16: a secret with a value, without a ciphertext, or a ciphertext on anything else', async () => {
    for (const values of [
      { type: 'SECRET' },
      { type: 'SECRET', ciphertext: 'c', value: '"plain"' },
      { type: 'STRING', ciphertext: 'c' },
    ]) {
      await expect(world.at('config', a, a, values)).rejects.toThrow(/config_secret_check/);
    }
  });

  it('D9: an override of nothing, or in another state', async () => {
    const role = await world.at('role', a, a);
    await expect(world.at('scope_override', a, a)).rejects.toThrow(/target_check/);
    const odd = world.at('scope_override', a, a, { role_id: role, state: 'off' });
    await expect(odd).rejects.toThrow(/state_check/);
  });

  it('a membership of nobody, or of two', async () => {
    const user = await world.user(a);
    const key = await world.at('api_key', a, a);
    const place = { scope_id: a, organization_id: a };
    const none = world.insert('membership', { id: randomUUID(), ...place });
    await expect(none).rejects.toThrow(/subject_check/);
    const two = world.insert('membership', {
      id: randomUUID(),
      ...place,
      user_id: user,
      api_key_id: key,
    });
    await expect(two).rejects.toThrow(/subject_check/);
  });

  it('scope meta that is not an object, and an empty slug', async () => {
    const meta = world.rows(`UPDATE scope SET meta = '[]' WHERE id = $1`, rootScopeId(a));
    await expect(meta).rejects.toThrow(/scope_meta_check/);
    await expect(world.at('app', a, a, { slug: '' })).rejects.toThrow(/app_slug_empty_check/);
  });

  it('D19: a change of the audit record', async () => {
    await world.insert('audit_entry', {
      actor_kind: 'SYSTEM',
      actor_label: 'system:test',
      is_switched: false,
      action: 'form:update',
      resource_type: 'form',
      outcome: 'PERMITTED',
    });
    for (const change of [
      `UPDATE audit_entry SET outcome = 'x'`,
      'DELETE FROM audit_entry',
      'TRUNCATE audit_entry',
    ]) {
      await expect(world.rows(change)).rejects.toThrow(/^D19/);
    }
  });

  it('a second built-in type of one name, although null never equals null', async () => {
    const twin = world.insert('scope_type', {
      id: randomUUID(),
      name: 'Project',
      permission_mode: 'MERGE',
    });
    await expect(twin).rejects.toThrow(/scope_type_built_in_name_key/);
  });
});

describe('values that the database takes', () => {
  it('D6, D7, D8: access levels, data access and modes that this version does not know', async () => {
    for (const table of BOUND_TABLES) {
      await world.at(table, a, a, { access_level: 'FUTURE' });
      await world.at(table, a, a, { access_level: null });
    }
    await world.at('agent', a, a, { access_level: 'PRIVATE' });
    await world.at('role', a, a, { data_access: 'FUTURE' });
    await world.type(a, 'FUTURE');
  });

  it.each(['*', 'owned', 'a/*', 'a/b/*', 'exact', '100%_\\'])(
    'D10: pattern %j, in its key',
    async (pattern) => {
      const id = await world.at('permission', a, a, { resource_pattern: pattern, key: 'forged' });
      const { key } = await world.row('SELECT key FROM permission WHERE id = $1', id);
      expect(key).toBe(`form:read:${pattern}`);
      await world.rows(`UPDATE permission SET action = 'update', key = 'forged' WHERE id = $1`, id);
      const after = await world.row('SELECT key FROM permission WHERE id = $1', id);
      expect(after.key).toBe(`form:update:${pattern}`);
    },
  );

  it('D16: a secret in its ciphertext, and other values', async () => {
    await world.at('config', a, a, { type: 'SECRET', ciphertext: 'c' });
    await world.at('config', a, a, { type: 'JSON', value: '{}' });
  });

  it('D2: names that differ in bytes, sorted bytewise', async () => {
    const b = await world.organization();
    for (const name of ['b', 'B', 'a', 'é', 'e\u0301', 'Z']) await world.at('form', b, b, { name });
    const rows = await world.rows(
      'SELECT name FROM form WHERE organization_id = $1 ORDER BY name',
      b,
    );
    expect(rows.map(({ name }) => name)).toEqual(['B', 'Z', 'a', 'b', 'e\u0301', 'é']);
  });
});
