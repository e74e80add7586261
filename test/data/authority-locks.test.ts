import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/data/clients.js';
import { lockAuthority } from '../../src/data/write/authority.js';
import { inTransaction, type Transaction } from '../../src/data/write/in-transaction.js';
import { sqlStateOf } from '../../src/data/write/sqlstate.js';
import { DEFAULT_LIMITS } from '../../src/limits/limits.js';
import { PLATFORM_ROOT_ID } from '../../src/policy/vocabulary.js';
import { freshDatabase } from '../support/database.js';
import { race, told } from './authority-races.js';
import { World } from './world.js';

const onServer = process.env.HEIMDALL_TEST_ON === 'server';
/** More of them by AUTHORITY_RACES: docs/contributing.md. */
const ROUNDS = Number(process.env.AUTHORITY_RACES ?? 300);

let db: Database;
let world: World;
let a: string;
let b: string;
let user: string;
beforeAll(async () => {
  db = await freshDatabase({ poolSize: 24 });
  world = new World(db);
  // In buckets of their own, whatever the others are.
  const inBucket = (bucket: string) =>
    randomUUID()
      .replace(/^(.{14})./, '$17')
      .replace(/..$/, bucket);
  a = await world.insert('organization', { id: inBucket('0a'), name: 'A' });
  b = await world.insert('organization', { id: inBucket('0b'), name: 'B' });
  user = await world.user(a);
});
afterAll(() => db.close());

const command = <T>(work: (tx: Transaction) => Promise<T>) =>
  inTransaction(db.client, DEFAULT_LIMITS, work, { command: 'promoteUser' });
// Of an organization itself: whatever is in one needs its lock for being written at all.
const change = (tx: Transaction) =>
  tx.$executeRaw`UPDATE organization SET is_provider = NOT is_provider WHERE id = ${a}::text::uuid`;
const stateOf = (work: Promise<unknown>) => work.then(() => 'done', sqlStateOf);

describe('D18: a command', () => {
  it('changes authority where it has locked it exclusively', async () => {
    const done = command(async (tx) => {
      await lockAuthority(tx, { shared: [PLATFORM_ROOT_ID, b], exclusive: [a] });
      await change(tx);
      // What is locked already can be asked for again.
      await lockAuthority(tx, { shared: [b, a] });
    });
    expect(await stateOf(done)).toBe('done');
  });

  it.each<[string, (tx: Transaction) => Promise<unknown>]>([
    ['without a lock', async () => {}],
    ['with a shared lock', (tx) => lockAuthority(tx, { shared: [a] })],
    ['with the lock of another', (tx) => lockAuthority(tx, { shared: [a], exclusive: [b] })],
  ])('cannot change authority %s', async (_how, lock) => {
    const refused = command(async (tx) => {
      await lock(tx);
      await change(tx);
    });
    const error = await refused.catch((thrown: unknown) => thrown);
    expect(sqlStateOf(error)).toBe('HDA01');
    expect((error as Error).message).toContain('promoteUser changes authority');
  });

  it('locks in one step, and never more strongly', async () => {
    const second = (locks: Parameters<typeof lockAuthority>[1]) =>
      stateOf(
        command(async (tx) => {
          await lockAuthority(tx, { shared: [a] });
          await lockAuthority(tx, locks);
        }),
      );
    expect(await second({ shared: [a] })).toBe('done');
    expect(await second({ shared: [a, b] })).toBe('HDA02');
    expect(await second({ shared: [], exclusive: [a] })).toBe('HDA02');
  });

  it('has the locks no longer after going back before them', async () => {
    const done = command(async (tx) => {
      await tx.$executeRawUnsafe('SAVEPOINT s');
      await lockAuthority(tx, { shared: [], exclusive: [b] });
      await tx.$executeRawUnsafe('ROLLBACK TO SAVEPOINT s');
      await lockAuthority(tx, { shared: [], exclusive: [a] });
      await change(tx);
    });
    expect(await stateOf(done)).toBe('done');
    // And the next transaction of the same connection has none.
    expect(await stateOf(command(change))).toBe('HDA01');
  });
});

describe('D18: SQL from elsewhere', () => {
  const update = `UPDATE "user" SET is_platform_admin = NOT is_platform_admin WHERE id = '`;

  it('takes the locks itself, and does not make them stronger either', async () => {
    await world.rows(`${update}${user}'`);
    const upgraded = db.sql.transaction(async (tx) => {
      await tx.query('SELECT heimdall_lock_authority(ARRAY[$1]::uuid[])', [a]);
      await tx.query(`${update}${user}'`);
    });
    await expect(upgraded).rejects.toMatchObject({ code: 'HDA02' });
  });

  it('reads authority after a lock in READ COMMITTED alone', async () => {
    const stale = db.sql.transaction(async (tx) => {
      await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
      await tx.query('SELECT heimdall_lock_authority(ARRAY[$1]::uuid[])', [a]);
    });
    await expect(stale).rejects.toThrow(/READ COMMITTED/);
  });

  it.runIf(onServer)('waits for whoever relies on it, and for nobody else', async () => {
    const sharing = async (organization: string, meanwhile: () => Promise<unknown>) =>
      db.sql.transaction(async (tx) => {
        await tx.query('SELECT heimdall_lock_authority($1::uuid[])', [
          [organization, PLATFORM_ROOT_ID],
        ]);
        return meanwhile();
      });
    const changed = () =>
      db.sql.transaction(async (tx) => {
        await tx.script('SET LOCAL lock_timeout = 300');
        await tx.query(`${update}${user}'`);
      });
    await expect(sharing(a, changed)).rejects.toMatchObject({ code: '55P03' });
    await sharing(b, changed);
  });
});

// The embedded database has one session: there everything takes turns anyway.
describe.runIf(onServer)('D18: a revocation races with writes', () => {
  it.each(['command', 'sql'] as const)(
    'by %s, and each write comes before it or not at all',
    async (by) => {
      const races = await race(db, world, { rounds: ROUNDS, lanes: 8, by });
      process.stdout.write(`${by}: ${told(races)}\n`);
      expect(races.wrong).toBe(0);
      expect(Math.min(races.before, races.refused)).toBeGreaterThan(ROUNDS / 20);
      // Not starved: however many others write there, one after another.
      expect(races.waits.at(-1)).toBeLessThan(5_000);
    },
    Math.max(60_000, ROUNDS * 500),
  );

  it('and without the lock some writes come after it', async () => {
    let wrong = 0;
    // A busy machine may let none of so many meet.
    for (let tries = 0; tries < 10 && wrong === 0; tries += 1) {
      wrong = (await race(db, world, { rounds: 150, lanes: 8, by: 'sql', locking: false })).wrong;
    }
    expect(wrong).toBeGreaterThan(0);
  });
});
