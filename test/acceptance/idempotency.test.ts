import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Answer, gatewayWith } from '../support/gateway.js';

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const project = await world.scope(a, 'Project');
  // They read what they make as long as it is open to everybody.
  const maker = await world.manager(a, ['form:create']);
  const mate = await world.manager(a, ['form:create']);
  const boss = await world.manager(
    a,
    ['read', 'create', 'update', 'delete'].map((action) => `form:${action}`),
  );
  const chief = await world.manager(a, ['user:read', 'user:create', 'user:update']);
  return { a, project, maker, mate, boss, chief };
});

type Who = 'maker' | 'mate' | 'boss' | 'chief';
type Headers = Readonly<Record<string, string>>;

const ask = (who: Who, source: string, variables: object = {}, headers: Headers = {}) =>
  shared.ask(shared.w[who].email, source, { ...variables }, headers);

const CREATE =
  'mutation ($input: CreateFormInput!) { createForm(input: $input) { form { id name version } } }';

const create = (who: Who, name: string, key: string, headers: Headers = {}) =>
  ask(who, CREATE, { input: { name } }, { 'idempotency-key': key, ...headers });

const codeOf = ({ errors }: Answer) => errors[0]?.extensions.code;

const called = (name: string) => shared.world.client.form.findMany({ where: { name } });

const recorded = (resourceId: string) =>
  shared.world.client.auditEntry.count({ where: { resourceId } });

/** A key and a name that no other test has. */
const fresh = () => ({ key: randomUUID(), name: `form ${randomUUID()}` });

describe('issue 11: a mutation that is sent again with its Idempotency-Key', () => {
  it('is done once, recorded once, and answered what came of it', async () => {
    const { key, name } = fresh();
    const first = await create('maker', name, key);
    const again = await create('maker', name, key);
    expect(first.data.createForm.form).toMatchObject({ name, version: 1 });
    expect(again).toEqual(first);
    expect(await called(name)).toHaveLength(1);
    expect(await recorded(first.data.createForm.form.id)).toBe(1);
  });

  it('is done once when eight come at once', async () => {
    const { key, name } = fresh();
    const answers = await Promise.all(Array.from({ length: 8 }, () => create('maker', name, key)));
    const [form] = await called(name);
    for (const { data, errors } of answers) {
      expect(errors).toEqual([]);
      expect(data.createForm.form.id).toBe(form?.id);
    }
    expect(await called(name)).toHaveLength(1);
    expect(await recorded(form?.id ?? '')).toBe(1);
  });

  it('without a key is done each time', async () => {
    const { name } = fresh();
    const once = () => ask('maker', CREATE, { input: { name } });
    await once();
    expect(codeOf(await once())).toBe('CONFLICT');
  });

  it('is read again as it is now', async () => {
    const { key, name } = fresh();
    const first = await create('maker', name, key);
    const { id } = first.data.createForm.form;
    await shared.world.client.form.update({ where: { id }, data: { name: `${name}!` } });
    const again = await create('maker', name, key);
    expect(again.data.createForm.form).toMatchObject({ id, name: `${name}!` });
  });

  it('is read again by who may read it now: one that is hidden or gone since is none', async () => {
    const { key, name } = fresh();
    const first = await create('maker', name, key);
    const { id } = first.data.createForm.form;
    await shared.world.client.form.update({ where: { id }, data: { accessLevel: 'ROLE_BASED' } });
    const hidden = await create('maker', name, key);
    await shared.world.client.form.delete({ where: { id } });
    const gone = await create('maker', name, key);
    expect(hidden).toEqual(gone);
    expect(gone).toMatchObject({ data: { createForm: { form: null } }, errors: [] });
    expect(await called(name)).toEqual([]);
  });

  it('answers the id of what it has deleted', async () => {
    const { name } = fresh();
    const { data } = await create('boss', name, randomUUID());
    const { id } = data.createForm.form;
    const remove = (key: string) =>
      ask(
        'boss',
        'mutation ($id: ID!) { deleteForm(input: { id: $id }) { deletedId } }',
        { id },
        { 'idempotency-key': key },
      );
    const key = randomUUID();
    expect((await remove(key)).data.deleteForm).toEqual({ deletedId: id });
    expect((await remove(key)).data.deleteForm).toEqual({ deletedId: id });
    expect(codeOf(await remove(randomUUID()))).toBe('NOT_FOUND');
  });

  it('of many rows answers them all, in their order', async () => {
    const names = [1, 2, 3].map(() => fresh().name);
    const source =
      'mutation ($forms: [CreateFormInput!]!) { createForms(input: { forms: $forms }) { forms { id name } } }';
    const variables = { forms: names.map((name) => ({ name })) };
    const headers = { 'idempotency-key': randomUUID() };
    const first = await ask('maker', source, variables, headers);
    expect(first.data.createForms.forms).toMatchObject(names.map((name) => ({ name })));
    expect(await ask('maker', source, variables, headers)).toEqual(first);
  });

  it('changes what people hold once, too', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const email = `${randomUUID()}@example.com`;
    const source =
      'mutation ($email: String!) { createUser(input: { email: $email, name: "N" }) { user { id version } } }';
    const first = await ask('chief', source, { email }, headers);
    expect(first.data.createUser.user).toMatchObject({ version: 1 });
    expect(await ask('chief', source, { email }, headers)).toEqual(first);
  });
});

describe('the key of an Idempotency-Key is', () => {
  it('that of one request: another payload is CONFLICT, and does nothing', async () => {
    const { key, name } = fresh();
    await create('maker', name, key);
    const headers = { 'idempotency-key': key };
    const others = {
      variables: () => create('maker', `${name} too`, key),
      document: () => ask('maker', ` ${CREATE}`, { input: { name } }, headers),
      mutation: () =>
        ask('maker', 'mutation { deleteForm(input: { id: "x" }) { deletedId } }', {}, headers),
      'scope header': () => create('maker', name, key, { 'x-heimdall-scope': shared.w.project.id }),
    };
    for (const [other, asked] of Object.entries(others)) {
      const answer = await asked();
      expect([other, codeOf(answer)]).toEqual([other, 'CONFLICT']);
      expect(Object.values(answer.data)).toEqual([null]);
    }
    expect(await called(`${name} too`)).toEqual([]);
    expect(await called(name)).toHaveLength(1);
  });

  it('the same whatever the order of what is in its variables', async () => {
    const { key, name } = fresh();
    const sent = (input: object) => ask('maker', CREATE, { input }, { 'idempotency-key': key });
    const first = await sent({ name, description: 'd' });
    expect(await sent({ description: 'd', name })).toEqual(first);
    expect(codeOf(await sent({ name, description: null }))).toBe('CONFLICT');
  });

  it('its principal’s own', async () => {
    const { key, name } = fresh();
    const mine = await create('maker', name, key);
    const theirs = await create('mate', `${name} of mate`, key);
    expect(theirs.data.createForm.form.name).toBe(`${name} of mate`);
    expect((await create('maker', name, key)).data).toEqual(mine.data);
  });

  it('free again when it failed, for any payload', async () => {
    const { key, name } = fresh();
    await create('boss', name, randomUUID());
    expect(codeOf(await create('boss', name, key))).toBe('CONFLICT');
    await shared.world.client.form.deleteMany({ where: { name } });
    const { data } = await create('boss', name, key);
    expect(data.createForm.form).toMatchObject({ name });
    // And of what may not be done nothing is kept either.
    const denied = randomUUID();
    const update = (version: number) =>
      ask(
        'maker',
        'mutation ($id: ID!, $version: Int) { updateForm(input: { id: $id, version: $version, name: "x" }) { form { id } } }',
        { id: data.createForm.form.id, version },
        { 'idempotency-key': denied },
      );
    expect(codeOf(await update(1))).toBe('FORBIDDEN');
    expect(codeOf(await update(2))).toBe('FORBIDDEN');
    const keys = await shared.world.client.$queryRaw`
      SELECT FROM idempotency_key WHERE key = ${denied}`;
    expect(keys).toEqual([]);
  });

  it('free again after 24 hours', async () => {
    const { key, name } = fresh();
    await create('maker', name, key);
    await shared.world.client.$executeRaw`
      UPDATE idempotency_key SET expires_at = expires_at - interval '24 hours' WHERE key = ${key}`;
    expect(codeOf(await create('maker', name, key))).toBe('CONFLICT');
    const { data } = await create('maker', `${name} too`, key);
    expect(data.createForm.form.name).toBe(`${name} too`);
  });

  it('kept with a mutation and ids, and nothing that was asked or answered', async () => {
    const { key, name } = fresh();
    const { data } = await create('maker', name, key);
    const kept = await shared.world.client.$queryRaw<{ outcome: unknown }[]>`
      SELECT outcome, idempotency_key::text AS text FROM idempotency_key WHERE key = ${key}`;
    const ids = [data.createForm.form.id];
    expect(kept).toMatchObject([{ outcome: { createForm: { mutation: 'createForm', ids } } }]);
    expect(JSON.stringify(kept)).not.toContain(name);
  });

  it.each([
    ['empty', ''],
    ['longer than 255 characters', 'k'.repeat(256)],
    ['not ASCII', 'clé'],
    ['two words', 'one two'],
    ['two headers', 'one, two'],
  ])('not %s', async (_what, key) => {
    const { name } = fresh();
    expect(codeOf(await create('maker', name, key))).toBe('BAD_USER_INPUT');
    expect(await called(name)).toEqual([]);
    // A query needs no key, and so no good one.
    const asked = await ask(
      'maker',
      '{ forms(first: 1) { totalCount } }',
      {},
      {
        'idempotency-key': key,
      },
    );
    expect(asked.errors).toEqual([]);
  });

  it('up to 255 characters long', async () => {
    const { name } = fresh();
    expect(codeOf(await create('maker', name, 'k'.repeat(255)))).toBeUndefined();
  });

  it('not one of queries', async () => {
    const { key, name } = fresh();
    const headers = { 'idempotency-key': key };
    const count = () => ask('maker', '{ forms(first: 1) { totalCount } }', {}, headers);
    const before = (await count()).data.forms.totalCount;
    expect(codeOf(await create('maker', name, key))).toBeUndefined();
    expect((await count()).data.forms.totalCount).toBe(before + 1);
  });
});

it('of several mutations in a document each is done once, however far the first try came', async () => {
  const [one, two] = [fresh(), fresh()];
  await create('boss', two.name, randomUUID());
  const both = () =>
    ask(
      'boss',
      `mutation ($one: String!, $two: String!) {
        one: createForm(input: { name: $one }) { form { id name } }
        two: createForm(input: { name: $two }) { form { id name } }
      }`,
      { one: one.name, two: two.name },
      { 'idempotency-key': one.key },
    );
  const first = await both();
  expect(first.data).toMatchObject({ one: { form: { name: one.name } }, two: null });
  expect(codeOf(first)).toBe('CONFLICT');
  await shared.world.client.form.deleteMany({ where: { name: two.name } });
  const second = await both();
  expect(second.data).toMatchObject({ one: first.data.one, two: { form: { name: two.name } } });
  expect(await both()).toEqual(second);
  expect(await called(one.name)).toHaveLength(1);
  expect(await called(two.name)).toHaveLength(1);
});
