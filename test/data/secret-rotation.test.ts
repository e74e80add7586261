import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/data/clients.js';
import { missingKeys } from '../../src/data/secret-keys.js';
import { outdatedSecrets, rotateSecrets } from '../../src/data/secret-rotation.js';
import { createKeyring } from '../../src/secrets/keyring.js';
import { openConfig, resealingOf, sealConfig } from '../../src/secrets/of-config.js';
import { freshDatabase } from '../support/database.js';
import { PLATFORM } from '../support/world.js';

const key = (id: string, byte: number) => ({ id, bytes: Buffer.alloc(32, byte) });
const [oldest, old, newest] = [key('a1', 1), key('b2', 2), key('c3', 3)];
const ring = createKeyring([newest, old, oldest]);
const resealing = resealingOf(ring);

let database: Database;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.close());
beforeEach(() => database.client.config.deleteMany());

async function plant(count: number, by = createKeyring([old])): Promise<string[]> {
  const ids = Array.from({ length: count }, () => randomUUID());
  await database.client.config.createMany({
    data: ids.map((id) => ({
      ...{ id, key: `key-${id}`, type: 'SECRET', scopeId: PLATFORM.id },
      ciphertext: sealConfig(by, id, `the secret of ${id}`),
    })),
  });
  return ids;
}

const all = () => database.client.config.findMany({ select: { id: true, ciphertext: true } });
const keysOf = async () =>
  [...new Set((await all()).map(({ ciphertext }) => ciphertext?.split('.')[1]))].sort();

async function expectAllThere(count: number): Promise<void> {
  const rows = await all();
  expect(rows).toHaveLength(count);
  for (const { id, ciphertext } of rows) {
    expect(openConfig(ring, id, String(ciphertext))).toBe(`the secret of ${id}`);
  }
}

describe('D16: a rotation', () => {
  it('encrypts all of them anew, whatever keys they were under, and says how far it is', async () => {
    await plant(7, createKeyring([oldest]));
    await plant(5);
    await plant(3, createKeyring([newest]));
    expect(await outdatedSecrets(database.sql, 'c3')).toBe(12);
    const progress: number[] = [];
    const onProgress = (looked: number) => void progress.push(looked);
    const outcome = await rotateSecrets(database.sql, resealing, { batch: 5, onProgress });
    expect(outcome).toEqual({ rotated: 12, unreadable: [], unreadableCount: 0, stopped: false });
    expect(progress).toEqual([5, 10, 12]);
    expect(await keysOf()).toEqual(['c3']);
    await expectAllThere(15);
    expect(await rotateSecrets(database.sql, resealing, { batch: 5 })).toMatchObject({
      rotated: 0,
    });
    const entries = await database.client.auditEntry.findMany();
    expect(entries.map(({ actorLabel, reason }) => [actorLabel, reason])).toEqual(
      [5, 5, 2].map((n) => [
        'system:rotate-secrets',
        `${n} secrets encrypted anew with the key c3`,
      ]),
    );
  });

  it('stops when it is told to, and goes on where it was', async () => {
    await plant(10);
    const stop = new AbortController();
    const onProgress = () => stop.abort();
    const options = { batch: 4, signal: stop.signal, onProgress };
    expect(await rotateSecrets(database.sql, resealing, options)).toMatchObject({
      rotated: 4,
      stopped: true,
    });
    expect(await keysOf()).toEqual(['b2', 'c3']);
    await expectAllThere(10);
    expect(await rotateSecrets(database.sql, resealing, { batch: 4 })).toMatchObject({
      rotated: 6,
    });
    await expectAllThere(10);
  });

  it('puts nothing back that was set while it was under way', async () => {
    const ids = await plant(6);
    const [id = ''] = ids;
    const { transaction } = database.sql;
    let isFirst = true;
    const between = {
      ...database.sql,
      // Between the batch that was read and the one that is written.
      async transaction<T>(work: Parameters<typeof transaction<T>>[0]) {
        if (isFirst) {
          const ciphertext = sealConfig(ring, id, 'set meanwhile');
          await database.client.config.update({ where: { id }, data: { ciphertext } });
        }
        isFirst = false;
        return transaction(work);
      },
    };
    expect(await rotateSecrets(between, resealing, { batch: 100 })).toMatchObject({ rotated: 5 });
    const { ciphertext } = await database.client.config.findUniqueOrThrow({ where: { id } });
    expect(openConfig(ring, id, String(ciphertext))).toBe('set meanwhile');
  });

  it('passes by what it cannot decrypt, and says which that is', async () => {
    const strange = await plant(3, createKeyring([key('z9', 9)]));
    await plant(4);
    const outcome = await rotateSecrets(database.sql, resealing, { batch: 2 });
    expect(outcome).toMatchObject({ rotated: 4, unreadableCount: 3, stopped: false });
    expect([...outcome.unreadable].sort()).toEqual(strange.sort());
    expect(await keysOf()).toEqual(['c3', 'z9']);
  });

  it('is nothing without a key', () => {
    expect(() => resealingOf(createKeyring([]))).toThrow(/no key to encrypt them with/);
  });
});

it('the keys that are missing are told by their ids', async () => {
  expect(await missingKeys(database.sql, [])).toEqual([]);
  await plant(3, createKeyring([oldest]));
  await plant(3);
  expect(await missingKeys(database.sql, ring.ids)).toEqual([]);
  expect(await missingKeys(database.sql, ['c3', 'b2'])).toEqual(['a1']);
  expect(await missingKeys(database.sql, [])).toEqual(['a1', 'b2']);
});
