/** `npm run executions:retain`: deletes the executions that need not be kept any more. */
import { openDatabase } from '../src/data/clients.js';
import { retainExecutions, retainFirings } from '../src/data/execution-retention.js';
import { EnvError, readDatabaseSettings } from '../src/env.js';

const HELP = `Usage: npm run executions:retain -- --days N [--dry-run]

Deletes executions that ended over N days ago, with all that they launched and their logs, and says so in the record.
What is under way stays, and so does what a later execution was tried again from. It can be stopped at any time and
started again. What has run is needed by its executions: a workflow, a form, an agent, an app or a scope can be
deleted once none of them is kept.

  --days N     how many days are kept since the end (1 to 36500)
  --dry-run    only says how many would go

  DATABASE_URL       the PostgreSQL server; without it, the embedded database
  HEIMDALL_DATA_DIR  the folder of the embedded database (default: .heimdall/data)`;

const MOST_DAYS = 36_500;

interface Asked {
  readonly days: number;
  readonly dryRun: boolean;
}

/** What the arguments ask for; a sentence says what is wrong with them. */
function read(args: readonly string[]): Asked | string {
  let days: number | undefined;
  let dryRun = false;
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i];
    if (arg === '--dry-run') dryRun = true;
    else if (arg === '--days') days = Number(args[++i]);
    else return `unknown argument ${arg}`;
  }
  if (days === undefined || !Number.isInteger(days) || days < 1 || days > MOST_DAYS) {
    return `--days must be a whole number from 1 to ${MOST_DAYS}`;
  }
  return { days, dryRun };
}

async function main({ days, dryRun }: Asked): Promise<void> {
  const database = await openDatabase(readDatabaseSettings());
  try {
    const progress = (gone: number): void => console.error(`${gone} executions deleted so far`);
    const gone = await retainExecutions(database.sql, { days, dryRun, progress });
    console.log(dryRun ? `${gone} executions would be deleted` : `${gone} executions deleted`);
    const fired = await retainFirings(database.sql, { days, dryRun });
    const what = `past due times of schedules ${dryRun ? 'would be deleted' : 'deleted'}`;
    console.log(`${fired} ${what}`);
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
      console.error(`executions:retain: ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = error instanceof EnvError ? 78 : 1;
    });
  }
}
