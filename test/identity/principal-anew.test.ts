import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/data/clients.js';
import { readMigrations } from '../../src/data/migrations.js';
import { freshDatabase } from '../support/database.js';
import { RANDOM_WORLD } from './random-world.js';

let db: Database;
beforeAll(async () => {
  db = await freshDatabase();
  // The first statement of it, which says the rules one after another, under another name.
  const first = readMigrations().find(({ name }) => name === '20261122000000_principal');
  await db.sql.script(first?.sql.replace('heimdall_principal(', 'plain_principal(') ?? '');
  await db.sql.script(RANDOM_WORLD);
});
afterAll(() => db.close());

describe('D7, D8, D9, D11, D18: what people hold', () => {
  it.each([1, 2, 3, 4, 5, 6])('is what the plain statement says, in world %i', async (seed) => {
    await db.sql.query('SELECT random_world($1)', [seed]);
    const said = (name: string) =>
      db.sql.query<{ grants: string }>(
        `SELECT u.name, to_jsonb(p) - 'validUntil' AS held, p.grants::text AS grants FROM "user" u, (VALUES (false), (true)) v (by_name),
         ${name}(CASE WHEN NOT by_name THEN u.id END, 'idp', u.id::text) p ORDER BY u.id, by_name`,
      );
    const expected = await said('plain_principal');
    expect(await said('heimdall_principal')).toEqual(expected);
    expect(expected.filter(({ grants }) => grants !== '[]').length).toBeGreaterThan(5);
  });
});
