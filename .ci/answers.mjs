// Exits 0 if a PostgreSQL answers at the given URL and lets us create databases.
import pg from 'pg';

const client = new pg.Client({
  connectionString: process.argv[2],
  connectionTimeoutMillis: 3000,
  query_timeout: 3000,
});
try {
  await client.connect();
  const { rows } = await client.query(
    'select rolcreatedb or rolsuper as able from pg_roles where rolname = current_user',
  );
  process.exitCode = rows[0]?.able ? 0 : 1;
} catch {
  process.exitCode = 1;
} finally {
  await client.end().catch(() => {});
}
