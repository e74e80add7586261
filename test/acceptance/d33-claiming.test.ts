import { describe, expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';
import { mutate } from '../support/mutate.js';
import { asking, workerOf } from '../support/working.js';
import { type Identified, type Person, PLATFORM } from '../support/world.js';

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const home = await world.organization('provider', { isProvider: true });
  const key = await world.key(home, 'API_KEY', { operations: ['execution:work'] });
  const workers = await world.role(PLATFORM, ['execution:work'], { name: 'workers of all' });
  await world.hold({ apiKey: key }, workers, PLATFORM);
  const x = await world.role(a, [], { name: 'x' });
  const inspector = await world.manager(a, ['execution:read', 'execution:inspect']);
  return { a, home, key, x, inspector };
});

const EXECUTION = 'execution { id }';
const QUEUES = ['default', 'agents'];
const BOUND = { access: 'ROLE_BASED' };

let counter = 0;
const named = (what: string): string => `${what} ${++counter}`;
const row = (...[kind, more]: ['form' | 'workflow' | 'agent' | 'app', object?]) =>
  shared.world.row(kind, shared.w.a, named(kind), more);
const bound = (kind: 'form' | 'workflow' | 'agent' | 'app', more: object = {}) =>
  row(kind, { ...BOUND, roles: [shared.w.x], more });

/** Somebody who holds the role that rows are bound to. */
async function holder(): Promise<Person> {
  const user = await shared.world.user(shared.w.a, 'holder');
  await shared.world.hold(user, shared.w.x, shared.w.a);
  return user;
}

const loses = ({ id }: Identified): Promise<unknown> =>
  shared.world.client.membership.deleteMany({ where: { userId: id } });

async function ran(who: Person, workflow: Identified, headers = {}, more = {}): Promise<string> {
  const input = { workflow: workflow.id, ...more };
  const sent = await mutate(shared, who.email, 'runWorkflow', input, EXECUTION, headers);
  expect(sent.message).toBeUndefined();
  return sent.answer.execution.id;
}

/** The same of a key, by its value. */
async function ranBy(value: string, workflow: Identified): Promise<string> {
  const { data, errors } = await shared.ask(
    null,
    `mutation { runWorkflow(input: { workflow: "${workflow.id}" }) { ${EXECUTION} } }`,
    {},
    { authorization: `Bearer ${value}` },
  );
  expect(errors).toEqual([]);
  return data.runWorkflow.execution.id;
}

/** The run of a message to an agent. */
async function spoken(who: Person, agent: Identified): Promise<string> {
  const begun = await mutate(
    ...[shared, who.email, 'createConversation', { agent: agent.id }, 'conversation { id }'],
  );
  const input = { conversation: begun.answer.conversation.id, content: 'hello' };
  const selection = `message { ${EXECUTION} }`;
  const sent = await mutate(shared, who.email, 'sendMessage', input, selection);
  return sent.answer.message.execution.id;
}

const claimedNow = () => workerOf(shared, shared.w.key).claim({ queues: QUEUES });

/** The run of another agent, launched by the run of one that has it for its delegate. */
async function delegated(who: Person, delegate: Identified): Promise<string> {
  const agent = await row('agent');
  const edge = { agentId: agent.id, delegateId: delegate.id };
  await shared.world.client.agentDelegate.create({ data: edge });
  const id = await spoken(who, agent);
  const run = (await claimedNow()).find((one) => one.id === id);
  const { data } = await asking(
    shared,
    String(run?.token),
  )(`mutation { delegate(input: { agent: "${delegate.id}", task: "do it" }) { ${EXECUTION} } }`);
  return data.delegate.execution.id;
}

/** The run of a PRIVATE agent by the schedule of who may change it. */
async function scheduled(owner: Person, agent: Identified): Promise<string> {
  const { client } = shared.world;
  const { id: scheduleId } = await client.schedule.create({
    data: {
      ...{ name: named('schedule'), cron: '0 0 1 1 *', timezone: 'UTC', input: {} },
      ...{ agentId: agent.id, nextAt: new Date(), createdById: owner.id, ownerId: owner.id },
      ...{ organizationId: shared.w.a.id, scopeId: shared.w.a.scopeId, onMissed: 'ONCE' },
    },
  });
  await shared.fireSchedules();
  return (await client.execution.findFirstOrThrow({ where: { scheduleId } })).id;
}

/** What was launched, and how its launcher comes to lose what it was permitted by. */
interface Launched {
  readonly id: string;
  readonly lose: () => Promise<unknown>;
  /** What else is put back before somebody can look. */
  readonly restore?: () => Promise<unknown>;
}

const keyed = async (kind: 'API_KEY' | 'VIRTUAL_KEY'): Promise<Launched> => {
  const { world, w } = shared;
  const owner = await world.user(w.a, 'owner of a key');
  const key = await world.key(w.a, kind, { owner, operations: ['workflow:use'] });
  const [where, data] = [{ id: key.id }, { revokedAt: new Date() }];
  return {
    id: await ranBy(key.value, await row('workflow')),
    lose: () =>
      kind === 'API_KEY'
        ? world.client.apiKey.update({ where, data })
        : world.client.virtualKey.update({ where, data }),
  };
};

/** By an admin of the provider, who belongs to another organization and is no part of this one. */
async function ranFromElsewhere() {
  const admin = await shared.world.user(shared.w.home, 'admin', { isPlatformAdmin: true });
  const workflow = await row('workflow');
  return { admin, id: await ran(admin, workflow, {}, { scope: shared.w.a.id }) };
}

const organization = (isActive: boolean) => () =>
  shared.world.client.organization.update({ where: { id: shared.w.a.id }, data: { isActive } });

describe('D33: a claim decides again, and denies', () => {
  it.each<[string, string, () => Promise<Launched>]>([
    [
      'what came by a form that is not its submitter’s any more',
      'the form is not its launcher’s to use',
      async () => {
        const user = await holder();
        const workflow = await row('workflow');
        const form = await bound('form', { workflowId: workflow.id });
        const input = { form: form.id, values: {} };
        const sent = await mutate(shared, user.email, 'submitForm', input, EXECUTION);
        return { id: sent.answer.execution.id, lose: () => loses(user) };
      },
    ],
    [
      'what came from an app that is not its user’s any more',
      'the app is not its launcher’s to use',
      async () => {
        const [user, app] = [await holder(), await bound('app')];
        const headers = { 'x-heimdall-app': app.id };
        const id = await ran(user, await row('workflow'), headers);
        return { id, lose: () => loses(user) };
      },
    ],
    [
      'what a key launched that is revoked',
      'its launcher may not act any more',
      () => keyed('API_KEY'),
    ],
    [
      'what a virtual key launched that is revoked',
      'its launcher may not act any more',
      () => keyed('VIRTUAL_KEY'),
    ],
    [
      'what runs in an organization that is not active',
      'the organization that it runs in is not active',
      async () => {
        const { id } = await ranFromElsewhere();
        return { id, lose: organization(false), restore: organization(true) };
      },
    ],
    [
      'what was launched from elsewhere by who acts in their own organization alone by now',
      'its launcher may not act in that organization any more',
      async () => {
        const { admin, id } = await ranFromElsewhere();
        const data = { isPlatformAdmin: false };
        const lose = () => shared.world.client.user.update({ where: { id: admin.id }, data });
        return { id, lose };
      },
    ],
    [
      'a run of an agent that is not theirs any more',
      'the agent is not its launcher’s to use',
      async () => {
        const user = await holder();
        return { id: await spoken(user, await bound('agent')), lose: () => loses(user) };
      },
    ],
    [
      'a run of a delegate that is not theirs any more, whatever the edge',
      'the agent is not its launcher’s to use',
      async () => {
        const user = await holder();
        return { id: await delegated(user, await bound('agent')), lose: () => loses(user) };
      },
    ],
    [
      'a run of a private agent to which no edge leads any more',
      'the agent is not its launcher’s to use',
      async () => {
        const secret = await row('agent', { access: 'PRIVATE' });
        const id = await delegated(await holder(), secret);
        const where = { delegateId: secret.id };
        return { id, lose: () => shared.world.client.agentDelegate.deleteMany({ where }) };
      },
    ],
    [
      'a scheduled run of a private agent of who may not change it any more',
      'the agent is not its launcher’s to use',
      async () => {
        const keeper = await shared.world.manager(shared.w.a, ['agent:read', 'agent:update']);
        const id = await scheduled(keeper, await row('agent', { access: 'PRIVATE' }));
        const reader = await shared.world.role(shared.w.a, ['agent:read']);
        const lose = async () => {
          await loses(keeper);
          await shared.world.hold(keeper, reader, shared.w.a);
        };
        return { id, lose };
      },
    ],
  ])('%s', async (_what, reason, launch) => {
    const { world, w } = shared;
    // Of what nobody loses anything by, it hands out the same.
    const kept = await launch();
    expect((await claimedNow()).map(({ id }) => id)).toContain(kept.id);
    const { id, lose, restore } = await launch();
    await lose();
    expect((await claimedNow()).map((one) => one.id)).not.toContain(id);
    await restore?.();
    expect(await world.client.execution.findUniqueOrThrow({ where: { id } })).toMatchObject({
      ...{ status: 'DENIED', movedBy: 'claim', attempt: 0, leaseHash: null },
    });
    const source = `{ execution(id: "${id}") { status reason } }`;
    const { data } = await shared.ask(w.inspector.email, source);
    expect(data.execution).toEqual({ status: 'DENIED', reason });
  });
});
