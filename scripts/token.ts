// Prints a development token for a user and nothing else, so that it can stand in a command:
//   curl -H "authorization: Bearer $(npm run -s token -- --user ada@example.com)" …
// It asks no database: the token names the user by email, and the gateway binds it when it comes.
import { parseArgs } from 'node:util';
import { readEnv } from '../src/env.js';
import { developmentSubject, signDevelopmentToken } from '../src/identity/development-token.js';
import { keptSecret } from '../src/identity/kept-secret.js';

const HELP = `Usage: npm run -s token -- --user <email> [--ttl <seconds>]

Prints a bearer token that signs the user in to this gateway in development.

  --user <email>    who to sign in
  --ttl <seconds>   how long the token lasts (default 28800, at most 2592000)
  --help            this text

It is signed with HEIMDALL_JWT_SECRET, or else with the secret that is kept in HEIMDALL_DATA_DIR.
Where tokens come from an identity provider (HEIMDALL_JWKS_URL), there are none of ours.
`;
const EIGHT_HOURS = '28800';
const THIRTY_DAYS = 2_592_000;

class UsageError extends Error {}

function readArguments(): { user: string; ttl: number } | 'help' {
  const { values } = parseArgs({
    options: {
      user: { type: 'string' },
      ttl: { type: 'string', default: EIGHT_HOURS },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  if (values.user === undefined) throw new UsageError('--user <email> is missing');
  if (!/^[^\s@]+@[^\s@]+$/.test(values.user)) throw new UsageError('--user must be an email');
  const ttl = /^\d{1,9}$/.test(values.ttl) ? Number(values.ttl) : 0;
  if (ttl < 1 || ttl > THIRTY_DAYS) {
    throw new UsageError(`--ttl must be a whole number of seconds from 1 to ${THIRTY_DAYS}`);
  }
  return { user: values.user, ttl };
}

async function main(): Promise<string> {
  const given = readArguments();
  if (given === 'help') return HELP;
  const { tokens } = readEnv();
  if (tokens.kind === 'jwks') {
    throw new Error('tokens come from the identity provider of HEIMDALL_JWKS_URL');
  }
  const token = await signDevelopmentToken({
    secret: tokens.kind === 'kept' ? keptSecret(tokens.file) : tokens.secret,
    issuer: tokens.issuer,
    audience: tokens.audience,
    subject: developmentSubject(given.user),
    email: given.user,
    ttl: given.ttl,
  });
  return `${token}\n`;
}

function isUsage(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return error instanceof UsageError || code.startsWith('ERR_PARSE_ARGS');
}

try {
  process.stdout.write(await main());
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  const hint = isUsage(error) ? '\ntry --help' : '';
  process.stderr.write(`token: ${message}${hint}\n`);
  process.exitCode = isUsage(error) ? 2 : 1;
}
