import { createHash } from 'node:crypto';
import pg from 'pg';
import { partitionSql } from '../../scripts/partition/by-organization.js';
import { openDatabase } from '../../src/data/clients.js';
import { applyMigrations, readMigrations } from '../../src/data/migrations.js';
import { fillSteps } from './fill.js';
import { verifyKept } from './verify.js';
import { DATA_VERSION, databaseName, type Size } from './world.js';

const DEFAULT_URL = 'postgres://postgres@127.0.0.1:5432/postgres';

type Progress = (line: string) => void;

/** The URL of a database on the server of the benchmark. */
export function benchUrl(database: string): string {
  const url = new URL(process.env.BENCH_DATABASE_URL ?? DEFAULT_URL);
  url.pathname = `/${database}`;
  return url.href;
}

/** What is put into a database, and what tells one way of filling it from another. */
export interface Content {
  readonly name: string;
  /** Counts up whenever the same name would have other rows. */
  readonly version: number;
  fill(client: pg.Client, timed: Timed): Promise<void>;
}

/** Does something and says how long it took. */
type Timed = (label: string, work: () => Promise<unknown>) => Promise<void>;

/** The URL of a filled database of this size. */
export function ensureData(size: Size, progress: Progress, again = false): Promise<string> {
  const { partitions } = size;
  const content: Content = {
    name: databaseName(size),
    version: DATA_VERSION,
    async fill(client, timed) {
      for (const { label, sql } of fillSteps(size)) await timed(label, () => client.query(sql));
      await timed('verified', () => verifyKept(client));
      if (partitions === undefined) return;
      await timed('partitioned', () => client.query(partitionSql(partitions)));
    },
  };
  return ensureDatabase(content, progress, again);
}

/**
 * The URL of a filled database: one that is already there and of the same version, else a new one. It is filled under
 * another name, so that a broken-off load leaves none.
 */
export async function ensureDatabase(
  content: Content,
  progress: Progress,
  again = false,
): Promise<string> {
  const { name } = content;
  const server = new pg.Client({
    connectionString: process.env.BENCH_DATABASE_URL ?? DEFAULT_URL,
  });
  await server.connect();
  try {
    if (!again && (await versionOf(server, name)) === versionOfContent(content)) {
      return benchUrl(name);
    }
    const draft = `${name}_draft`;
    await server.query(`DROP DATABASE IF EXISTS ${draft} WITH (FORCE)`);
    await server.query(`CREATE DATABASE ${draft} TEMPLATE template0 ENCODING 'UTF8'`);
    await fill(benchUrl(draft), content, progress);
    await server.query(`COMMENT ON DATABASE ${draft} IS '${versionOfContent(content)}'`);
    await server.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await server.query(`ALTER DATABASE ${draft} RENAME TO ${name}`);
    return benchUrl(name);
  } finally {
    await server.end();
  }
}

/** Of the rows and of the migrations. */
function versionOfContent({ version }: Content): string {
  const hash = createHash('sha256');
  for (const { checksum } of readMigrations()) hash.update(checksum);
  return `heimdall bench data ${version}.${hash.digest('hex').slice(0, 12)}`;
}

async function versionOf(server: pg.Client, name: string): Promise<string | undefined> {
  const found = await server.query<{ comment: string | null }>(
    `SELECT shobj_description(oid, 'pg_database') AS comment FROM pg_database WHERE datname = $1`,
    [name],
  );
  return found.rows[0]?.comment ?? undefined;
}

async function fill(url: string, content: Content, progress: Progress): Promise<void> {
  const database = await openDatabase({ url, poolSize: 2 });
  await applyMigrations(database);
  await database.close();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const timed: Timed = async (label, work) => {
    const start = Date.now();
    await work();
    progress(`${((Date.now() - start) / 1000).toFixed(1).padStart(7)} s  ${label}`);
  };
  try {
    await content.fill(client, timed);
    await timed('vacuum and analyze', () => client.query('VACUUM (ANALYZE)'));
  } finally {
    await client.end();
  }
}
