import { beforeEach, describe, expect, it } from 'vitest';
import { namesOf } from '../support/answers.js';
import { gatewayWith } from '../support/gateway.js';
import { mutate } from '../support/mutate.js';

const ALL = ['read', 'create', 'update', 'delete', 'transfer', 'rotate', 'revoke'].map(
  (action) => `apiKey:${action}`,
);

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const b = await world.organization('B');
  const manager = await world.manager(a, [...ALL, 'form:read', 'user:read', 'team:read']);
  const own = await world.manager(a, [...ALL, 'form:read'], { dataAccess: 'OWN_DATA' });
  // Who holds what the others do not.
  const rich = await world.manager(a, ['form:read', 'config:read', 'config:reveal', 'form:update']);
  const poor = await world.user(a, 'poor');
  const team = await world.team(a, rich, [rich]);
  await world.hold({ team }, await world.role(a, ['config:read']), a);
  await world.row('form', a, 'hidden', { access: 'ROLE_BASED', by: rich });
  return {
    ...{ a, b, manager, own, rich, poor, team },
    admin: await world.user(a, 'admin', { isPlatformAdmin: true }),
    stranger: await world.user(b, 'stranger'),
    project: await world.scope(a, 'Project'),
  };
});

type Who = 'manager' | 'own' | 'rich' | 'poor' | 'admin' | 'stranger';
const KEY = `key apiKey { id name prefix operations isActive expiresAt revokedAt rotatedAt
  previousExpiresAt lastUsedAt version owner { id } team { id } createdBy { id } }`;
const WITHOUT = KEY.replace('key ', '');

const send = (who: Who, name: string, input: object, selection = KEY) =>
  mutate(shared, shared.w[who].email, name, input, selection);

let counter = 0;
let name = '';
beforeEach(() => {
  name = `key ${++counter}`;
});

async function make(who: Who, input: object = {}) {
  const made = await send(who, 'createApiKey', { name, operations: ['form:read'], ...input });
  expect(made.code).toBeUndefined();
  return made.answer as { key: string; apiKey: { id: string; version: number } };
}

const FORMS = '{ forms { edges { node { name } } } }';
const by = async (key: string): Promise<string[] | undefined> => {
  const { data } = await shared.ask(null, FORMS, {}, { 'x-api-key': key });
  return data === null ? undefined : namesOf(data.forms);
};
const stored = (id: string) => shared.world.client.apiKey.findUniqueOrThrow({ where: { id } });

describe('a key', () => {
  it("is made as the maker's own, and its value is told once", async () => {
    const { key, apiKey } = await make('manager');
    expect(apiKey).toMatchObject({
      name,
      prefix: key.slice(0, 17),
      operations: ['form:read'],
      isActive: true,
      expiresAt: null,
      revokedAt: null,
      rotatedAt: null,
      version: 1,
    });
    const { ownerId, createdById, hash, prefix } = await stored(apiKey.id);
    expect([ownerId, createdById]).toEqual([shared.w.manager.id, shared.w.manager.id]);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(key).toContain(prefix);
    expect(await by(key)).toEqual(['hidden']);
    const { data } = await shared.ask(
      shared.w.manager.email,
      `query ($id: ID!) { apiKey(id: $id) { id prefix } apiKeys { edges { node { name prefix } } } }`,
      { id: apiKey.id },
    );
    expect(data.apiKey.prefix).toBe(prefix);
    expect(namesOf(data.apiKeys)).toContain(name);
    expect(JSON.stringify(data)).not.toContain(key);
  });

  it('is listed to who may read keys, and to nobody else', async () => {
    const { apiKey } = await make('manager');
    const asked = `{ apiKey(id: "${apiKey.id}") { id } apiKeys { totalCount } }`;
    expect((await shared.ask(shared.w.poor.email, asked)).data).toEqual({
      apiKey: null,
      apiKeys: { totalCount: 0 },
    });
  });

  it('has what it is for, each once, in words that mean something', async () => {
    for (const operations of [
      ['form'],
      ['form:fly'],
      ['config:use'],
      ['*'],
      ['form:read:*'],
      [''],
    ]) {
      const made = await send('manager', 'createApiKey', { name, operations });
      expect(made).toMatchObject({ code: 'BAD_USER_INPUT', answer: null });
    }
    const twice = ['form:read', 'form:read'];
    expect(await send('manager', 'createApiKey', { name, operations: twice })).toMatchObject({
      code: 'BAD_USER_INPUT',
    });
    await make('manager', { operations: ['form:use', 'invoice:pay'] });
  });

  it('is of an organization, and ends in the future', async () => {
    const global = { name, operations: [], scope: null };
    expect(await send('admin', 'createApiKey', global)).toMatchObject({ code: 'BAD_USER_INPUT' });
    const over = { name, operations: [], expiresAt: '2020-01-01T00:00:00Z' };
    expect(await send('manager', 'createApiKey', over)).toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  it('is renamed, suspended and changed; its value stays', async () => {
    const { key, apiKey } = await make('manager');
    const renamed = await send(
      'manager',
      'updateApiKey',
      { id: apiKey.id, name: `${name} anew`, version: 1 },
      WITHOUT,
    );
    expect(renamed.answer.apiKey).toMatchObject({ name: `${name} anew`, version: 2 });
    expect(await by(key)).toEqual(['hidden']);
    await send('manager', 'updateApiKey', { id: apiKey.id, isActive: false }, WITHOUT);
    expect(await by(key)).toBeUndefined();
    await send('manager', 'updateApiKey', { id: apiKey.id, isActive: true }, WITHOUT);
    expect(await by(key)).toEqual(['hidden']);
    await send('manager', 'updateApiKey', { id: apiKey.id, operations: [] }, WITHOUT);
    expect(await by(key)).toEqual([]);
  });

  it('that was asked for again has its key, and no value', async () => {
    const once = () =>
      mutate(shared, shared.w.manager.email, 'createApiKey', { name, operations: [] }, KEY, {
        'idempotency-key': `make ${name}`.replaceAll(' ', '-'),
      });
    const first = await once();
    const second = await once();
    expect(first.answer.key).toMatch(/^hdak_/);
    expect(second.answer).toEqual({ ...first.answer, key: null });
  });
});

describe('D42: rotating', () => {
  const rotate = (who: Who, id: string, overlapSeconds: number) =>
    send(who, 'rotateApiKey', { id, overlapSeconds });

  it('gives another value; the one before works until then', async () => {
    const { key, apiKey } = await make('manager');
    const { answer } = await rotate('manager', apiKey.id, 3600);
    expect(answer.key).not.toBe(key);
    expect(answer.key.slice(0, 17)).toBe(key.slice(0, 17));
    const left = Date.parse(answer.apiKey.previousExpiresAt) - Date.parse(answer.apiKey.rotatedAt);
    expect(left).toBe(3_600_000);
    expect(await by(answer.key)).toEqual(['hidden']);
    expect(await by(key)).toEqual(['hidden']);
    const data = { previousExpiresAt: new Date(Date.now() - 1) };
    await shared.world.client.apiKey.update({ where: { id: apiKey.id }, data });
    expect(await by(key)).toBeUndefined();
    expect(await by(answer.key)).toEqual(['hidden']);
  });

  it('without an overlap ends the one before at once; of three the first never works', async () => {
    const { key, apiKey } = await make('manager');
    const second = (await rotate('manager', apiKey.id, 60)).answer.key;
    const third = (await rotate('manager', apiKey.id, 60)).answer.key;
    expect([await by(key), await by(second), await by(third)]).toEqual([
      undefined,
      ['hidden'],
      ['hidden'],
    ]);
    const last = (await rotate('manager', apiKey.id, 0)).answer.key;
    expect([await by(third), await by(last)]).toEqual([undefined, ['hidden']]);
    expect(await stored(apiKey.id)).toMatchObject({ previousHash: null, previousExpiresAt: null });
  });

  it('is for 30 days at most, and not for what is revoked', async () => {
    const { apiKey } = await make('manager');
    for (const seconds of [-1, 2_592_001]) {
      expect(await rotate('manager', apiKey.id, seconds)).toMatchObject({ code: 'BAD_USER_INPUT' });
    }
    await send('manager', 'revokeApiKey', { id: apiKey.id }, WITHOUT);
    expect(await rotate('manager', apiKey.id, 0)).toMatchObject({ code: 'CONFLICT' });
  });

  it('is recorded without either value or hash', async () => {
    const { key, apiKey } = await make('manager');
    const { hash } = await stored(apiKey.id);
    const { answer } = await rotate('manager', apiKey.id, 60);
    const entries = await shared.world.client.auditEntry.findMany({
      where: { resourceId: apiKey.id },
    });
    expect(entries.map(({ action }) => action).sort()).toEqual(['apiKey:create', 'apiKey:rotate']);
    for (const secret of [key, answer.key, hash, key.slice(17, 40)]) {
      expect(JSON.stringify(entries)).not.toContain(secret);
    }
  });
});

describe('D42: revoking', () => {
  it('is at once, for ever and for both values', async () => {
    const { key, apiKey } = await make('manager');
    const { answer } = await send('manager', 'rotateApiKey', { id: apiKey.id, overlapSeconds: 60 });
    const revoked = await send('manager', 'revokeApiKey', { id: apiKey.id }, WITHOUT);
    expect(revoked.answer.apiKey.revokedAt).not.toBeNull();
    expect([await by(key), await by(answer.key)]).toEqual([undefined, undefined]);
    const again = await send('manager', 'revokeApiKey', { id: apiKey.id }, WITHOUT);
    expect(again.answer.apiKey).toEqual(revoked.answer.apiKey);
    await send('manager', 'updateApiKey', { id: apiKey.id, isActive: true }, WITHOUT);
    expect(await by(answer.key)).toBeUndefined();
  });

  it('needs its own permission', async () => {
    const updater = await shared.world.manager(shared.w.a, ['apiKey:read', 'apiKey:update']);
    const { apiKey } = await make('manager');
    for (const [mutation, more] of [
      ['revokeApiKey', {}],
      ['rotateApiKey', { overlapSeconds: 0 }],
      ['transferApiKey', { owner: updater.id }],
      ['deleteApiKey', {}],
    ] as const) {
      const selection = mutation === 'deleteApiKey' ? 'deletedId' : WITHOUT;
      const input = { id: apiKey.id, ...more };
      expect(await mutate(shared, updater.email, mutation, input, selection)).toMatchObject({
        code: 'FORBIDDEN',
      });
    }
  });
});

describe('D40: whose keys one reaches', () => {
  it('OWN_DATA makes them for oneself alone, and reaches those that one owns, whoever made them', async () => {
    const { apiKey } = await make('own');
    const other = await make('manager', { name: `${name} of the manager` });
    const made = await make('manager', {
      ...{ name: `${name} for own`, operations: [], owner: shared.w.own.id },
    });
    const { data } = await shared.ask(shared.w.own.email, '{ apiKeys { edges { node { id } } } }');
    const ids = data.apiKeys.edges.map(({ node }: { node: { id: string } }) => node.id);
    expect(ids).toEqual(expect.arrayContaining([apiKey.id, made.apiKey.id]));
    expect(ids).not.toContain(other.apiKey.id);
    const forAnother = { name: `${name} x`, operations: [], owner: shared.w.poor.id };
    expect((await send('own', 'createApiKey', forAnother)).code).toMatch(
      /FORBIDDEN|BAD_USER_INPUT/,
    );
  });

  it('a key made for somebody else is not its maker’s own', async () => {
    await shared.world.hold(
      shared.w.own,
      await shared.world.role(shared.w.a, ['user:read']),
      shared.w.a,
    );
    const forAnother = { name, operations: [], owner: shared.w.poor.id };
    expect(await send('own', 'createApiKey', forAnother)).toMatchObject({ code: 'FORBIDDEN' });
    expect(await shared.world.client.apiKey.count({ where: { name } })).toBe(0);
  });
});

describe('D21: nobody hands out what they do not hold', () => {
  it("a key of somebody else's is for no more than the maker could give", async () => {
    const of = (operations: string[]) =>
      send('manager', 'createApiKey', { name, operations, owner: shared.w.rich.id });
    expect(await of(['config:reveal'])).toMatchObject({ code: 'FORBIDDEN' });
    expect(await of(['form:update'])).toMatchObject({ code: 'FORBIDDEN' });
    // Of what the owner does not hold the key does nothing, and so it gives nothing.
    expect((await of(['workflow:delete'])).code).toBeUndefined();
  });

  it('a key is not rotated, widened or woken by who could not give what it does', async () => {
    const operations = ['config:reveal', 'config:read'];
    const { id } = await shared.world.key(shared.w.a, 'API_KEY', {
      ...{ owner: shared.w.rich, operations, more: { isActive: false } },
    });
    const rotated = await send('manager', 'rotateApiKey', { id, overlapSeconds: 0 });
    expect(rotated).toMatchObject({ code: 'FORBIDDEN', answer: null });
    const narrow = await shared.world.key(shared.w.a, 'API_KEY', {
      ...{ owner: shared.w.rich, operations: ['form:read'] },
    });
    const update = (input: object) => send('manager', 'updateApiKey', input, WITHOUT);
    expect(await update({ id, isActive: true })).toMatchObject({ code: 'FORBIDDEN' });
    expect(await update({ id: narrow.id, operations })).toMatchObject({ code: 'FORBIDDEN' });
    // What takes away is for who may update.
    expect((await update({ id, operations: ['config:read'] })).code).toBeUndefined();
    expect((await update({ id, name: `${name} anew` })).code).toBeUndefined();
    const revoked = await send('manager', 'revokeApiKey', { id }, WITHOUT);
    expect(revoked.code).toBeUndefined();
  });

  it("a team's key, and that of nobody which holds something, are held to the same", async () => {
    const { w, world } = shared;
    const ofTeam = { name, operations: ['config:read'], owner: null, team: w.team.id };
    expect(await send('manager', 'createApiKey', ofTeam)).toMatchObject({ code: 'FORBIDDEN' });
    const harmless = { ...ofTeam, operations: ['scope:read'] };
    expect((await send('manager', 'createApiKey', harmless)).code).toBeUndefined();
    const { apiKey } = await make('manager', { name: `${name} of nobody`, owner: null });
    await world.hold({ apiKey }, await world.role(w.a, ['config:reveal']), w.a);
    const widened = { id: apiKey.id, operations: ['config:reveal'] };
    expect(await send('manager', 'updateApiKey', widened, WITHOUT)).toMatchObject({
      code: 'FORBIDDEN',
    });
  });

  it('who joins a team lets its keys reach their rows, which takes holding that over all rows', async () => {
    const { w, world } = shared;
    const adder = await world.manager(w.a, [
      'team:read',
      'team:update',
      'user:read',
      'user:update',
    ]);
    const mates = await world.role(w.a, ['form:read'], { dataAccess: 'TEAM_DATA', name });
    await world.hold(adder, mates, w.a);
    const team = await world.team(w.a, w.rich, []);
    await world.hold({ team }, mates, w.a);
    const add = () =>
      mutate(
        shared,
        adder.email,
        'addTeamMembers',
        { id: team.id, users: [w.poor.id] },
        'team { id }',
      );
    await world.key(w.a, 'API_KEY', { team, operations: ['form:read'] });
    expect(await add()).toMatchObject({ code: 'FORBIDDEN' });
    await world.hold(adder, await world.role(w.a, ['form:read'], { name: `all ${name}` }), w.a);
    expect((await add()).code).toBeUndefined();
  });

  it('a key makes no key that is for more than itself, and gives nobody more', async () => {
    const { w, world } = shared;
    const owner = await world.manager(w.a, [...ALL, 'form:read', 'config:read']);
    const operations = ['apiKey:create', 'apiKey:read', 'apiKey:update', 'form:read'];
    const { value } = await world.key(w.a, 'API_KEY', { owner, operations });
    const makes = (of: string) =>
      shared.ask(
        null,
        `mutation { createApiKey(input: { name: "${name} ${of}", operations: ["${of}"] }) { key } }`,
        {},
        { 'x-api-key': value },
      );
    expect((await makes('config:read')).errors[0]?.extensions.code).toBe('FORBIDDEN');
    expect((await makes('form:use')).errors[0]?.extensions.code).toBe('FORBIDDEN');
    const made = await makes('form:read');
    expect(made.data.createApiKey.key).toMatch(/^hdak_/);
    expect(await by(made.data.createApiKey.key)).toEqual(['hidden']);
  });
});

describe('D42: keys of a team and of nobody', () => {
  it('are made by who may transfer, and stay somebody’s', async () => {
    const creator = await shared.world.manager(shared.w.a, ['apiKey:read', 'apiKey:create']);
    const nobodys = { name, operations: [], owner: null };
    expect(await mutate(shared, creator.email, 'createApiKey', nobodys, KEY)).toMatchObject({
      code: 'FORBIDDEN',
    });
    const { apiKey } = await make('manager', { owner: null });
    expect(await stored(apiKey.id)).toMatchObject({ ownerId: null, teamId: null });
    const given = await send(
      'admin',
      'transferApiKey',
      { id: apiKey.id, owner: shared.w.poor.id },
      WITHOUT,
    );
    expect(given.answer.apiKey.owner).toEqual({ id: shared.w.poor.id });
    const taken = { id: apiKey.id, owner: null };
    expect(await send('admin', 'transferApiKey', taken, WITHOUT)).toMatchObject({
      code: 'BAD_USER_INPUT',
    });
  });

  it('are of their own organization', async () => {
    const elsewhere = { name, operations: [], owner: shared.w.stranger.id };
    expect(await send('admin', 'createApiKey', elsewhere)).toMatchObject({
      code: 'BAD_USER_INPUT',
    });
  });

  it('of nobody hold what a membership gives them, which only a giver gives', async () => {
    const { w, world } = shared;
    const role = await world.role(w.a, ['form:read'], { name: `reader ${name}` });
    const rich = await world.role(w.a, ['config:reveal'], { name: `revealer ${name}` });
    const giver = await world.manager(w.a, [
      ...['membership:create', 'membership:read', 'role:read', 'role:assign', 'apiKey:read'],
      ...['form:read', 'scope:read'],
    ]);
    const { key, apiKey } = await make('manager', { owner: null });
    expect(await by(key)).toEqual([]);
    const join = (id: string, roleId: string) =>
      mutate(
        shared,
        giver.email,
        'createMembership',
        { apiKey: id, roles: [roleId] },
        'membership { id apiKey { id } }',
      );
    expect(await join(apiKey.id, rich.id)).toMatchObject({ code: 'FORBIDDEN' });
    expect((await join(apiKey.id, role.id)).answer.membership.apiKey).toEqual({ id: apiKey.id });
    expect(await by(key)).toEqual(['hidden']);
    const owned = await make('manager', { name: `${name} owned` });
    expect(await join(owned.apiKey.id, role.id)).toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  it('what a team’s key makes is the team’s, and what nobody’s key makes must be somebody’s', async () => {
    const { w, world } = shared;
    const role = await world.role(w.a, ['form:create', 'form:read'], { name: `maker ${name}` });
    const operations = ['form:create', 'form:read'];
    const team = await world.team(w.a, w.rich, [w.rich]);
    const ofTeam = await world.key(w.a, 'API_KEY', { team, by: w.rich, operations });
    const ofNobody = await world.key(w.a, 'API_KEY', { by: w.rich, operations });
    await world.hold({ team }, role, w.a);
    await world.hold({ apiKey: ofNobody }, role, w.a);
    const makes = (value: string) =>
      shared.ask(
        null,
        `mutation { createForm(input: { name: "made with ${name}" }) { form { id } } }`,
        {},
        { 'x-api-key': value },
      );
    expect((await makes(ofNobody.value)).errors[0]?.extensions.code).toBe('FORBIDDEN');
    const { id } = (await makes(ofTeam.value)).data.createForm.form;
    expect(await world.client.form.findUniqueOrThrow({ where: { id } })).toMatchObject({
      createdById: null,
      ownerId: null,
      teamId: team.id,
    });
    // Nor is it given to nobody: it would be read under every reach (D7, D15).
    const give = (to: object) =>
      mutate(shared, w.admin.email, 'transferForm', { id, ...to }, 'form { id }');
    expect(await give({ team: null })).toMatchObject({ code: 'FORBIDDEN' });
    expect(await give({ team: null, owner: w.rich.id })).toMatchObject({
      answer: { form: { id } },
    });
    await world.client.form.delete({ where: { id } });
  });

  it('stop a team from being deleted', async () => {
    const team = await shared.world.team(shared.w.a, shared.w.rich, []);
    await shared.world.key(shared.w.a, 'API_KEY', { team, operations: [] });
    const deleted = await send('admin', 'deleteTeam', { id: team.id }, 'deletedId');
    expect(deleted).toMatchObject({ code: 'CONFLICT' });
  });
});

it('virtual keys have the same mutations', async () => {
  const { w } = shared;
  const input = { name, operations: ['form:read'] };
  const selection = 'key virtualKey { id name prefix }';
  const made = await mutate(shared, w.admin.email, 'createVirtualKey', input, selection);
  expect(made.answer.key).toMatch(/^hdvk_/);
  const { id } = made.answer.virtualKey;
  const rotated = await mutate(
    shared,
    w.admin.email,
    'rotateVirtualKey',
    { id, overlapSeconds: 60 },
    selection,
  );
  const asks = (key: string) =>
    shared.ask(null, '{ viewer { principal { kind } } }', {}, { 'x-virtual-key': key });
  for (const key of [made.answer.key, rotated.answer.key]) {
    expect((await asks(key)).data.viewer.principal.kind).toBe('VIRTUAL_KEY');
  }
  await mutate(shared, w.admin.email, 'revokeVirtualKey', { id }, 'virtualKey { id }');
  expect((await asks(rotated.answer.key)).status).toBe(401);
});
