import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/command/commands.js';
import { nearest } from '../../src/command/nearest.js';
import type { Database } from '../../src/data/clients.js';
import { emptyDatabase, freshDatabase, urlOf } from '../support/database.js';

const HEIMDALL = join(import.meta.dirname, '..', '..', 'src', 'command', 'heimdall.ts');
const onServer = process.env.HEIMDALL_TEST_ON === 'server';
const JWT = { HEIMDALL_JWT_SECRET: 'a shared secret of the tests that is long enough' };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heimdall-command-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), HEIMDALL, ...args],
    { cwd: folder, env: { PATH, HOME, HEIMDALL_DATA_DIR: join(folder, 'data'), ...env } },
  );
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    said.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said.err += text;
  });
  const [code] = await once(child, 'close');
  return { code, ...said };
}

describe.skipIf(onServer)('heimdall', () => {
  it('says how each of its commands is used', async () => {
    const { code, out } = await run(['--help']);
    expect(code).toBe(0);
    for (const [name, { load }] of Object.entries(COMMANDS)) {
      expect(out).toMatch(new RegExp(`^  ${name} +\\S`, 'm'));
      const { help, options = {} } = await load();
      expect(help).toMatch(new RegExp(`^Usage: heimdall ${name}\\b`));
      for (const option of Object.keys(options)) expect(help).toContain(`--${option}`);
    }
    expect(await run(['audit', 'retain', '-h'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^Usage: heimdall audit retain --months N/),
      err: '',
    });
  }, 60_000);

  it.each([
    [[], /^Usage: heimdall <command>/],
    [
      ['migrat'],
      /^heimdall: unknown command migrat; did you mean migrate\?\ntry heimdall --help\n$/,
    ],
    [['nonsense'], /^heimdall: unknown command nonsense\ntry/],
    [['constructor'], /^heimdall: unknown command constructor/],
    [['secrets', 'rot'], /^heimdall: secrets is one of: secrets generate-key, secrets rotate\n/],
    [['migrate', 'now'], /^heimdall migrate: Unexpected argument 'now'/],
    [['migrate', '--dry-run'], /^heimdall migrate: Unknown option '--dry-run'/],
    [['audit', 'retain', '--months'], /^heimdall audit retain: Option '--months <value>'/],
    [['audit', 'retain', '--months', '1e3'], /^heimdall audit retain: --months must be a whole/],
    [['key', 'show', 'hdak_short'], /^heimdall key show: this is no key/],
  ])(
    '%j is mistaken: it says so on stderr, and ends with 2',
    async (args, said) => {
      const { code, out, err } = await run(args);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toMatch(said);
      // What may be a secret with a letter too few is not said again.
      expect(err).not.toContain('hdak_short');
    },
    60_000,
  );

  it('ends with 78 when the settings are mistaken', async () => {
    const settings = { HEIMDALL_POTR: '1' };
    expect(await run(['migrate'], settings)).toMatchObject({ code: 78, out: '' });
    const { code, out } = await run(['doctor', '--json'], settings);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ ok: false });
    expect(out).toContain('HEIMDALL_POTR is not a variable of Heimdall');
  }, 60_000);

  it('answers in JSON where that is asked for, and says how far it is on stderr', async () => {
    const before = await run(['doctor', '--json']);
    expect(before.code).toBe(0);
    // Looking has made nothing.
    expect(existsSync(join(folder, 'data'))).toBe(false);
    const { code, out, err } = await run(['migrate', '--json']);
    expect(code).toBe(0);
    const { migrations } = JSON.parse(out) as { migrations: string[] };
    expect(err.split('\n')).toHaveLength(migrations.length + 1);
    const { out: found } = await run(['doctor', '--json']);
    expect(JSON.parse(found)).toMatchObject({
      ok: true,
      findings: expect.arrayContaining([
        { check: 'migrations', outcome: 'ok', says: 'all are applied' },
      ]),
    });
    const missing = await run(['key', 'show', 'hdak_000000000000']);
    expect(missing).toMatchObject({ code: 1, err: 'heimdall key show: there is no such key\n' });
  }, 120_000);
});

it('takes a name for the one that is meant up to two letters away', () => {
  const names = ['migrate', 'audit retain', 'policy test'];
  expect(nearest('migrte', names)).toBe('migrate');
  expect(nearest('polici', names)).toBe('policy test');
  expect(nearest('xyzzy', names)).toBeUndefined();
});

describe.runIf(onServer)('heimdall doctor, on a server', () => {
  let database: Database;
  beforeAll(async () => {
    database = await freshDatabase();
  });
  afterAll(() => database.close());

  const examined = async (url: string, env: Readonly<Record<string, string>> = {}) => {
    const { code, out } = await run(['doctor', '--json'], { ...JWT, DATABASE_URL: url, ...env });
    const { findings } = JSON.parse(out) as {
      findings: { check: string; outcome: string; says: string }[];
    };
    return { code, out, of: Object.fromEntries(findings.map((one) => [one.check, one])) };
  };

  it('finds all as it should be', async () => {
    const { code, of } = await examined(await urlOf(database));
    expect(code).toBe(0);
    for (const name of ['settings', 'database', 'migrations', 'pooler', 'clock', 'token keys']) {
      expect(of[name], name).toMatchObject({ outcome: 'ok' });
    }
  }, 60_000);

  it('says what is wrong, and ends with 1: migrations, rights, keys, Redis, the server', async () => {
    const empty = await emptyDatabase();
    try {
      const { code, of } = await examined(await urlOf(empty));
      expect(code).toBe(1);
      expect(of.migrations).toMatchObject({ outcome: 'failed', advice: 'run heimdall migrate' });
    } finally {
      await empty.close();
    }
    const url = new URL(await urlOf(database));
    const role = `heimdall_doctor_${process.pid}`;
    await database.sql.script(`CREATE ROLE ${role} LOGIN PASSWORD 'doctor';
      GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${role}; REVOKE SELECT ON "agent" FROM ${role}`);
    try {
      url.username = role;
      url.password = 'doctor';
      const limited = await examined(url.href, { REDIS_URL: 'redis://:hidden@127.0.0.1:1' });
      expect(limited.code).toBe(1);
      expect(limited.of.rights?.outcome).toBe('failed');
      expect(limited.of.rights?.says).toMatch(/\bSELECT\b[^;]* on agent\b/);
      expect(limited.of.redis?.outcome).toBe('failed');
      expect(limited.out).not.toMatch(/hidden|:doctor@/);
    } finally {
      await database.sql.script(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
    url.port = '1';
    const away = await examined(url.href, { DATABASE_POOLER: 'transaction' });
    expect(away.code).toBe(1);
    expect(away.of.database).toMatchObject({ outcome: 'failed' });
  }, 120_000);

  it('says what a pooler of transactions leaves out', async () => {
    const pooled = await examined(await urlOf(database), { DATABASE_POOLER: 'transaction' });
    expect(pooled.of.pooler ?? pooled.of.database).toMatchObject({
      says: expect.stringMatching(/nothing is prepared|time zone/),
    });
  }, 60_000);
});
