import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { benchUrl } from '../data/database.js';

/** What brings a database to where a gateway starts on it; each a script of its own. */
const SCRIPTS = ['migrate', 'seed'];

/** A database on the server with the demo world in it. */
export interface Scratch {
  readonly url: string;
  drop(): Promise<void>;
}

/** Makes one as an operator does: `npm run migrate`, `npm run seed`. */
export async function makeScratch(
  settings: Readonly<Record<string, string>>,
  folder: string,
  signal: AbortSignal,
): Promise<Scratch> {
  const name = `heimdall_startup_${randomUUID().slice(0, 8)}`;
  const drop = () => onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  const url = benchUrl(name);
  try {
    await onServer(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
    for (const script of SCRIPTS) {
      const entry = fileURLToPath(new URL('../../src/command/heimdall.ts', import.meta.url));
      const args = ['--import', import.meta.resolve('tsx'), entry, script];
      await promisify(execFile)(process.execPath, args, {
        cwd: folder,
        env: { PATH: process.env.PATH, DATABASE_URL: url, ...settings },
        signal,
      });
    }
    return { url, drop };
  } catch (error) {
    await drop();
    throw error;
  }
}

async function onServer(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: benchUrl('postgres') });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
