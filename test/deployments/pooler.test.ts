import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../src/data/clients.js';
import { applyMigrations } from '../../src/data/migrations.js';
import { bindByVerifiedEmail } from '../../src/identity/bind-identity.js';
import { freshDatabase, urlOf } from '../support/database.js';
import { hasPgBouncer, type PgBouncer, startPgBouncer } from '../support/pgbouncer.js';

const onServer = process.env.HEIMDALL_TEST_ON === 'server';
if (onServer && !hasPgBouncer) {
  process.stderr.write('10.16 is NOT TESTED: there is no /usr/sbin/pgbouncer (apt-get install)\n');
}

const INSTANT = new Date('2026-03-29T01:30:00.123Z');
/** What operators let PgBouncer ignore so that clients which ask for something can connect at all. */
const IGNORING = { ignore_startup_parameters: 'options,statement_timeout' };

describe.runIf(onServer && hasPgBouncer)('10.16 through PgBouncer', () => {
  let fresh: Database;
  let name: string;
  let bouncer: PgBouncer | undefined;
  let db: Database | undefined;
  beforeAll(async () => {
    fresh = await freshDatabase();
    name = new URL(await urlOf(fresh)).pathname.slice(1);
    await fresh.client.organization.create({ data: { name: 'Seen', createdAt: INSTANT } });
  });
  afterAll(() => fresh.close());
  afterEach(async () => {
    await db?.close();
    bouncer?.close();
    db = undefined;
    bouncer = undefined;
  });

  const zone = (value: string) =>
    fresh.sql.script(`ALTER DATABASE ${name} SET TimeZone = '${value}'`);
  const through = async (
    settings: Readonly<Record<string, string>>,
    pooler?: 'none' | 'transaction',
  ): Promise<Database> => {
    bouncer = await startPgBouncer(await urlOf(fresh), settings);
    db = await openDatabase({ url: bouncer.url, poolSize: 8, statementTimeoutMs: 5_000, pooler });
    return db;
  };

  describe.each(['transaction', 'session'])('in %s mode, on a server in New York', (mode) => {
    beforeEach(() => zone('America/New_York'));

    it('a start that asks for settings says what to set', async () => {
      await expect(through({ pool_mode: mode })).rejects.toThrow(
        /refused how the connection was begun: .* set DATABASE_POOLER=transaction$/,
      );
    });

    it('settings that are ignored are noticed', async () => {
      await expect(through({ pool_mode: mode, ...IGNORING })).rejects.toThrow(
        /answers, but .* is not kept \(TimeZone is America\/New_York, .*\): .* DATABASE_POOLER=transaction$/,
      );
    });

    it('a time zone that is not the server’s own is noticed', async () => {
      await expect(through({ pool_mode: mode }, 'transaction')).rejects.toThrow(
        /answers, but through a pooler the time zone must be .* America\/New_York and not UTC: ALTER ROLE/,
      );
    });
  });

  it('settings that are ignored are noticed where the time zone is right by chance', async () => {
    await zone('UTC');
    await expect(through({ pool_mode: 'transaction', ...IGNORING })).rejects.toThrow(
      /is not kept \(plan_cache_mode is auto, random_page_cost is 4\)/,
    );
  });

  it.each(['transaction', 'session'])(
    'every answer is right with DATABASE_POOLER, in %s mode over few connections',
    async (mode) => {
      await zone('UTC');
      const { client, sql } = await through(
        { pool_mode: mode, default_pool_size: mode === 'session' ? '8' : '2' },
        'transaction',
      );
      const answers = await Promise.all(
        Array.from({ length: 200 }, (_, index) =>
          index % 2 === 0
            ? client.organization.findMany({ where: { createdAt: INSTANT } })
            : client.organization.findMany({
                where: { name: 'Seen', createdAt: { gte: INSTANT } },
              }),
        ),
      );
      for (const [row] of answers) expect(row).toMatchObject({ name: 'Seen', createdAt: INSTANT });
      // What holds a transaction: first contact, and migrations.
      const contact = {
        issuer: 'i',
        subject: 's',
        verifiedEmail: 'nobody@a.example',
        expiresAt: Number.POSITIVE_INFINITY,
      };
      await Promise.all([1, 2, 3, 4].map(() => bindByVerifiedEmail(client, contact)));
      expect(await sql.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
      if (db) expect(await applyMigrations(db)).toEqual([]);
    },
    60_000,
  );
});
