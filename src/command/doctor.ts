import { existsSync } from 'node:fs';
import { type Database, openDatabase } from '../data/clients.js';
import { type Env, EnvError, readEnv } from '../env.js';
import { type Command, FLAG } from './command.js';
import { check, type Finding, failed, ok, skipped, warned } from './doctor/check.js';
import { clock, migrations, pooler, rights, version } from './doctor/database.js';
import { secretKeys, tokenKeys } from './doctor/keys.js';
import { redis } from './doctor/redis.js';
import { isAsked } from './given.js';
import { tell } from './tell.js';

export const doctor: Command = {
  help: `Usage: heimdall doctor [--json]

Looks whether the gateway would find everything as it needs it, by the settings that it would start with: the settings
themselves, Node, the database (reachable, its version, migrations, the role's rights, pooler, clock), the keys of
tokens and of secrets, and Redis where it is set. Says for each what to do. It changes nothing, and can be run beside
gateways that serve.

Ends with 1 if anything has failed; what is only warned of works.

  --json   what was found, as JSON`,
  options: { json: FLAG },
  async run(given) {
    const findings = await examine();
    const isWell = findings.every(({ outcome }) => outcome !== 'failed');
    tell(isAsked(given, 'json'), { ok: isWell, findings }, findings.flatMap(sentences));
    return isWell ? 0 : 1;
  },
};

const MARKS = { ok: 'ok  ', warned: 'warn', failed: 'FAIL', skipped: '-   ' } as const;

function sentences({ check: name, outcome, says, advice }: Finding): string[] {
  const first = `${MARKS[outcome]} ${name}: ${says}`;
  return advice === undefined ? [first] : [first, `     → ${advice}`];
}

async function examine(): Promise<Finding[]> {
  const node = await check('node', nodeVersion, 'use Node 24');
  let env: Env;
  try {
    env = readEnv();
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    const wrong = failed(error.mistakes.join('; '), '.env.example says what each may be');
    return [node, { check: 'settings', ...wrong }];
  }
  return [
    node,
    { check: 'settings', ...ok(`${env.mode}, on ${env.host}:${env.port}`) },
    ...(await ofDatabase(env)),
    await check('token keys', () => tokenKeys(env), 'is HEIMDALL_JWKS_URL right, and reachable?'),
    await check('redis', () => redis(env), 'is REDIS_URL right?'),
  ];
}

function nodeVersion() {
  const is = process.versions.node;
  return Number(is.split('.', 1)[0]) < 22
    ? warned(is, 'Node 20 is past its end of life: use Node 24')
    : ok(is);
}

/** Everything that takes the database; the embedded one only where it is, for opening it would make it. */
async function ofDatabase(env: Env): Promise<Finding[]> {
  const { database: settings } = env;
  if (settings.kind === 'embedded' && !existsSync(settings.folder)) {
    const none = skipped(`none yet: heimdall start makes it, in ${settings.folder}`);
    return [{ check: 'database', ...none }, await secrets(env, undefined)];
  }
  let database: Database;
  try {
    database = await openDatabase(
      settings.kind === 'server' ? { ...settings, poolSize: 2 } : { folder: settings.folder },
    );
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // A gateway has it, as it should.
    const isInUse = settings.kind === 'embedded' && / is in use by another process$/.test(message);
    const said = isInUse
      ? warned(message, 'if that is the gateway all is well: stop it to look at the database')
      : failed(message, 'is DATABASE_URL right, and does the server run?');
    return [{ check: 'database', ...said }, await secrets(env, undefined)];
  }
  try {
    const advice = 'heimdall migrate, as a role that owns the tables';
    const found = [
      await check('database', () => version(database), advice),
      await check('migrations', () => migrations(database), advice),
    ];
    // An embedded database has no roles but one, no pooler, and the same clock.
    const more =
      settings.kind === 'embedded'
        ? []
        : [
            await check('rights', () => rights(database), advice),
            await check('pooler', () => pooler(settings), advice),
            await check('clock', () => clock(database), advice),
          ];
    const isMigrated = found.at(-1)?.outcome === 'ok';
    return [...found, ...more, await secrets(env, isMigrated ? database : undefined)];
  } finally {
    await database.close(1_000);
  }
}

const secrets = (env: Env, database: Database | undefined): Promise<Finding> =>
  check('secret keys', () => secretKeys(env, database), 'look at HEIMDALL_SECRET_KEYS');
