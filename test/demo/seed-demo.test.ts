import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/data/clients.js';
import { SeedRefusedError, seedDemo } from '../../src/demo/seed-demo.js';
import { PLATFORM_ROOT_ID } from '../../src/policy/vocabulary.js';
import { freshDatabase } from '../support/database.js';
import { contents } from './contents.js';

describe('seedDemo', () => {
  let database: Database;

  beforeEach(async () => {
    database = await freshDatabase();
  });

  afterEach(() => database.close());

  it('changes nothing when it is called again', async () => {
    expect(await seedDemo(database.client)).toBe('seeded');
    const before = await contents(database);
    expect(await seedDemo(database.client)).toBe('already there');
    expect(await contents(database)).toEqual(before);
  });

  it('changes nothing of what has become of the demo world since', async () => {
    await seedDemo(database.client);
    await database.client.organization.delete({ where: { id: await idOf(database, 'Hooli') } });
    await database.client.organization.create({ data: { name: 'Umbrella' } });
    await database.client.config.updateMany({ data: { description: 'edited' } });
    const before = await contents(database);
    expect(await seedDemo(database.client)).toBe('already there');
    expect(await contents(database)).toEqual(before);
  });

  it('makes one world when two ask at once', async () => {
    const answers = await Promise.all([seedDemo(database.client), seedDemo(database.client)]);
    expect(answers.sort()).toEqual(['already there', 'seeded']);
  });

  it('makes the same world, under the same ids, in every database', async () => {
    const other = await freshDatabase();
    try {
      await seedDemo(database.client);
      await seedDemo(other.client);
      const ids = (where: Database) =>
        where.sql.query('SELECT id FROM form UNION ALL SELECT id FROM membership ORDER BY id');
      expect(await ids(other)).toEqual(await ids(database));
    } finally {
      await other.close();
    }
  });

  it('refuses a database with a tenant of somebody else and leaves it as it is', async () => {
    await database.client.organization.create({ data: { name: 'Umbrella' } });
    const before = await contents(database);
    await expect(seedDemo(database.client)).rejects.toThrow(SeedRefusedError);
    await expect(seedDemo(database.client)).rejects.toThrow(
      'the database holds other data (organizations: 1, scopes: 1): ' +
        'the demo world goes into an empty database alone',
    );
    expect(await contents(database)).toEqual(before);
  });

  it.each([
    [
      'config',
      `INSERT INTO config (id, key, type, scope_id, updated_at)
      VALUES (gen_random_uuid(), 'mine', 'STRING', '${PLATFORM_ROOT_ID}', now())`,
    ],
    [
      'permission',
      `INSERT INTO permission (id, resource_type, action, resource_pattern, scope_id)
      VALUES (gen_random_uuid(), 'form', 'read', 'mine/*', '${PLATFORM_ROOT_ID}')`,
    ],
  ])('refuses a database that holds nothing but a global %s', async (_, statement) => {
    await database.sql.script(statement);
    await expect(seedDemo(database.client)).rejects.toThrow(SeedRefusedError);
  });

  it('leaves nothing behind when the last of it fails', async () => {
    await database.sql.script(`
      CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;
      CREATE TRIGGER fail BEFORE INSERT ON agent_delegate FOR EACH ROW EXECUTE FUNCTION fail();
    `);
    const before = await contents(database);
    await expect(seedDemo(database.client)).rejects.toThrow();
    expect(await contents(database)).toEqual(before);
  });

  it('binds nobody when the tokens come from an identity provider', async () => {
    await seedDemo(database.client, { issuer: null });
    expect(await database.client.userIdentity.count()).toBe(0);
  });
});

async function idOf(database: Database, name: string): Promise<string> {
  return (await database.client.organization.findFirstOrThrow({ where: { name } })).id;
}
