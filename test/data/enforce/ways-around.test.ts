import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EnforcementError } from '../../../src/query/enforcement-error.js';
import { names, type Planted, plant } from './fixture.js';

let w: Planted;
let db: Record<string, unknown>;
beforeAll(async () => {
  w = await plant();
  db = w.as(w.principals.plain) as unknown as Record<string, unknown>;
});
afterAll(() => w.close());

const form = (name: string) =>
  w.as(w.principals.plain).form.findUnique({ where: { id: w.forms[name] ?? '' } });

describe('the fluent API is a nested read like any other', () => {
  test('to one', async () => {
    expect(await form('to open').workflow()).toMatchObject({ name: 'open' });
    for (const name of ['to bound', 'to nameless', 'to nothing', 'hidden', 'to other']) {
      expect(await form(name).workflow(), name).toBeNull();
    }
    expect(await form('to open').workflow({ where: { name: 'bare' } })).toBeNull();
    expect(await form('to open').organization()).toBeNull();
  });

  test('to many, and on', async () => {
    const agent = () => w.as(w.principals.plain).agent.findFirst({ where: { name: 'mixed' } });
    expect(await agent().tools()).toHaveLength(2);
    expect(await agent().tools({ where: { workflow: { name: 'bound' } } })).toEqual([]);
    expect(await form('to bound').workflow().roles()).toBeFalsy();
  });

  test('not along what no policy opens', async () => {
    const fluent = form('to open') as unknown as Record<string, () => Promise<unknown>>;
    await expect(fluent.shadows?.()).rejects.toThrow(EnforcementError);
    await expect(form('to open').workflow().shadows()).rejects.toThrow(EnforcementError);
  });
});

describe('nothing leads from the enforced client to the other one', () => {
  test.each([
    '$parent',
    '$extends',
    '$transaction',
    '$queryRaw',
    '$queryRawUnsafe',
    '$executeRaw',
    '$executeRawUnsafe',
    '$runCommandRaw',
    '$on',
    '$use',
    '$disconnect',
    '$tomorrow',
  ])('%s', (name) => {
    expect(() => db[name]).toThrow(EnforcementError);
    expect(() => (db.form as typeof db)[name]).toThrow(EnforcementError);
  });

  test('nor its private parts, its prototype or its constructor', () => {
    for (const part of [db, db.form as typeof db]) {
      for (const name of ['_originalClient', '_engine', '_request', '_extensions', 'constructor']) {
        expect(part[name], name).toBeUndefined();
      }
      expect(Object.getPrototypeOf(part)).toBeNull();
      expect(Reflect.ownKeys(part)).toEqual([]);
      expect(() => Object.assign(part, { form: w.client.form })).toThrow();
    }
    expect(db.then).toBeUndefined();
    expect(db.nothing).toBeUndefined();
  });
});

test('two enforced clients of one base keep their principals apart', async () => {
  const [mine, theirs] = await Promise.all([
    w.as(w.principals.plain).workflow.findMany(),
    w.as(w.principals.manager).workflow.findMany(),
  ]);
  expect(names(mine)).toEqual(['bare', 'everywhere', 'open']);
  expect(names(theirs)).toHaveLength(7);
  expect(await w.client.workflow.count()).toBe(Object.keys(w.workflows).length);
});

test('batched calls are each rewritten, also beneath a transaction of the base', async () => {
  const client = w.as(w.principals.plain);
  const counts = await Promise.all([client.form.count(), client.form.count(), client.form.count()]);
  expect(new Set(counts).size).toBe(1);
});
