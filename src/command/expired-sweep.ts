import { sweepExpired } from '../commands/sweep-expired.js';
import { openDatabase } from '../data/clients.js';
import { readDatabaseSettings } from '../env.js';
import { systemPrincipal } from '../identity/system-principal.js';
import { type Command, FLAG, TEXT } from './command.js';
import { isAsked, numberOf } from './given.js';
import { tell } from './tell.js';

export const expiredSweep: Command = {
  help: `Usage: heimdall expired sweep [--days N] [--batch N] [--dry-run] [--json]

Takes away memberships that have ended, and roles that ended before the membership that they are on (D48). They count
for nothing since then; until they are swept they are listed as expired, and can be prolonged. Each is recorded as done
by system:expired-sweep. Run it as often as you like, while gateways run or not, with the settings of heimdall migrate.

  --days N     only what ended at least N days ago (0 to 3650; default: 0)
  --batch N    how many are taken away in one transaction (1 to 1000; default: 200)
  --dry-run    only says how many there are
  --json       the result as JSON

  DATABASE_URL       the PostgreSQL server; without it, the embedded database
  HEIMDALL_DATA_DIR  the folder of the embedded database (default: .heimdall/data)`,
  options: { days: TEXT, batch: TEXT, 'dry-run': FLAG, json: FLAG },
  async run(given) {
    const days = numberOf(given, 'days', { least: 0, most: 3650, otherwise: 0 });
    const batch = numberOf(given, 'batch', { least: 1, most: 1000, otherwise: 200 });
    const dryRun = isAsked(given, 'dry-run');
    const database = await openDatabase(readDatabaseSettings());
    try {
      const principal = systemPrincipal('expired-sweep');
      const swept = await sweepExpired(database.client, principal, { days, batch, dryRun });
      const { memberships, assignments } = swept;
      const would = dryRun ? 'would be ' : '';
      tell(isAsked(given, 'json'), { dryRun, ...swept }, [
        ...(memberships > 0 ? [`${memberships} memberships ${would}swept`] : []),
        ...(assignments > 0 ? [`${assignments} roles on memberships ${would}swept`] : []),
        ...(memberships + assignments === 0 ? ['nothing to do'] : []),
      ]);
    } finally {
      await database.close();
    }
    return undefined;
  },
};
