import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { keepingRoom, RESERVED_BYTES } from '../../src/data/clients/disk-room.js';
import { isUnreachable } from '../../src/data/clients/unreachable.js';

const folder = mkdtempSync(join(tmpdir(), 'heimdall-room-'));
let plain: PGlite;
let pglite: PGlite;
let free = RESERVED_BYTES;
beforeAll(async () => {
  plain = await PGlite.create(folder);
  pglite = keepingRoom(plain, folder, () => free);
  await pglite.exec('CREATE TABLE note (text text)');
});
afterAll(async () => {
  await plain.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  free = RESERVED_BYTES;
});

const count = async () =>
  (await pglite.query<{ count: number }>('SELECT count(*)::int AS count FROM note')).rows[0]?.count;

describe('the embedded database of a disk that is all but full', () => {
  it.each([
    `INSERT INTO note VALUES ('x')`,
    `UPDATE note SET text = 'y'`,
    'DELETE FROM note',
    `WITH n AS (INSERT INTO note VALUES ('x') RETURNING text) SELECT * FROM n`,
    'CREATE TABLE other (text text)',
    `DO $$ BEGIN INSERT INTO note VALUES ('x'); END $$`,
  ])('refuses to write: %s', async (sql) => {
    const before = await count();
    free = RESERVED_BYTES - 1;
    for (const refused of [pglite.query(sql), pglite.exec(sql)]) {
      const error = await refused.catch((error: unknown) => error);
      expect(error).toMatchObject({ code: '53100' });
      expect(isUnreachable(error)).toBe(true);
    }
    expect(await count()).toBe(before);
  });

  it('undoes a transaction that wanted to write, and takes the next when there is room', async () => {
    const before = (await count()) ?? 0;
    const write = () =>
      pglite.transaction(async (tx) => {
        await tx.query(`INSERT INTO note VALUES ('a')`);
        free -= 1;
        await tx.query(`INSERT INTO note VALUES ('b')`);
      });
    await expect(write()).rejects.toMatchObject({ code: '53100' });
    expect(await count()).toBe(before);
    free = RESERVED_BYTES + 1;
    await write();
    expect(await count()).toBe(before + 2);
  });

  it('tells a disk that can only be read from a role that may not', async () => {
    const raise = (what: string) =>
      `DO $$ BEGIN RAISE '%', '${what}' USING ERRCODE = '42501'; END $$`;
    const told = (sql: string) => pglite.query(sql).catch((error: unknown) => error);
    const unreadable = await told(raise('could not open file "x": Read-only file system'));
    expect(unreadable).toMatchObject({ code: '58030' });
    expect(isUnreachable(unreadable)).toBe(true);
    expect(await told(raise('permission denied for table x'))).toMatchObject({ code: '42501' });
  });

  it('answers what is read', async () => {
    free = 0;
    await expect(pglite.query('SELECT 1')).resolves.toBeDefined();
    await expect(pglite.query('WITH n AS (SELECT 1 AS a) SELECT a FROM n')).resolves.toBeDefined();
    await expect(pglite.transaction((tx) => tx.query('SELECT 1'))).resolves.toBeDefined();
  });
});

it('keeps its log short', async () => {
  const log = async () => {
    const sql =
      'SELECT (pg_current_wal_lsn() - redo_lsn)::float8 AS bytes FROM pg_control_checkpoint()';
    return (await plain.query<{ bytes: number }>(sql)).rows[0]?.bytes ?? 0;
  };
  await pglite.exec(
    `INSERT INTO note SELECT repeat(md5(g::text), 40) FROM generate_series(1, 60000) g`,
  );
  const long = await log();
  expect(long).toBeGreaterThan(64 * 1024 * 1024);
  for (let written = 0; written < 500; written++)
    await pglite.query(`INSERT INTO note VALUES ('x')`);
  await vi.waitFor(async () => expect(await log()).toBeLessThan(long / 2));
});
