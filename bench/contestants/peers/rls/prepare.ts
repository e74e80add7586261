import pg from 'pg';
import { RLS_SQL } from './policies.js';

/** Makes row-level security in a database of the benchmark; repeatable. */
export async function prepareRls(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query(RLS_SQL);
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}
