// Puts the demo world into a database and says who is in it.
import { parseArgs } from 'node:util';
import { type Database, openDatabase } from '../src/data/clients.js';
import { pendingMigrations } from '../src/data/migrations.js';
import { demoPeople } from '../src/demo/people.js';
import { resetPlayground, seedDemo } from '../src/demo/seed-demo.js';
import { type Env, EnvError, readEnv } from '../src/env.js';

const HELP = `Usage: npm run seed [-- --reset-demo]

Puts the demo world into an empty database: a provider and five tenants, with people, teams, roles,
scopes, forms, workflows, agents, apps and configs. Where it was put before, nothing changes. A
database that holds other data is refused and left as it is.

  --reset-demo  puts the organization "Playground" of a demo world back as it was, to write in it
                again; whatever was made in it since is deleted, and nothing else is touched

It reads the settings that the gateway reads (.env.example lists them):

  DATABASE_URL       the PostgreSQL server; without it, the embedded database
  HEIMDALL_DATA_DIR  the folder of the embedded database, when the gateway is not running

The database must be up to date: npm run migrate.
`;

interface Wishes {
  readonly help: boolean;
  readonly 'reset-demo': boolean;
}

function wishes(): Wishes {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      'reset-demo': { type: 'boolean', default: false },
    },
  });
  return values;
}

async function main(): Promise<string> {
  const { help, 'reset-demo': reset } = wishes();
  if (help) return HELP;
  const env = readEnv();
  const { database: settings } = env;
  const database = await openDatabase(
    settings.kind === 'server' ? { ...settings, poolSize: 2 } : { folder: settings.folder },
  );
  try {
    return await seed(database, env, reset);
  } finally {
    await database.close();
  }
}

async function seed(database: Database, { tokens }: Env, reset: boolean): Promise<string> {
  if ((await pendingMigrations(database)).length > 0) {
    throw new Error('the database is not up to date: run npm run migrate first');
  }
  // An identity provider has names of its own for people: first contact binds these.
  const byProvider = tokens.kind === 'jwks';
  const issuer = byProvider ? null : tokens.issuer;
  if (reset) {
    await resetPlayground(database.client, { issuer });
    return 'the Playground is as it was\n';
  }
  const outcome = await seedDemo(database.client, { issuer });
  const first =
    outcome === 'seeded'
      ? `made the demo world: ${await inventory(database)}`
      : 'the demo world is already there: nothing was changed';
  const last = byProvider
    ? 'They sign in through your identity provider, by verified email.'
    : `To act as one of them: npm run -s token -- --user ${demoPeople[0]?.email}`;
  return `${first}\n\n${people()}\n\n${last}\n`;
}

async function inventory({ client }: Database): Promise<string> {
  const counts: readonly (readonly [count: number, of: string])[] = [
    [await client.organization.count(), 'organizations'],
    [await client.user.count(), 'people'],
    [await client.scope.count(), 'scopes'],
    [await client.form.count(), 'forms'],
    [await client.workflow.count(), 'workflows'],
    [await client.agent.count(), 'agents'],
    [await client.app.count(), 'apps'],
    [await client.config.count(), 'configs'],
  ];
  return counts.map(([count, of]) => `${count} ${of}`).join(', ');
}

function people(): string {
  const width = Math.max(...demoPeople.map(({ email }) => email.length));
  return demoPeople.map(({ email, what }) => `  ${email.padEnd(width)}  ${what}`).join('\n');
}

function isUsage(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code.startsWith('ERR_PARSE_ARGS');
}

try {
  process.stdout.write(await main());
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  const hint = isUsage(error) ? '\ntry --help' : '';
  process.stderr.write(`seed: ${message}${hint}\n`);
  process.exitCode = isUsage(error) ? 2 : error instanceof EnvError ? 78 : 1;
}
