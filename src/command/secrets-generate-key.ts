import { generateKey } from '../secrets/keyring.js';
import { type Command, FLAG } from './command.js';
import { isAsked } from './given.js';
import { tell } from './tell.js';

export const secretsGenerateKey: Command = {
  help: `Usage: heimdall secrets generate-key [--json]

Prints a new random key for HEIMDALL_SECRET_KEYS, as id:key. Keep it where you keep passwords, and apart from backups of
the database: whoever has both reads every secret, and without it nobody does. docs/secrets.md says how keys are changed.

  --json   as JSON`,
  options: { json: FLAG },
  async run(given) {
    const key = generateKey();
    tell(isAsked(given, 'json'), { key }, [key]);
    return undefined;
  },
};
