import { retainAudit } from '../data/audit-retention.js';
import { openDatabase } from '../data/clients.js';
import { readDatabaseSettings } from '../env.js';
import { type Command, FLAG, TEXT } from './command.js';
import { isAsked, numberOf } from './given.js';
import { tell } from './tell.js';

const MOST_MONTHS = 1200;

export const auditRetain: Command = {
  help: `Usage: heimdall audit retain --months N [--dry-run] [--json]

Drops the months of the audit record that were over N months ago, whole partitions, and says which. Also moves
entries that found no partition into those of their months, makes the partitions of the next months, and forgets
idempotency keys that have expired. Run it once a month or more often, with the settings of heimdall migrate: it
needs to own the tables.

  --months N   how many months are kept besides the running one (1 to 1200)
  --dry-run    only says what would be done
  --json       the result as JSON

  DATABASE_URL       the PostgreSQL server; without it, the embedded database
  HEIMDALL_DATA_DIR  the folder of the embedded database (default: .heimdall/data)`,
  options: { months: TEXT, 'dry-run': FLAG, json: FLAG },
  async run(given) {
    const months = numberOf(given, 'months', { least: 1, most: MOST_MONTHS });
    const dryRun = isAsked(given, 'dry-run');
    const database = await openDatabase(readDatabaseSettings());
    try {
      const retained = await retainAudit(database.sql, { months, dryRun });
      const { moved, made, dropped, forgotten } = retained;
      const would = dryRun ? 'would be ' : '';
      const isNothing = made.length + dropped.length + moved + forgotten === 0;
      tell(isAsked(given, 'json'), { dryRun, ...retained }, [
        ...made.map((name) => `made ${name}`),
        ...dropped.map((name) => `${would}dropped ${name}`),
        ...(moved > 0 ? [`${moved} entries ${would}moved out of audit_entry_rest`] : []),
        ...(forgotten > 0 ? [`${forgotten} expired idempotency keys ${would}forgotten`] : []),
        ...(isNothing ? ['nothing to do'] : []),
      ]);
    } finally {
      await database.close();
    }
    return undefined;
  },
};
