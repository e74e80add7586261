import fc from 'fast-check';
import { expect, it } from 'vitest';
import { reap } from '../../../src/execution/reap.js';
import { systemPrincipal } from '../../../src/identity/system-principal.js';
import { DEFAULT_LIMITS } from '../../../src/limits/limits.js';
import { gatewayWith } from '../../support/gateway.js';
import { asking, launched, workerOf } from '../../support/working.js';
import { PLATFORM } from '../../support/world.js';
import { isHandedOut, isLive, type Model, reaped, State, told } from './evaluator.js';
import { type Step, step } from './steps.js';
import { type Planted, plant } from './world.js';

const shared = gatewayWith(async (world) => {
  const provider = await world.organization('provider', { isProvider: true });
  const key = await world.key(provider, 'API_KEY', { operations: ['execution:work'] });
  await world.hold({ apiKey: key }, await world.role(PLATFORM, ['execution:work']), PLATFORM);
  // Whoever else administers may be made inactive.
  await world.user(provider, 'admin', { isPlatformAdmin: true });
  return { key };
});

const PAST = new Date(0);

/** Changes what only time changes. */
const inTime = (id: string, data: object) =>
  shared.world.client.$transaction(async (tx) => {
    await tx.$executeRaw`ALTER TABLE execution DISABLE TRIGGER execution_3_moved`;
    await tx.execution.update({ where: { id }, data });
    await tx.$executeRaw`ALTER TABLE execution ENABLE TRIGGER execution_3_moved`;
  });

const reapAll = () =>
  reap({
    client: shared.world.client,
    principal: systemPrincipal('reaper'),
    limits: DEFAULT_LIMITS,
  });

type Launching = Extract<Step, { do: 'launch' }>;

/** Launches in one of the ways that there are, and notes what that must come to. */
async function launch(planted: Planted, state: State, how: Launching): Promise<void> {
  const { client } = shared.world;
  const { who, what, at, tries } = how;
  const [actor, target, spot] = [planted.actors[who], planted.targets[what], planted.at[at]];
  if (actor === undefined || target === undefined || spot === undefined) throw new Error('nobody');
  const of = { who, what, at };
  if (how.how === 'AGENT') {
    const run = { ...of, isAgents: true, tries: 1 };
    if (!state.mayRun(run)) return;
    const { id } = await launched(shared.world, {
      by: actor.person,
      agent: target.agent,
      at: spot,
    });
    state.add({ ...run, id });
    return;
  }
  const { id: workflow } = target.workflow;
  await client.workflow.update({ where: { id: workflow }, data: { maxAttempts: tries } });
  const run = { ...of, isAgents: false, tries };
  if (how.how === 'SCHEDULE') {
    // It lives where its owner does, and is of no other organization.
    if (actor.home !== at || (target.home !== null && target.home !== at)) return;
    const id = await fired(actor.person.id, workflow, spot);
    expect(id !== null, 'whether a schedule launches').toBe(state.mayRun(run));
    if (id !== null) state.add({ ...run, id });
    return;
  }
  const { data, errors } = await shared.ask(
    actor.person.email,
    `mutation { runWorkflow(input: { workflow: "${workflow}", scope: "${spot.id}" }) { execution { id } } }`,
  );
  const id = data?.runWorkflow?.execution?.id;
  expect(errors[0]?.extensions.code ?? 'QUEUED').toBe(state.launching(of));
  if (id !== undefined) state.add({ ...run, id });
}

let counter = 0;

/** What a schedule of somebody launches where it lives, which is due now. */
async function fired(ownerId: string, workflowId: string, at: Planted['at'][number]) {
  const { client } = shared.world;
  const { id } = await client.schedule.create({
    data: {
      ...{ name: `schedule ${++counter}`, cron: '* * * * *', timezone: 'UTC', workflowId },
      ...{ input: {}, nextAt: new Date(Math.floor(Date.now() / 60_000) * 60_000) },
      ...{ organizationId: String(at.organizationId), scopeId: at.scopeId },
      ...{ createdById: ownerId, ownerId },
    },
  });
  expect((await shared.fireSchedules()).failed).toEqual([]);
  await client.schedule.update({ where: { id }, data: { isActive: false, nextAt: null } });
  const found = await client.execution.findFirst({ where: { scheduleId: id } });
  return found?.id ?? null;
}

/** What an attempt reads with its token, of all rows that lie beside what could run. */
async function call(planted: Planted, state: State, model: Model, token: string, there: number) {
  const ask = asking(shared, token);
  const { status, data } = await ask('{ viewer { execution { id } } }');
  const isCurrent = token === model.leases.at(-1)?.token;
  const may = isCurrent && state.mayCall(model);
  expect([status, data?.viewer?.execution?.id]).toEqual(may ? [200, model.id] : [401, undefined]);
  const expected = may ? state.configsOf(model, there) : null;
  if (expected === null) return;
  const all = planted.targets.map(({ config }, n) => `_${n}: config(id: "${config.id}") { id }`);
  const header = there === model.at ? {} : { 'x-heimdall-scope': String(planted.at[there]?.id) };
  const answer = await ask(`{ ${all.join(' ')} }`, {}, header);
  const read = planted.targets.flatMap((_, n) => (answer.data?.[`_${n}`] === null ? [] : [n]));
  expect(read, JSON.stringify([model, there])).toEqual(expected);
}

/** What everybody who may act sees of everything that was launched (D31). */
async function look({ actors }: Planted, state: State): Promise<void> {
  const { models } = state;
  const rows = await shared.world.client.execution.findMany({
    where: { id: { in: models.map(({ id }) => id) } },
  });
  const reasons = new Map(rows.map(({ id, reason }) => [id, reason]));
  const all = models.map(({ id }, n) => `_${n}: execution(id: "${id}") { ${SHOWN} }`);
  for (const [who, { person, home }] of actors.entries()) {
    if (!state.acts[who]) continue;
    const { data, errors } = await shared.ask(
      person.email,
      `{ executions(first: 100) { totalCount edges { node { id } } } ${all.join(' ')} }`,
    );
    expect(errors).toEqual([]);
    for (const [n, model] of models.entries()) {
      const sight = state.sight(who, model);
      const isShown = sight === 'payload' || sight === 'all';
      const expected = {
        ...{ id: model.id, status: model.status, attempt: model.attempt, canManage: isShown },
        input: isShown ? {} : null,
        reason: sight === 'all' ? (reasons.get(model.id) ?? null) : null,
      };
      expect(data[`_${n}`], JSON.stringify([who, model])).toEqual(
        sight === 'nothing' ? null : expected,
      );
    }
    const listed = models.filter((one) => one.at === home && state.sight(who, one) !== 'nothing');
    const found = data.executions.edges as { node: { id: string } }[];
    expect(found.map(({ node }) => node.id).sort()).toEqual(listed.map(({ id }) => id).sort());
    expect(data.executions.totalCount).toBe(listed.length);
  }
}

const SHOWN = 'id status attempt canManage input reason';

async function play(steps: readonly Step[]): Promise<void> {
  const { client } = shared.world;
  const planted = await plant(shared.world);
  const { actors, targets } = planted;
  const state = new State(planted);
  const { models, acts, opens } = state;
  const worker = workerOf(shared, shared.w.key);
  for (const one of steps) {
    const model = 'which' in one ? models[one.which % Math.max(1, models.length)] : undefined;
    const lease = model?.leases.at('old' in one && one.old ? -2 : -1);
    switch (one.do) {
      case 'launch':
        await launch(planted, state, one);
        break;
      case 'claim': {
        const handed = await worker.claim();
        const expected = models.filter((each) => each.status === 'QUEUED' && each.isDue);
        for (const each of expected) {
          if (!state.mayRun(each)) each.status = 'DENIED';
          else {
            const attempt = each.attempt + 1;
            Object.assign(each, { status: 'RUNNING', attempt });
            Object.assign(each, { isLeaseOver: false, isTimeOver: false });
          }
        }
        const running = expected.filter(({ status }) => status === 'RUNNING');
        expect(handed.map(({ id }) => id).sort()).toEqual(running.map(({ id }) => id).sort());
        for (const { id, leaseToken, token, attempt } of handed) {
          const each = running.find((known) => known.id === id);
          expect(attempt).toBe(each?.attempt);
          each?.leases.push({ leaseToken, token });
        }
        break;
      }
      case 'complete':
      case 'fail':
      case 'retry':
      case 'release': {
        if (model === undefined || lease === undefined) break;
        const isOld = lease !== model.leases.at(-1);
        const input = { id: model.id, leaseToken: lease.leaseToken };
        const failure = { code: 'CHANCE', message: 'no', retryable: one.do === 'retry' };
        const answer = await (one.do === 'complete'
          ? worker.complete({ ...input, result: 1 })
          : one.do === 'release'
            ? worker.release(input)
            : worker.fail({ ...input, ...failure }));
        expect(answer.answer?.status ?? answer.code).toBe(told(model, one.do, isOld));
        break;
      }
      case 'beat': {
        if (model === undefined || lease === undefined) break;
        const isHeld = lease === model.leases.at(-1) && isHandedOut(model);
        const { answer } = await worker.heartbeat({
          executions: [{ id: model.id, leaseToken: lease.leaseToken }],
        });
        expect(answer[0]).toMatchObject({
          isLost: !isHeld,
          cancelRequested: isHeld && model.status === 'CANCELLING',
        });
        break;
      }
      case 'call':
        if (model === undefined || lease === undefined) break;
        await call(planted, state, model, lease.token, one.there);
        break;
      case 'cancel': {
        if (model === undefined) break;
        const expected = state.cancelling(one.who, model);
        const { data, errors } = await shared.ask(
          String(actors[one.who]?.person.email),
          `mutation { cancelExecution(input: { id: "${model.id}" }) { execution { status } } }`,
        );
        const found = data?.cancelExecution?.execution?.status;
        expect(errors[0]?.extensions.code ?? found).toBe(expected);
        if (found !== undefined) model.status = expected;
        break;
      }
      case 'lease over':
        if (model === undefined || !isLive(model)) break;
        await inTime(model.id, { leaseExpiresAt: PAST });
        model.isLeaseOver = true;
        break;
      case 'time over':
        if (model === undefined || !isLive(model)) break;
        await inTime(model.id, { timeoutAt: PAST });
        model.isTimeOver = true;
        break;
      case 'person': {
        const id = String(actors[one.who]?.person.id);
        await client.user.update({ where: { id }, data: { isActive: one.is } });
        acts[one.who] = one.is;
        break;
      }
      case 'ranging': {
        const ranger = actors.findIndex(({ ranges }) => ranges);
        await planted.setRanging(actors[ranger] as Planted['actors'][number], one.is);
        state.ranges[ranger] = one.is;
        break;
      }
      case 'workflow':
      case 'agent': {
        const at = { where: { id: String(targets[one.what]?.[one.do].id) } };
        const set = { ...at, data: { isActive: one.is } };
        await (one.do === 'workflow' ? client.workflow.update(set) : client.agent.update(set));
        Object.assign(opens[one.what] ?? {}, { [one.do]: one.is });
        break;
      }
      case 'due':
        for (const each of models.filter(({ status }) => status === 'QUEUED')) {
          const data = { notBefore: new Date(Date.now() - 1_000) };
          await client.execution.update({ where: { id: each.id }, data });
          each.isDue = true;
        }
        break;
      case 'reap':
        await reapAll();
        for (const each of models.filter(isLive)) reaped(each, acts[each.who] === true);
        break;
      case 'look':
        await look(planted, state);
        break;
    }
    const rows = await client.execution.findMany({
      where: { organizationId: { in: planted.at.map(({ id }) => id) } },
    });
    type Stated = Pick<Model, 'id' | 'status' | 'attempt' | 'released' | 'late'>;
    const stateOf = ({ id, status, attempt, released, late }: Stated) =>
      `${id} ${status} ${attempt} ${released} ${late}`;
    expect(rows.map(stateOf).sort()).toEqual(models.map(stateOf).sort());
  }
  await look(planted, state);
  // What is left is nobody's in the next round, and counts for nothing there: an organization runs so many at once.
  for (const each of models.filter(isLive)) await inTime(each.id, { timeoutAt: PAST });
  await reapAll();
  await client.execution.updateMany({
    where: { status: 'QUEUED' },
    data: { notBefore: new Date('2100-01-01') },
  });
}

const RUNS = Number(process.env.EXECUTION_RUNS ?? 12);
const SEED = process.env.EXECUTION_SEED;

it('D30 to D36: whatever is launched, claimed, called, revoked and finished, it comes to what an evaluator says, and is seen by whom it says', {
  timeout: RUNS * 25_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 30, size: 'max' }), play),
    {
      numRuns: RUNS,
      endOnFailure: true,
      ...(SEED === undefined ? {} : { seed: Number(SEED) }),
    },
  );
});
