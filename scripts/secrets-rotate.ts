/** `npm run secrets:rotate`: encrypts every secret anew with the newest key. */
import { existsSync } from 'node:fs';
import { openDatabase } from '../src/data/clients.js';
import { outdatedSecrets, rotateSecrets } from '../src/data/secret-rotation.js';
import { EnvError, readRotationSettings } from '../src/env.js';
import { isDomainError } from '../src/errors.js';
import { keptSecret } from '../src/identity/kept-secret.js';
import { createKeyring, demoKey } from '../src/secrets/keyring.js';
import { resealingOf } from '../src/secrets/of-config.js';

const HELP = `Usage: npm run secrets:rotate -- [--batch N] [--dry-run]

Encrypts every secret that another key than the first of HEIMDALL_SECRET_KEYS encrypts anew with that one. It runs beside
gateways that serve, and can be stopped at any time (Ctrl-C, or a crash) and run again: what is done stays done. Exits
with 0 when the older keys are needed no more, with 3 when it was stopped, with 1 when secrets are left that cannot be
decrypted; the ids of their configs are listed.

  --batch N    secrets a transaction (1 to 1000, default 200)
  --dry-run    only says how many there are

  HEIMDALL_SECRET_KEYS  the keys, the newest first; those before are needed as well
  DATABASE_URL          the PostgreSQL server; without it, the embedded database
  HEIMDALL_DATA_DIR     the folder of the embedded database (default: .heimdall/data)`;

interface Asked {
  readonly batch: number;
  readonly dryRun: boolean;
}

/** What the arguments ask for; a sentence says what is wrong with them. */
function read(args: readonly string[]): Asked | string {
  let batch = 200;
  let dryRun = false;
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i];
    if (arg === '--dry-run') dryRun = true;
    else if (arg === '--batch') batch = Number(args[++i]);
    else return `unknown argument ${arg}`;
  }
  return Number.isInteger(batch) && batch >= 1 && batch <= 1000
    ? { batch, dryRun }
    : '--batch must be a whole number from 1 to 1000';
}

async function main({ batch, dryRun }: Asked): Promise<number> {
  const { database: where, secrets } = readRotationSettings();
  const { keys, demoFile } = secrets;
  const demo = demoFile !== null && existsSync(demoFile) ? [demoKey(keptSecret(demoFile))] : [];
  const resealing = resealingOf(createKeyring([...keys, ...demo]));
  const { newest } = resealing;
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const database = await openDatabase(where);
  try {
    const all = await outdatedSecrets(database.sql, newest);
    if (dryRun) {
      console.log(`${all} secrets are not under the key ${newest}`);
      return 0;
    }
    const { rotated, unreadable, unreadableCount, stopped } = await rotateSecrets(
      database.sql,
      resealing,
      {
        batch,
        signal: stop.signal,
        onProgress: (looked) => console.log(`${looked} of about ${all}`),
      },
    );
    console.log(`${rotated} secrets encrypted anew with the key ${newest}`);
    for (const id of unreadable) console.error(`cannot be decrypted: config ${id}`);
    if (stopped) console.log('stopped: run it again to go on');
    if (unreadableCount === 0) return stopped ? 3 : 0;
    console.error(`${unreadableCount} secrets cannot be decrypted: are all keys configured?`);
    return 1;
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
    process.exitCode = await main(asked).catch((error: unknown) => {
      console.error(`secrets:rotate: ${error instanceof Error ? error.message : String(error)}`);
      if (isDomainError(error)) return 78;
      return error instanceof EnvError ? 78 : 1;
    });
  }
}
