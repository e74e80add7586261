import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/data/clients.js';
import { createLastUses } from '../../src/identity/last-uses.js';
import { loadPrincipal } from '../../src/identity/load-principal.js';
import { ANONYMOUS, type Principal } from '../../src/policy/principal.js';
import { freshDatabase } from '../support/database.js';
import { type Spot, World } from '../support/world.js';

let database: Database;
let world: World;
let a: Spot;
const statements: string[] = [];
beforeAll(async () => {
  database = await freshDatabase({ onQuery: (sql) => void statements.push(sql) });
  world = new World(database.client, 'idp');
  a = await world.organization('A');
});
afterAll(() => database.close());

const fail = (error: unknown) => {
  throw error;
};
const key = async (kind: 'API_KEY' | 'VIRTUAL_KEY') => {
  const { id } = await world.key(a, kind, { operations: [] });
  const reference = kind === 'API_KEY' ? { apiKeyId: id } : { virtualKeyId: id };
  const principal = (await loadPrincipal(database.client, reference)) as Principal;
  return { id, principal };
};
const lastUseOf = async (id: string) =>
  (await database.client.apiKey.findUniqueOrThrow({ where: { id } })).lastUsedAt;
const versions = () => database.sql.query('SELECT * FROM authority ORDER BY organization_id');

describe('D42: when a key was used last', () => {
  it('is noted in memory, and written in a statement for each kind, however often and by how many', async () => {
    const keys = await Promise.all([key('API_KEY'), key('API_KEY'), key('VIRTUAL_KEY')]);
    const before = await versions();
    let at = new Date('2026-11-26T10:00:00Z');
    const uses = createLastUses(database.client, fail, () => at);
    const sent = statements.length;
    for (let n = 0; n < 100; n += 1) for (const { principal } of keys) uses.note(principal);
    at = new Date('2026-11-26T10:00:07Z');
    uses.note(keys[0].principal);
    expect(statements.length).toBe(sent);
    await uses.flush();
    expect(statements.slice(sent).filter((sql) => sql.includes('UPDATE'))).toHaveLength(2);
    expect(await lastUseOf(keys[0].id)).toEqual(at);
    expect(await lastUseOf(keys[1].id)).toEqual(new Date('2026-11-26T10:00:00Z'));
    const virtual = { where: { id: keys[2].id } };
    const { lastUsedAt, version } = await database.client.virtualKey.findUniqueOrThrow(virtual);
    expect([lastUsedAt, version]).toEqual([new Date('2026-11-26T10:00:00Z'), 1]);
    // It is no part of what the key holds.
    expect(await versions()).toEqual(before);
    const after = statements.length;
    await uses.flush();
    expect(statements.length).toBe(after);
  });

  it('never goes back, whichever gateway writes first', async () => {
    const { id, principal } = await key('API_KEY');
    for (const moment of ['2026-11-26T12:00:00Z', '2026-11-26T11:00:00Z']) {
      const uses = createLastUses(database.client, fail, () => new Date(moment));
      uses.note(principal);
      await uses.flush();
    }
    expect(await lastUseOf(id)).toEqual(new Date('2026-11-26T12:00:00Z'));
  });

  it('is kept of keys alone, and of no more than fit', async () => {
    const noted: string[] = [];
    const client = {
      $executeRaw: async (_text: TemplateStringsArray, ids: string[]) => void noted.push(...ids),
    } as unknown as Database['client'];
    const uses = createLastUses(client, fail);
    uses.note(ANONYMOUS);
    uses.note({ ...ANONYMOUS, kind: 'USER', userId: 'me' });
    uses.note({ ...ANONYMOUS, kind: 'API_KEY' });
    for (let n = 0; n < 10_500; n += 1) {
      uses.note({ ...ANONYMOUS, kind: 'API_KEY', keyId: `key ${n}` });
    }
    await uses.flush();
    expect(noted).toHaveLength(10_000);
  });

  it('that cannot be written is told, and let go', async () => {
    const told: unknown[] = [];
    const { principal } = await key('API_KEY');
    const uses = createLastUses(
      database.client,
      (error) => void told.push(error),
      () => new Date('+010000-01-01T00:00:00Z'),
    );
    uses.note(principal);
    await uses.flush();
    expect(told).toHaveLength(1);
    await uses.flush();
    expect(told).toHaveLength(1);
  });
});
