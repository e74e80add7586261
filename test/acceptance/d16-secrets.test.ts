import { beforeEach, describe, expect, it } from 'vitest';
import { repeatOf } from '../../src/http/repeat.js';
import { createKeyring } from '../../src/secrets/keyring.js';
import { gatewayWith, KEYRING, startGateway } from '../support/gateway.js';
import { mutate } from '../support/mutate.js';
import type { World } from '../support/world.js';

const WRITES = ['read', 'create', 'update', 'delete'].map((action) => `config:${action}`);

const plant = async (world: World) => {
  const a = await world.organization('A');
  return {
    a,
    // Who sets secrets, who reads them as well, who only reads configs, and who sees nothing.
    writer: await world.manager(a, WRITES),
    revealer: await world.manager(a, [...WRITES, 'config:reveal', 'audit:read']),
    reader: await world.manager(a, ['config:read']),
    stranger: await world.user(await world.organization('B'), 'stranger'),
  };
};
const shared = gatewayWith(plant);

type Who = 'writer' | 'revealer' | 'reader' | 'stranger';
const CONFIG = 'config { id key type isSecret value version }';
const send = (who: Who, name: string, input: object, selection = CONFIG) =>
  mutate(shared, shared.w[who].email, name, input, selection);
const reveal = (who: Who, id: string, reason = 'to see that it works') =>
  send(who, 'revealConfig', { id, reason }, `value ${CONFIG}`);

let counter = 0;
let key = '';
beforeEach(() => {
  key = `key${++counter}`;
});

async function secret(value: unknown = 'hunter2'): Promise<string> {
  const { answer, code } = await send('writer', 'createConfig', { key, type: 'SECRET', value });
  expect(code).toBeUndefined();
  return answer.config.id;
}
const stored = (id: string) => shared.world.client.config.findUniqueOrThrow({ where: { id } });
const entriesOf = (id: string) =>
  shared.world.client.auditEntry.findMany({ where: { resourceId: id }, orderBy: { id: 'asc' } });

describe('D16: a secret', () => {
  it('is kept encrypted, and null on every path', async () => {
    const made = await send('writer', 'createConfig', { key, type: 'SECRET', value: 'hunter2' });
    expect(made.answer.config).toMatchObject({ type: 'SECRET', isSecret: true, value: null });
    const { id } = made.answer.config;
    expect(await stored(id)).toMatchObject({
      value: null,
      ciphertext: expect.stringMatching(/^v1\.test\./),
    });
    const { data } = await shared.ask(
      shared.w.revealer.email,
      `query ($id: ID!, $key: String!) {
        config(id: $id) { value isSecret } configByKey(key: $key) { value isSecret }
        configs(where: { key: { eq: $key } }) { edges { node { value isSecret } } }
      }`,
      { id, key },
    );
    const told = { value: null, isSecret: true };
    expect(data).toEqual({
      config: told,
      configByKey: told,
      configs: { edges: [{ node: told }] },
    });
  });

  it.each([
    ['text', 'hunter2'],
    ['the empty text', ''],
    ['an object', { user: 'a', password: ['b', 1, true] }],
    ['a number', 42],
    ['false', false],
  ])('may be %s, and is revealed as it was set', async (_what, value) => {
    const id = await secret(value);
    expect((await reveal('revealer', id)).answer).toEqual({
      value,
      config: { id, key, type: 'SECRET', isSecret: true, value: null, version: 1 },
    });
  });

  it('is not null, and not set by who may not', async () => {
    const nothing = await send('writer', 'createConfig', { key, type: 'SECRET', value: null });
    expect(nothing).toMatchObject({ code: 'BAD_USER_INPUT' });
    const left = await send('writer', 'createConfig', { key, type: 'SECRET' });
    expect(left).toMatchObject({ code: 'BAD_USER_INPUT' });
    // Who may not is told so, and not what is wrong with it.
    expect(await send('reader', 'createConfig', { key, type: 'SECRET' })).toMatchObject({
      code: 'FORBIDDEN',
    });
  });

  it('is set anew, by its key as well, by who cannot read it', async () => {
    const id = await secret();
    const set = { key, type: 'SECRET', value: 'hunter3' };
    expect((await send('writer', 'setConfig', set)).answer.config).toMatchObject({
      id,
      value: null,
      version: 2,
    });
    expect((await reveal('revealer', id)).answer.value).toBe('hunter3');
    await send('writer', 'updateConfig', { id, value: 'hunter4' });
    expect((await reveal('revealer', id)).answer.value).toBe('hunter4');
    expect(await send('writer', 'updateConfig', { id, value: null })).toMatchObject({
      code: 'BAD_USER_INPUT',
    });
    await send('writer', 'updateConfig', { id, description: 'of the mail server' });
    expect((await reveal('revealer', id)).answer.value).toBe('hunter4');
  });

  it('of another row is none of this one: an envelope that is copied does not open', async () => {
    const one = await secret('of one');
    key = `${key}-other`;
    const second = await secret('of another');
    const { ciphertext } = await stored(second);
    await shared.world.client.config.update({ where: { id: one }, data: { ciphertext } });
    await expect(reveal('revealer', one)).rejects.toThrow(/INTERNAL_SERVER_ERROR/);
    expect((await reveal('revealer', second)).answer.value).toBe('of another');
  });

  it('is not quoted by an error about the input that it is part of', async () => {
    for (const input of [
      { key, type: 'SECRET', vlaue: 'hunter2' },
      { key: 'a', type: 'SECRETS', value: 'hunter2' },
      [{ key, value: 'hunter2' }],
    ]) {
      const { errors } = await shared.ask(
        shared.w.writer.email,
        'mutation ($input: CreateConfigInput!) { createConfig(input: $input) { config { id } } }',
        { input },
      );
      expect(errors.length).toBeGreaterThan(0);
      for (const { message, extensions } of errors) {
        expect(message).toMatch(/^Variable "\$input" got (an )?invalid value/);
        expect([message.includes('hunter2'), extensions.code]).toEqual([false, 'BAD_USER_INPUT']);
      }
    }
  });
});

describe('D16: revealing', () => {
  it('needs its own permission, on a row that one may read', async () => {
    const id = await secret();
    expect(await reveal('reader', id)).toMatchObject({ code: 'FORBIDDEN', answer: null });
    expect(await reveal('writer', id)).toMatchObject({ code: 'FORBIDDEN', answer: null });
    const hidden = await reveal('stranger', id);
    const none = await reveal('stranger', '01900000-0000-7000-8000-00000000dead');
    expect(hidden).toMatchObject({ code: 'NOT_FOUND', answer: null });
    expect(hidden).toEqual(none);
  });

  it('is recorded with its reason, also where it is refused', async () => {
    const id = await secret();
    await reveal('revealer', id, 'the mail server is down');
    await reveal('reader', id, 'out of curiosity');
    const [, revealed, refused] = await entriesOf(id);
    expect(revealed).toMatchObject({
      action: 'config:reveal',
      outcome: 'PERMITTED',
      actorUserId: shared.w.revealer.id,
      reason: 'the mail server is down',
      before: null,
      after: null,
    });
    expect(refused).toMatchObject({ action: 'config:reveal', outcome: 'DENIED' });
  });

  it('takes a reason, and a secret', async () => {
    const id = await secret();
    for (const reason of ['', '  ', 'x'.repeat(501)]) {
      expect(await reveal('revealer', id, reason)).toMatchObject({ code: 'BAD_USER_INPUT' });
    }
    const plain = await send('writer', 'createConfig', {
      ...{ key: `${key}-plain`, type: 'STRING', value: 'x' },
    });
    expect(await reveal('revealer', plain.answer.config.id)).toMatchObject({
      code: 'BAD_USER_INPUT',
    });
  });

  it('is not done again for an answer that was lost: the value is kept nowhere', async () => {
    const id = await secret();
    const once = () =>
      mutate(
        shared,
        shared.w.revealer.email,
        'revealConfig',
        { id, reason: 'x' },
        `value ${CONFIG}`,
        { 'idempotency-key': `reveal-${key}` },
      );
    expect((await once()).answer.value).toBe('hunter2');
    expect((await once()).answer).toMatchObject({ value: null, config: { id } });
    const kept = await shared.world.client.$queryRaw`SELECT * FROM idempotency_key`;
    expect(JSON.stringify(kept)).not.toContain('hunter2');
  });
});

describe('D16: a request that is known again by its Idempotency-Key', () => {
  const once = (gateway: typeof shared, key: string, who: string) =>
    mutate(gateway, who, 'createConfig', { key, type: 'SECRET', value: 'hunter2' }, CONFIG, {
      'idempotency-key': `set-${key}`,
    });
  const hashes = async () => {
    const { client } = shared.world;
    const rows = await client.$queryRaw<{ hash: string }[]>`
      SELECT payload_hash AS hash FROM idempotency_key WHERE key = ${`set-${key}`}`;
    return rows.map(({ hash }) => hash);
  };

  it('is kept under a key, so that a dump lets nobody try what it could have been', async () => {
    const { answer } = await once(shared, key, shared.w.writer.email);
    expect((await once(shared, key, shared.w.writer.email)).answer).toEqual(answer);
    const input = { key, type: 'SECRET', value: 'hunter2' };
    const source = `mutation ($input: CreateConfigInput!) { createConfig(input: $input) { ${CONFIG} } }`;
    const plain = repeatOf(
      new Headers({ 'idempotency-key': 'x' }),
      { query: source, variables: { input } },
      { scopeHeader: null },
    )?.payloadHash;
    expect(await hashes()).toEqual(KEYRING.fingerprints(String(plain)));
    expect(await hashes()).not.toContain(plain);
  });

  it('is known by what was kept of it, and by nothing else', async () => {
    const { answer } = await once(shared, key, shared.w.writer.email);
    const [kept = ''] = await hashes();
    const change = (hash: string) => shared.world.client.$executeRaw`
      UPDATE idempotency_key SET payload_hash = ${hash} WHERE key = ${`set-${key}`}`;
    await change('of another request');
    expect(await once(shared, key, shared.w.writer.email)).toMatchObject({ code: 'CONFLICT' });
    await change(kept);
    expect((await once(shared, key, shared.w.writer.email)).answer).toEqual(answer);
  });
});

describe('D16: another type', () => {
  it('encrypts what becomes a secret', async () => {
    const plain = { key, type: 'JSON', value: { password: 'hunter2' } };
    const { id } = (await send('writer', 'createConfig', plain)).answer.config;
    const made = await send('writer', 'updateConfig', { id, type: 'SECRET' });
    expect(made.answer.config).toMatchObject({ isSecret: true, value: null });
    expect(await stored(id)).toMatchObject({ value: null });
    expect((await reveal('revealer', id)).answer.value).toEqual({ password: 'hunter2' });
    const [, changed] = await entriesOf(id);
    expect(JSON.stringify(changed)).not.toContain('hunter2');
  });

  it('decrypts what is none any more, for who may reveal it, and records that', async () => {
    const id = await secret();
    expect(await send('writer', 'updateConfig', { id, type: 'STRING' })).toMatchObject({
      code: 'FORBIDDEN',
    });
    expect(await send('revealer', 'updateConfig', { id, type: 'NUMBER' })).toMatchObject({
      code: 'BAD_USER_INPUT',
    });
    expect((await stored(id)).type).toBe('SECRET');
    const made = await send('revealer', 'updateConfig', { id, type: 'STRING' });
    expect(made.answer.config).toMatchObject({ isSecret: false, value: 'hunter2' });
    expect(await stored(id)).toMatchObject({ value: 'hunter2', ciphertext: null });
    const actions = (await entriesOf(id)).map(({ action, outcome }) => `${action} ${outcome}`);
    expect(actions).toEqual([
      'config:create PERMITTED',
      'config:update DENIED',
      'config:reveal PERMITTED',
      'config:update PERMITTED',
    ]);
  });

  it('with a new value tells nothing of the old one, and needs no more than to update', async () => {
    const id = await secret();
    const made = await send('writer', 'updateConfig', { id, type: 'STRING', value: 'open' });
    expect(made.answer.config).toMatchObject({ isSecret: false, value: 'open' });
    expect(await stored(id)).toMatchObject({ value: 'open', ciphertext: null });
  });
});

describe('D16: without the key', () => {
  it('a secret is neither stored nor read, and all else goes on', async () => {
    const gateway = await startGateway({}, () => {}, { keyring: createKeyring([]) });
    try {
      const w = await plant(gateway.world);
      const as = (name: string, input: object, selection = CONFIG) =>
        mutate(gateway, w.revealer.email, name, input, selection);
      const made = await as('createConfig', { key: 'a', type: 'SECRET', value: 'hunter2' });
      expect(made).toMatchObject({ code: 'SECRET_KEY_MISSING', answer: null });
      expect(await gateway.world.client.config.count()).toBe(0);
      const plain = await as('createConfig', { key: 'b', type: 'STRING', value: 'x' });
      const { id } = plain.answer.config;
      expect(await as('updateConfig', { id, type: 'SECRET' })).toMatchObject({
        code: 'SECRET_KEY_MISSING',
      });
      const ciphertext = KEYRING.seal('"x"', 'y');
      const { id: other } = await gateway.world.secret(w.a, 'c', ciphertext);
      const told = await as('revealConfig', { id: other, reason: 'x' }, 'value');
      expect(told).toMatchObject({ code: 'SECRET_KEY_MISSING', answer: null });
      expect(told.message).toContain('its key test is not configured');
      // It is told as ever, and set anew by who has a key; other values are read.
      const { data, errors } = await gateway.ask(
        w.revealer.email,
        '{ configs { edges { node { key value isSecret } } } }',
      );
      expect(errors).toEqual([]);
      expect(data.configs.edges.map(({ node }: { node: object }) => node)).toEqual([
        { key: 'b', value: 'x', isSecret: false },
        { key: 'c', value: null, isSecret: true },
      ]);
    } finally {
      await gateway.close();
    }
  });
});
