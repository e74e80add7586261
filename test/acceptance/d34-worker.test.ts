import { describe, expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';
import { launched, workerKey, workerOf } from '../support/working.js';
import { PLATFORM } from '../support/world.js';

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const ada = await world.user(a, 'ada');
  const work = await world.row('workflow', a, 'work');
  return { a, ada, work };
});

/** An organization of its own, for what counts what there is in one. */
async function planted(name: string, options: { isProvider?: boolean } = {}) {
  const { world } = shared;
  const at = await world.organization(name, options);
  const user = await world.user(at, 'launcher');
  const workflow = await world.row('workflow', at, 'work');
  const key = await workerKey(world, at);
  const launch = (more = {}) => launched(world, { by: user, workflow, at, more });
  return { at, user, workflow, key, worker: workerOf(shared, key), launch };
}
const found = (id: string) => shared.world.client.execution.findUniqueOrThrow({ where: { id } });
const ids = (rows: readonly { id: string }[]): string[] => rows.map(({ id }) => id);

describe('D34: a worker', () => {
  it('claims, is heard of, writes, and completes', async () => {
    const { worker, launch } = await planted('whole round');
    const { id } = await launch({ input: { n: 1 } });
    const [one, ...others] = await worker.claim();
    expect(others).toEqual([]);
    expect(one).toMatchObject({
      id,
      attempt: 1,
      input: { n: 1 },
      endpoint: 'https://example.com/work',
    });
    const { leaseToken } = one as { leaseToken: string };
    const beat = await worker.heartbeat({
      executions: [{ id, leaseToken, progress: { done: 1 } }],
    });
    expect(beat.answer).toEqual([
      {
        id,
        isLost: false,
        cancelRequested: false,
        token: one?.token,
        leaseExpiresAt: expect.any(String),
      },
    ]);
    const lines = [{ seq: 1, level: 'INFO', message: 'hello', at: '2026-11-26T00:00:00Z' }];
    expect((await worker.log({ id, leaseToken, lines })).answer).toEqual({ id, kept: 1 });
    // Repeating is harmless.
    expect((await worker.log({ id, leaseToken, lines })).answer).toEqual({ id, kept: 1 });
    const done = await worker.complete({ id, leaseToken, result: { ok: true } });
    expect(done.answer).toEqual({ id, status: 'SUCCEEDED' });
    expect(await worker.complete({ id, leaseToken, result: { ok: true } })).toEqual(done);
    const other = await worker.complete({ id, leaseToken, result: { ok: false } });
    expect(other.code).toBe('CONFLICT');
    expect(await found(id)).toMatchObject({
      status: 'SUCCEEDED',
      result: { ok: true },
      progress: { done: 1 },
    });
  });

  it('is an API key of nobody that holds execution:work, and nobody else', async () => {
    const { at, user, launch } = await planted('who works');
    const { id } = await launch();
    const { world } = shared;
    const claims = async (value: string) =>
      (await workerOf(shared, { value }).claims({ max: 1, leaseSeconds: 60, wait: 0 })).code;
    const nobody = await world.key(at, 'API_KEY', { operations: ['execution:work'] });
    expect(await claims(nobody.value)).toBe('FORBIDDEN');
    const role = await world.role(at, ['execution:work'], { name: 'workers' });
    await world.hold(user, role, at);
    const owned = await world.key(at, 'API_KEY', { operations: ['execution:work'], owner: user });
    expect(await claims(owned.value)).toBe('FORBIDDEN');
    const virtual = await world.key(at, 'VIRTUAL_KEY', { operations: ['execution:work'] });
    await world.hold({ virtualKey: virtual }, role, at);
    expect(await claims(virtual.value)).toBe('FORBIDDEN');
    const uncapped = await workerKey(world, at, ['form:read']);
    expect(await claims(uncapped.value)).toBe('FORBIDDEN');
    expect((await found(id)).status).toBe('QUEUED');
  });

  it('reads nothing by its key', async () => {
    const { key, launch, worker } = await planted('reads nothing');
    await launch();
    await worker.claim();
    const { data } = await shared.ask(
      null,
      '{ executions { totalCount } workflows { totalCount } configs { totalCount } users { totalCount } }',
      {},
      { authorization: `Bearer ${key.value}` },
    );
    for (const one of Object.values(data)) expect(one).toEqual({ totalCount: 0 });
  });

  it('claims at the places that its grant reaches, and a provider’s everywhere', async () => {
    const { world } = shared;
    const { at, launch } = await planted('reached');
    const below = await world.scope(at, 'Project');
    const { id: atRoot } = await launch();
    const { id: atBelow } = await launch({ scopeId: below.scopeId });
    const there = await workerKey(world, below);
    expect(ids(await workerOf(shared, there).claim())).toEqual([atBelow]);
    const provider = await world.organization('provider', { isProvider: true });
    const key = await world.key(provider, 'API_KEY', { operations: ['execution:work'] });
    const role = await world.role(PLATFORM, ['execution:work'], { name: 'workers of all' });
    await world.hold({ apiKey: key }, role, PLATFORM);
    expect(ids(await workerOf(shared, key).claim())).toContain(atRoot);
    const tenant = await world.organization('no provider');
    const tenants = await world.key(tenant, 'API_KEY', { operations: ['execution:work'] });
    await world.hold({ apiKey: tenants }, role, PLATFORM);
    const { code } = await workerOf(shared, tenants).claims({ max: 1, leaseSeconds: 60, wait: 0 });
    expect(code).toBe('FORBIDDEN');
  });
});
