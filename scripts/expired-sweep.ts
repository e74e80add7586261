/** `npm run expired:sweep`: takes away memberships, and roles on them, that have ended (D48). */
import { sweepExpired } from '../src/commands/sweep-expired.js';
import { openDatabase } from '../src/data/clients.js';
import { EnvError, readDatabaseSettings } from '../src/env.js';
import { systemPrincipal } from '../src/identity/system-principal.js';

const HELP = `Usage: npm run expired:sweep -- [--days N] [--batch N] [--dry-run]

Takes away memberships that have ended, and roles that ended before the membership that they are on. They count for
nothing since then; until they are swept they are listed as expired, and can be prolonged. Each is recorded as done by
system:expired-sweep. Run it as often as you like, while gateways run or not, with the settings of npm run migrate.

  --days N     only what ended at least N days ago (0 to 3650; default: 0)
  --batch N    how many are taken away in one transaction (1 to 1000; default: 200)
  --dry-run    only says how many there are

  DATABASE_URL       the PostgreSQL server; without it, the embedded database
  HEIMDALL_DATA_DIR  the folder of the embedded database (default: .heimdall/data)`;

interface Asked {
  readonly days: number;
  readonly batch: number;
  readonly dryRun: boolean;
}

const NUMBERS = { '--days': [0, 3650], '--batch': [1, 1000] } as const;

/** What the arguments ask for; a sentence says what is wrong with them. */
function read(args: readonly string[]): Asked | string {
  const asked = { '--days': 0, '--batch': 200 };
  let dryRun = false;
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] ?? '';
    if (arg === '--dry-run') dryRun = true;
    else if (arg === '--days' || arg === '--batch') {
      const [least, most] = NUMBERS[arg];
      const given = args[++i] ?? '';
      const number = Number(given);
      if (!/^\d+$/.test(given) || number < least || number > most) {
        return `${arg} must be a whole number from ${least} to ${most}`;
      }
      asked[arg] = number;
    } else return `unknown argument ${arg}`;
  }
  return { days: asked['--days'], batch: asked['--batch'], dryRun };
}

async function main(asked: Asked): Promise<void> {
  const database = await openDatabase(readDatabaseSettings());
  try {
    const principal = systemPrincipal('expired-sweep');
    const { memberships, assignments } = await sweepExpired(database.client, principal, asked);
    const would = asked.dryRun ? 'would be ' : '';
    if (memberships > 0) console.log(`${memberships} memberships ${would}swept`);
    if (assignments > 0) console.log(`${assignments} roles on memberships ${would}swept`);
    if (memberships + assignments === 0) console.log('nothing to do');
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
      console.error(`expired:sweep: ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = error instanceof EnvError ? 78 : 1;
    });
  }
}
