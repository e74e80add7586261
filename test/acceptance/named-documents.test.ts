import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Sharing } from '../../src/assemble.js';
import type { Database } from '../../src/data/clients.js';
import { createLog } from '../../src/http/log.js';
import { hashOf } from '../../src/shared/named-documents.js';
import { connectRedis } from '../../src/shared/redis.js';
import { readTrustedDocuments } from '../../src/shared/trusted-documents.js';
import { freshDatabase } from '../support/database.js';
import { ISSUER, type RunningGateway, startGateway } from '../support/gateway.js';
import { hasRedis, redisProcess } from '../support/redis.js';
import { type Identified, SYSTEM, World } from '../support/world.js';

const FORMS = '{ forms { totalCount } }';
const MINE = '{ viewer { user { email } } }';

let database: Database;
let viewer: Identified & { readonly email: string };
beforeAll(async () => {
  database = await freshDatabase();
  const world = new World(database.client, ISSUER);
  const acme = await world.organization('Acme');
  viewer = await world.user(acme, 'viewer');
  await world.hold(viewer, SYSTEM.Viewer, acme);
  await world.row('form', acme, 'Onboarding');
});
afterAll(() => database.close());

/** Gateways on one database, each of which knows of the others what is shared. */
async function starting(documents: Sharing['documents']) {
  const gateway = await startGateway({}, undefined, {
    database,
    level: 'info',
    sharing: { documents },
  });
  onTestFinished(gateway.stopServing);
  return gateway;
}

const inDatabase = () => ({ store: { kind: 'database', sql: database.sql } as const });

/** What is answered to a hash, with its document or without. */
async function send(
  { send: raw }: RunningGateway,
  who: string | null,
  hash: string,
  query?: string,
) {
  const persistedQuery = { version: 1, sha256Hash: hash };
  return raw(who, { ...(query === undefined ? {} : { query }), extensions: { persistedQuery } });
}
const codeOf = ({ errors = [] }: { errors?: { extensions: { code: string } }[] }) =>
  errors[0]?.extensions.code;

const compiled = ({ logged }: RunningGateway): boolean =>
  logged.at(-1)?.includes('"compiled":true') === true;

describe('automatic persisted queries', () => {
  it('are known to every gateway, once one was sent the document, and compiled like others', async () => {
    const one = await starting(inDatabase());
    const other = await starting(inDatabase());
    const hash = hashOf(FORMS);
    expect(codeOf(await send(one, viewer.email, hash))).toBe('PERSISTED_QUERY_NOT_FOUND');
    const whole = await send(one, viewer.email, hash, FORMS);
    expect(whole.data.forms.totalCount).toBe(1);
    expect(await send(one, viewer.email, hash)).toEqual(whole);
    expect(await send(one, viewer.email, hash)).toEqual(whole);
    expect(await send(other, viewer.email, hash)).toEqual(whole);
    await other.settled();
    expect(await send(other, viewer.email, hash)).toEqual(whole);
    await other.settled();
    expect(compiled(other)).toBe(true);
  });

  it('are kept of no stranger, of no document that is not valid, and under no other hash', async () => {
    const gateway = await starting(inDatabase());
    await send(gateway, null, hashOf(MINE), MINE);
    await send(gateway, viewer.email, hashOf('{ nothing }'), '{ nothing }');
    expect(codeOf(await send(gateway, viewer.email, hashOf(FORMS), MINE))).toBe('BAD_USER_INPUT');
    for (const document of [MINE, '{ nothing }']) {
      expect(codeOf(await send(gateway, viewer.email, hashOf(document)))).toBe(
        'PERSISTED_QUERY_NOT_FOUND',
      );
    }
    expect(codeOf(await send(gateway, viewer.email, 'x'))).toBe('PERSISTED_QUERY_NOT_FOUND');
    expect((await gateway.ask(viewer.email, MINE)).data.viewer.user.email).toBe(viewer.email);
  });

  it('are so many at most', async () => {
    await database.sql.query('DELETE FROM persisted_query');
    const gateway = await startGateway({ persistedQueries: 2 }, undefined, {
      database,
      sharing: { documents: inDatabase() },
    });
    onTestFinished(gateway.stopServing);
    for (const alias of ['a', 'b', 'c', 'd']) {
      const document = `{ ${alias}: forms { totalCount } }`;
      await send(gateway, viewer.email, hashOf(document), document);
    }
    const kept = await database.sql.query('SELECT hash FROM persisted_query');
    expect(kept.length).toBeLessThanOrEqual(2);
    await database.sql.query(`UPDATE persisted_query SET kept_at = now() - interval '31 days'`);
    await send(gateway, viewer.email, hashOf(MINE), MINE);
    await expect
      .poll(() => database.sql.query('SELECT hash FROM persisted_query'))
      .toEqual([{ hash: hashOf(MINE) }]);
  });

  it('are taken from nobody who wrote something else into the store', async () => {
    const hash = hashOf('{ tools { totalCount } }');
    const lying = {
      ...database.sql,
      query: async <Row>() => [{ document: MINE }] as Row[],
    };
    const gateway = await starting({ store: { kind: 'database', sql: lying } });
    expect(codeOf(await send(gateway, viewer.email, hash))).toBe('PERSISTED_QUERY_NOT_FOUND');
  });

  it('cost nobody an answer while the store is away', async () => {
    const away = { ...database.sql, query: () => Promise.reject(new Error('refused')) };
    const gateway = await starting({ store: { kind: 'database', sql: away } });
    const hash = hashOf('{ agents { totalCount } }');
    expect(codeOf(await send(gateway, viewer.email, hash))).toBe('PERSISTED_QUERY_NOT_FOUND');
    const whole = await send(gateway, viewer.email, hash, '{ agents { totalCount } }');
    expect(whole.data.agents.totalCount).toBe(0);
    expect(gateway.logged.join()).toContain('the store of persisted queries is away');
  });

  it.runIf(hasRedis)('are known through Redis as well', async () => {
    const redis = await redisProcess();
    onTestFinished(redis.remove);
    const log = createLog('silent');
    const { client, close } = await connectRedis({ url: redis.url, timeoutMs: 1000, log });
    onTestFinished(close);
    const store = { kind: 'redis', client } as const;
    const [one, other] = [await starting({ store }), await starting({ store })];
    const whole = await send(one, viewer.email, hashOf(MINE), MINE);
    await expect.poll(() => client.ttl(`heimdall:query:${hashOf(MINE)}`)).toBeGreaterThan(86_400);
    expect(await send(other, viewer.email, hashOf(MINE))).toEqual(whole);
  });
});

describe('trusted documents', () => {
  const trusted = new Map([[hashOf(FORMS), FORMS]]);

  it('are answered by their hash, others as ever', async () => {
    const gateway = await starting({ trusted });
    expect((await send(gateway, viewer.email, hashOf(FORMS))).data.forms.totalCount).toBe(1);
    await gateway.settled();
    expect(compiled(gateway)).toBe(true);
    expect((await gateway.ask(viewer.email, MINE)).errors).toEqual([]);
    expect(codeOf(await send(gateway, viewer.email, hashOf(MINE)))).toBe('BAD_USER_INPUT');
  });

  it('are the only ones where the operator says so, on either path', async () => {
    const gateway = await starting({ trusted, trustedOnly: true, ...inDatabase() });
    for (const ask of [
      () => gateway.ask(viewer.email, MINE),
      () => gateway.ask(viewer.email, `${FORMS} `),
      () => gateway.ask(null, MINE),
      () => send(gateway, viewer.email, hashOf(MINE), MINE),
      () => send(gateway, viewer.email, hashOf(MINE)),
      () => send(gateway, viewer.email, hashOf(FORMS), MINE),
    ]) {
      const { errors = [], data = null } = await ask();
      expect(data).toBeNull();
      expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
      expect(errors[0]?.message).toMatch(/^only documents that are on the list/);
    }
    expect((await gateway.ask(viewer.email, FORMS)).data.forms.totalCount).toBe(1);
    expect((await send(gateway, viewer.email, hashOf(FORMS))).data.forms.totalCount).toBe(1);
  });

  it('come from a file of hashes and texts, or a manifest of Apollo’s, and are what they are called', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'heimdall-documents-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, 'documents.json');
    const read = (json: unknown) => {
      writeFileSync(path, typeof json === 'string' ? json : JSON.stringify(json));
      return readTrustedDocuments(path);
    };
    expect(read({ [hashOf(FORMS)]: FORMS })).toEqual(trusted);
    const operations = [{ id: hashOf(FORMS), name: 'Forms', type: 'query', body: FORMS }];
    const format = 'apollo-persisted-query-manifest';
    expect(read({ format, version: 1, operations })).toEqual(trusted);
    for (const [json, said] of [
      [{ [hashOf(MINE)]: FORMS }, 'is not its SHA-256'],
      ['{', 'cannot be read as JSON'],
      [[FORMS], 'is neither an object'],
    ] as const) {
      expect(() => read(json)).toThrow(said);
    }
    expect(() => readTrustedDocuments(join(folder, 'missing'))).toThrow('cannot be read as JSON');
  });
});
