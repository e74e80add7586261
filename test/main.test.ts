import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../src/data/clients.js';
import { demoEmail, demoPeople, FIRST_PEOPLE } from '../src/demo/people.js';

const MAIN = join(import.meta.dirname, '..', 'src', 'main.ts');
const CHECK_SETTINGS = join(import.meta.dirname, '..', 'scripts', 'check-settings.ts');
const JWT_SECRET = 'a shared secret of the tests that is long enough';
const ALICE = 'alice@acme.example';

/** What does not concern a server is not tried on both. */
const onServer = process.env.HEIMDALL_TEST_ON === 'server';
const embedded = test.skipIf(onServer);

/** The start of the gateway as a process of its own. */
class Started {
  readonly output = { stdout: '', stderr: '' };
  readonly #process: ChildProcess;
  readonly #ended: Promise<unknown[]>;

  constructor(env: Record<string, string>, script = MAIN) {
    const { PATH = '', HOME = '' } = process.env;
    // Away from the repository, where a developer may have an .env of their own.
    this.#process = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), script], {
      cwd: tmpdir(),
      env: { PATH, HOME, PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const name of ['stdout', 'stderr'] as const) {
      this.#process[name]?.setEncoding('utf8').on('data', (text) => {
        this.output[name] += text;
      });
    }
    this.#ended = once(this.#process, 'close');
    onTestFinished(() => void this.#process.kill('SIGKILL'));
  }

  /** The URL, once it listens; fails if the process ends instead. */
  async url(): Promise<string> {
    return (await this.#line(/"url":"([^"]+)"[^\n]*"listening"/))[1] ?? '';
  }

  /** Sends a signal and waits for a line of the output; fails if the process ends instead. */
  async told(signal: NodeJS.Signals, line: RegExp): Promise<void> {
    this.#process.kill(signal);
    await this.#line(line);
  }

  async #line(line: RegExp): Promise<RegExpExecArray> {
    const ended = this.#ended.then(() => {
      throw new Error(`it ended: ${this.output.stderr}`);
    });
    ended.catch(() => {});
    for (;;) {
      const found = line.exec(this.output.stdout);
      if (found !== null) return found;
      await Promise.race([once(this.#process.stdout ?? this.#process, 'data'), ended]);
    }
  }

  async exitCode(): Promise<unknown> {
    const [code] = await this.#ended;
    return code;
  }

  stop(signal: NodeJS.Signals): Promise<unknown> {
    this.#process.kill(signal);
    return this.exitCode();
  }

  /** The token that GraphiQL's person picker gets for someone. */
  async token(email: string): Promise<string> {
    const query = new URLSearchParams({ email });
    const response = await fetch(`${await this.url()}/people?${query}`, { method: 'POST' });
    return ((await response.json()) as { token: string }).token;
  }
}

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'heimdall-main-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function ask(url: string, query: string, token?: string) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query }),
  });
  return response.json();
}

embedded(
  'the first start shows the demo world, and a second one finds it again',
  async () => {
    const HEIMDALL_DATA_DIR = join(await emptyFolder(), 'data');
    const first = new Started({ HEIMDALL_DATA_DIR });
    const url = await first.url();
    // The address first but for the log, and no token that scrolls it away (issue 10, number 26).
    const shown = first.output.stdout.replace(/^\{.*\}\n/gm, '');
    expect(shown).toMatch(new RegExp(`^\\s*GraphiQL:  ${url}/graphql\n`));
    expect(first.output.stdout.split('\n').length).toBeLessThan(20);
    expect(first.output.stdout).not.toMatch(/eyJ/);
    for (const person of FIRST_PEOPLE) expect(first.output.stdout).toContain(demoEmail(person));
    expect(await (await fetch(`${url}/people`)).json()).toEqual({ people: demoPeople });
    for (const { email } of demoPeople) {
      expect(await first.token(email)).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    }
    const alice = await first.token(ALICE);
    const query = '{ viewer { organization { name } } configByKey(key: "timezone") { value } }';
    const expected = {
      data: {
        viewer: { organization: { name: 'Acme Corp' } },
        configByKey: { value: 'America/New_York' },
      },
    };
    expect(await ask(url, query, alice)).toEqual(expected);
    expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: 'ok', ready: true });

    const rival = new Started({ HEIMDALL_DATA_DIR });
    expect(await rival.exitCode()).toBe(1);
    expect(rival.output.stderr).toMatch(/^heimdall: the embedded database .* in use.*\n$/);

    expect(await first.stop('SIGTERM')).toBe(0);
    expect(first.output.stderr).toBe('');
    expect(first.output.stdout).toMatch(/"stopped"}\n$/);

    const second = new Started({ HEIMDALL_DATA_DIR, NODE_ENV: 'production' });
    const again = await second.url();
    // The secret was kept, so the token is as good as before.
    expect(await ask(again, query, alice)).toEqual(expected);
    expect((await fetch(`${again}/people`)).status).toBe(404);
    expect(second.output.stdout).not.toContain(ALICE);
    expect(await second.stop('SIGINT')).toBe(0);
  },
  120_000,
);

embedded(
  'a start that fails closes the database, and one without the demo world sows nothing',
  async () => {
    const occupant = createServer().listen(0, '127.0.0.1');
    await once(occupant, 'listening');
    onTestFinished(() => void occupant.close());
    const PORT = String((occupant.address() as AddressInfo).port);
    const folder = join(await emptyFolder(), 'data');
    const env = { HEIMDALL_DATA_DIR: folder, HEIMDALL_SEED_DEMO: 'never' };
    const failed = new Started({ ...env, PORT });
    expect(await failed.exitCode()).toBe(1);
    expect(failed.output.stderr).toMatch(new RegExp(`^heimdall: port ${PORT} of .* in use.*\\n$`));

    const started = new Started({ ...env, HOST: '0.0.0.0', HEIMDALL_MAX_DEPTH: '1' });
    expect(await ask(await started.url(), '{ viewer { roles } }')).toMatchObject({
      errors: [{ message: 'the query is 2 levels deep, of which 1 are allowed' }],
    });
    expect(started.output.stdout).not.toContain(ALICE);
    expect(started.output.stdout).toMatch(/"level":40.*development secret/);
    expect(await started.stop('SIGTERM')).toBe(0);

    const database = await openDatabase({ folder: join(folder, 'postgres') });
    expect(await database.client.organization.count()).toBe(0);
    await database.sql.script(
      `UPDATE _prisma_migrations SET migration_name = '99990101000000_later'
     WHERE migration_name = (SELECT max(migration_name) FROM _prisma_migrations)`,
    );
    await database.close();
    const older = new Started(env);
    expect(await older.exitCode()).toBe(1);
    expect(older.output.stderr).toMatch(/^heimdall: the database is newer than .*\n$/);
  },
  120_000,
);

/** Makes a process fail, on a signal, where nobody waits for it. */
const FAILS_WHEN_TOLD =
  "data:text/javascript,process.on('SIGUSR2',()=>void Promise.reject(new Error('late')))";

embedded(
  'a failure that nobody waited for is logged, and the others are answered',
  async () => {
    const started = new Started({
      HEIMDALL_DATA_DIR: join(await emptyFolder(), 'data'),
      HEIMDALL_SEED_DEMO: 'never',
      NODE_OPTIONS: `--import ${JSON.stringify(FAILS_WHEN_TOLD)}`,
    });
    const url = await started.url();
    await started.told('SIGUSR2', /"level":50.*"message":"late".*that nobody waited for/);
    expect((await fetch(`${url}/health`)).status).toBe(200);
    expect(await started.stop('SIGTERM')).toBe(0);
  },
  60_000,
);

embedded('mistakes in the settings are told together', async () => {
  const started = new Started({ PORT: 'x', LOG_LEVEL: 'y' });
  expect(await started.exitCode()).toBe(78);
  expect(started.output.stderr).toMatch(/^heimdall: .*mistakes:\n {2}PORT .*\n {2}LOG_LEVEL .*\n$/);
});

embedded('issue 10, number 26: they are told before a build, too', async () => {
  const started = new Started({ PORT: 'x' }, CHECK_SETTINGS);
  expect(await started.exitCode()).toBe(78);
  expect(started.output.stderr).toMatch(/^heimdall: .*mistakes:\n {2}PORT .*\n$/);
  expect(await new Started({}, CHECK_SETTINGS).exitCode()).toBe(0);
});

embedded('a database that cannot be reached is one sentence, without the password', async () => {
  const DATABASE_URL = 'postgres://someone:hunter2@127.0.0.1:9/heimdall';
  const started = new Started({ DATABASE_URL, HEIMDALL_JWT_SECRET: JWT_SECRET });
  expect(await started.exitCode()).toBe(1);
  expect(started.output.stderr).toMatch(/^heimdall: .*127\.0\.0\.1:9 cannot be reached.*\n$/);
  expect(started.output.stderr).not.toContain('hunter2');
});

test.runIf(onServer)(
  'a server that was not migrated is left alone, with the command that migrates it',
  async () => {
    const base = process.env.TEST_DATABASE_URL ?? '';
    const name = `heimdall_main_${process.pid}`;
    const server = await openDatabase({ url: base, poolSize: 1 });
    await server.sql.query(`CREATE DATABASE ${name}`);
    onTestFinished(async () => {
      await server.sql.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await server.close();
    });
    const DATABASE_URL = Object.assign(new URL(base), { pathname: `/${name}` }).href;
    const started = new Started({ DATABASE_URL, HEIMDALL_JWT_SECRET: JWT_SECRET });
    expect(await started.exitCode()).toBe(1);
    expect(started.output.stderr).toMatch(/^heimdall: the database lacks .* npm run migrate\n$/);
  },
  120_000,
);

embedded(
  'secrets are encrypted by a key of its own in the demo alone, and the start warns of keys that are missing (D16)',
  async () => {
    const HEIMDALL_DATA_DIR = join(await emptyFolder(), 'data');
    const set = (key: string) =>
      `mutation { createConfig(input: { key: "${key}", type: SECRET, value: "hunter2" }) { config { isSecret } } }`;
    const odin = demoPeople.find(({ email }) => email.startsWith('odin'))?.email ?? '';
    const demo = new Started({ HEIMDALL_DATA_DIR });
    const url = await demo.url();
    const token = await demo.token(odin);
    expect(await ask(url, set('one'), token)).toEqual({
      data: { createConfig: { config: { isSecret: true } } },
    });
    expect(await demo.stop('SIGTERM')).toBe(0);
    expect(demo.output.stdout).not.toMatch(/cannot be read|hunter2/);

    const production = { HEIMDALL_DATA_DIR, NODE_ENV: 'production', HEIMDALL_MUTATIONS: 'on' };
    const without = new Started(production);
    expect(await ask(await without.url(), set('two'), token)).toMatchObject({
      data: { createConfig: null },
      errors: [{ extensions: { code: 'SECRET_KEY_MISSING' } }],
    });
    expect(without.output.stdout).toMatch(
      /"level":40[^\n]*"missing":\["demo"\][^\n]*cannot be read/,
    );
    expect(await without.stop('SIGTERM')).toBe(0);
  },
  120_000,
);
