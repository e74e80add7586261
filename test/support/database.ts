import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openEmbedded } from '../../src/data/clients/embedded.js';
import { type Database, type DatabaseOptions, openDatabase } from '../../src/data/clients.js';
import { readMigrations } from '../../src/data/migrations.js';
import { bringUpToDate } from '../../src/data/up-to-date.js';
import { ACTIONS } from '../../src/policy/vocabulary.js';

type Options = Pick<DatabaseOptions, 'onQuery' | 'poolSize' | 'traced'>;

/**
 * A migrated database of its own for a test, to be closed by it. Embedded and in memory; or, when
 * `TEST_DATABASE_URL` is set and `HEIMDALL_TEST_ON` is `server`, a new one on that server, which
 * is dropped again when it is closed.
 */
export function freshDatabase(options: Options = {}): Promise<Database> {
  const url = process.env.TEST_DATABASE_URL;
  return url && process.env.HEIMDALL_TEST_ON === 'server'
    ? onServer(url, options)
    : inMemory(options);
}

// A template is migrated once for each state of the migrations, and copied from then on. Hashed, because
// the name of a database is cut after 63 letters, however many migrations there are.
const state = createHash('sha256')
  .update(
    readMigrations()
      .map(({ checksum }) => checksum)
      .join() + JSON.stringify(ACTIONS),
  )
  .digest('hex')
  .slice(0, 32);

let template: Promise<Blob> | undefined;

async function inMemory(options: Options): Promise<Database> {
  template ??= readTemplate();
  return openEmbedded({ folder: 'memory://', template: await template, ...options });
}

/** Kept in a file, because every test file runs in a process of its own. */
async function readTemplate(): Promise<Blob> {
  const folder = join('node_modules', '.cache', 'heimdall');
  const file = join(folder, `template-${state}.tar`);
  const kept = await readFile(file).catch(() => undefined);
  if (kept) return new Blob([new Uint8Array(kept)]);
  const database = await openEmbedded({ folder: 'memory://' });
  await bringUpToDate(database);
  // What the migrations wrote to the log would be replayed at each start.
  await database.sql.script('CHECKPOINT');
  const dump = await database.dump();
  await database.close();
  await mkdir(folder, { recursive: true });
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, new Uint8Array(await dump.arrayBuffer()));
  await rename(draft, file);
  return dump;
}

/** The same, but without a migration, for a test of some of them. */
export function emptyDatabase(): Promise<Database> {
  const url = process.env.TEST_DATABASE_URL;
  return url && process.env.HEIMDALL_TEST_ON === 'server'
    ? madeBy(url, {}, (server, name) => server.sql.query(`CREATE DATABASE ${name}`))
    : openEmbedded({ folder: 'memory://' });
}

function onServer(url: string, options: Options): Promise<Database> {
  const templateName = `heimdall_template_${state}`;
  return madeBy(url, options, async (server, name) => {
    await server.sql.query('SELECT pg_advisory_lock(72707370)');
    await makeTemplate(server, url, templateName);
    await server.sql.query(`CREATE DATABASE ${name} TEMPLATE ${templateName}`);
    // No test takes the server's power away.
    await server.sql.query(`ALTER DATABASE ${name} SET synchronous_commit = off`);
    await server.sql.query('SELECT pg_advisory_unlock(72707370)');
  });
}

/** A new database on a server, dropped again when it is closed. */
async function madeBy(
  url: string,
  options: Options,
  make: (server: Database, name: string) => Promise<unknown>,
): Promise<Database> {
  const name = `heimdall_test_${randomUUID().replaceAll('-', '')}`;
  const server = await openDatabase({ url, poolSize: 1 });
  try {
    await make(server, name);
  } finally {
    await server.close();
  }
  const database = await openDatabase({ ...options, url: named(url, name) });
  return {
    ...database,
    async close() {
      await database.close();
      const dropper = await openDatabase({ url, poolSize: 1 });
      await dropper.sql.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await dropper.close();
    },
  };
}

async function makeTemplate(server: Database, url: string, name: string): Promise<void> {
  const found = await server.sql.query('SELECT FROM pg_database WHERE datname = $1', [name]);
  if (found.length > 0) return;
  // Under another name until it is complete: a run that was killed must not leave half of one.
  const draft = `${name}_draft`;
  await server.sql.query(`DROP DATABASE IF EXISTS ${draft} WITH (FORCE)`);
  await server.sql.query(`CREATE DATABASE ${draft}`);
  const database = await openDatabase({ url: named(url, draft), poolSize: 1 });
  await bringUpToDate(database);
  await database.close();
  await server.sql.query(`ALTER DATABASE ${draft} RENAME TO ${name}`);
}

/** The URL of a database on the server that {@link freshDatabase} made. */
export async function urlOf(database: Database): Promise<string> {
  const [row] = await database.sql.query<{ name: string }>('SELECT current_database() AS name');
  return named(process.env.TEST_DATABASE_URL ?? '', row?.name ?? '');
}

function named(url: string, database: string): string {
  const result = new URL(url);
  result.pathname = `/${database}`;
  return result.href;
}
