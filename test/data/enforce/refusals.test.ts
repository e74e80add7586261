import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { enforceCall } from '../../../src/data/enforce/enforce-call.js';
import { Prisma } from '../../../src/data/generated/client.js';
import { dataModel } from '../../../src/data/generated-data-model.js';
import { Decisions } from '../../../src/policy/decisions.js';
import { ownPlace, REACHABLE } from '../../../src/policy/situation.js';
import { EnforcementError } from '../../../src/query/enforcement-error.js';
import { type Planted, plant, policies } from './fixture.js';

type Delegate = Record<string, (args?: unknown) => Promise<unknown>>;
let w: Planted;
let db: Record<string, Delegate>;
beforeAll(async () => {
  w = await plant();
  // Who may do everything: what is refused to a platform admin is refused to all.
  db = w.as(w.principals.platformAdmin) as unknown as Record<string, Delegate>;
});
afterAll(() => w.close());

const call = (model: string, operation: string, args?: unknown) =>
  Promise.resolve().then(() => db[model]?.[operation]?.(args));

async function refused(model: string, operation: string, args?: unknown): Promise<void> {
  const error = await call(model, operation, args).then(
    () => 'an answer',
    (e: unknown) => e,
  );
  expect(error, `${model}.${operation}`).toBeInstanceOf(EnforcementError);
}

describe('§6.1: undefined anywhere', () => {
  test.each([
    [{ where: undefined }],
    [{ where: { name: undefined } }],
    [{ where: { name: { equals: undefined } } }],
    [{ where: { name: { in: ['x', undefined] } } }],
    [{ where: { AND: undefined } }],
    [{ where: { AND: [undefined] } }],
    [{ where: { OR: [{ name: undefined }] } }],
    [{ where: { NOT: { name: undefined } } }],
    [{ where: { workflow: undefined } }],
    [{ where: { workflow: { is: undefined } } }],
    [{ where: { workflow: { name: undefined } } }],
    [{ where: { roles: { some: undefined } } }],
    [{ where: { roles: { some: { role: undefined } } } }],
    [{ take: undefined }],
    [{ orderBy: undefined }],
    [{ orderBy: { name: undefined } }],
    [{ cursor: undefined }],
    [{ distinct: undefined }],
    [{ select: undefined }],
    [{ select: { name: undefined } }],
    [{ include: { workflow: undefined } }],
    [{ include: { workflow: { where: undefined } } }],
    [{ include: { roles: { where: { role: undefined } } } }],
    [{ include: { _count: { select: { roles: undefined } } } }],
    [{ include: { _count: { select: { roles: { where: undefined } } } } }],
  ])('%o', (args) => refused('form', 'findMany', args));

  test.each<[model: string, operation: string, args: object]>([
    ['workflow', 'groupBy', { by: ['name'], having: { name: undefined } }],
    ['workflow', 'groupBy', { by: ['name'], having: { name: { equals: undefined } } }],
    ['workflow', 'groupBy', { by: ['name'], having: { name: { _count: { gt: undefined } } } }],
    ['scope', 'findMany', { where: { meta: { path: ['a'], equals: undefined } } }],
    ['scope', 'findMany', { where: { meta: { path: ['a'], array_contains: [undefined] } } }],
    ['form', 'findUnique', { where: { id: undefined } }],
    ['form', 'findMany', { cursor: { id: undefined } }],
  ])('%s %s %o', refused);
});

describe('§6.4: a mode where it would be LIKE that compares', () => {
  test.each([
    { equals: 'X%', mode: 'insensitive' },
    { in: ['X%'], mode: 'insensitive' },
    { notIn: ['X%'], mode: 'insensitive' },
    { gt: 'X', mode: 'insensitive' },
    { contains: 'x', mode: 'binary' },
  ])('%j', (name) => refused('workflow', 'findMany', { where: { name } }));
});

describe('values that are no literals', () => {
  test.each([
    ['a field reference', () => w.client.workflow.fields.name],
    ['Prisma.skip', () => Prisma.skip],
    ['Prisma.DbNull', () => Prisma.DbNull],
    ['a symbol', () => Symbol('x')],
    ['a function', () => () => 'x'],
  ])('%s', async (_name, make) => {
    const value = make();
    for (const where of [
      { name: value },
      { name: { equals: value } },
      { name: { in: [value] } },
      { AND: [{ name: value }] },
      { NOT: { name: value } },
      { endpoint: value },
      { roles: { some: { role: { name: value } } } },
      { parameters: { path: ['x'], equals: value } },
    ]) {
      await refused('workflow', 'findMany', { where });
    }
    await refused('workflow', 'findMany', { where: value });
    await refused('workflow', 'findMany', { where: { AND: value } });
    await refused('workflow', 'findMany', { where: { roles: { some: value } } });
    await refused('form', 'findMany', { where: { workflow: value } });
    await refused('form', 'findMany', { where: { workflow: { is: value } } });
    await refused('form', 'findMany', { include: { workflow: value } });
    await refused('workflow', 'findUnique', { where: { id: value } });
    await refused('workflow', 'findMany', { cursor: { id: value } });
    await refused('workflow', 'findMany', { take: value });
    await refused('workflow', 'findMany', { select: { name: value } });
    await refused('workflow', 'groupBy', { by: ['name'], having: { name: value } });
    await refused('workflow', 'groupBy', { by: ['name'], having: { name: { equals: value } } });
    await refused('workflow', 'groupBy', {
      by: ['name'],
      having: { OR: [{ name: { _count: { gt: value } } }] },
    });
  });

  test('an object that looks like a field reference is not taken for one', async () => {
    const fake = { $type: 'FieldRef', value: { _ref: 'endpoint', _container: 'Workflow' } };
    for (const where of [{ name: fake }, { name: { equals: fake } }]) {
      await expect(call('workflow', 'findMany', { where })).rejects.toThrow();
    }
    const where = { meta: { equals: fake } };
    expect(await call('scope', 'findMany', { where })).toEqual([]);
  });
});

describe('D15: what cannot be sorted, grouped or aggregated by', () => {
  const MANAGED = ['endpoint', 'accessLevel', 'ownerId', 'createdById', 'teamId', 'roleIds'];
  const KEYS = ['organizationId', 'scopeId'];
  const RELATIONS = ['organization', 'roles', 'owner', '_count', '_relevance', 'nothing'];

  test.each([...MANAGED, ...KEYS, ...RELATIONS])('%s', async (name) => {
    await refused('workflow', 'findMany', { orderBy: { [name]: 'asc' } });
    await refused('workflow', 'findMany', { orderBy: [{ name: 'asc' }, { [name]: 'asc' }] });
    await refused('workflow', 'findMany', { orderBy: { [name]: { name: 'asc' } } });
    await refused('workflow', 'findMany', { orderBy: { [name]: { _count: 'asc' } } });
    await refused('workflow', 'findMany', { distinct: [name] });
    await refused('workflow', 'findMany', { distinct: name });
    await refused('workflow', 'count', { select: { [name]: true } });
    await refused('workflow', 'count', { orderBy: { [name]: 'asc' } });
    for (const made of ['_count', '_min', '_max', '_sum', '_avg']) {
      await refused('workflow', 'aggregate', { [made]: { [name]: true } });
      await refused('workflow', 'groupBy', { by: ['name'], [made]: { [name]: true } });
      const orderBy = { [made]: { [name]: 'asc' } };
      await refused('workflow', 'groupBy', { by: ['name'], orderBy });
    }
    await refused('workflow', 'groupBy', { by: [name] });
    await refused('workflow', 'groupBy', { by: name });
    await refused('workflow', 'groupBy', { by: ['name'], orderBy: { [name]: 'asc' } });
    await refused('workflow', 'groupBy', { by: ['name'], having: { [name]: 'x' } });
    await refused('workflow', 'groupBy', { by: ['name'], having: { NOT: [{ [name]: 'x' }] } });
    await refused('agent', 'findMany', { include: { tools: { orderBy: { [name]: 'asc' } } } });
  });

  test('directions are words', async () => {
    for (const direction of ['ASC', '', null, {}, { sort: 'up' }, { sort: 'asc', nulls: 'x' }]) {
      await refused('workflow', 'findMany', { orderBy: { name: direction } });
    }
  });

  test.each([...KEYS, 'ownerId', 'createdById', 'teamId', 'roleIds', 'nothing', '__proto__'])(
    'nor filtered by: %s',
    async (name) => {
      const where = JSON.parse(`{"${name}": "x"}`);
      await refused('workflow', 'findMany', { where });
      await refused('workflow', 'findMany', { where: { NOT: [where] } });
      await refused('form', 'findMany', { where: { workflow: { is: where } } });
    },
  );
});

describe('D16: sealed columns never leave', () => {
  test('not by asking', async () => {
    await refused('config', 'findMany', { select: { ciphertext: true } });
    await refused('virtualKey', 'findMany', { select: { hash: true } });
    await refused('config', 'findMany', { include: { ciphertext: true } });
    await refused('config', 'findMany', { where: { ciphertext: 'sealed' } });
    await refused('config', 'findMany', { where: { NOT: { ciphertext: { contains: 's' } } } });
    await refused('config', 'findMany', { where: { value: { equals: 1 } } });
    await refused('virtualKey', 'findUnique', { where: { hash: 'sealed' } });
    await refused('config', 'groupBy', { by: ['ciphertext'] });
    await refused('config', 'aggregate', { _max: { ciphertext: true } });
    await refused('config', 'findMany', { orderBy: { ciphertext: 'asc' } });
    await refused('config', 'findMany', { omit: { ciphertext: false } });
  });

  test('nor by default', async () => {
    const rows = [
      ...((await call('config', 'findMany')) as object[]),
      (await call('config', 'findFirst', { where: { key: 'secret' } })) as object,
      (await call('config', 'findFirst', { include: { organization: true } })) as object,
    ];
    expect(rows.length).toBeGreaterThan(3);
    expect(rows).toContainEqual(expect.objectContaining({ key: 'secret' }));
    for (const row of rows) {
      expect(Object.keys(row)).not.toContain('ciphertext');
      expect(Object.keys(row)).not.toContain('hash');
      expect(JSON.stringify(row)).not.toContain('sealed');
    }
  });
});

test('D16: a key is read without its hash', async () => {
  const [key] = (await call('virtualKey', 'findMany')) as object[];
  expect(key).toMatchObject({ name: 'key' });
  expect(key).not.toHaveProperty('hash');
});

describe('arguments that the rewriting does not know', () => {
  test.each([
    ['findMany', { omit: { name: true } }],
    ['findMany', { relationLoadStrategy: 'join' }],
    ['findMany', { data: {} }],
    ['findMany', { include: { roles: { omit: {} } } }],
    ['findMany', { include: { roles: { cursor: {} } } }],
    ['findMany', { include: { organization: { take: 1 } } }],
    ['findMany', { include: { organization: { orderBy: { name: 'asc' } } } }],
    ['findMany', { include: { _count: { select: { roles: { take: 1 } } } } }],
    ['findMany', { include: { _count: { select: { organization: true } } } }],
    ['findMany', { include: { _count: { select: { shadowing: true } } } }],
    ['findMany', { include: { shadowing: true } }],
    ['findMany', { include: { shadows: true } }],
    ['findMany', { select: { shadows: true } }],
    ['findMany', { include: { name: true } }],
    ['findMany', { select: { name: {} } }],
    ['findMany', { select: { nothing: true } }],
    ['findMany', { select: { name: true }, include: { roles: true } }],
    ['findMany', { take: '1' }],
    ['findMany', { skip: 0.5 }],
    ['findMany', []],
    ['findUnique', { where: { id: 'x' }, rejectOnNotFound: true }],
    ['findUnique', {}],
    ['count', { distinct: ['name'] }],
    ['aggregate', { _median: { version: true } }],
    ['groupBy', { by: ['name'], select: { name: true } }],
    ['groupBy', { by: [undefined] }],
  ])('%s %j', (operation, args) => refused('workflow', operation, args));

  test('all numbers of what has none to ask for', () =>
    refused('auditEntry', 'findMany', { include: { _count: true } }));
});

describe('writes and raw SQL', () => {
  const data = { name: 'x', endpoint: 'x', scopeId: 'x' };
  test.each([
    ['create', { data }],
    ['createMany', { data: [data] }],
    ['createManyAndReturn', { data: [data] }],
    ['update', { where: { id: 'x' }, data }],
    ['updateMany', { data: { name: 'x' } }],
    ['updateManyAndReturn', { data: { name: 'x' } }],
    ['upsert', { where: { id: 'x' }, create: data, update: data }],
    ['delete', { where: { id: 'x' } }],
    ['deleteMany', {}],
  ])('%s', async (operation, args) => {
    const before = await w.client.workflow.findMany({ orderBy: { id: 'asc' } });
    await refused('workflow', operation, args);
    expect(await w.client.workflow.findMany({ orderBy: { id: 'asc' } })).toEqual(before);
  });

  test('the rewriting itself refuses whatever is not a read that it knows', () => {
    const principal = w.principals.platformAdmin;
    const decisions = new Decisions(policies, principal, ownPlace(principal));
    const enforce = (model: string | undefined, operation: string) => () =>
      enforceCall({ dataModel, decisions }, model, operation, {}, REACHABLE);
    for (const raw of ['$queryRaw', '$queryRawUnsafe', '$executeRaw', '$runCommandRaw']) {
      expect(enforce(undefined, raw)).toThrow(EnforcementError);
    }
    for (const operation of ['findRaw', 'aggregateRaw', 'tomorrow', 'constructor', '__proto__']) {
      expect(enforce('Form', operation)).toThrow(EnforcementError);
    }
    expect(enforce(undefined, 'findMany')).toThrow(EnforcementError);
    expect(enforce('Nothing', 'findMany')).toThrow(EnforcementError);
    expect(enforce('constructor', 'findMany')).toThrow();
  });
});
