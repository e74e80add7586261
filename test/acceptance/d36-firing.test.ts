import { describe, expect, it } from 'vitest';
import { AT_ONCE } from '../../src/resources/schedule/fire-due.js';
import { gatewayWith } from '../support/gateway.js';
import type { Identified, Person, Spot } from '../support/world.js';
import { PLATFORM } from '../support/world.js';

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const project = await world.scope(a, 'project');
  const x = await world.role(a, [], { name: 'x' });
  const open = await world.row('workflow', a, 'open');
  const forX = await world.row('workflow', a, 'for x', { access: 'ROLE_BASED', roles: [x] });
  const global = await world.row('workflow', PLATFORM, 'global');
  const secret = await world.row('agent', a, 'secret', { access: 'PRIVATE' });
  const owner = await world.user(a, 'owner');
  await world.hold(owner, x, a);
  const other = await world.user(a, 'other');
  const keeper = await world.manager(a, ['agent:read', 'agent:update']);
  const reader = await world.manager(a, ['agent:read']);
  return { a, project, open, forX, global, secret, owner, other, keeper, reader };
});

interface Planted {
  readonly at?: Spot;
  readonly owner?: Person;
  readonly workflow?: Identified | null;
  readonly agent?: Identified;
  readonly cron?: string;
  readonly onOverlap?: string;
  readonly onMissed?: string;
  readonly minutesAgo?: number;
}

let counter = 0;

/** A schedule that has been due for so many minutes. */
async function plant({
  at = shared.w.project,
  owner = shared.w.owner,
  workflow = shared.w.open,
  agent,
  cron = '* * * * *',
  minutesAgo = 1,
  ...how
}: Planted): Promise<string> {
  const { id } = await shared.world.client.schedule.create({
    data: {
      ...{ name: `schedule ${++counter}`, cron, timezone: 'UTC', ...how },
      ...(agent === undefined ? { workflowId: workflow?.id ?? null } : { agentId: agent.id }),
      ...{ input: { n: counter }, nextAt: minutes(-minutesAgo) },
      ...{ organizationId: String(at.organizationId), scopeId: at.scopeId },
      ...{ createdById: owner.id, ownerId: owner.id },
    },
  });
  return id;
}

const minutes = (n: number): Date => new Date((Math.floor(Date.now() / 60_000) + n) * 60_000);

async function fireAll(id: string) {
  const fired = await shared.fireSchedules();
  expect(fired.failed).toEqual([]);
  return { ...fired, ...(await stateOf(id)) };
}

async function stateOf(id: string) {
  const { client } = shared.world;
  return {
    schedule: await client.schedule.findUniqueOrThrow({ where: { id } }),
    executions: await client.execution.findMany({
      where: { scheduleId: id },
      orderBy: { id: 'asc' },
    }),
    firings: await client.scheduleFiring.findMany({
      where: { scheduleId: id },
      orderBy: { dueAt: 'asc' },
    }),
  };
}

/** Makes it due again, as if its next time had come. */
async function dueAgain(id: string, minutesAgo = 0): Promise<void> {
  await shared.world.client.scheduleFiring.deleteMany({ where: { scheduleId: id } });
  await shared.world.client.schedule.update({
    where: { id },
    data: { nextAt: minutes(-minutesAgo) },
  });
}

/** As if some time had passed since it fired. */
async function ended(id: string, status: 'CANCELLED' = 'CANCELLED') {
  await shared.world.client.execution.updateMany({
    where: { scheduleId: id, status: 'QUEUED' },
    data: { status, movedBy: 'cancel', movedAt: new Date(), finishedAt: new Date() },
  });
}

describe('D36: what is due fires once, as its owner', () => {
  it('and is due again at the next time', async () => {
    const id = await plant({ minutesAgo: 0 });
    const { schedule, executions, firings } = await fireAll(id);
    expect(executions).toMatchObject([
      {
        ...{ kind: 'WORKFLOW', trigger: 'SCHEDULE', status: 'QUEUED', launcherKind: 'USER' },
        ...{ createdById: shared.w.owner.id, workflowId: shared.w.open.id, scheduleId: id },
        ...{ organizationId: shared.w.a.id, scopeId: shared.w.a.scopeId, input: { n: counter } },
      },
    ]);
    expect(firings).toMatchObject([{ outcome: 'LAUNCHED' }]);
    expect(schedule.lastAt).toEqual(firings[0]?.dueAt);
    expect(schedule.version).toBe(1);
    expect(schedule.nextAt?.getTime()).toBeGreaterThan(Date.now() - 1);
    expect((await fireAll(id)).executions).toHaveLength(1);
  });

  it('whichever gateways do so at the same time', async () => {
    const ids = [];
    for (let n = 0; n < 5; n += 1) ids.push(await plant({ onOverlap: 'QUEUE' }));
    const passes = await Promise.all(Array.from({ length: 4 }, () => shared.fireSchedules()));
    expect(passes.flatMap(({ failed }) => failed)).toEqual([]);
    for (const id of ids) expect((await stateOf(id)).executions).toHaveLength(1);
  });

  it('a due time that has fired is none again, whatever the schedule says', async () => {
    const id = await plant({ minutesAgo: 0 });
    const { firings } = await fireAll(id);
    await ended(id);
    await shared.world.client.schedule.update({
      where: { id },
      data: { nextAt: firings[0]?.dueAt ?? null },
    });
    const again = await fireAll(id);
    // Where the clock went on to the next minute meanwhile, that one fired.
    expect(again.executions.length).toBe(again.firings.length);
    expect(new Set(again.firings.map(({ dueAt }) => dueAt.getTime())).size).toBe(
      again.firings.length,
    );
  });

  it('a global workflow runs where the schedule lives, a private agent for who may change it', async () => {
    const { global, secret, keeper, reader, project } = shared.w;
    const one = await plant({ workflow: global });
    expect((await fireAll(one)).executions).toMatchObject([{ scopeId: project.scopeId }]);
    const two = await plant({ agent: secret, owner: keeper });
    expect((await fireAll(two)).executions).toMatchObject([{ kind: 'AGENT_RUN' }]);
    const three = await plant({ agent: secret });
    expect(await fireAll(three)).toMatchObject({ denied: 1, executions: [] });
    const four = await plant({ agent: secret, owner: reader });
    expect(await fireAll(four)).toMatchObject({ denied: 1, executions: [] });
  });
});

describe('D36: decided anew at each firing', () => {
  it('denied three times running it stops, with the reason, recorded as the job’s doing', async () => {
    const { world, w } = shared;
    const id = await plant({ workflow: w.forX, owner: w.other, onMissed: 'ONCE' });
    for (const denials of [1, 2]) {
      const { schedule, executions } = await fireAll(id);
      expect({ denials: schedule.denials, isActive: schedule.isActive }).toEqual({
        denials,
        isActive: true,
      });
      expect(executions).toEqual([]);
      await dueAgain(id, 3 - denials);
    }
    const { schedule } = await fireAll(id);
    expect(schedule).toMatchObject({
      isActive: false,
      nextAt: null,
      disabledReason: 'DENIED: NOT_FOUND',
    });
    const entries = await world.client.auditEntry.findMany({ where: { resourceId: id } });
    expect(entries.filter(({ outcome }) => outcome === 'DENIED')).toHaveLength(3);
    expect(entries.filter(({ action }) => action === 'schedule:stop')).toHaveLength(1);
    expect(await fireAll(id)).toMatchObject({ denied: 0 });
  });

  it('and once permitted it counts anew', async () => {
    const { world, w } = shared;
    const id = await plant({ workflow: w.forX, owner: w.other });
    await fireAll(id);
    const x = await world.client.role.findFirstOrThrow({ where: { name: 'x' } });
    await world.hold(w.other, x, w.a);
    await dueAgain(id);
    const { schedule, executions } = await fireAll(id);
    expect(executions).toHaveLength(1);
    expect(schedule.denials).toBe(0);
    await world.client.roleAssignment.deleteMany({ where: { membership: { userId: w.other.id } } });
  });

  it('an owner who is not active any more stops it at once', async () => {
    const { world, w } = shared;
    const leaver = await world.user(w.a, 'leaver');
    const id = await plant({ owner: leaver });
    await world.client.user.update({ where: { id: leaver.id }, data: { isActive: false } });
    const { schedule, executions } = await fireAll(id);
    expect(executions).toEqual([]);
    expect(schedule).toMatchObject({ isActive: false, disabledReason: 'OWNER_INACTIVE' });
  });
});

describe('D36: onMissed and onOverlap', () => {
  it('missed due times are skipped, or made up for once', async () => {
    const hourly = { cron: '0 0 1 1 *', minutesAgo: 600 };
    const skips = await plant(hourly);
    const once = await plant({ ...hourly, onMissed: 'ONCE' });
    await fireAll(skips);
    expect(await stateOf(skips)).toMatchObject({
      executions: [],
      firings: [{ outcome: 'MISSED' }],
    });
    expect((await stateOf(once)).executions).toHaveLength(1);
    // Of many only the last.
    const often = await plant({ minutesAgo: 9_000, onMissed: 'ONCE' });
    const { executions, schedule, firings } = await fireAll(often);
    expect(executions).toHaveLength(1);
    expect(Date.now() - (schedule.lastAt?.getTime() ?? 0)).toBeLessThan(120_000);
    expect(firings).toHaveLength(1);
  });

  it('SKIP launches nothing while something runs', async () => {
    const id = await plant({ minutesAgo: 1 });
    await fireAll(id);
    await dueAgain(id);
    const { executions, firings } = await fireAll(id);
    expect(executions).toHaveLength(1);
    expect(firings.at(-1)).toMatchObject({ outcome: 'OVERLAPPED' });
  });

  it('QUEUE waits until that has ended, and then launches once', async () => {
    const id = await plant({ onOverlap: 'QUEUE' });
    await fireAll(id);
    await dueAgain(id, 30);
    expect(await fireAll(id)).toMatchObject({ executions: [{ status: 'QUEUED' }] });
    await ended(id);
    const { executions, schedule } = await fireAll(id);
    expect(executions.map(({ status }) => status)).toEqual(['CANCELLED', 'QUEUED']);
    expect(schedule.nextAt?.getTime()).toBeGreaterThan(Date.now() - 1);
  });

  it('REPLACE cancels that, and launches', async () => {
    const id = await plant({ onOverlap: 'REPLACE' });
    await fireAll(id);
    await dueAgain(id);
    const { executions } = await fireAll(id);
    expect(executions.map(({ status }) => status)).toEqual(['CANCELLED', 'QUEUED']);
  });

  it('REPLACE launches as well where that has just ended by itself', async () => {
    const { client } = shared.world;
    const id = await plant({ onOverlap: 'REPLACE' });
    await fireAll(id);
    await dueAgain(id);
    // It ends between being seen to run and being cancelled.
    await client.$executeRawUnsafe(`
      CREATE FUNCTION just_ended() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        UPDATE execution SET status = 'CANCELLED', moved_by = 'cancel', moved_at = now(), finished_at = now(),
          version = version + 1 WHERE schedule_id = NEW.schedule_id AND status = 'QUEUED';
        RETURN NEW;
      END $$`);
    await client.$executeRawUnsafe(
      'CREATE TRIGGER just_ended BEFORE INSERT ON schedule_firing FOR EACH ROW EXECUTE FUNCTION just_ended()',
    );
    try {
      const { denied, schedule, executions } = await fireAll(id);
      expect({ denied, denials: schedule.denials }).toEqual({ denied: 0, denials: 0 });
      expect(executions.map(({ status }) => status)).toEqual(['CANCELLED', 'QUEUED']);
    } finally {
      await client.$executeRawUnsafe('DROP FUNCTION just_ended() CASCADE');
    }
  });
});

describe('D36: what is no denial', () => {
  it.each([
    ['HDX01', 'CONFLICT', false],
    ['53300', 'UNAVAILABLE', false],
    ['23514', 'BAD_USER_INPUT', true],
  ])('%s (%s) counts as one: %s', async (state, code, counts) => {
    const { client } = shared.world;
    const id = await plant({});
    await client.$executeRawUnsafe(`
      CREATE FUNCTION no_launch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE 'not now' USING ERRCODE = '${state}';
      END $$`);
    await client.$executeRawUnsafe(
      'CREATE TRIGGER no_launch BEFORE INSERT ON execution FOR EACH ROW EXECUTE FUNCTION no_launch()',
    );
    try {
      const { denied, failed } = await shared.fireSchedules();
      const { schedule, executions } = await stateOf(id);
      expect(executions).toEqual([]);
      expect({ denied, denials: schedule.denials }).toEqual(
        counts ? { denied: 1, denials: 1 } : { denied: 0, denials: 0 },
      );
      expect(failed).toMatchObject(counts ? [] : [{ code }]);
    } finally {
      await client.$executeRawUnsafe('DROP FUNCTION no_launch() CASCADE');
    }
    // What failed is tried again, and launches.
    if (!counts) expect((await fireAll(id)).executions).toHaveLength(1);
  });

  it('and keeps nobody else waiting, however many there are that fail', async () => {
    const { client } = shared.world;
    const many = Array.from({ length: AT_ONCE }, () => plant({ minutesAgo: 10 }));
    const failing = { id: { in: await Promise.all(many) } };
    await client.schedule.updateMany({ where: failing, data: { timezone: 'Nowhere/At All' } });
    const id = await plant({ minutesAgo: 1 });
    try {
      expect(await shared.fireSchedules()).toMatchObject({ launched: 0, reached: {} });
      expect(await shared.fireSchedules()).toMatchObject({
        launched: 1,
        failed: [],
        reached: null,
      });
      expect((await stateOf(id)).executions).toHaveLength(1);
      // And round again.
      expect((await shared.fireSchedules()).failed).toHaveLength(AT_ONCE);
      await shared.fireSchedules();
    } finally {
      await client.schedule.deleteMany({ where: failing });
    }
  });
});
