import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { statementNames } from '../../src/data/clients/postgres.js';
import { type Database, openDatabase } from '../../src/data/clients.js';
import { applyMigrations } from '../../src/data/migrations.js';
import { DEFAULT_LIMITS } from '../../src/limits/limits.js';
import { freshDatabase } from '../support/database.js';

const PLATFORM_ROOT = '00000000-0000-7000-8000-000000000001';

describe('a client on either kind of database', () => {
  const seen: string[] = [];
  let db: Database;
  beforeAll(async () => {
    db = await freshDatabase({ onQuery: (sql) => seen.push(sql) });
  });
  afterAll(() => db.close());

  it('filters by uuid lists', async () => {
    const has = await db.client.scope.count({ where: { path: { has: PLATFORM_ROOT } } });
    const hasSome = await db.client.scope.count({ where: { path: { hasSome: [PLATFORM_ROOT] } } });
    const hasNone = await db.client.scope.count({ where: { path: { hasSome: [] } } });
    expect([has, hasSome, hasNone]).toEqual([1, 1, 0]);
  });

  it('keeps json and timestamps as they were, to the millisecond and in UTC', async () => {
    const createdAt = new Date('2026-03-29T01:30:00.123Z');
    const settings = { nested: [1, 'two', null, { three: true }] };
    const { id } = await db.client.organization.create({
      data: { name: 'Values', settings, createdAt },
    });
    const row = await db.client.organization.findUniqueOrThrow({ where: { id } });
    expect(row).toMatchObject({ settings, createdAt });
  });

  it('rolls a transaction back as a whole', async () => {
    const failing = db.client.$transaction(async (tx) => {
      await tx.organization.create({ data: { name: 'Undone' } });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await db.client.organization.count({ where: { name: 'Undone' } })).toBe(0);
  });

  it('fails a transaction whose commit fails', async () => {
    await db.sql.script(`CREATE TABLE late (id int PRIMARY KEY,
      other int REFERENCES late DEFERRABLE INITIALLY DEFERRED)`);
    const late = db.client.$transaction(async (tx) => {
      await tx.$executeRaw`INSERT INTO late VALUES (1, 2)`;
    });
    await expect(late).rejects.toThrow();
    expect(await db.sql.query('SELECT * FROM late')).toEqual([]);
  });

  it('shows every statement, transactions included', async () => {
    seen.length = 0;
    await db.client.role.count();
    expect(seen).toHaveLength(1);
    seen.length = 0;
    await db.client.$transaction([db.client.role.count(), db.client.scope.count()]);
    expect(seen).toHaveLength(4);
    expect([seen[0], seen[3]]).toEqual(['BEGIN', 'COMMIT']);
  });

  it('runs plain SQL in a transaction and undoes it on an error', async () => {
    const work = db.sql.transaction(async (tx) => {
      await tx.query('UPDATE scope SET name = $1', ['changed']);
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await db.sql.query('SELECT name FROM scope WHERE name IS NOT NULL')).toEqual([]);
  });
});

describe('opening', () => {
  it('keeps an embedded database over a restart, for one process at a time', async () => {
    const parent = await mkdtemp(join(tmpdir(), 'heimdall-'));
    const folder = join(parent, 'data');
    try {
      const first = await openDatabase({ folder });
      await applyMigrations(first);
      await first.client.organization.create({ data: { name: 'Kept' } });
      await expect(openDatabase({ folder })).rejects.toThrow(/in use by another process/);
      await first.close();
      const second = await openDatabase({ folder });
      expect(await second.client.organization.count({ where: { name: 'Kept' } })).toBe(1);
      await second.close();
    } finally {
      await rm(parent, { recursive: true });
    }
  });

  it.each([
    ['postgresql://u:hunter2@127.0.0.1:1/x', /127\.0\.0\.1:1 cannot be reached \(ECONNREFUSED\)/],
    ['mysql://u:hunter2@127.0.0.1/x', /not of the form postgresql:/],
    ['hunter2', /not of the form postgresql:/],
  ])('says in one sentence, without the password, why %s cannot be used', async (url, sentence) => {
    const error: unknown = await openDatabase({ url }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'DatabaseUnavailableError' });
    expect((error as Error).message).toMatch(sentence);
    expect((error as Error).message).not.toContain('hunter2');
  });

  it('names prepared statements by their text, and only so many', () => {
    const name = statementNames({ ...DEFAULT_LIMITS, preparedStatements: 1 });
    expect(name({ sql: 'SELECT 1' })).toMatch(/^h_.{22}$/);
    expect(name({ sql: 'SELECT 1' })).toBe(name({ sql: 'SELECT 1' }));
    expect(name({ sql: 'SELECT 2' })).toBe('');
  });

  it('10.1 keeps only so much of their text, however many they are', () => {
    const name = statementNames({ ...DEFAULT_LIMITS, preparedCharacters: 20 });
    expect(name({ sql: 'SELECT 10' })).not.toBe('');
    expect(name({ sql: 'SELECT 1, 2, 3' })).toBe('');
    expect(name({ sql: 'SELECT 20' })).not.toBe('');
    expect(name({ sql: 'SELECT 3' })).toBe('');
  });
});
