import { revokeFoundKey } from '../commands/found-key.js';
import { openDatabase } from '../data/clients.js';
import { readDatabaseSettings } from '../env.js';
import { systemPrincipal } from '../identity/system-principal.js';
import { type Command, FLAG } from './command.js';
import { isAsked } from './given.js';
import { prefixIn, sentencesOf } from './key-asked.js';
import { tell } from './tell.js';

export const keyRevoke: Command = {
  help: `Usage: heimdall key revoke <prefix> [--json]

Ends a key for ever and at once (D42), whoever it belongs to: for one that has leaked. Gateways that serve refuse it from
the next request on. It is recorded as done by system:key-revoke; one that is revoked stays as it is.

  --json             the key as it is then, as JSON

  DATABASE_URL       the PostgreSQL server; without it, the embedded database
  HEIMDALL_DATA_DIR  the folder of the embedded database (default: .heimdall/data)`,
  options: { json: FLAG },
  takesArguments: true,
  async run(given) {
    const prefix = prefixIn(given);
    const database = await openDatabase(readDatabaseSettings());
    try {
      const key = await revokeFoundKey(database.client, systemPrincipal('key-revoke'), prefix);
      if (key === null) throw new Error('there is no such key');
      tell(isAsked(given, 'json'), key, sentencesOf(key));
    } finally {
      await database.close();
    }
    return undefined;
  },
};
