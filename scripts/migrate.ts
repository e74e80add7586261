/** `npm run migrate`: brings the database up to this version of the code. */
import { makeAuditPartitions } from '../src/data/audit-retention.js';
import { openDatabase } from '../src/data/clients.js';
import { bringUpToDate } from '../src/data/up-to-date.js';
import { EnvError, readDatabaseSettings } from '../src/env.js';

const HELP = `Usage: npm run migrate

Applies the migrations that the database lacks, and says which.

  DATABASE_URL       the PostgreSQL server to migrate; without it, the embedded database
  HEIMDALL_DATA_DIR  the folder of the embedded database (default: .heimdall/data)`;

async function main(): Promise<void> {
  const database = await openDatabase(readDatabaseSettings());
  try {
    const { migrations, permissions } = await bringUpToDate(database);
    for (const name of migrations) console.log(`applied ${name}`);
    for (const key of permissions) console.log(`permitted ${key} to the system roles`);
    for (const name of await makeAuditPartitions(database.sql)) console.log(`made ${name}`);
    if (migrations.length + permissions.length === 0) console.log('the database is up to date');
  } finally {
    await database.close();
  }
}

const args = process.argv.slice(2);
if (args.includes('--help') || args.includes('-h')) {
  console.log(HELP);
} else if (args.length > 0) {
  console.error(`unknown argument ${args[0]}; try --help`);
  process.exitCode = 2;
} else {
  await main().catch((error: unknown) => {
    console.error(`migrate: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = error instanceof EnvError ? 78 : 1;
  });
}
