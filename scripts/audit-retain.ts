/** `npm run audit:retain`: drops the months of the record that need not be kept any more. */
import { retainAudit } from '../src/data/audit-retention.js';
import { openDatabase } from '../src/data/clients.js';
import { EnvError, readDatabaseSettings } from '../src/env.js';

const HELP = `Usage: npm run audit:retain -- --months N [--dry-run]

Drops the months of the audit record that were over N months ago, whole partitions, and says which. Also moves
entries that found no partition into those of their months, makes the partitions of the next months, and forgets
idempotency keys that have expired. Run it once a month or more often, with the settings of npm run migrate: it
needs to own the tables.

  --months N   how many months are kept besides the running one (1 to 1200)
  --dry-run    only says what would be done

  DATABASE_URL       the PostgreSQL server; without it, the embedded database
  HEIMDALL_DATA_DIR  the folder of the embedded database (default: .heimdall/data)`;

const MOST_MONTHS = 1200;

interface Asked {
  readonly months: number;
  readonly dryRun: boolean;
}

/** What the arguments ask for; a sentence says what is wrong with them. */
function read(args: readonly string[]): Asked | string {
  let months: number | undefined;
  let dryRun = false;
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i];
    if (arg === '--dry-run') dryRun = true;
    else if (arg === '--months') months = Number(args[++i]);
    else return `unknown argument ${arg}`;
  }
  if (months === undefined || !Number.isInteger(months) || months < 1 || months > MOST_MONTHS) {
    return `--months must be a whole number from 1 to ${MOST_MONTHS}`;
  }
  return { months, dryRun };
}

async function main({ months, dryRun }: Asked): Promise<void> {
  const database = await openDatabase(readDatabaseSettings());
  try {
    const { moved, made, dropped, forgotten } = await retainAudit(database.sql, { months, dryRun });
    const would = dryRun ? 'would be ' : '';
    for (const name of made) console.log(`made ${name}`);
    for (const name of dropped) console.log(`${would}dropped ${name}`);
    if (moved > 0) console.log(`${moved} entries ${would}moved out of audit_entry_rest`);
    if (forgotten > 0) console.log(`${forgotten} expired idempotency keys ${would}forgotten`);
    if (made.length + dropped.length + moved + forgotten === 0) console.log('nothing to do');
  } finally {
    await database.close();
  }
}

const args = process.argv.slice(2);
if (args.includes('--help') || args.includes('-h')) {
  console.log(HELP);
} else {
  const asked = read(args);
  if (typeof asked === 'string') {
    console.error(`${asked}; try --help`);
    process.exitCode = 2;
  } else {
    await main(asked).catch((error: unknown) => {
      console.error(`audit:retain: ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = error instanceof EnvError ? 78 : 1;
    });
  }
}
