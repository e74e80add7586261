import { findKey } from '../commands/found-key.js';
import { openDatabase } from '../data/clients.js';
import { readDatabaseSettings } from '../env.js';
import { type Command, FLAG } from './command.js';
import { isAsked } from './given.js';
import { prefixIn, sentencesOf } from './key-asked.js';
import { tell } from './tell.js';

export const keyShow: Command = {
  help: `Usage: heimdall key show <prefix> [--json]

Says whose a key is, where it is from, and whether it still works: for who has found one in a log or a repository. The
prefix is the first 17 characters and no secret; of a whole value it takes these alone, but a command line is kept in
the history of the shell.

  --json             the result as JSON

  DATABASE_URL       the PostgreSQL server; without it, the embedded database
  HEIMDALL_DATA_DIR  the folder of the embedded database (default: .heimdall/data)`,
  options: { json: FLAG },
  takesArguments: true,
  async run(given) {
    const prefix = prefixIn(given);
    const database = await openDatabase(readDatabaseSettings());
    try {
      const key = await findKey(database.client, prefix);
      if (key === null) throw new Error('there is no such key');
      tell(isAsked(given, 'json'), key, sentencesOf(key));
    } finally {
      await database.close();
    }
    return undefined;
  },
};
