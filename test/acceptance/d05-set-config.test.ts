import { beforeEach, describe, expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const project = await world.scope(a, 'Project');
  const all = ['read', 'create', 'update', 'delete'].map((action) => `config:${action}`);
  return {
    a,
    project,
    // Who manages configs in the whole organization, in the project alone, and nowhere.
    owner: await world.manager(a, all),
    local: await world.manager(a, all, { at: project }),
    creator: await world.manager(a, ['config:create'], { at: project }),
    nobody: await world.user(a, 'nobody'),
    admin: await world.user(a, 'admin', { isPlatformAdmin: true }),
  };
});

type Who = 'owner' | 'local' | 'creator' | 'nobody' | 'admin';
let key = '';
let counter = 0;
beforeEach(() => {
  key = `key${++counter}`;
});

async function set(who: Who, input: object, headers = {}) {
  const { data, errors } = await shared.ask(
    shared.w[who].email,
    'mutation ($input: SetConfigInput!) { setConfig(input: $input) { config { id value version isFinal } } }',
    { input: { key, type: 'STRING', ...input } },
    headers,
  );
  return { config: data?.setConfig?.config ?? null, code: errors[0]?.extensions.code };
}

async function valuesAt(): Promise<Record<string, unknown>> {
  const found = await shared.world.client.config.findMany({ where: { key } });
  const names: Record<string, string> = {
    [shared.w.a.scopeId]: 'root',
    [shared.w.project.id]: 'project',
  };
  return Object.fromEntries(found.map((one) => [names[one.scopeId] ?? 'global', one.value]));
}

const at = () => ({ 'x-heimdall-scope': shared.w.project.id });

describe('D5: a write by name follows the cascade', () => {
  it('to the nearest row there is, also where that is farther', async () => {
    await set('owner', { value: 'one' });
    expect(await set('owner', { value: 'two' }, at())).toMatchObject({
      config: { value: 'two', version: 2 },
    });
    expect(await valuesAt()).toEqual({ root: 'two' });
  });

  it('to the effective scope where there is none', async () => {
    expect(await set('local', { value: 'one' }, at())).toMatchObject({ config: { value: 'one' } });
    expect(await valuesAt()).toEqual({ project: 'one' });
  });

  it('and never to a farther row that one may not change', async () => {
    await set('owner', { value: 'one' });
    expect(await set('local', { value: 'two' }, at())).toMatchObject({
      code: 'CASCADE_WRITE_FORBIDDEN',
    });
    expect(await set('creator', { value: 'two' }, at())).toMatchObject({
      code: 'CASCADE_WRITE_FORBIDDEN',
    });
    expect(await valuesAt()).toEqual({ root: 'one' });
  });

  it('but to an override where the scope is said outright', async () => {
    await set('owner', { value: 'one' });
    const scope = shared.w.project.id;
    expect(await set('local', { value: 'two', scope })).toMatchObject({ config: { value: 'two' } });
    expect(await set('local', { value: 'three', scope })).toMatchObject({
      config: { value: 'three' },
    });
    expect(await valuesAt()).toEqual({ root: 'one', project: 'three' });
  });

  it('D14: a hidden row keeps its name, and tells nothing to who could not set it anyway', async () => {
    const scope = shared.w.project.id;
    const before = await set('nobody', { value: 'x', scope });
    await set('owner', { value: 'one', scope });
    expect(await set('nobody', { value: 'x', scope })).toEqual(before);
    expect(before.code).toBe('FORBIDDEN');
    expect(await set('creator', { value: 'x', scope })).toMatchObject({ code: 'CONFLICT' });
  });
});

describe('D5: a final config', () => {
  it('is not overridden below it', async () => {
    await set('owner', { value: 'one', isFinal: true });
    const scope = shared.w.project.id;
    expect(await set('local', { value: 'two', scope })).toMatchObject({ code: 'CONFLICT' });
    expect(await set('owner', { value: 'two', scope })).toMatchObject({ code: 'CONFLICT' });
    expect(await valuesAt()).toEqual({ root: 'one' });
  });

  it('cannot become so while it is overridden', async () => {
    await set('owner', { value: 'one' });
    await set('local', { value: 'two', scope: shared.w.project.id });
    expect(await set('owner', { value: 'one', isFinal: true })).toMatchObject({ code: 'CONFLICT' });
  });

  it('of the platform reserves its key everywhere', async () => {
    await set('admin', { value: 'one', isFinal: true, scope: null });
    expect(await set('owner', { value: 'two', scope: shared.w.a.id })).toMatchObject({
      code: 'CONFLICT',
    });
    expect(await valuesAt()).toEqual({ global: 'one' });
  });
});

it('a value is of its type', async () => {
  expect(await set('owner', { value: 1 })).toMatchObject({ code: 'BAD_USER_INPUT' });
  expect(await set('owner', { type: 'NUMBER', value: 1 })).toMatchObject({ config: { value: 1 } });
  expect(await set('owner', { type: 'SECRET', value: null })).toMatchObject({
    code: 'BAD_USER_INPUT',
  });
});

it('what is of a type unknown keeps its value until it is said what it shall be', async () => {
  const { a, owner } = shared.w;
  const unknown = { key, type: 'OF_LATER', value: { at: 'rest' }, organizationId: a.id };
  const { id } = await shared.world.client.config.create({
    data: { ...unknown, scopeId: a.scopeId },
  });
  const update = async (set: object) => {
    const { data, errors } = await shared.ask(
      owner.email,
      'mutation ($input: UpdateConfigInput!) { updateConfig(input: $input) { config { isFinal value } } }',
      { input: { id, ...set } },
    );
    return errors[0]?.extensions.code ?? data?.updateConfig?.config;
  };
  expect(await update({ isFinal: true })).toEqual({ isFinal: true, value: unknown.value });
  expect(await update({ value: 'x' })).toBe('BAD_USER_INPUT');
  expect(await update({ type: 'STRING' })).toBe('BAD_USER_INPUT');
  expect(await update({ type: 'STRING', value: 'x' })).toEqual({ isFinal: true, value: 'x' });
});
