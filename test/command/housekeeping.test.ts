import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../src/data/clients.js';
import { freshDatabase, urlOf } from '../support/database.js';

const HEIMDALL = join(import.meta.dirname, '..', '..', 'src', 'command', 'heimdall.ts');
const JWT = { HEIMDALL_JWT_SECRET: 'a shared secret of the tests that is long enough' };
const isOnServer = Boolean(
  process.env.TEST_DATABASE_URL && process.env.HEIMDALL_TEST_ON === 'server',
);

let folder: string;
let server: Database | undefined;
let settings: Record<string, string>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heimdall-housekeeping-'));
  server = isOnServer ? await freshDatabase() : undefined;
  settings =
    server === undefined
      ? { HEIMDALL_DATA_DIR: folder }
      : { ...JWT, DATABASE_URL: await urlOf(server) };
  if (server === undefined) await done(['migrate']);
});
afterAll(async () => {
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

/** The embedded database is one process's at a time. */
async function onDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  if (server !== undefined) return work(server);
  const database = await openDatabase({ folder: join(folder, 'postgres') });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/** What a command says that is done, as somebody runs it at a prompt. */
async function done(args: readonly string[], env: Readonly<Record<string, string>> = settings) {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), HEIMDALL, ...args],
    { cwd: folder, env: { PATH, HOME, ...env } },
  );
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    said.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said.err += text;
  });
  const [code] = await once(child, 'close');
  expect({ args, code, err: code === 0 ? '' : said.err }).toEqual({ args, code: 0, err: '' });
  return said.out;
}

describe('heimdall seed --reset-demo', () => {
  it('puts the Playground back, and touches nothing else', async () => {
    expect(await done(['seed'])).toMatch(/^made the demo world: \d+ organizations, /);
    const of = async (domain: string) =>
      onDatabase(async ({ client }) => {
        const where = { organization: { domain } };
        const forms = await client.form.findMany({ where, orderBy: { name: 'asc' } });
        return forms.map(({ name }) => name);
      });
    const before = { playground: await of('playground.example'), acme: await of('acme.example') };
    expect(before.playground).not.toEqual([]);
    await onDatabase(async ({ client }) => {
      for (const domain of ['playground.example', 'acme.example']) {
        const { organizationId, scopeId } = await client.form.findFirstOrThrow({
          where: { organization: { domain } },
        });
        await client.form.create({ data: { name: '0 made since', organizationId, scopeId } });
      }
      const [gone = ''] = before.playground;
      const where = { organization: { domain: 'playground.example' }, name: gone };
      await client.form.deleteMany({ where });
    });
    expect(await done(['seed', '--reset-demo'])).toBe('the Playground is as it was\n');
    expect(await of('playground.example')).toEqual(before.playground);
    expect(await of('acme.example')).toEqual(['0 made since', ...before.acme]);
  }, 180_000);
});

describe('heimdall audit retain', () => {
  it('drops the months that are over for so long, once, and says which', async () => {
    // Of February 2024, and of now.
    const made = `INSERT INTO audit_entry (id, actor_kind, actor_label, is_switched, action, resource_type, outcome, reason)
      VALUES ($1::uuid, 'SYSTEM', 'x', false, 'form:update', 'form', 'PERMITTED', 'housekeeping')`;
    const kept = async () =>
      onDatabase(async ({ client }) =>
        client.auditEntry.count({ where: { reason: 'housekeeping' } }),
      );
    await onDatabase(async ({ sql }) => {
      await sql.query(made, ['018dc000-0000-7000-8000-000000000000']);
      const [now] = await sql.query<{ id: string }>('SELECT heimdall_next_id()::text AS id');
      await sql.query(made, [now?.id]);
    });
    const retain = ['audit', 'retain', '--months', '12'];
    expect(await done([...retain, '--dry-run'])).toContain('1 entries would be moved out');
    expect(await kept()).toBe(2);
    const said = JSON.parse(await done([...retain, '--json']));
    expect(said).toMatchObject({ dryRun: false, moved: 1, dropped: ['audit_entry_202402'] });
    expect(await kept()).toBe(1);
    expect(await done(retain)).toBe('nothing to do\n');
  }, 180_000);
});

describe('heimdall secrets generate-key', () => {
  it('prints a key that the settings take, another each time', async () => {
    const keys = [
      (await done(['secrets', 'generate-key'])).trim(),
      JSON.parse(await done(['secrets', 'generate-key', '--json'])).key,
    ];
    expect(new Set(keys).size).toBe(2);
    for (const key of keys) expect(key).toMatch(/^[\w-]+:[\w-]{43}$/);
    const env = { ...settings, HEIMDALL_SECRET_KEYS: keys.join() };
    const [first] = keys[0].split(':');
    const outdated = JSON.parse(await done(['secrets', 'rotate', '--dry-run', '--json'], env));
    expect(outdated).toMatchObject({ newest: first });
  }, 180_000);
});
