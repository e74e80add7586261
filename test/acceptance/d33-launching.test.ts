import { describe, expect, it, vi } from 'vitest';
import { gatewayWith } from '../support/gateway.js';
import { type Mutated, mutate } from '../support/mutate.js';
import { type Identified, type Person, PLATFORM, SYSTEM } from '../support/world.js';

const SCHEMA = {
  type: 'object',
  properties: { name: { type: 'string' }, times: { type: 'integer', maximum: 9 } },
  required: ['name'],
  additionalProperties: false,
};
const FIELDS = [{ name: 'name', type: 'text', required: true }];

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const b = await world.organization('B');
  const project = await world.scope(a, 'P');
  const role = await world.role(a);
  const member = await world.user(a, 'member');
  const other = await world.user(a, 'other');
  const holder = await world.user(a, 'holder');
  await world.hold(holder, role, a);
  const admin = await world.user(a, 'admin', { isPlatformAdmin: true });
  const reader = await world.manager(a, ['workflow:read', 'form:read', 'execution:read']);
  const inspector = await world.manager(a, ['execution:read', 'execution:inspect']);
  const canceller = await world.manager(a, ['execution:read', 'execution:cancel']);
  const ofB = await world.user(b, 'of B');
  const [owner, manager] = [await world.user(a, 'owner'), await world.user(a, 'manager of scopes')];
  await world.hold(owner, SYSTEM.Owner, a);
  await world.hold(manager, SYSTEM.Admin, a);
  const [from, to] = [
    await world.scope(a, 'from', 'Workspace'),
    await world.scope(a, 'to', 'Workspace'),
  ];
  const moved = await world.scope(from, 'moved');
  await world.row('workflow', moved, 'within', { by: owner });
  const bound = { access: 'ROLE_BASED', roles: [role] };
  const open = await world.row('workflow', project, 'open', { more: { parameters: SCHEMA } });
  const shut = await world.row('workflow', a, 'shut', bound);
  const provider = await world.row('workflow', a, 'provider', { more: { kind: 'DATA_PROVIDER' } });
  const inactive = await world.row('workflow', a, 'inactive', { inactive: true });
  const free = await world.row('workflow', PLATFORM, 'global', {
    more: { queue: 'special', maxAttempts: 3, timeoutSeconds: 60 },
  });
  const foreign = await world.row('workflow', b, 'foreign');
  const slow = await world.row('workflow', a, 'slow', {
    more: { parameters: { properties: { name: { pattern: '^(a+)+$' } } } },
  });
  const form = await world.row('form', a, 'form', {
    more: {
      fields: [...FIELDS, { name: 'times', type: 'number', default: 2 }],
      workflowId: open.id,
      fixedParameters: { times: 7 },
    },
  });
  const formOfShut = await world.row('form', a, 'form of shut', { more: { workflowId: shut.id } });
  const formOfNone = await world.row('form', a, 'form of none');
  const shutForm = await world.row('form', a, 'shut form', {
    ...bound,
    more: { workflowId: free.id },
  });
  const app = await world.row('app', a, 'app');
  const shutApp = await world.row('app', a, 'shut-app', bound);
  return {
    ...{
      a,
      b,
      project,
      member,
      other,
      holder,
      admin,
      reader,
      inspector,
      canceller,
      ofB,
      owner,
      manager,
      from,
      to,
      moved,
    },
    ...{ open, shut, provider, inactive, free, foreign, slow },
    ...{ form, formOfShut, formOfNone, shutForm, app, shutApp },
  };
});

const SHOWN = `execution { id kind status trigger targetName targetVersion depth launcherKind launcher { id } isLauncher queue
  maxAttempts timeoutSeconds attempt notBefore input organization { id } scope { id } workflow { id } form { id } app { id }
  root { id } parent { id } retryOf { id } reason error { code } canCancel canManage }`;

const run = (who: Person, workflow: Identified, more: object = {}, headers = {}) =>
  mutate(shared, who.email, 'runWorkflow', { workflow: workflow.id, ...more }, SHOWN, headers);
const submit = (who: Person, form: Identified, values: object, more: object = {}) =>
  mutate(shared, who.email, 'submitForm', { form: form.id, values, ...more }, SHOWN);
const executions = () => shared.world.client.execution.count();
const told = ({ code, message, issues }: Mutated) => ({ code, message, issues });

/** What is refused launches nothing. */
async function refused(work: () => Promise<Mutated>, code: string, more: object = {}) {
  const before = await executions();
  const answer = await work();
  expect(told(answer)).toMatchObject({ code, ...more });
  expect(answer.answer).toBeNull();
  expect(await executions()).toBe(before);
  return answer;
}

const ADA = { input: { name: 'Ada' } };

describe('D31: a launched execution', () => {
  it('is queued, is its launcher’s, and lives where its workflow does', async () => {
    const { member, open, a, project } = shared.w;
    const { answer } = await run(member, open, ADA);
    const { id, root, ...rest } = answer.execution;
    expect(root).toEqual({ id });
    expect(rest).toEqual({
      ...{ kind: 'WORKFLOW', status: 'QUEUED', trigger: 'API', targetName: 'open' },
      ...{ targetVersion: 1, depth: 0, launcherKind: 'USER', launcher: null, isLauncher: true },
      ...{ queue: 'default', maxAttempts: 1, timeoutSeconds: 1800, attempt: 0, notBefore: null },
      ...{ input: { name: 'Ada' }, organization: null, scope: null },
      workflow: { id: open.id },
      ...{ form: null, app: null, parent: null, retryOf: null, reason: null, error: null },
      ...{ canCancel: true, canManage: true },
    });
    const row = await shared.world.client.execution.findUniqueOrThrow({ where: { id } });
    expect(row).toMatchObject({
      scopeId: project.scopeId,
      organizationId: a.id,
      createdById: member.id,
      ownerId: member.id,
      teamId: null,
      governedBy: expect.arrayContaining([project.scopeId]),
    });
    const entry = await shared.world.client.auditEntry.findFirstOrThrow({
      where: { resourceId: id },
    });
    expect(entry).toMatchObject({ action: 'execution:launch', outcome: 'PERMITTED' });
    expect(JSON.stringify(entry)).not.toContain('Ada');
  });

  it('of a global workflow runs where it is launched (D13), as the workflow says', async () => {
    const { member, admin, free, a, b, project } = shared.w;
    const { answer } = await run(member, free);
    expect(answer.execution).toMatchObject({
      queue: 'special',
      maxAttempts: 3,
      timeoutSeconds: 60,
    });
    const at = async ({ execution: { id } }: { execution: Identified }) => {
      const row = await shared.world.client.execution.findUniqueOrThrow({ where: { id } });
      return [row.organizationId, row.scopeId];
    };
    expect(await at(answer)).toEqual([a.id, a.scopeId]);
    expect(await at((await run(member, free, { scope: project.id })).answer)).toEqual([
      a.id,
      project.scopeId,
    ]);
    expect(await at((await run(member, free, { scope: null })).answer)).toEqual([a.id, a.scopeId]);
    expect(await at((await run(admin, free, { scope: b.id })).answer)).toEqual([b.id, b.scopeId]);
  });

  it('by a key is its owner’s, and of a key of nobody its own', async () => {
    const { a, member, free, open } = shared.w;
    const { client } = shared.world;
    const operations = ['workflow:use'];
    const mine = await shared.world.key(a, 'API_KEY', { owner: member, operations });
    const nobodys = await shared.world.key(a, 'VIRTUAL_KEY', { operations });
    const by = async (value: string, workflow: Identified) => {
      const source = `mutation ($input: RunWorkflowInput!) { runWorkflow(input: $input) { execution { id result input } } }`;
      const input = { workflow: workflow.id, ...ADA };
      return shared.ask(null, source, { input }, { authorization: `Bearer ${value}` });
    };
    const { data } = await by(mine.value, free);
    const { id } = data.runWorkflow.execution;
    expect(await client.execution.findUniqueOrThrow({ where: { id } })).toMatchObject({
      launcherKind: 'API_KEY',
      launcherKeyId: mine.id,
      createdById: member.id,
    });
    // It sees what it launched itself, and no more of its owner's than it is for (D18).
    expect(data.runWorkflow.execution.input).toEqual({ name: 'Ada' });
    const asKey = (value: string) =>
      shared.ask(
        null,
        '{ executions { edges { node { id } } } }',
        {},
        {
          authorization: `Bearer ${value}`,
        },
      );
    expect((await asKey(mine.value)).data.executions.edges).toEqual([{ node: { id } }]);
    const { data: seen } = await shared.ask(member.email, `{ execution(id: "${id}") { input } }`);
    expect(seen.execution.input).toEqual({ name: 'Ada' });
    // D42: of what everybody signed in may use, nobody's key uses nothing.
    expect((await by(nobodys.value, open)).errors[0]?.extensions.code).toBe('NOT_FOUND');
  });

  it('is not before its time', async () => {
    const { member, free } = shared.w;
    const notBefore = '2026-12-31T12:00:00.000Z';
    expect((await run(member, free, { notBefore })).answer.execution.notBefore).toBe(notBefore);
    await refused(() => run(member, free, { notBefore: '2999-01-01T00:00:00Z' }), 'BAD_USER_INPUT');
  });

  it('is one for one Idempotency-Key', async () => {
    const { member, free } = shared.w;
    const headers = { 'idempotency-key': 'launch-once' };
    const before = await executions();
    const first = await run(member, free, {}, headers);
    const again = await run(member, free, {}, headers);
    expect(again.answer).toEqual(first.answer);
    expect(await executions()).toBe(before + 1);
    expect((await run(member, free, { input: { other: 1 } }, headers)).code).toBe('CONFLICT');
    // The app is a part of what is asked.
    const elsewhere = { ...headers, 'x-heimdall-app': shared.w.app.id };
    expect((await run(member, free, {}, elsewhere)).code).toBe('CONFLICT');
  });

  it('from an app says so, if the app is the caller’s to use', async () => {
    const { member, free, app, shutApp, form } = shared.w;
    const from = (one: Identified) => ({ 'x-heimdall-app': one.id });
    const { answer } = await run(member, free, {}, from(app));
    expect(answer.execution).toMatchObject({ trigger: 'APP', app: { id: app.id } });
    await refused(() => run(member, free, {}, from(shutApp)), 'NOT_FOUND');
    await refused(() => run(member, free, {}, { 'x-heimdall-app': 'none' }), 'NOT_FOUND');
    const submitted = await mutate(
      shared,
      member.email,
      'submitForm',
      { form: form.id, values: { name: 'Ada' } },
      SHOWN,
      from(app),
    );
    expect(submitted.answer.execution).toMatchObject({ trigger: 'FORM', app: { id: app.id } });
  });
});

describe('D33: running a workflow', () => {
  it('needs its use: hidden is as if it were not there, readable is FORBIDDEN', async () => {
    const { member, reader, holder, admin, shut, inactive, foreign } = shared.w;
    const none = { id: '01930000-0000-7000-8000-000000000000' };
    const answers = [];
    for (const workflow of [shut, inactive, foreign, none, { id: 'no id' }]) {
      answers.push(told(await refused(() => run(member, workflow), 'NOT_FOUND')));
    }
    expect(new Set(answers.map((one) => JSON.stringify(one))).size).toBe(1);
    await refused(() => run(reader, shut), 'FORBIDDEN');
    await refused(() => run(admin, inactive), 'FORBIDDEN');
    expect((await run(holder, shut)).code).toBeUndefined();
  });

  it('needs an input that its parameters allow', async () => {
    const { member, open, free, slow } = shared.w;
    await refused(() => run(member, open), 'BAD_USER_INPUT', {
      issues: [{ path: ['input', 'name'], message: 'it is missing' }],
    });
    await refused(() => run(member, open, { input: { name: 'Ada', more: 1 } }), 'BAD_USER_INPUT', {
      issues: [{ path: ['input', 'more'], message: 'there is no such field' }],
    });
    await refused(() => run(member, open, { input: [] }), 'BAD_USER_INPUT');
    await refused(() => run(member, open, { input: 'text' }), 'BAD_USER_INPUT');
    const long = { text: 'a'.repeat(256 * 1024) };
    await refused(() => run(member, free, { input: long }), 'BAD_USER_INPUT', {
      issues: [{ path: ['input'], message: 'it has more than 262144 bytes' }],
    });
    await refused(() => run(member, free, { input: { n: 1e300 } }), 'BAD_USER_INPUT');
    const never = { name: `${'a'.repeat(40)}!` };
    await refused(() => run(member, slow, { input: never }), 'CONFLICT');
  });

  it('is not for what answers options (D27)', async () => {
    await refused(() => run(shared.w.member, shared.w.provider), 'BAD_USER_INPUT');
    // D20: what runs is of the organization that is acted in, or global, also for who may use it elsewhere.
    await refused(() => run(shared.w.admin, shared.w.foreign), 'BAD_USER_INPUT');
  });

  it('happens in the organization of the workflow', async () => {
    const { admin, foreign, b } = shared.w;
    await refused(() => run(admin, foreign), 'BAD_USER_INPUT', {
      message: 'it is of another organization than the one that you act in: name its scope',
    });
    expect((await run(admin, foreign, { scope: b.id })).code).toBeUndefined();
    await refused(() => run(shared.w.member, foreign, { scope: b.id }), 'SCOPE_FORBIDDEN');
  });
});

describe('D33: submitting a form', () => {
  it('launches its workflow with the values, the defaults, and what is fixed', async () => {
    const { member, form, open } = shared.w;
    const { answer } = await submit(member, form, { name: 'Ada', times: 3 });
    expect(answer.execution).toMatchObject({
      trigger: 'FORM',
      form: { id: form.id },
      workflow: { id: open.id },
      input: { name: 'Ada', times: 3 },
    });
    const row = await shared.world.client.execution.findUniqueOrThrow({
      where: { id: answer.execution.id },
    });
    expect(row.input).toEqual({ name: 'Ada', times: 7 });
  });

  it('tells what the form fixes to inspectors, and to nobody for having submitted it', async () => {
    const { member, inspector, reader, form } = shared.w;
    const { answer } = await submit(member, form, { name: 'Ada' });
    const { id } = answer.execution;
    const seen = async (who: Person) => {
      const source = `{ execution(id: "${id}") { input } executions(first: 50, where: { id: { eq: "${id}" } }) { edges { node { input } } } }`;
      const { data } = await shared.ask(who.email, source);
      const [listed] = data.executions.edges;
      expect(listed.node.input).toEqual(data.execution.input);
      return data.execution.input;
    };
    expect(await seen(member)).toEqual({ name: 'Ada', times: 2 });
    expect(await seen(inspector)).toEqual({ name: 'Ada', times: 7 });
    expect(await seen(reader)).toBeNull();
    // Who tries it again is shown no more, and runs the same.
    const client = shared.world.client;
    await mutate(shared, member.email, 'cancelExecution', { id }, 'execution { id }');
    const again = await mutate(shared, member.email, 'retryExecution', { id }, SHOWN);
    expect(again.answer.execution.input).toEqual({ name: 'Ada', times: 2 });
    const where = { id: again.answer.execution.id };
    expect((await client.execution.findUniqueOrThrow({ where })).input).toEqual({
      name: 'Ada',
      times: 7,
    });
  });

  it('names the field that is wrong, and refuses one that there is not', async () => {
    const { member, form } = shared.w;
    await refused(() => submit(member, form, {}), 'BAD_USER_INPUT', {
      issues: [{ path: ['values', 'name'], message: 'it is missing' }],
    });
    await refused(() => submit(member, form, { name: 'Ada', more: 1 }), 'BAD_USER_INPUT', {
      issues: [{ path: ['values', 'more'], message: 'there is no such field' }],
    });
  });

  it('needs both uses', async () => {
    const { member, reader, holder, formOfShut, shutForm, formOfNone } = shared.w;
    await refused(() => submit(member, shutForm, {}), 'NOT_FOUND');
    await refused(() => submit(reader, shutForm, {}), 'FORBIDDEN');
    // Hidden or readable, the workflow is FORBIDDEN alike.
    const hidden = await refused(() => submit(member, formOfShut, {}), 'FORBIDDEN');
    const readable = await refused(() => submit(reader, formOfShut, {}), 'FORBIDDEN');
    expect(told(hidden)).toEqual(told(readable));
    expect((await submit(holder, formOfShut, {})).code).toBeUndefined();
    await refused(() => submit(member, formOfNone, {}), 'CONFLICT');
  });
});

describe('D32: cancelling', () => {
  const cancel = (who: Person, id: string) =>
    mutate(shared, who.email, 'cancelExecution', { id }, 'execution { status movedAt }');
  const runs = async (id: string, more: object = {}) =>
    shared.world.client.execution.update({
      where: { id },
      data: {
        ...{ status: 'RUNNING', movedBy: 'claim', attempt: 1, leaseHash: 'h' },
        ...{ leaseExpiresAt: new Date(), timeoutAt: new Date(), startedAt: new Date() },
        workerKeyId: id,
        ...more,
      },
    });
  const launched = async (who: Person): Promise<string> =>
    (await run(who, shared.w.free)).answer.execution.id;

  it('is the launcher’s, and of who may', async () => {
    const { member, other, reader, canceller, inspector } = shared.w;
    const id = await launched(member);
    expect((await cancel(other, id)).code).toBe('NOT_FOUND');
    expect((await cancel(reader, id)).code).toBe('FORBIDDEN');
    expect((await cancel(inspector, id)).code).toBe('FORBIDDEN');
    expect((await cancel(member, id)).answer.execution.status).toBe('CANCELLED');
    expect((await cancel(member, id)).code).toBe('CONFLICT');
    const second = await launched(member);
    expect((await cancel(canceller, second)).answer.execution.status).toBe('CANCELLED');
    const entries = await shared.world.client.auditEntry.findMany({
      where: { resourceId: second },
    });
    expect(entries.map(({ action }) => action).sort()).toEqual([
      'execution:cancel',
      'execution:launch',
    ]);
  });

  it('tells who runs it first, and takes along all that it launched', async () => {
    const { member } = shared.w;
    const { client } = shared.world;
    const [root, middle, leaf, beside] = [
      await launched(member),
      await launched(member),
      await launched(member),
      await launched(member),
    ];
    const under = (id: string, parentId: string, depth: number) =>
      client.$transaction([
        client.$executeRaw`SET LOCAL session_replication_role = replica`,
        client.execution.update({ where: { id }, data: { parentId, rootId: root, depth } }),
      ]);
    await under(middle, root, 1);
    await under(leaf, middle, 2);
    await under(beside, root, 1);
    await runs(root);
    await runs(middle);
    expect((await cancel(member, middle)).answer.execution.status).toBe('CANCELLING');
    const status = async (id: string) =>
      (await client.execution.findUniqueOrThrow({ where: { id } })).status;
    expect(await status(leaf)).toBe('CANCELLED');
    expect(await status(beside)).toBe('QUEUED');
    expect(await status(root)).toBe('RUNNING');
    expect((await cancel(member, middle)).answer.execution.status).toBe('CANCELLING');
    expect((await cancel(member, root)).answer.execution.status).toBe('CANCELLING');
    expect(await status(beside)).toBe('CANCELLED');
  });
});

describe('D34: trying again', () => {
  const retry = (who: Person, id: string) =>
    mutate(shared, who.email, 'retryExecution', { id }, SHOWN);
  const ended = async (who: Person, workflow: Identified, more: object = {}) => {
    const { id } = (await run(who, workflow, more)).answer.execution;
    await mutate(shared, who.email, 'cancelExecution', { id }, 'execution { id }');
    return id as string;
  };

  it('is a launch of who tries, with the same input', async () => {
    const { member, inspector, open } = shared.w;
    const id = await ended(member, open, ADA);
    const { answer } = await retry(member, id);
    expect(answer.execution).toMatchObject({
      status: 'QUEUED',
      input: ADA.input,
      retryOf: { id },
      isLauncher: true,
    });
    expect((await retry(inspector, id)).answer.execution.isLauncher).toBe(true);
    const last = await shared.world.client.execution.findFirstOrThrow({
      where: { retryOfId: id, createdById: inspector.id },
    });
    expect(last.input).toEqual(ADA.input);
  });

  it('needs what it asks to be seen, its workflow’s use, and its end', async () => {
    const { member, other, reader, holder, inspector, open, shut } = shared.w;
    const id = await ended(member, open, ADA);
    await refused(() => retry(other, id), 'NOT_FOUND');
    await refused(() => retry(reader, id), 'FORBIDDEN');
    const ofHolder = await ended(holder, shut);
    await refused(() => retry(inspector, ofHolder), 'NOT_FOUND');
    const queued = (await run(member, open, ADA)).answer.execution.id;
    await refused(() => retry(member, queued), 'CONFLICT');
  });
});

describe('D31: where executions live', () => {
  it('is moved by who has all of them, and is not deleted before they are', async () => {
    const { owner, manager, admin, member, moved, to } = shared.w;
    const move = (who: Person) =>
      mutate(shared, who.email, 'moveScope', { id: moved.id, parent: to.id }, 'scope { id }');
    const remove = (who: Person) =>
      mutate(shared, who.email, 'deleteScope', { id: moved.id, cascade: true }, 'deletedId');
    const within = await shared.world.client.workflow.findFirstOrThrow({
      where: { scopeId: moved.scopeId },
    });
    const { execution } = (await run(member, within)).answer;
    // Admins do not inspect: whoever does where it comes to would.
    expect((await move(manager)).code).toBe('FORBIDDEN');
    expect((await move(owner)).code).toBeUndefined();
    expect((await remove(owner)).code).toBe('CONFLICT');
    expect((await remove(admin)).code).toBe('CONFLICT');
    const { id } = execution;
    const { governedBy } = await shared.world.client.execution.findUniqueOrThrow({ where: { id } });
    expect(governedBy).toContain(to.scopeId);
  });

  it('goes along with its scope by who may do all with it', async () => {
    const { world, w } = shared;
    const { a, member } = w;
    const [here, there] = [
      await world.scope(a, 'here', 'Workspace'),
      await world.scope(a, 'there', 'Workspace'),
    ];
    const crew = await world.scope(here, 'crew');
    const within = await world.row('workflow', crew, 'of the crew');
    const mover = await world.manager(a, [
      ...['read', 'create', 'update', 'delete', 'move'].map((action) => `scope:${action}`),
      ...['workflow:update', 'execution:read', 'execution:cancel'],
    ]);
    const move = ({ id: parent }: Identified) =>
      mutate(shared, mover.email, 'moveScope', { id: crew.id, parent }, 'scope { id }');
    expect((await move(there)).code).toBeUndefined();
    expect((await run(member, within)).code).toBeUndefined();
    expect((await move(here)).code).toBe('FORBIDDEN');
    await world.hold(mover, await world.role(a, ['execution:inspect']), a);
    expect((await move(here)).code).toBeUndefined();
  });
});

describe('D31: what has run', () => {
  it('is not deleted before its executions are, and says so', async () => {
    const { a, project, member } = shared.w;
    const who = await shared.world.manager(a, ['workflow:read', 'workflow:delete']);
    const workflow = await shared.world.row('workflow', project, 'to be deleted');
    const { id } = (await run(member, workflow)).answer.execution;
    const remove = () => mutate(shared, who.email, 'deleteWorkflow', workflow, 'deletedId');
    expect(await remove()).toMatchObject({
      code: 'CONFLICT',
      message: 'it has run: make it inactive, and delete it when its executions are gone',
    });
    await shared.world.client.$transaction([
      shared.world.client.$executeRaw`SELECT set_config('heimdall.retaining', 'on', true)`,
      shared.world.client.execution.delete({ where: { id } }),
    ]);
    expect((await remove()).answer).toEqual({ deletedId: workflow.id });
  });
});

describe('D31: of another tenant', () => {
  it('nothing is seen, whatever runs there', async () => {
    const { ofB, member, admin, free, b } = shared.w;
    const all = `{ executions(first: 100) { totalCount edges { node { ${SHOWN.slice(11)} } } }`;
    const seen = () => shared.ask(ofB.email, all);
    const before = await seen();
    const theirs = (await run(member, free)).answer.execution.id;
    expect(await seen()).toEqual(before);
    const own = (await run(admin, free, { scope: b.id })).answer.execution.id;
    // It runs there, and is the admin's all the same.
    expect(await seen()).toEqual(before);
    const byId = async (id: string) =>
      (await shared.ask(ofB.email, `{ execution(id: "${id}") { id } node(id: "${id}") { id } }`))
        .data;
    expect(await byId(theirs)).toEqual(await byId('01930000-0000-7000-8000-000000000000'));
    expect(await byId(own)).toEqual({ execution: null, node: null });
  });
});

describe('D34: waiting for the end', () => {
  it('is answered when it ends, and else when the time is up', async () => {
    const { member, free } = shared.w;
    await refused(() => run(member, free, { wait: 31 }), 'BAD_USER_INPUT');
    await refused(() => run(member, free, { wait: -1 }), 'BAD_USER_INPUT');
    const late = await run(member, free, { wait: 1 });
    expect(late.answer.execution.status).toBe('QUEUED');
    const { client } = shared.world;
    const before = await executions();
    const waits = run(member, free, { wait: 30 });
    await vi.waitUntil(async () => (await executions()) > before, 10_000);
    const { id } = await client.execution.findFirstOrThrow({ orderBy: { createdAt: 'desc' } });
    await client.execution.update({
      where: { id },
      data: { status: 'CANCELLED', movedBy: 'cancel', finishedAt: new Date() },
    });
    expect((await waits).answer.execution.status).toBe('CANCELLED');
  });
});
