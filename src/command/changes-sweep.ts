import { sweepChanges } from '../data/changes.js';
import { openDatabase } from '../data/clients.js';
import { readDatabaseSettings } from '../env.js';
import { type Command, FLAG, TEXT } from './command.js';
import { isAsked, numberOf } from './given.js';
import { tell } from './tell.js';

export const changesSweep: Command = {
  help: `Usage: heimdall changes sweep [--seconds N] [--rows N] [--json]

Takes away the changes that are kept for subscribers who come back with a cursor. Gateways that can write do so by
themselves (HEIMDALL_CHANGES_SWEEP_MS). Run it as often as you like, while gateways run or not.

  --seconds N  none that is older (0 to 2592000; default: 3600)
  --rows N     no more than so many (0 to 999999999; default: 1000000)
  --json       the result as JSON

  DATABASE_URL       the PostgreSQL server; without it, the embedded database
  HEIMDALL_DATA_DIR  the folder of the embedded database (default: .heimdall/data)`,
  options: { seconds: TEXT, rows: TEXT, json: FLAG },
  async run(given) {
    const seconds = numberOf(given, 'seconds', { least: 0, most: 2_592_000, otherwise: 3_600 });
    const rows = numberOf(given, 'rows', { least: 0, most: 999_999_999, otherwise: 1_000_000 });
    const database = await openDatabase(readDatabaseSettings());
    try {
      const swept = await sweepChanges(database.sql, { seconds, rows });
      tell(isAsked(given, 'json'), { swept }, [`${swept} changes swept`]);
    } finally {
      await database.close();
    }
    return undefined;
  },
};
