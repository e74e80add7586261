import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../src/data/clients.js';
import { bringUpToDate } from '../../src/data/up-to-date.js';
import { createKeyring } from '../../src/secrets/keyring.js';
import { openConfig, sealConfig } from '../../src/secrets/of-config.js';
import { freshDatabase, urlOf } from '../support/database.js';
import { ISSUER } from '../support/gateway.js';
import { startGatewayProcess } from '../support/gateway-process.js';
import { PLATFORM, World } from '../support/world.js';

const SCRIPT = join(import.meta.dirname, '..', '..', 'src', 'command', 'heimdall.ts');
const SECRETS = 10_000;
const old = { id: 'old', bytes: Buffer.alloc(32, 1) };
const anew = { id: 'new', bytes: Buffer.alloc(32, 2) };
const KEYS = [anew, old].map(({ id, bytes }) => `${id}:${bytes.toString('base64url')}`).join();
const isOnServer = Boolean(
  process.env.TEST_DATABASE_URL && process.env.HEIMDALL_TEST_ON === 'server',
);

let folder: string;
let server: Database | undefined;
let settings: Record<string, string>;
/** Each secret by its id, as it has to read. */
const expected = new Map<string, string>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'heimdall-rotate-'));
  server = isOnServer ? await freshDatabase() : undefined;
  settings =
    server === undefined ? { HEIMDALL_DATA_DIR: folder } : { DATABASE_URL: await urlOf(server) };
  await onDatabase(async ({ client }) => {
    const ring = createKeyring([old]);
    const data = Array.from({ length: SECRETS }, () => {
      const id = randomUUID();
      const secret = `the secret of ${id}`;
      expected.set(id, secret);
      const ciphertext = sealConfig(ring, id, secret);
      return { id, key: `key-${id}`, type: 'SECRET', scopeId: PLATFORM.id, ciphertext };
    });
    for (let at = 0; at < SECRETS; at += 1_000) {
      await client.config.createMany({ data: data.slice(at, at + 1_000) });
    }
  });
}, 300_000);
afterAll(async () => {
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The embedded database is one process's at a time. */
async function onDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  if (server !== undefined) return work(server);
  const database = await openDatabase({ folder: join(folder, 'postgres') });
  try {
    await bringUpToDate(database);
    return await work(database);
  } finally {
    await database.close();
  }
}

/** Every secret as it is under either key, and how many are under the new one. */
function check(): Promise<number> {
  return onDatabase(async ({ client }) => {
    const ring = createKeyring([anew, old]);
    const rows = await client.config.findMany({ select: { id: true, ciphertext: true } });
    expect(rows).toHaveLength(expected.size);
    const lost = rows.filter(
      ({ id, ciphertext }) => openConfig(ring, id, String(ciphertext)) !== expected.get(id),
    );
    expect(lost).toEqual([]);
    return rows.filter(({ ciphertext }) => ciphertext?.startsWith('v1.new.')).length;
  });
}

/** Runs the rotation, and does something to it when it has said so often how far it is. */
async function rotate(after: number, act: (child: ChildProcess) => void): Promise<number | null> {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), SCRIPT, 'secrets', 'rotate', '--batch', '250'],
    {
      cwd: tmpdir(),
      env: { PATH, HOME, HEIMDALL_SECRET_KEYS: KEYS, ...settings },
      stdio: ['ignore', 'inherit', 'pipe'],
    },
  );
  let said = 0;
  let isDone = false;
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text.split(' of about ').length - 1;
    // Once: told a second time, a process ends at once.
    if (said < after || isDone) return;
    isDone = true;
    act(child);
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}

/**
 * Sets secrets by a gateway that serves beside the rotation: those that it comes to next, and new ones. Answers how
 * many it set.
 */
async function writeDuring(work: () => Promise<unknown>): Promise<number> {
  if (server === undefined) throw new Error('the embedded database is one process’s at a time');
  const { sql, client } = server;
  const world = new World(client, ISSUER);
  const admin = await world.user(await world.organization('A'), 'admin', { isPlatformAdmin: true });
  const gateway = await startGatewayProcess(settings.DATABASE_URL ?? '', {
    HEIMDALL_SECRET_KEYS: KEYS,
  });
  const set = async (name: string, input: object): Promise<string> => {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    const source = `mutation ($input: ${type}!) { ${name}(input: $input) { config { id } } }`;
    const { data, errors } = await gateway.ask(admin.email, source, { input });
    expect(errors).toBeUndefined();
    return data[name].config.id;
  };
  const next = `SELECT id::text FROM config WHERE ciphertext NOT LIKE 'v1.new.%' ORDER BY id LIMIT 1 OFFSET $1::int`;
  let isOver = false;
  const over = work().finally(() => {
    isOver = true;
  });
  let count = 0;
  try {
    while (!isOver) {
      // In the batch under way, and in one of the next.
      const [row] = await sql.query<{ id: string }>(next, [(count % 4) * 100]);
      count += 1;
      const value = `set while it rotated, ${count}`;
      if (row !== undefined && count % 5 > 0) {
        await set('updateConfig', { id: row.id, value });
        expected.set(row.id, value);
      } else {
        const input = { key: `made-${count}`, type: 'SECRET', value, scope: null };
        expected.set(await set('createConfig', input), value);
      }
    }
    await over;
  } finally {
    await gateway.stop();
  }
  return count;
}

it('D16: a rotation of 10,000 secrets that is killed again and again loses none', async () => {
  let done = 0;
  for (const after of [1, 5, 2, 7]) {
    // Sometimes after a batch, sometimes in the middle of one.
    const wait = Math.floor(Math.random() * 30);
    await rotate(after, (child) => setTimeout(() => child.kill('SIGKILL'), wait));
    const now = await check();
    expect(now).toBeGreaterThan(done);
    expect(now).toBeLessThan(SECRETS);
    done = now;
  }
  // Told to stop, it says that there is more to do.
  expect(await rotate(1, (child) => child.kill('SIGTERM'))).toBe(3);
  const last = async () => {
    expect(await rotate(Number.POSITIVE_INFINITY, () => {})).toBe(0);
  };
  // On a server gateways serve meanwhile, and what is set by them is not put back.
  if (isOnServer) expect(await writeDuring(last)).toBeGreaterThan(10);
  else await last();
  expect(await check()).toBe(expected.size);
}, 600_000);
