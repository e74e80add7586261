import { describe, expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';
import { launched, workerKey, workerOf } from '../support/working.js';
import { PLATFORM } from '../support/world.js';

const shared = gatewayWith(
  async (world) => {
    const a = await world.organization('A');
    const ada = await world.user(a, 'ada');
    const work = await world.row('workflow', a, 'work');
    return { a, ada, work };
  },
  { executionsRunning: 4 },
);

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
/** As if what it has to wait for another try were over. */
const soon = (id: string) =>
  shared.world.client.execution.update({ where: { id }, data: { notBefore: new Date(0) } });
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

  it('leaves in the record each state that it brings an execution to, and nothing else (D32)', async () => {
    const { worker, launch } = await planted('recorded');
    const claim = async (id: string): Promise<string> => {
      const one = (await worker.claim()).find((handed) => handed.id === id);
      return String(one?.leaseToken);
    };
    const recorded = async (id: string) => {
      const entries = await shared.world.client.auditEntry.findMany({
        where: { resourceId: id },
        orderBy: { id: 'asc' },
      });
      return entries.map(({ action, outcome, before, after }) => [
        `${action} ${outcome}`,
        (before as { status: string }).status,
        after,
      ]);
    };
    const moved = (id: string, action: string, from: string, to: string, attempt: number) => [
      `execution:${action} PERMITTED`,
      from,
      { id, status: to, attempt },
    ];
    const { id: done } = await launch({ maxAttempts: 2 });
    const first = { id: done, leaseToken: await claim(done) };
    expect((await worker.release(first)).answer.status).toBe('QUEUED');
    const second = { id: done, leaseToken: await claim(done) };
    const failure = { code: 'OUT', message: 'it is out of order', retryable: true };
    expect((await worker.fail({ ...second, ...failure })).answer.status).toBe('QUEUED');
    await soon(done);
    const third = { id: done, leaseToken: await claim(done) };
    await worker.heartbeat({ executions: [third] });
    for (const _again of [1, 2]) await worker.complete({ ...third, result: 1 });
    expect(await recorded(done)).toEqual([
      moved(done, 'claim', 'QUEUED', 'RUNNING', 1),
      moved(done, 'release', 'RUNNING', 'QUEUED', 1),
      moved(done, 'claim', 'QUEUED', 'RUNNING', 2),
      moved(done, 'fail', 'RUNNING', 'QUEUED', 2),
      moved(done, 'claim', 'QUEUED', 'RUNNING', 3),
      moved(done, 'complete', 'RUNNING', 'SUCCEEDED', 3),
    ]);
    const { id: failed } = await launch();
    const only = { id: failed, leaseToken: await claim(failed) };
    await worker.fail({ ...only, ...failure });
    expect(await recorded(failed)).toEqual([
      moved(failed, 'claim', 'QUEUED', 'RUNNING', 1),
      moved(failed, 'fail', 'RUNNING', 'FAILED', 1),
    ]);
    // What is being cancelled is so once its worker lets it go, whichever way.
    for (const how of ['release', 'fail'] as const) {
      const { id } = await launch();
      const lease = { id, leaseToken: await claim(id) };
      const data = { status: 'CANCELLING', movedBy: 'cancel', movedAt: new Date() };
      await shared.world.client.execution.update({ where: { id }, data });
      await worker[how](how === 'fail' ? { ...lease, ...failure } : lease);
      expect((await recorded(id)).at(-1)).toEqual(moved(id, how, 'CANCELLING', 'CANCELLED', 1));
    }
  });

  it('tells launchers what is no debugging, and inspectors all (D31)', async () => {
    const { worker, launch, user, at } = await planted('lines');
    const inspector = await shared.world.manager(at, ['execution:read', 'execution:inspect']);
    const { id } = await launch();
    const [{ leaseToken } = { leaseToken: '' }] = await worker.claim();
    const lines = ['DEBUG', 'INFO', 'WARN', 'ERROR'].map((level, seq) => ({
      ...{ seq, level, message: `of ${level}`, at: '2026-11-26T00:00:00Z' },
    }));
    expect((await worker.log({ id, leaseToken, lines })).answer).toEqual({ id, kept: 4 });
    const seen = async ({ email }: { email: string }) => {
      const source = `query ($id: ID!) {
        execution(id: $id) { logs(orderBy: { field: SEQ }) { totalCount edges { node { level } } } }
      }`;
      const { data } = await shared.ask(email, source, { id });
      const { totalCount, edges } = data.execution.logs;
      expect(totalCount).toBe(edges.length);
      return edges.map(({ node }: { node: { level: string } }) => node.level);
    };
    expect(await seen(user)).toEqual(['INFO', 'WARN', 'ERROR']);
    expect(await seen(inspector)).toEqual(['DEBUG', 'INFO', 'WARN', 'ERROR']);
  });

  it('is handed no more at once than an answer holds: the rest stays in the queue', async () => {
    const { worker, launch } = await planted('large inputs');
    const { id: small } = await launch();
    const large = { input: { text: 'x'.repeat(1_500_000) } };
    const [first, second] = [await launch(large), await launch(large)];
    expect(ids(await worker.claim())).toEqual([small, first.id]);
    expect(await found(second.id)).toMatchObject({ status: 'QUEUED', attempt: 0 });
    expect(ids(await worker.claim())).toEqual([second.id]);
  });

  it('is handed agents by their weight too, and one whatever it weighs', async () => {
    const { world } = shared;
    const { at, user, worker } = await planted('large agents');
    const agent = await world.row('agent', at, 'heavy');
    const parameters = { description: 'x'.repeat(60_000) };
    for (let n = 0; n < 40; n += 1) {
      const tool = await world.row('workflow', at, `tool ${n}`, { more: { parameters } });
      await world.client.agentTool.create({ data: { agentId: agent.id, workflowId: tool.id } });
    }
    const launch = () => launched(world, { by: user, agent, at });
    const [first, second] = [await launch(), await launch()];
    expect(ids(await worker.claim())).toEqual([first.id]);
    expect(await found(second.id)).toMatchObject({ status: 'QUEUED', attempt: 0 });
    expect(ids(await worker.claim())).toEqual([second.id]);
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

  it('takes of each organization in turn, and no more of one than may run at once', async () => {
    const { world } = shared;
    const provider = await world.organization('fair', { isProvider: true });
    const key = await world.key(provider, 'API_KEY', { operations: ['execution:work'] });
    const role = await world.role(PLATFORM, ['execution:work'], { name: 'fair workers' });
    await world.hold({ apiKey: key }, role, PLATFORM);
    const worker = workerOf(shared, key);
    await worker.claim();
    const [busy, calm] = [await planted('busy'), await planted('calm')];
    const many: string[] = [];
    for (let n = 0; n < 6; n += 1) many.push((await busy.launch()).id);
    const few = [(await calm.launch()).id, (await calm.launch()).id];
    expect(ids(await worker.claim({ max: 4 }))).toEqual([many[0], few[0], many[1], few[1]]);
    // Of the one that has two running, two more may.
    expect(ids(await worker.claim())).toEqual([many[2], many[3]]);
    expect(await worker.claim()).toEqual([]);
  });

  it('waits for what comes, and has nothing of it twice', async () => {
    const { worker, launch, key } = await planted('waiting');
    const other = workerOf(shared, key);
    const waiting = [worker.claim({ wait: 20 }), other.claim({ wait: 1 })];
    const { id } = await launch();
    const [one = [], two = []] = await Promise.all(waiting);
    expect(ids([...one, ...two])).toEqual([id]);
  });

  it('finds what is behind what is denied, before its time nothing, and nothing of other queues', async () => {
    const { world } = shared;
    const { worker, launch, user, at, workflow } = await planted('behind');
    const gone = await world.user(at, 'gone');
    await world.client.user.update({ where: { id: gone.id }, data: { isActive: false } });
    for (let n = 0; n < 3; n += 1) await launched(world, { by: gone, workflow, at });
    await launch({ notBefore: new Date(Date.now() + 3_600_000) });
    await launch({ queue: 'slow' });
    const { id } = await launched(world, { by: user, workflow, at });
    expect(ids(await worker.claim({ max: 1 }))).toEqual([id]);
    expect(await worker.claim()).toEqual([]);
    expect(await worker.claim({ queues: ['slow'] })).toHaveLength(1);
  });

  it('is told what is wrong with what it says, and changes nothing by it', async () => {
    const { worker, launch, at } = await planted('wrong');
    const { id } = await launch();
    for (const wrong of [
      { max: 0 },
      { max: 51 },
      { leaseSeconds: 14 },
      { leaseSeconds: 301 },
      { wait: 21 },
      { queues: [] },
    ]) {
      const { code } = await worker.claims({ max: 1, leaseSeconds: 60, wait: 0, ...wrong });
      expect([wrong, code]).toEqual([wrong, 'BAD_USER_INPUT']);
    }
    const [one] = await worker.claim();
    const lease = { id, leaseToken: String(one?.leaseToken) };
    const big = 'x'.repeat(1_100_000);
    expect((await worker.complete({ ...lease, result: big })).answer).toBeNull();
    const line = { seq: 1, level: 'INFO', message: 'm', at: '2026-11-26T00:00:00Z' };
    for (const wrong of [{ level: 'LOUD' }, { message: 'm'.repeat(8_193) }, { seq: -1 }]) {
      const { code } = await worker.log({ ...lease, lines: [{ ...line, ...wrong }] });
      expect([Object.keys(wrong), code]).toEqual([Object.keys(wrong), 'BAD_USER_INPUT']);
    }
    for (const at of [
      '0000-06-01T00:00:00Z',
      '0001-01-01T00:00:00+01:00',
      '9999-12-31T23:59:59-01:00',
    ]) {
      const { code, errors } = await worker.log({
        ...lease,
        lines: [line, { ...line, seq: 2, at }],
      });
      expect([at, code]).toEqual([at, 'BAD_USER_INPUT']);
      expect(errors[0]?.extensions.issues).toMatchObject([{ path: ['lines', 1, 'at'] }]);
    }
    const failure = { code: 'no code', message: '', retryable: false };
    expect((await worker.fail({ ...lease, ...failure })).code).toBe('BAD_USER_INPUT');
    // A fence of nobody, of another execution, and the right one with another key.
    const { key } = await planted('strange');
    const elsewhere = await workerKey(shared.world, at);
    const result = 1;
    expect((await worker.complete({ ...lease, leaseToken: 'hdl_', result })).code).toBe(
      'LEASE_LOST',
    );
    expect((await worker.complete({ ...lease, leaseToken: String(one?.token), result })).code).toBe(
      'LEASE_LOST',
    );
    expect((await worker.complete({ ...lease, id: at.id, result })).code).toBe('LEASE_LOST');
    for (const value of [key.value, elsewhere.value]) {
      expect((await workerOf(shared, { value }).complete({ ...lease, result })).code).toBe(
        'LEASE_LOST',
      );
    }
    expect(await found(id)).toMatchObject({ status: 'RUNNING', result: null });
  });

  it('keeps 10,000 lines of an execution, and says that there were more', async () => {
    const { worker, launch } = await planted('talkative');
    const { id } = await launch();
    const [one] = await worker.claim();
    const lease = { id, leaseToken: String(one?.leaseToken) };
    await shared.world.client.$executeRaw`
      INSERT INTO execution_log (id, execution_id, attempt, seq, level, message, at)
      SELECT gen_random_uuid(), ${id}::text::uuid, 1, n, 'INFO', 'line', now() FROM generate_series(1, 9999) n`;
    const lines = [10_000, 10_001, 10_002].map((seq) => ({
      seq,
      level: 'INFO',
      message: 'm',
      at: '2026-11-26T00:00:00Z',
    }));
    expect((await worker.log({ ...lease, lines })).answer.kept).toBe(1);
    expect((await worker.log({ ...lease, lines })).answer.kept).toBe(1);
    const kept = await shared.world.client.executionLog.findMany({
      where: { executionId: id },
      orderBy: { seq: 'desc' },
      take: 2,
    });
    expect(kept.map(({ message }) => message)).toEqual(['further lines are not kept', 'm']);
    expect(await shared.world.client.executionLog.count({ where: { executionId: id } })).toBe(
      10_001,
    );
  });
});
