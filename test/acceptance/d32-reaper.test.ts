import { describe, expect, it } from 'vitest';
import { reap } from '../../src/execution/reap.js';
import { systemPrincipal } from '../../src/identity/system-principal.js';
import { DEFAULT_LIMITS } from '../../src/limits/limits.js';
import { gatewayWith } from '../support/gateway.js';
import { type Handed, launched, workerKey, workerOf } from '../support/working.js';

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const work = await world.row('workflow', a, 'work');
  return { a, work, key: await workerKey(world, a) };
});

const pass = () =>
  reap({
    client: shared.world.client,
    principal: systemPrincipal('reaper'),
    limits: DEFAULT_LIMITS,
  });
const found = (id: string) => shared.world.client.execution.findUniqueOrThrow({ where: { id } });
const worker = () => workerOf(shared, shared.w.key);
const ago = (seconds: number) => new Date(Date.now() - seconds * 1_000);

async function running(more = {}, user?: { id: string }): Promise<Handed & { by: { id: string } }> {
  const by = user ?? (await shared.world.user(shared.w.a, 'launcher'));
  const { id } = await launched(shared.world, {
    by,
    workflow: shared.w.work,
    at: shared.w.a,
    more,
  });
  const one = (await worker().claim()).find((handed) => handed.id === id);
  if (one === undefined) throw new Error('it was not handed out');
  return { ...one, by };
}
/** As if it were later: the database keeps nobody from saying when. */
const set = (id: string, data: object) =>
  shared.world.client.$transaction(async (tx) => {
    await tx.$executeRaw`ALTER TABLE execution DISABLE TRIGGER execution_3_moved`;
    await tx.execution.update({ where: { id }, data });
    await tx.$executeRaw`ALTER TABLE execution ENABLE TRIGGER execution_3_moved`;
  });

describe('D32: the reaper', () => {
  it('gives up what lost its worker; a late result of that attempt counts, and once', async () => {
    const { id, leaseToken } = await running();
    await set(id, { leaseExpiresAt: ago(1) });
    await pass();
    expect(await found(id)).toMatchObject({
      status: 'FAILED',
      errorCode: 'LEASE_LOST',
      movedBy: 'reaper',
    });
    const beat = await worker().heartbeat({ executions: [{ id, leaseToken }] });
    expect(beat.answer[0].isLost).toBe(true);
    expect((await worker().release({ id, leaseToken })).code).toBe('LEASE_LOST');
    const late = await worker().complete({ id, leaseToken, result: 1 });
    expect(late.answer).toEqual({ id, status: 'SUCCEEDED' });
    expect(await found(id)).toMatchObject({ status: 'SUCCEEDED', late: true, result: 1 });
    expect((await worker().complete({ id, leaseToken, result: 1 })).answer).toEqual(late.answer);
    expect((await worker().complete({ id, leaseToken, result: 2 })).code).toBe('CONFLICT');
    expect(await pass()).toMatchObject({ lost: 0 });
  });

  it('takes no result a day late', async () => {
    const { id, leaseToken } = await running();
    await set(id, { leaseExpiresAt: ago(1) });
    await pass();
    await set(id, { finishedAt: ago(86_401) });
    expect((await worker().complete({ id, leaseToken, result: 1 })).code).toBe('LEASE_LOST');
  });

  it('has it tried again where tries are left, and takes nothing of the one before', async () => {
    const { id, leaseToken } = await running({ maxAttempts: 2 });
    await set(id, { leaseExpiresAt: ago(1) });
    expect(await pass()).toMatchObject({ retried: 1, lost: 0 });
    const queued = await found(id);
    expect(queued).toMatchObject({ status: 'QUEUED', attempt: 1 });
    expect(queued.notBefore?.getTime()).toBeGreaterThan(Date.now());
    expect(await worker().claim()).toEqual([]);
    expect((await worker().complete({ id, leaseToken, result: 1 })).code).toBe('LEASE_LOST');
    await set(id, { notBefore: ago(1) });
    const [again] = await worker().claim();
    expect(again).toMatchObject({ id, attempt: 2 });
    expect((await worker().complete({ id, leaseToken, result: 1 })).code).toBe('LEASE_LOST');
    await set(id, { leaseExpiresAt: ago(1) });
    expect(await pass()).toMatchObject({ retried: 0, lost: 1 });
  });

  it('ends what took too long, heard of or not, and calls off what it launched', async () => {
    const parent = await running();
    const more = { parentId: parent.id, rootId: parent.id, depth: 1 };
    const child = await running(more, parent.by);
    const { id: queued } = await launched(shared.world, {
      ...{ by: parent.by, workflow: shared.w.work, at: shared.w.a, more },
    });
    await set(parent.id, { timeoutAt: ago(1) });
    await pass();
    expect((await found(parent.id)).status).toBe('TIMED_OUT');
    expect((await found(queued)).status).toBe('CANCELLED');
    expect((await found(child.id)).status).toBe('CANCELLING');
    const { id, leaseToken } = child;
    const beat = await worker().heartbeat({ executions: [{ id, leaseToken }] });
    expect(beat.answer[0]).toMatchObject({ isLost: false, cancelRequested: true });
    expect(
      (await worker().fail({ id, leaseToken, code: 'STOPPED', message: '', retryable: true }))
        .answer,
    ).toEqual({ id, status: 'CANCELLED' });
  });

  it('cancels what its worker does not end within 30 seconds', async () => {
    const { id } = await running();
    await set(id, { status: 'CANCELLING', movedBy: 'cancel', movedAt: ago(29) });
    await pass();
    expect((await found(id)).status).toBe('CANCELLING');
    await set(id, { movedAt: ago(31) });
    await pass();
    expect((await found(id)).status).toBe('CANCELLED');
  });

  it('calls off what nobody stands behind, in organizations that are not active as well', async () => {
    const { client } = shared.world;
    const one = await running();
    await client.user.update({ where: { id: one.by.id }, data: { isActive: false } });
    const b = await shared.world.organization('B');
    const by = await shared.world.user(b, 'launcher');
    const workflow = await shared.world.row('workflow', b, 'work');
    const key = await workerKey(shared.world, b);
    const { id } = await launched(shared.world, { by, workflow, at: b });
    const [handed] = await workerOf(shared, key).claim();
    await client.organization.update({ where: { id: b.id }, data: { isActive: false } });
    expect(await pass()).toMatchObject({ stopped: 2 });
    expect((await found(one.id)).status).toBe('CANCELLING');
    expect((await found(id)).status).toBe('CANCELLING');
    expect(handed?.id).toBe(id);
  });

  it('gives up what nobody claims in time, counted from when it could have been', async () => {
    const by = await shared.world.user(shared.w.a, 'launcher');
    const launch = (more: Record<string, unknown>) =>
      launched(shared.world, { by, workflow: shared.w.work, at: shared.w.a, more });
    const { id } = await launch({ movedAt: ago(86_401) });
    const { id: later } = await launch({ movedAt: ago(86_401), notBefore: ago(86_399) });
    expect(await pass()).toMatchObject({ unclaimed: 1 });
    expect(await found(id)).toMatchObject({ status: 'FAILED', errorCode: 'UNCLAIMED' });
    expect((await found(later)).status).toBe('QUEUED');
    const entry = await shared.world.client.auditEntry.findFirst({ where: { resourceId: id } });
    expect(entry).toMatchObject({ actorLabel: 'system:reaper', action: 'execution:reap' });
  });
});
