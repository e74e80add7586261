// Makes the first organization of an installation and the admin who can make everything else.
import { parseArgs } from 'node:util';
import { type Database, openDatabase } from '../src/data/clients.js';
import { bringUpToDate, lackingUpdates } from '../src/data/up-to-date.js';
import { EnvError, readDatabaseSettings } from '../src/env.js';
import { bootstrap, type FirstAdmin } from '../src/identity/bootstrap.js';

const HELP = `Usage: npm run bootstrap -- --organization <name> --email <email>
       npm run bootstrap -- --organization <name> --issuer <iss> --subject <sub> [--email <email>]

Makes an organization and its first user, who is platform admin, in a database that has none. Once: where
there is a platform admin, nothing is changed.

  --organization <name>  the name of the organization
  --email <email>        who it is. Without an identity, the first token with this email, verified,
                         is theirs
  --issuer <iss>         the "iss" of their tokens, together with
  --subject <sub>        the "sub" of their tokens: bound at once
  --name <name>          what to call them (default: the email, or the subject)
  --help                 this text

It reads the settings that the gateway reads (.env.example lists them all):

  DATABASE_URL       the PostgreSQL server, migrated (npm run migrate); without it, the embedded database
  HEIMDALL_DATA_DIR  the folder of the embedded database, when the gateway is not running
`;
/** Of a user without an email: a domain that nobody can have (RFC 2606). */
const NOBODYS = 'invalid';

class UsageError extends Error {}

function readArguments(): FirstAdmin | 'help' {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: {
      organization: text,
      email: text,
      issuer: text,
      subject: text,
      name: text,
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const { organization, email, issuer, subject } = values;
  if (organization === undefined) throw new UsageError('--organization <name> is missing');
  if ((issuer === undefined) !== (subject === undefined)) {
    throw new UsageError('--issuer and --subject go together');
  }
  if (email === undefined && subject === undefined) {
    throw new UsageError('--email <email> is missing, or --issuer <iss> and --subject <sub>');
  }
  if (email !== undefined && !/^[^\s@]+@[^\s@]+$/.test(email)) {
    throw new UsageError('--email must be an email');
  }
  for (const [option, value] of Object.entries(values)) {
    if (typeof value === 'string' && !/^(?=.*\S)[^\p{Cc}\p{Cs}]{1,255}$/u.test(value)) {
      throw new UsageError(`--${option} must have 1 to 255 characters`);
    }
  }
  const identity = issuer !== undefined && subject !== undefined ? { issuer, subject } : null;
  return {
    organization,
    name: values.name ?? email ?? subject ?? '',
    email: email ?? `first-admin@${NOBODYS}`,
    identity,
  };
}

async function main(): Promise<string> {
  const first = readArguments();
  if (first === 'help') return HELP;
  const settings = readDatabaseSettings();
  const database = await openDatabase(
    settings.kind === 'server' ? { url: settings.url, poolSize: 2 } : { folder: settings.folder },
  );
  try {
    await assertMigrated(database);
    const { organizationId, userId } = await bootstrap(database.client, first);
    const whose = first.identity
      ? `whose tokens say "iss": "${first.identity.issuer}" and "sub": "${first.identity.subject}"`
      : `to be bound to the first token with the verified email ${first.email}`;
    return `made the organization ${organizationId} and its platform admin ${userId}, ${whose}\n`;
  } finally {
    await database.close();
  }
}

/** The embedded database is migrated by whoever opens it; a server when its owner says so. */
async function assertMigrated(database: Database): Promise<void> {
  if (database.kind === 'embedded') await bringUpToDate(database);
  else if ((await lackingUpdates(database)) > 0) {
    throw new Error('the database is not up to date: run npm run migrate first');
  }
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
  process.stderr.write(`bootstrap: ${message}${hint}\n`);
  process.exitCode = isUsage(error) ? 2 : error instanceof EnvError ? 78 : 1;
}
