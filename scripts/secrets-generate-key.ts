/** `npm run -s secrets:generate-key`: prints a new key for HEIMDALL_SECRET_KEYS, and nothing else. */
import { generateKey } from '../src/secrets/keyring.js';

const HELP = `Usage: npm run -s secrets:generate-key

Prints a new random key for HEIMDALL_SECRET_KEYS, as id:key. Keep it where you keep passwords, and apart from backups of
the database: whoever has both reads every secret, and without it nobody does. docs/secrets.md says how keys are changed.`;

const args = process.argv.slice(2);
if (args.length === 0) {
  console.log(generateKey());
} else if (args.includes('--help') || args.includes('-h')) {
  console.log(HELP);
} else {
  console.error(`unknown argument ${args[0]}; try --help`);
  process.exitCode = 2;
}
