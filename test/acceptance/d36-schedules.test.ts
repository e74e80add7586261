import { describe, expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';
import { mutate } from '../support/mutate.js';
import { PLATFORM } from '../support/world.js';

const ALL = ['read', 'create', 'update', 'delete', 'transfer'].map((one) => `schedule:${one}`);

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const b = await world.organization('B');
  const project = await world.scope(a, 'project');
  const x = await world.role(a, [], { name: 'x' });
  const schedules = await world.role(a, [...ALL, 'user:read']);
  const managesAgents = await world.role(a, ['agent:read', 'agent:update']);
  const bound = { access: 'ROLE_BASED', roles: [x] };
  const open = await world.row('workflow', a, 'open');
  const forX = await world.row('workflow', a, 'for x', bound);
  const off = await world.row('workflow', a, 'off', { inactive: true });
  const provider = await world.row('workflow', a, 'provider', { more: { kind: 'DATA_PROVIDER' } });
  const global = await world.row('workflow', PLATFORM, 'global');
  const foreign = await world.row('workflow', b, 'foreign');
  const agent = await world.row('agent', a, 'agent');
  const strict = await world.row('workflow', a, 'strict', {
    more: { parameters: { properties: { days: { type: 'number' } }, required: ['days'] } },
  });
  const secret = await world.row('agent', a, 'secret', { access: 'PRIVATE' });
  const person = async (name: string, ...roles: { readonly id: string }[]) => {
    const user = await world.user(a, name);
    for (const role of [schedules, ...roles]) await world.hold(user, role, a);
    return user;
  };
  const owner = await person('owner', x);
  const other = await person('other');
  const admin = await person('admin', managesAgents);
  const key = await world.key(a, 'API_KEY', {
    owner,
    operations: [...ALL, 'workflow:use', 'workflow:read'],
  });
  const nobody = await world.user(a, 'nobody');
  return {
    ...{ a, b, project, open, forX, off, provider, global, foreign, agent, secret, strict },
    ...{ owner, other, admin, nobody, key },
  };
});

type Who = 'owner' | 'other' | 'admin' | 'nobody';
const SHOWN =
  'id cron timezone isActive nextAt disabledReason owner { id } workflow { id } agent { id }';

const send = (who: Who, name: string, input: object) =>
  mutate(shared, shared.w[who].email, name, input, `schedule { ${SHOWN} }`);

let counter = 0;
const make = (who: Who, input: object) =>
  send(who, 'createSchedule', {
    name: `schedule ${++counter}`,
    cron: '0 9 * * MON-FRI',
    timezone: 'Europe/Oslo',
    ...input,
  });

async function made(who: Who, input: object): Promise<string> {
  const { answer, message } = await make(who, input);
  expect(message).toBeUndefined();
  return answer.schedule.id;
}

describe('D36: a schedule is made by who may, of what they may use', () => {
  it('and is its maker’s own, due at the next time of its zone', async () => {
    const { answer } = await make('owner', { workflow: shared.w.forX.id, input: { x: 1 } });
    expect(answer.schedule).toMatchObject({
      isActive: true,
      owner: { id: shared.w.owner.id },
      workflow: { id: shared.w.forX.id },
      agent: null,
    });
    const preview = await shared.ask(
      shared.w.nobody.email,
      '{ previewSchedule(cron: "0 9 * * MON-FRI", timezone: "Europe/Oslo", n: 1) }',
    );
    expect(preview.data.previewSchedule).toEqual([answer.schedule.nextAt]);
  });

  it('also of a global workflow, of an agent, and of a private one that its owner may change', async () => {
    const { global, agent, secret } = shared.w;
    expect((await make('other', { workflow: global.id })).code).toBeUndefined();
    expect((await make('other', { agent: agent.id })).code).toBeUndefined();
    expect((await make('other', { agent: secret.id })).code).toBe('BAD_USER_INPUT');
    expect((await make('admin', { agent: secret.id })).code).toBeUndefined();
  });

  it('and not otherwise', async () => {
    const { open, forX, off, provider, foreign, agent, other } = shared.w;
    for (const [who, input, code] of [
      ['nobody', { workflow: open.id }, 'FORBIDDEN'],
      ['other', { workflow: forX.id }, 'BAD_USER_INPUT'],
      ['other', { workflow: foreign.id }, 'BAD_USER_INPUT'],
      ['owner', { workflow: off.id }, 'BAD_USER_INPUT'],
      ['owner', { workflow: provider.id }, 'BAD_USER_INPUT'],
      ['owner', {}, 'BAD_USER_INPUT'],
      ['owner', { workflow: open.id, agent: agent.id }, 'BAD_USER_INPUT'],
      ['owner', { workflow: open.id, cron: '* * * * * *' }, 'BAD_USER_INPUT'],
      ['owner', { workflow: open.id, cron: '0 0 30 2 *' }, 'BAD_USER_INPUT'],
      ['owner', { workflow: open.id, timezone: 'Mars/Base' }, 'BAD_USER_INPUT'],
      ['owner', { workflow: open.id, input: [1] }, 'BAD_USER_INPUT'],
      ['owner', { workflow: open.id, owner: other.id }, 'FORBIDDEN'],
    ] as const) {
      expect([who, input, (await make(who, input)).code]).toEqual([who, input, code]);
    }
    const byKey = await shared.ask(
      null,
      'mutation ($input: CreateScheduleInput!) { createSchedule(input: $input) { schedule { id } } }',
      { input: { name: 'by key', cron: '* * * * *', timezone: 'UTC', workflow: open.id } },
      { 'x-api-key': shared.w.key.value },
    );
    expect(byKey.errors[0]?.extensions.code).toBe('FORBIDDEN');
  });

  it('and says what is wrong: no target, two of them, an input that what it runs refuses', async () => {
    const { open, agent, strict } = shared.w;
    for (const [input, issue] of [
      [{}, { path: ['workflow'], message: 'it runs a workflow or an agent: name one' }],
      [
        { workflow: open.id, agent: agent.id },
        { path: ['workflow'], message: 'it runs either a workflow or an agent, and not both' },
      ],
      [{ workflow: strict.id }, { path: ['input', 'days'], message: 'it is missing' }],
    ] as const) {
      const { code, issues } = await make('owner', input);
      expect({ code, issues }).toEqual({ code: 'BAD_USER_INPUT', issues: [issue] });
    }
    const id = await made('owner', { workflow: strict.id, input: { days: 7 } });
    const change = (input: object) => send('owner', 'updateSchedule', { id, ...input });
    expect((await change({ input: { days: 'x' } })).issues).toMatchObject([
      { path: ['input', 'days'] },
    ]);
    expect((await change({ workflow: null })).issues).toEqual([
      { path: ['workflow'], message: 'it runs a workflow or an agent: name one' },
    ]);
    expect((await change({ input: { days: 1 } })).code).toBeUndefined();
  });

  it('a workflow that one reads and may not use is none', async () => {
    const { world, w } = shared;
    const reader = await world.manager(w.a, [...ALL, 'workflow:read']);
    const input = { name: 'read', cron: '* * * * *', timezone: 'UTC', workflow: w.forX.id };
    const { code } = await mutate(shared, reader.email, 'createSchedule', input, 'schedule { id }');
    expect(code).toBe('FORBIDDEN');
  });
});

describe('D36: only the owner says what runs, when and with what', () => {
  it('others stop it or delete it, and its owner starts it again', async () => {
    const { open, forX } = shared.w;
    const id = await made('owner', { workflow: forX.id });
    for (const change of [
      { cron: '* * * * *' },
      { timezone: 'UTC' },
      { input: { y: 1 } },
      { workflow: open.id },
      { workflow: null, agent: shared.w.agent.id },
    ]) {
      const { code } = await send('other', 'updateSchedule', { id, ...change });
      expect([change, code]).toEqual([change, 'FORBIDDEN']);
    }
    const moved = await send('other', 'moveSchedule', { id, scope: shared.w.project.id });
    expect(moved.code).toBe('FORBIDDEN');
    const stopped = await send('other', 'updateSchedule', { id, isActive: false });
    expect(stopped.answer.schedule).toMatchObject({ isActive: false, nextAt: null });
    expect((await send('other', 'updateSchedule', { id, isActive: true })).code).toBe('FORBIDDEN');
    const started = await send('owner', 'updateSchedule', { id, isActive: true });
    expect(started.answer.schedule).toMatchObject({ isActive: true, nextAt: expect.any(String) });
    expect((await send('other', 'updateSchedule', { id, onMissed: 'ONCE' })).code).toBeUndefined();
    expect((await send('nobody', 'updateSchedule', { id, isActive: false })).code).toBe(
      'NOT_FOUND',
    );
    const deleted = await mutate(
      shared,
      shared.w.other.email,
      'deleteSchedule',
      { id },
      'deletedId',
    );
    expect(deleted.answer.deletedId).toBe(id);
  });

  it('it is taken over by oneself alone, who may use what it runs', async () => {
    const { open, forX, other, owner } = shared.w;
    const id = await made('owner', { workflow: open.id });
    const given = await send('owner', 'transferSchedule', { id, owner: other.id });
    expect(given.code).toBe('FORBIDDEN');
    const taken = await send('other', 'transferSchedule', { id, owner: other.id });
    expect(taken.answer.schedule.owner).toEqual({ id: other.id });
    expect((await send('owner', 'updateSchedule', { id, cron: '1 * * * *' })).code).toBe(
      'FORBIDDEN',
    );
    expect((await send('owner', 'transferSchedule', { id, owner: owner.id })).code).toBeUndefined();
    const bound = await made('owner', { workflow: forX.id });
    expect((await send('other', 'transferSchedule', { id: bound, owner: other.id })).code).toBe(
      'FORBIDDEN',
    );
  });

  it('and who may not use what it runs any more changes nothing of that', async () => {
    const { world, w } = shared;
    const id = await made('owner', { workflow: w.forX.id });
    const assignments = await world.client.roleAssignment.findMany({
      where: { role: { name: 'x' }, membership: { userId: w.owner.id } },
    });
    const where = { OR: assignments.map(({ membershipId, roleId }) => ({ membershipId, roleId })) };
    await world.client.roleAssignment.deleteMany({ where });
    expect((await send('owner', 'updateSchedule', { id, cron: '1 * * * *' })).code).toBe(
      'FORBIDDEN',
    );
    expect((await send('owner', 'updateSchedule', { id, isActive: false })).code).toBeUndefined();
    expect((await send('owner', 'updateSchedule', { id, isActive: true })).code).toBe('FORBIDDEN');
    await world.client.roleAssignment.createMany({ data: assignments });
    expect((await send('owner', 'updateSchedule', { id, isActive: true })).code).toBeUndefined();
  });
});

describe('previewSchedule', () => {
  it('tells up to twenty due times, and what is wrong', async () => {
    const ask = async (args: string) =>
      shared.ask(shared.w.nobody.email, `{ previewSchedule(${args}) }`);
    const { data } = await ask('cron: "* * * * *", timezone: "Asia/Kathmandu", n: 20');
    expect(data.previewSchedule).toHaveLength(20);
    for (const args of [
      'cron: "* * * * *", timezone: "UTC", n: 21',
      'cron: "* * * * *", timezone: "UTC", n: 0',
      'cron: "* * * *", timezone: "UTC"',
      'cron: "* * * * *", timezone: "+01:00"',
    ]) {
      const { errors } = await ask(args);
      expect([args, errors[0]?.extensions.code]).toEqual([args, 'BAD_USER_INPUT']);
    }
  });
});
