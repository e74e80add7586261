import { type Database, openDatabase } from '../data/clients.js';
import { bringUpToDate, lackingUpdates } from '../data/up-to-date.js';
import { readDatabaseSettings } from '../env.js';
import { bootstrap, type FirstAdmin } from '../identity/bootstrap.js';
import { type Command, FLAG, type Given, TEXT, UsageError } from './command.js';
import { isAsked, textOf } from './given.js';
import { tell } from './tell.js';

const OPTIONS = { organization: TEXT, email: TEXT, issuer: TEXT, subject: TEXT, name: TEXT };
/** Of a user without an email: a domain that nobody can have (RFC 2606). */
const NOBODYS = 'invalid';

/** Makes the first organization of an installation and the admin who can make everything else. */
export const bootstrapCommand: Command = {
  help: `Usage: heimdall bootstrap --organization <name> --email <email>
       heimdall bootstrap --organization <name> --issuer <iss> --subject <sub> [--email <email>]

Makes an organization and its first user, who is platform admin, in a database that has none. Once: where
there is a platform admin, nothing is changed.

  --organization <name>  the name of the organization
  --email <email>        who it is. Without an identity, the first token with this email, verified,
                         is theirs
  --issuer <iss>         the "iss" of their tokens, together with
  --subject <sub>        the "sub" of their tokens: bound at once
  --name <name>          what to call them (default: the email, or the subject)
  --json                 the result as JSON

It reads the settings that the gateway reads (.env.example lists them all):

  DATABASE_URL       the PostgreSQL server, migrated (heimdall migrate); without it, the embedded database
  HEIMDALL_DATA_DIR  the folder of the embedded database, when the gateway is not running`,
  options: { ...OPTIONS, json: FLAG },
  async run(given) {
    const first = firstAdmin(given);
    const settings = readDatabaseSettings();
    const database = await openDatabase(
      settings.kind === 'server' ? { url: settings.url, poolSize: 2 } : { folder: settings.folder },
    );
    try {
      await assertMigrated(database);
      const made = await bootstrap(database.client, first);
      const whose = first.identity
        ? `whose tokens say "iss": "${first.identity.issuer}" and "sub": "${first.identity.subject}"`
        : `to be bound to the first token with the verified email ${first.email}`;
      tell(isAsked(given, 'json'), made, [
        `made the organization ${made.organizationId} and its platform admin ${made.userId}, ${whose}`,
      ]);
    } finally {
      await database.close();
    }
    return undefined;
  },
};

/** Throws UsageError: something is missing, or is none. */
function firstAdmin(given: Given): FirstAdmin {
  const text = (option: keyof typeof OPTIONS) => textOf(given, option);
  const organization = text('organization');
  const [email, issuer, subject] = [text('email'), text('issuer'), text('subject')];
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
  for (const option of Object.keys(OPTIONS) as (keyof typeof OPTIONS)[]) {
    const value = text(option);
    if (value !== undefined && !/^(?=.*\S)[^\p{Cc}\p{Cs}]{1,255}$/u.test(value)) {
      throw new UsageError(`--${option} must have 1 to 255 characters`);
    }
  }
  const identity = issuer !== undefined && subject !== undefined ? { issuer, subject } : null;
  return {
    organization,
    name: text('name') ?? email ?? subject ?? '',
    email: email ?? `first-admin@${NOBODYS}`,
    identity,
  };
}

/** The embedded database is migrated by whoever opens it; a server when its owner says so. */
async function assertMigrated(database: Database): Promise<void> {
  if (database.kind === 'embedded') await bringUpToDate(database);
  else if ((await lackingUpdates(database)) > 0) {
    throw new Error('the database is not up to date: run heimdall migrate first');
  }
}
