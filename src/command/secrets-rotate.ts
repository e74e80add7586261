import { existsSync } from 'node:fs';
import { openDatabase } from '../data/clients.js';
import { outdatedSecrets, rotateSecrets } from '../data/secret-rotation.js';
import { readRotationSettings } from '../env.js';
import { keptSecret } from '../identity/kept-secret.js';
import { createKeyring, demoKey } from '../secrets/keyring.js';
import { resealingOf } from '../secrets/of-config.js';
import { type Command, FLAG, TEXT } from './command.js';
import { isAsked, numberOf } from './given.js';
import { progress, tell } from './tell.js';

const FAILED = 1;
const STOPPED = 3;

export const secretsRotate: Command = {
  help: `Usage: heimdall secrets rotate [--batch N] [--dry-run] [--json]

Encrypts every secret that another key than the first of HEIMDALL_SECRET_KEYS encrypts anew with that one. It runs beside
gateways that serve, and can be stopped at any time (Ctrl-C, or a crash) and run again: what is done stays done. Ends
with 0 when the older keys are needed no more, with 3 when it was stopped, with 1 when secrets are left that cannot be
decrypted; the ids of their configs are listed.

  --batch N    secrets a transaction (1 to 1000, default 200)
  --dry-run    only says how many there are
  --json       the result as JSON

  HEIMDALL_SECRET_KEYS  the keys, the newest first; those before are needed as well
  DATABASE_URL          the PostgreSQL server; without it, the embedded database
  HEIMDALL_DATA_DIR     the folder of the embedded database (default: .heimdall/data)`,
  options: { batch: TEXT, 'dry-run': FLAG, json: FLAG },
  async run(given) {
    const batch = numberOf(given, 'batch', { least: 1, most: 1000, otherwise: 200 });
    const asJson = isAsked(given, 'json');
    const { database: where, secrets } = readRotationSettings();
    const { keys, demoFile } = secrets;
    const demo = demoFile !== null && existsSync(demoFile) ? [demoKey(keptSecret(demoFile))] : [];
    const resealing = resealingOf(createKeyring([...keys, ...demo]));
    const { newest } = resealing;
    const stop = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
    const database = await openDatabase(where);
    try {
      const outdated = await outdatedSecrets(database.sql, newest);
      if (isAsked(given, 'dry-run')) {
        tell(asJson, { newest, outdated }, [`${outdated} secrets are not under the key ${newest}`]);
        return 0;
      }
      const result = await rotateSecrets(database.sql, resealing, {
        batch,
        signal: stop.signal,
        onProgress: (looked) => progress(`${looked} of about ${outdated}`),
      });
      const { rotated, unreadable, unreadableCount, stopped } = result;
      tell(asJson, { newest, ...result }, [
        `${rotated} secrets encrypted anew with the key ${newest}`,
        ...(stopped ? ['stopped: run it again to go on'] : []),
      ]);
      if (unreadableCount === 0) return stopped ? STOPPED : 0;
      for (const id of unreadable) progress(`cannot be decrypted: config ${id}`);
      progress(`${unreadableCount} secrets cannot be decrypted: are all keys configured?`);
      return FAILED;
    } finally {
      await database.close();
    }
  },
};
