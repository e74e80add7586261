import { makeAuditPartitions } from '../data/audit-retention.js';
import { openDatabase } from '../data/clients.js';
import { bringUpToDate } from '../data/up-to-date.js';
import { readDatabaseSettings } from '../env.js';
import { type Command, FLAG } from './command.js';
import { isAsked } from './given.js';
import { progress, tell } from './tell.js';

export const migrate: Command = {
  help: `Usage: heimdall migrate [--json]

Applies the migrations that the database lacks, and says which.

  --json             the result as JSON

  DATABASE_URL       the PostgreSQL server to migrate; without it, the embedded database
  HEIMDALL_DATA_DIR  the folder of the embedded database (default: .heimdall/data)`,
  options: { json: FLAG },
  async run(given) {
    const database = await openDatabase(readDatabaseSettings());
    try {
      const { migrations, permissions } = await bringUpToDate(database, (name) =>
        progress(`applying ${name} …`),
      );
      const partitions = await makeAuditPartitions(database.sql);
      const isUpToDate = migrations.length + permissions.length === 0;
      tell(isAsked(given, 'json'), { migrations, permissions, partitions }, [
        ...migrations.map((name) => `applied ${name}`),
        ...permissions.map((key) => `permitted ${key} to the system roles`),
        ...partitions.map((name) => `made ${name}`),
        ...(isUpToDate ? ['the database is up to date'] : []),
      ]);
    } finally {
      await database.close();
    }
    return undefined;
  },
};
