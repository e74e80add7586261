import { type Database, openDatabase } from '../data/clients.js';
import { pendingMigrations } from '../data/migrations.js';
import { demoPeople } from '../demo/people.js';
import { resetPlayground, seedDemo } from '../demo/seed-demo.js';
import { type Env, readEnv } from '../env.js';
import { type Command, FLAG } from './command.js';
import { isAsked } from './given.js';
import { tell } from './tell.js';

export const seed: Command = {
  help: `Usage: heimdall seed [--reset-demo] [--json]

Puts the demo world into an empty database: a provider and five tenants, with people, teams, roles,
scopes, forms, workflows, agents, apps and configs. Where it was put before, nothing changes. A
database that holds other data is refused and left as it is.

  --reset-demo  puts the organization "Playground" of a demo world back as it was, to write in it
                again; whatever was made in it since is deleted, and nothing else is touched
  --json        the result as JSON

It reads the settings that the gateway reads (.env.example lists them):

  DATABASE_URL       the PostgreSQL server; without it, the embedded database
  HEIMDALL_DATA_DIR  the folder of the embedded database, when the gateway is not running

The database must be up to date: heimdall migrate.`,
  options: { 'reset-demo': FLAG, json: FLAG },
  async run(given) {
    const env = readEnv();
    const { database: settings } = env;
    const database = await openDatabase(
      settings.kind === 'server' ? { ...settings, poolSize: 2 } : { folder: settings.folder },
    );
    try {
      const { outcome, said } = await sow(database, env, isAsked(given, 'reset-demo'));
      tell(isAsked(given, 'json'), { outcome, people: demoPeople }, [said]);
    } finally {
      await database.close();
    }
    return undefined;
  },
};

async function sow(database: Database, { tokens }: Env, reset: boolean) {
  if ((await pendingMigrations(database)).length > 0) {
    throw new Error('the database is not up to date: run heimdall migrate first');
  }
  // An identity provider has names of its own for people: first contact binds these.
  const byProvider = tokens.kind === 'jwks';
  const issuer = byProvider ? null : tokens.issuer;
  if (reset) {
    await resetPlayground(database.client, { issuer });
    return { outcome: 'reset', said: 'the Playground is as it was' };
  }
  const outcome = await seedDemo(database.client, { issuer });
  const first =
    outcome === 'seeded'
      ? `made the demo world: ${await inventory(database)}`
      : 'the demo world is already there: nothing was changed';
  const last = byProvider
    ? 'They sign in through your identity provider, by verified email.'
    : `To act as one of them: heimdall token --user ${demoPeople[0]?.email}`;
  return { outcome, said: `${first}\n\n${people()}\n\n${last}` };
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
