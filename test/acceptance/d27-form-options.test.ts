import { describe, expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';
import { mutate } from '../support/mutate.js';
import { type Handed, workerKey, workerOf } from '../support/working.js';
import type { Identified, Person } from '../support/world.js';

const PARAMETERS = {
  type: 'object',
  properties: { country: { type: 'string' }, kind: { const: 'city' } },
  additionalProperties: false,
};

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const b = await world.organization('B');
  const role = await world.role(a);
  const ada = await world.user(a, 'ada');
  const bob = await world.user(a, 'bob');
  const ofB = await world.user(b, 'of B');
  const builder = await world.manager(a, ['form:read', 'form:create']);
  const provider = { kind: 'DATA_PROVIDER', cacheSeconds: 300, parameters: PARAMETERS };
  const cities = await world.row('workflow', a, 'cities', { more: provider });
  const fresh = await world.row('workflow', a, 'fresh', { more: { ...provider, cacheSeconds: 0 } });
  const shut = await world.row('workflow', a, 'shut', {
    ...{ access: 'ROLE_BASED', roles: [role] },
    more: provider,
  });
  const select = (name: string, { id }: Identified) => ({
    ...{ name, type: 'select' },
    dataProvider: {
      workflowId: id,
      inputs: { country: { fromField: 'country' }, kind: { static: 'city' } },
    },
  });
  const fields = [
    { name: 'country', type: 'text' },
    select('city', cities),
    select('now', fresh),
    select('hidden', shut),
  ];
  const run = await world.row('workflow', a, 'run');
  const form = await world.row('form', a, 'form', { more: { fields, workflowId: run.id } });
  const other = await world.row('form', a, 'other', { more: { fields } });
  const worker = workerOf(shared, await workerKey(world, a));
  return { a, ada, bob, ofB, builder, role, cities, shut, form, other, worker };
});

const SHOWN =
  'execution { id kind status trigger form { id } } options { value label description }';
const OSLO = [{ value: 'osl', label: 'Oslo', metadata: { n: 1 } }];

const ask = (who: Person, field: string, more: object = {}) =>
  mutate(
    shared,
    who.email,
    'formFieldOptions',
    { form: shared.w.form.id, field, wait: 0, ...more },
    SHOWN,
  );
const inNorway = (city: string) => ({ inputs: { country: city } });
const executions = () => shared.world.client.execution.count();

/** Does what there is to be done, as said. */
async function answer(result: unknown): Promise<Handed[]> {
  const handed = await shared.w.worker.claim();
  for (const { id, leaseToken } of handed)
    await shared.w.worker.complete({ id, leaseToken, result });
  return handed;
}

describe('D27: the options of a field', () => {
  it('are what the data provider answers, asked with what is filled in and what the form says', async () => {
    const { ada, form } = shared.w;
    const asked = await ask(ada, 'city', inNorway('no'));
    expect(asked.answer).toMatchObject({
      execution: {
        kind: 'DATA_PROVIDER',
        status: 'QUEUED',
        trigger: 'FORM',
        form: { id: form.id },
      },
      options: null,
    });
    // What is under way is asked once.
    const again = await ask(ada, 'city', inNorway('no'));
    expect(again.answer.execution.id).toBe(asked.answer.execution.id);
    const [handed] = await answer(OSLO);
    expect(handed?.input).toEqual({ country: 'no', kind: 'city' });
    const before = await executions();
    expect((await ask(ada, 'city', inNorway('no'))).answer).toMatchObject({
      execution: { id: asked.answer.execution.id, status: 'SUCCEEDED' },
      options: [{ value: 'osl', label: 'Oslo', description: null }],
    });
    expect(await executions()).toBe(before);
  });

  it('are waited for', async () => {
    const asked = ask(shared.w.ada, 'now', { wait: 10, ...inNorway('se') });
    let handed: Handed[] = [];
    while (handed.length === 0) handed = await shared.w.worker.claim({ wait: 5 });
    for (const { id, leaseToken } of handed) {
      await shared.w.worker.complete({ id, leaseToken, result: [] });
    }
    expect((await asked).answer).toMatchObject({ execution: { status: 'SUCCEEDED' }, options: [] });
    // Off: what was answered is not answered again.
    const next = await ask(shared.w.ada, 'now', inNorway('se'));
    expect(next.answer).toMatchObject({ execution: { status: 'QUEUED' }, options: null });
    await answer([]);
  });

  it('are kept for who asked, with what, of which version, and for nobody else', async () => {
    const { ada, bob, cities } = shared.w;
    const { client } = shared.world;
    const first = await ask(ada, 'city', inNorway('dk'));
    await answer(OSLO);
    const others = [await ask(bob, 'city', inNorway('dk')), await ask(ada, 'city', inNorway('fi'))];
    for (const one of others) expect(one.answer).toMatchObject({ options: null });
    await answer([]);
    expect((await ask(bob, 'city', inNorway('dk'))).answer.options).toEqual([]);
    expect((await ask(ada, 'city', inNorway('dk'))).answer.execution.id).toBe(
      first.answer.execution.id,
    );
    await client.workflow.update({ where: { id: cities.id }, data: { version: { increment: 1 } } });
    const anew = await ask(ada, 'city', inNorway('dk'));
    expect(anew.answer.execution.id).not.toBe(first.answer.execution.id);
    await answer(OSLO);
    // Too old to be answered again.
    await client.workflow.update({ where: { id: cities.id }, data: { cacheSeconds: 0 } });
    expect((await ask(ada, 'city', inNorway('dk'))).answer.options).toBeNull();
    await client.workflow.update({ where: { id: cities.id }, data: { cacheSeconds: 300 } });
    await answer(OSLO);
  });

  it('are decided each time, both uses, also where they are kept', async () => {
    const { ada, role, a, ofB, form, shut } = shared.w;
    const { client } = shared.world;
    const before = await executions();
    expect((await ask(ofB, 'city')).code).toBe('NOT_FOUND');
    expect(await ask(ada, 'hidden')).toMatchObject({ answer: null, code: 'FORBIDDEN' });
    expect(await executions()).toBe(before);
    const held = await shared.world.user(a, 'held');
    await shared.world.hold(held, role, a);
    expect((await ask(held, 'hidden')).answer.execution.status).toBe('QUEUED');
    await answer(OSLO);
    expect((await ask(held, 'hidden')).answer.options).toHaveLength(1);
    await client.workflow.update({ where: { id: shut.id }, data: { isActive: false } });
    expect(await ask(held, 'hidden')).toMatchObject({ answer: null, code: 'FORBIDDEN' });
    await client.workflow.update({ where: { id: shut.id }, data: { isActive: true } });
    await client.form.update({ where: { id: form.id }, data: { isActive: false } });
    expect((await ask(held, 'hidden')).code).toBe('NOT_FOUND');
    await client.form.update({ where: { id: form.id }, data: { isActive: true } });
    expect((await ask(held, 'hidden')).answer.options).toHaveLength(1);
  });

  it('say what is wrong with what is asked, and with what is answered', async () => {
    const { ada } = shared.w;
    const wrong = [
      [await ask(ada, 'country'), ['field']],
      [await ask(ada, 'none'), ['field']],
      [await ask(ada, 'city', { inputs: { kind: 'street' } }), ['inputs', 'kind']],
      [await ask(ada, 'city', { inputs: { country: 1 } }), ['inputs', 'country']],
      [await ask(ada, 'city', { inputs: [] }), ['inputs']],
      [await ask(ada, 'city', { wait: 11 }), ['wait']],
    ] as const;
    for (const [{ code, issues }, path] of wrong) {
      expect({ code, issues }).toMatchObject({ code: 'BAD_USER_INPUT', issues: [{ path }] });
    }
    const many = Array.from({ length: 501 }, (_, value) => ({ value, label: 'one' }));
    for (const [n, result] of [{ a: 1 }, [{ value: 1 }], many].entries()) {
      await ask(ada, 'city', inNorway(`odd ${n}`));
      await answer(result);
      const { answer: told, code } = await ask(ada, 'city', inNorway(`odd ${n}`));
      expect(told).toMatchObject({ execution: { status: 'SUCCEEDED' }, options: null });
      expect(code).toBe('CONFLICT');
    }
  });

  it('are no concern of what is submitted: any value of the type is taken', async () => {
    const { ada, form } = shared.w;
    const values = { city: 'nowhere' };
    const submitted = await mutate(
      shared,
      ada.email,
      'submitForm',
      { form: form.id, values },
      'execution { status }',
    );
    expect(submitted.answer).toEqual({ execution: { status: 'QUEUED' } });
    await answer(null);
  });
});

describe('D27: a field with a data provider', () => {
  const create = (field: object) =>
    mutate(
      shared,
      shared.w.builder.email,
      'createForm',
      { name: `f ${Math.random()}`, fields: [{ name: 'country', type: 'text' }, field] },
      'form { id }',
    );

  it('is a field with options, that names other fields of its form', async () => {
    const workflowId = shared.w.cities.id;
    const inputs = { country: { fromField: 'country' }, kind: { static: 'city' } };
    const good = { name: 'city', type: 'select', dataProvider: { workflowId, inputs } };
    expect(await create(good)).toMatchObject({ code: undefined });
    const from = (fromField: string) => ({ workflowId, inputs: { x: { fromField } } });
    const bad = [
      { ...good, type: 'text' },
      { ...good, options: [{ value: 1 }] },
      { ...good, dataProvider: { workflowId: 'no' } },
      { ...good, dataProvider: from('none') },
      { ...good, dataProvider: from('city') },
      { ...good, dataProvider: { workflowId, inputs: { x: { both: 1 } } } },
    ];
    for (const one of bad) expect((await create(one)).code).toBe('BAD_USER_INPUT');
  });
});
