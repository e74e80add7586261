import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/data/clients.js';
import { lockAuthority, unlockedIn } from '../../src/data/write/authority.js';
import { inTransaction, type Transaction } from '../../src/data/write/in-transaction.js';
import { sqlStateOf } from '../../src/data/write/sqlstate.js';
import { DEFAULT_LIMITS } from '../../src/limits/limits.js';
import { PLATFORM_ROOT_ID } from '../../src/policy/vocabulary.js';
import { freshDatabase } from '../support/database.js';
import { rootOf } from './authority-races.js';
import { World } from './world.js';

const onServer = process.env.HEIMDALL_TEST_ON === 'server';

let db: Database;
let world: World;
let a: string;
let root: string;
beforeAll(async () => {
  db = await freshDatabase({ poolSize: 8 });
  world = new World(db);
  a = await world.organization('A');
  root = await rootOf(world, a);
});
afterAll(() => db.close());

const command = <T>(work: (tx: Transaction) => Promise<T>) =>
  inTransaction(db.client, DEFAULT_LIMITS, work, { command: 'test' });
const make = (tx: Transaction, name: string = randomUUID()) =>
  tx.form.create({ data: { name, organizationId: a, scopeId: root } });
const setActive = (isActive: boolean) =>
  world.rows('UPDATE organization SET is_active = $2 WHERE id = $1', a, isActive);
const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => expect.fail('it was done'),
    (error: unknown) => error,
  );

/** What of the database holds rows of organizations, and is no part of the record. */
const TABLES = `SELECT c.table_name AS name, EXISTS (SELECT FROM pg_trigger t
    WHERE t.tgrelid = format('%I', c.table_name)::regclass AND t.tgname = c.table_name || '_0_written') AS is_kept
  FROM information_schema.columns c JOIN pg_class p ON p.relname = c.table_name AND p.relkind = 'r'
    AND p.relnamespace = current_schema()::regnamespace
  WHERE c.table_schema = current_schema() AND c.column_name = 'organization_id'
    AND c.table_name NOT LIKE 'audit\\_entry%' AND c.table_name <> 'authority' ORDER BY 1`;

describe('D18: a command writes in an organization', () => {
  it('that it has locked, and is told which it has not', async () => {
    const error = await failure(command((tx) => make(tx)));
    expect(sqlStateOf(error)).toBe('HDO02');
    expect(unlockedIn(error)).toEqual({ how: 'shared', organizationIds: [a] });
    for (const how of ['shared', 'exclusive'] as const) {
      await command(async (tx) => {
        await lockAuthority(tx, { shared: [PLATFORM_ROOT_ID], [how]: [a] });
        await make(tx);
      });
    }
  });

  it('that is active, and no other, whatever it does there', async () => {
    const { id } = await db.client.form.create({
      data: { name: 'there', organizationId: a, scopeId: root },
    });
    await setActive(false);
    for (const work of [
      (tx: Transaction) => make(tx),
      (tx: Transaction) => tx.form.update({ where: { id }, data: { name: 'else' } }),
      (tx: Transaction) => tx.form.updateMany({ data: { name: 'else' } }),
      (tx: Transaction) => tx.form.delete({ where: { id } }),
      (tx: Transaction) => tx.$executeRaw`DELETE FROM form`,
      (tx: Transaction) => tx.organization.update({ where: { id: a }, data: { name: 'else' } }),
      (tx: Transaction) => tx.organization.delete({ where: { id: a } }),
    ]) {
      const error = await failure(
        command(async (tx) => {
          await lockAuthority(tx, { shared: [], exclusive: [PLATFORM_ROOT_ID, a] });
          await work(tx);
        }),
      );
      expect(sqlStateOf(error)).toBe('HDO01');
    }
    await setActive(true);
    expect(await db.client.form.count({ where: { id, name: 'there' } })).toBe(1);
  });

  it('whoever holds the database writes where they like', async () => {
    await setActive(false);
    await db.client.form.create({ data: { name: 'by SQL', organizationId: a, scopeId: root } });
    await setActive(true);
  });

  it('in every table that holds rows of organizations', async () => {
    const tables = await world.rows<{ name: string; is_kept: boolean }>(TABLES);
    expect(tables.length).toBeGreaterThan(14);
    expect(tables.filter(({ is_kept }) => !is_kept)).toEqual([]);
  });
});

// The embedded database has one session: there everything takes turns anyway.
describe.runIf(onServer)('D18: a deactivation races with writes', () => {
  it('and each write comes before it, or not at all', async () => {
    const count = { wrong: 0, before: 0, refused: 0 };
    // Who comes first is the machine's to say: until each has, often enough.
    const often = () => Math.min(count.before, count.refused) > 5;
    for (let round = 0; round < 100 || (round < 1_000 && !often()); round++) {
      const name = randomUUID();
      const pause = () => setTimeout(Math.random() * 6);
      const [written, seen] = await Promise.all([
        command(async (tx) => {
          await pause();
          await lockAuthority(tx, { shared: [PLATFORM_ROOT_ID, a] });
          await make(tx, name);
          await pause();
        }).then(
          () => true,
          (error: unknown) => {
            expect(sqlStateOf(error)).toBe('HDO01');
            return false;
          },
        ),
        pause().then(() =>
          db.sql.transaction(async (tx) => {
            await tx.query('UPDATE organization SET is_active = false WHERE id = $1', [a]);
            // Whoever deactivates sees, at the end of it, everything that was written before.
            return (await tx.query('SELECT FROM form WHERE name = $1', [name])).length > 0;
          }),
        ),
      ]);
      if (!written) count.refused += 1;
      else if (seen) count.before += 1;
      else count.wrong += 1;
      await setActive(true);
    }
    expect(count.wrong).toBe(0);
    expect(often()).toBe(true);
  }, 120_000);
});
