import fc from 'fast-check';
import { expect, it } from 'vitest';
import { reap } from '../../src/execution/reap.js';
import { systemPrincipal } from '../../src/identity/system-principal.js';
import { DEFAULT_LIMITS } from '../../src/limits/limits.js';
import { gatewayWith } from '../support/gateway.js';
import { asking, launched, workerKey, workerOf } from '../support/working.js';
import type { Identified } from '../support/world.js';

/** What happens, at random; numbers choose among what there is. */
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('launch' as const),
      who: fc.nat(1),
      what: fc.nat(1),
      tries: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('claim' as const) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'complete' as const,
        'fail' as const,
        'retry' as const,
        'release' as const,
        'beat' as const,
        'call' as const,
      ),
      which: fc.nat(),
      old: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('lease over' as const, 'time over' as const),
      which: fc.nat(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('person' as const), who: fc.nat(1), is: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('workflow' as const),
      what: fc.nat(1),
      is: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('reap' as const, 'due' as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** An execution, as the evaluator has it: D30 to D34 once more, without a line of the gateway's. */
interface Model {
  readonly id: string;
  readonly who: number;
  readonly what: number;
  readonly tries: number;
  status: string;
  code: string | null;
  attempt: number;
  released: number;
  isDue: boolean;
  isLeaseOver: boolean;
  isTimeOver: boolean;
  late: boolean;
  /** What ended it, to be said again. */
  said: string | null;
  readonly leases: { readonly leaseToken: string; readonly token: string }[];
}

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  return { a, key: await workerKey(world, a) };
});

const isLive = ({ status }: Model) => ['RUNNING', 'CANCELLING'].includes(status);
const hasTries = ({ attempt, released, tries }: Model) => attempt - released < tries;

/** What a worker is told of what it says, and what becomes of it. */
function told(
  model: Model,
  kind: 'complete' | 'fail' | 'retry' | 'release',
  isOld: boolean,
): string {
  if (isOld) return 'LEASE_LOST';
  const { status } = model;
  const end = (to: string, said: string): string => {
    Object.assign(model, { status: to, said, code: to === 'FAILED' ? 'CHANCE' : null });
    return to;
  };
  const requeue = (isDue: boolean): string => {
    Object.assign(model, { status: 'QUEUED', isDue });
    return 'QUEUED';
  };
  if (kind === 'release') {
    if (status === 'RUNNING') {
      model.released += 1;
      return requeue(true);
    }
    if (status === 'CANCELLING') return end('CANCELLED', 'cancelled');
    return status === 'QUEUED' || status === 'CANCELLED' ? status : 'LEASE_LOST';
  }
  if (kind === 'retry') {
    if (status === 'CANCELLING') return end('CANCELLED', 'cancelled');
    if (status === 'RUNNING' && hasTries(model)) return requeue(false);
    if (status === 'QUEUED' || status === 'CANCELLED') return status;
  }
  const [to, said] = kind === 'complete' ? ['SUCCEEDED', 'result'] : ['FAILED', 'failure'];
  if (isLive(model)) return end(String(to), String(said));
  if (status === 'FAILED' && model.code === 'LEASE_LOST') {
    model.late = true;
    return end(String(to), String(said));
  }
  if (['SUCCEEDED', 'FAILED'].includes(status)) return model.said === said ? status : 'CONFLICT';
  return 'LEASE_LOST';
}

/** An attempt ends with its lease, and with its time (D33). */
const isHandedOut = (model: Model): boolean =>
  isLive(model) && !model.isLeaseOver && !model.isTimeOver;

async function play(steps: readonly Step[]): Promise<void> {
  const { world, w } = shared;
  const { client } = world;
  const people: Identified[] = [await world.user(w.a, 'one'), await world.user(w.a, 'other')];
  const suffix = people[0]?.id;
  const flows = [
    await world.row('workflow', w.a, `one ${suffix}`),
    await world.row('workflow', w.a, `other ${suffix}`),
  ];
  const [acts, opens] = [
    [true, true],
    [true, true],
  ];
  const models: Model[] = [];
  const worker = workerOf(shared, w.key);
  const past = new Date(0);
  const soon = async (id: string, data: object) =>
    client.$transaction(async (tx) => {
      await tx.$executeRaw`ALTER TABLE execution DISABLE TRIGGER execution_3_moved`;
      await tx.execution.update({ where: { id }, data });
      await tx.$executeRaw`ALTER TABLE execution ENABLE TRIGGER execution_3_moved`;
    });
  for (const one of steps) {
    const model = 'which' in one ? models[one.which % Math.max(1, models.length)] : undefined;
    switch (one.do) {
      case 'launch': {
        const by = people[one.who] as Identified;
        const workflow = flows[one.what] as Identified;
        const { id } = await launched(world, {
          by,
          workflow,
          at: w.a,
          more: { maxAttempts: one.tries },
        });
        const fresh = {
          status: 'QUEUED',
          code: null,
          attempt: 0,
          released: 0,
          isDue: true,
          isLeaseOver: false,
          isTimeOver: false,
          late: false,
          said: null,
        };
        models.push({ id, who: one.who, what: one.what, tries: one.tries, leases: [], ...fresh });
        break;
      }
      case 'claim': {
        const handed = await worker.claim();
        const expected = models.filter((each) => each.status === 'QUEUED' && each.isDue);
        for (const each of expected) {
          if (!acts[each.who] || !opens[each.what]) each.status = 'DENIED';
          else
            Object.assign(each, {
              status: 'RUNNING',
              attempt: each.attempt + 1,
              isLeaseOver: false,
              isTimeOver: false,
            });
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
        const lease = model?.leases.at(one.old ? -2 : -1);
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
        const lease = model?.leases.at(one.old ? -2 : -1);
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
      case 'call': {
        const lease = model?.leases.at(one.old ? -2 : -1);
        if (model === undefined || lease === undefined) break;
        const isHeld = lease === model.leases.at(-1) && isHandedOut(model) && acts[model.who];
        const { status, data } = await asking(
          shared,
          lease.token,
        )('{ viewer { execution { id } } }');
        expect([status, data?.viewer?.execution?.id]).toEqual(
          isHeld ? [200, model.id] : [401, undefined],
        );
        break;
      }
      case 'lease over':
        if (model === undefined || !isLive(model)) break;
        await soon(model.id, { leaseExpiresAt: past });
        model.isLeaseOver = true;
        break;
      case 'time over':
        if (model === undefined || !isLive(model)) break;
        await soon(model.id, { timeoutAt: past });
        model.isTimeOver = true;
        break;
      case 'person':
        await client.user.update({
          where: { id: String(people[one.who]?.id) },
          data: { isActive: one.is },
        });
        acts[one.who] = one.is;
        break;
      case 'workflow':
        await client.workflow.update({
          where: { id: String(flows[one.what]?.id) },
          data: { isActive: one.is },
        });
        opens[one.what] = one.is;
        break;
      case 'due':
        for (const each of models.filter(({ status }) => status === 'QUEUED')) {
          await client.execution.update({
            where: { id: each.id },
            data: { notBefore: new Date(Date.now() - 1_000) },
          });
          each.isDue = true;
        }
        break;
      case 'reap':
        await reap({ client, principal: systemPrincipal('reaper'), limits: DEFAULT_LIMITS });
        for (const each of models.filter(isLive)) {
          if (each.isTimeOver) each.status = 'TIMED_OUT';
          else if (each.status === 'RUNNING' && each.isLeaseOver) {
            if (hasTries(each)) Object.assign(each, { status: 'QUEUED', isDue: false });
            else Object.assign(each, { status: 'FAILED', code: 'LEASE_LOST' });
          } else if (each.status === 'RUNNING' && !acts[each.who]) each.status = 'CANCELLING';
        }
        break;
    }
    const rows = await client.execution.findMany({
      where: { createdById: { in: people.map(({ id }) => id) } },
    });
    const stateOf = ({
      id,
      status,
      attempt,
      released,
      late,
    }: Pick<Model, 'id' | 'status' | 'attempt' | 'released' | 'late'>) =>
      `${id} ${status} ${attempt} ${released} ${late}`;
    expect(rows.map(stateOf).sort()).toEqual(models.map(stateOf).sort());
  }
  // What is left is nobody's in the next round, and counts for nothing there: an organization runs so many at once.
  for (const each of models.filter(isLive)) await soon(each.id, { timeoutAt: past });
  await reap({ client, principal: systemPrincipal('reaper'), limits: DEFAULT_LIMITS });
  await client.execution.updateMany({
    where: { status: 'QUEUED' },
    data: { notBefore: new Date('2100-01-01') },
  });
}

it('D30 to D34: whatever is launched, claimed, called, revoked and finished, it comes to what an evaluator says', {
  timeout: 300_000,
}, async () => {
  const numRuns = Number(process.env.EXECUTION_RUNS ?? 12);
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 30, size: 'max' }), play),
    { numRuns, endOnFailure: true },
  );
});
