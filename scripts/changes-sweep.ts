/** `npm run changes:sweep`: takes away changes that need not be kept for subscribers who come back. */
import { sweepChanges } from '../src/data/changes.js';
import { openDatabase } from '../src/data/clients.js';
import { EnvError, readDatabaseSettings } from '../src/env.js';

const HELP = `Usage: npm run changes:sweep -- [--seconds N] [--rows N]

Takes away the changes that are kept for subscribers who come back with a cursor. Gateways that can write do so by themselves
(HEIMDALL_CHANGES_SWEEP_MS). Run it as often as you like, while gateways run or not.

  --seconds N  none that is older (0 to 2592000; default: 3600)
  --rows N     no more than so many (0 to 999999999; default: 1000000)

  DATABASE_URL       the PostgreSQL server; without it, the embedded database
  HEIMDALL_DATA_DIR  the folder of the embedded database (default: .heimdall/data)`;

const NUMBERS = { '--seconds': [0, 2_592_000], '--rows': [0, 999_999_999] } as const;

interface Asked {
  readonly seconds: number;
  readonly rows: number;
}

/** What the arguments ask for; a sentence says what is wrong with them. */
function read(args: readonly string[]): Asked | string {
  const asked = { '--seconds': 3_600, '--rows': 1_000_000 };
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] ?? '';
    if (arg !== '--seconds' && arg !== '--rows') return `unknown argument ${arg}`;
    const [least, most] = NUMBERS[arg];
    const given = args[++i] ?? '';
    const number = Number(given);
    if (!/^\d+$/.test(given) || number < least || number > most) {
      return `${arg} must be a whole number from ${least} to ${most}`;
    }
    asked[arg] = number;
  }
  return { seconds: asked['--seconds'], rows: asked['--rows'] };
}

async function main(asked: Asked): Promise<void> {
  const database = await openDatabase(readDatabaseSettings());
  try {
    console.log(`${await sweepChanges(database.sql, asked)} changes swept`);
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
      console.error(`changes:sweep: ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = error instanceof EnvError ? 78 : 1;
    });
  }
}
