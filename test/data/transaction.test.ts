import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AbortedTransactionError } from '../../src/data/clients/aborted.js';
import type { Database } from '../../src/data/clients.js';
import {
  inTransaction,
  RetryTransaction,
  type Transaction,
} from '../../src/data/write/in-transaction.js';
import { sqlStateOf } from '../../src/data/write/sqlstate.js';
import { DomainError } from '../../src/errors.js';
import { DEFAULT_LIMITS } from '../../src/limits/limits.js';
import { freshDatabase } from '../support/database.js';

const onServer = process.env.HEIMDALL_TEST_ON === 'server';

let db: Database;
beforeAll(async () => {
  db = await freshDatabase();
});
afterAll(() => db.close());

const command = { command: 'test' };
const run = <T>(work: (tx: Transaction) => Promise<T>, limits = DEFAULT_LIMITS) =>
  inTransaction(db.client, limits, work, command);

let counter = 0;
/** An organization of a name that nobody else has. */
async function write(tx: Transaction): Promise<string> {
  const name = `written ${++counter}`;
  await tx.organization.create({ data: { name } });
  return name;
}
const isThere = async (name: string) =>
  (await db.client.organization.count({ where: { name } })) === 1;

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    (result) => expect.fail(`it answered ${JSON.stringify(result)}`),
    (error: unknown) => error,
  );
}

/** What the database refuses with that SQLSTATE. */
const raise = (tx: Transaction, state: string) =>
  tx.$executeRawUnsafe(`DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '${state}'; END $$`);

describe('a transaction', () => {
  it('is all or nothing', async () => {
    const kept = await run(write);
    expect(await isThere(kept)).toBe(true);
    let name = '';
    const thrown = new Error('changed its mind');
    const given = run(async (tx) => {
      name = await write(tx);
      throw thrown;
    });
    expect(await failureOf(given)).toBe(thrown);
    expect(await isThere(name)).toBe(false);
  });

  it('has limits of its own, which end with it', async () => {
    const settings = `SELECT current_setting('statement_timeout') AS statement,
      current_setting('lock_timeout') AS lock, current_setting('heimdall.command', true) AS command,
      current_setting('transaction_isolation') AS isolation`;
    const limits = { ...DEFAULT_LIMITS, writeMs: 4_321, lockMs: 1_234 };
    const inside = await run((tx) => tx.$queryRawUnsafe(settings), limits);
    expect(inside).toEqual([
      { statement: '4321ms', lock: '1234ms', command: 'test', isolation: 'read committed' },
    ]);
    const [outside] = await db.sql.query<Record<string, string>>(settings);
    expect(outside).toMatchObject({ lock: '0' });
    expect(outside?.command ?? '').toBe('');
  });

  it.each(['40001', '40P01'])('that loses (%s) is done anew', async (state) => {
    const names: string[] = [];
    const result = await run(async (tx) => {
      names.push(await write(tx));
      if (names.length < 4) await raise(tx, state);
      return names.length;
    });
    expect(result).toBe(4);
    expect(await Promise.all(names.map(isThere))).toEqual([false, false, false, true]);
  });

  it('is done anew when its work says so, three times and then no more', async () => {
    let times = 0;
    const late = run(async () => {
      times++;
      throw new RetryTransaction('the vector has grown');
    });
    expect(await failureOf(late)).toMatchObject({ code: 'UNAVAILABLE', outcomeUnknown: false });
    expect(times).toBe(4);
  });

  it('is not tried anew when its time is over', async () => {
    let times = 0;
    const late = run(
      async (tx) => {
        times++;
        await tx.$executeRaw`SELECT pg_sleep(0.2)`;
        throw new RetryTransaction();
      },
      { ...DEFAULT_LIMITS, writeMs: 150 },
    );
    expect(await failureOf(late)).toMatchObject({ code: 'UNAVAILABLE' });
    expect(times).toBe(1);
  });

  it.each(['55P03', '57014'])('that came too late (%s) is UNAVAILABLE', async (state) => {
    const error = await failureOf(run((tx) => raise(tx, state)));
    expect(error).toBeInstanceOf(DomainError);
    expect(error).toMatchObject({ code: 'UNAVAILABLE', outcomeUnknown: false });
  });

  it('passes on whatever else the database refuses, with its SQLSTATE', async () => {
    const error = await failureOf(run((tx) => raise(tx, 'HDA01')));
    expect(error).not.toBeInstanceOf(DomainError);
    expect(sqlStateOf(error)).toBe('HDA01');
    const domain = `d${++counter}`;
    const twice = run(async (tx) => {
      await tx.organization.create({ data: { name: 'x', domain } });
      await tx.organization.create({ data: { name: 'y', domain } });
    });
    expect(sqlStateOf(await failureOf(twice))).toBe('23505');
  });

  it('in which the error of a statement is swallowed is not committed, and says so', async () => {
    let name = '';
    const swallowing = run(async (tx) => {
      name = await write(tx);
      await raise(tx, 'HDA01').catch(() => {});
      return 'done';
    });
    const error = await failureOf(swallowing);
    expect(error).toBeInstanceOf(AbortedTransactionError);
    expect(sqlStateOf(error)).toBe('HDA01');
    expect(await isThere(name)).toBe(false);
    // The connection is as good as before, and nothing is left of it.
    for (let i = 0; i < 12; i++) expect(await isThere(await run(write))).toBe(true);
  });

  it('in which a lost statement is swallowed is done anew', async () => {
    let times = 0;
    const name = await run(async (tx) => {
      if (++times === 1) await raise(tx, '40P01').catch(() => {});
      return write(tx).catch(() => '');
    });
    expect(times).toBe(2);
    expect(await isThere(name)).toBe(true);
  });

  it('goes on from a savepoint', async () => {
    const [kept, undone] = await run(async (tx) => {
      const first = await write(tx);
      await tx.$executeRawUnsafe('SAVEPOINT s');
      const second = await write(tx);
      await raise(tx, 'HDA01').catch(() => {});
      await tx.$executeRawUnsafe('ROLLBACK TO SAVEPOINT s');
      return [first, second];
    });
    expect(await isThere(kept ?? '')).toBe(true);
    expect(await isThere(undone ?? '')).toBe(false);
  });

  it('that a rule refuses at COMMIT is known not to have happened', async () => {
    await db.sql.script(`CREATE TABLE late (id int PRIMARY KEY,
      other int REFERENCES late DEFERRABLE INITIALLY DEFERRED)`);
    const error = await failureOf(run((tx) => tx.$executeRaw`INSERT INTO late VALUES (1, 2)`));
    expect(sqlStateOf(error)).toBe('23503');
    expect(await db.sql.query('SELECT * FROM late')).toEqual([]);
  });

  // The embedded database has one connection, and nobody to wait for.
  it.runIf(onServer)('waits for a lock no longer than it may', async () => {
    const limits = { ...DEFAULT_LIMITS, lockMs: 100 };
    const touch = (tx: Transaction) => tx.organization.updateMany({ data: { settings: {} } });
    await run(async (tx) => {
      await write(tx);
      await touch(tx);
      const error = await failureOf(run(touch, limits));
      expect(error).toMatchObject({ code: 'UNAVAILABLE', outcomeUnknown: false });
    });
  });

  it('that takes too long between its statements has not happened, and says UNAVAILABLE', async () => {
    let name = '';
    const slow = run(
      async (tx) => {
        name = await write(tx);
        await new Promise((resolve) => globalThis.setTimeout(resolve, 500));
      },
      { ...DEFAULT_LIMITS, writeMs: 100 },
    );
    expect(await failureOf(slow)).toMatchObject({ code: 'UNAVAILABLE', outcomeUnknown: false });
    expect(await isThere(name)).toBe(false);
  });
});

// The embedded database has no connection that could be lost.
describe.runIf(onServer)('a transaction whose connection is lost', () => {
  it('in a statement has not happened', async () => {
    let name = '';
    const lost = run(async (tx) => {
      name = await write(tx);
      await tx.$executeRaw`SELECT pg_terminate_backend(pg_backend_pid())`;
    });
    expect(await failureOf(lost)).toMatchObject({ code: 'UNAVAILABLE', outcomeUnknown: false });
    expect(await isThere(name)).toBe(false);
  });

  it('between two statements has not happened', async () => {
    let name = '';
    const lost = run(async (tx) => {
      name = await write(tx);
      const [own] = await tx.$queryRaw<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`;
      await db.sql.query('SELECT pg_terminate_backend($1, 5000)', [own?.pid]);
      await write(tx);
    });
    expect(await failureOf(lost)).toMatchObject({ code: 'UNAVAILABLE', outcomeUnknown: false });
    expect(await isThere(name)).toBe(false);
  });

  it('at COMMIT may have happened, and says so', async () => {
    await db.sql.script(`
      CREATE TABLE ending (id int);
      CREATE FUNCTION end_here() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END';
      CREATE CONSTRAINT TRIGGER ending AFTER INSERT ON ending DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION end_here();`);
    const lost = run((tx) => tx.$executeRaw`INSERT INTO ending VALUES (1)`);
    expect(await failureOf(lost)).toMatchObject({ code: 'UNAVAILABLE', outcomeUnknown: true });
  });
});
