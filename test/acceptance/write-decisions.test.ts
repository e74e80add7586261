import { describe, expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A', { isProvider: true });
  const b = await world.organization('B');
  const project = await world.scope(a, 'Project');
  const admin = await world.user(a, 'admin', { isPlatformAdmin: true });
  const boss = await world.manager(
    a,
    ['form', 'workflow', 'agent', 'config'].flatMap((type) =>
      ['read', 'create', 'update', 'delete', 'share', 'transfer', 'reveal'].flatMap((action) =>
        (action === 'reveal') === (type === 'config' && action === 'reveal') &&
        !(type === 'config' && action === 'share')
          ? [`${type}:${action}`]
          : [],
      ),
    ),
  );
  // May change what is called so, and no more.
  const clerk = await world.manager(a, ['form:read', 'form:update:mine/*', 'form:create:mine/*']);
  // Acts in both organizations, and manages roles in each by what is held there.
  const visitor = await world.user(a, 'visitor');
  await world.hold(visitor, await world.role(a, ['organization:actIn', 'form:create']), a);
  const there = ['form:read', 'form:create', 'form:share', 'role:read'];
  await world.hold(visitor, await world.role(b, there), b);
  return { a, b, project, admin, boss, clerk, visitor };
});

type Who = 'admin' | 'boss' | 'clerk' | 'visitor';

async function write(who: Who, name: string, input: object, selection: string, headers = {}) {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const { data, errors } = await shared.ask(
    shared.w[who].email,
    `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`,
    { input },
    headers,
  );
  return { answer: data?.[name] ?? null, code: errors[0]?.extensions.code };
}

const latest = () => shared.world.client.auditEntry.findFirst({ orderBy: { id: 'desc' } });

describe('a write that names a scope is decided and recorded there (D4, D19)', () => {
  it('by what is held there, whatever the header says', async () => {
    const { b } = shared.w;
    const viewer = '00000000-0000-7000-8000-000000000023';
    // A global role, which is read by what is held at the root of the organization acted in (D8).
    const input = { name: 'there', scope: b.id, accessLevel: 'ROLE_BASED', roles: [viewer] };
    const { answer, code } = await write('visitor', 'createForm', input, 'form { name }');
    expect({ answer, code }).toEqual({ answer: { form: { name: 'there' } }, code: undefined });
    expect(await latest()).toMatchObject({
      action: 'form:create',
      organizationId: b.id,
      actingOrganizationId: b.id,
      isSwitched: true,
      bypass: 'PROVIDER',
    });
  });

  it('and one that may not be acted in is recorded as refused, as one that is none', async () => {
    const { b } = shared.w;
    const entries = [];
    for (const scope of [b.id, '00000000-0000-7000-8000-00000000dead']) {
      const input = { name: 'x', scope };
      expect((await write('clerk', 'createForm', input, 'form { id }')).code).toBe(
        'SCOPE_FORBIDDEN',
      );
      const { id: _, at: __, requestId: ___, ...others } = (await latest()) ?? {};
      entries.push(others);
    }
    expect(entries[0]).toEqual(entries[1]);
    expect(entries[0]).toMatchObject({ outcome: 'DENIED', action: 'form:create' });
  });
});

describe('D14: who could not have a name is not told that it is taken', () => {
  it('by a new name', async () => {
    const { world, w } = shared;
    const form = await world.row('form', w.a, 'mine/one');
    await world.row('form', w.a, 'taken');
    for (const name of ['taken', 'free']) {
      const { code } = await write('clerk', 'updateForm', { id: form.id, name }, 'form { id }');
      expect(code).toBe('FORBIDDEN');
    }
    await world.row('form', w.a, 'mine/two');
    const { code } = await write(
      'clerk',
      'updateForm',
      { id: form.id, name: 'mine/two' },
      'form { id }',
    );
    expect(code).toBe('CONFLICT');
  });

  it('nor by a move', async () => {
    const { world, w } = shared;
    const mover = await world.manager(w.a, ['form:read', 'form:update']);
    const form = await world.row('form', w.project, 'moves');
    await world.row('form', w.a, 'moves');
    const { errors } = await shared.ask(
      mover.email,
      'mutation ($input: MoveFormInput!) { moveForm(input: $input) { form { id } } }',
      { input: { id: form.id, scope: w.a.id } },
    );
    expect(errors[0]?.extensions.code).toBe('FORBIDDEN');
  });
});

describe('D23: what something refers to is not deleted from under it', () => {
  it('a workflow that is a tool, nor an agent that is a delegate, whoever may see by whom', async () => {
    const { world, w } = shared;
    const workflow = await world.row('workflow', w.a, 'tool');
    const child = await world.row('agent', w.a, 'child');
    const agent = await world.row('agent', w.a, 'needs both', { access: 'PRIVATE' });
    await world.client.agentTool.create({ data: { agentId: agent.id, workflowId: workflow.id } });
    await world.client.agentDelegate.create({ data: { agentId: agent.id, delegateId: child.id } });
    const remove = (type: string, id: string) =>
      write('boss', `delete${type}`, { id }, 'deletedId');
    expect((await remove('Workflow', workflow.id)).code).toBe('CONFLICT');
    expect((await remove('Agent', child.id)).code).toBe('CONFLICT');
    // What it refers to goes with the agent, and can go then.
    expect((await remove('Agent', agent.id)).code).toBeUndefined();
    expect((await remove('Workflow', workflow.id)).code).toBeUndefined();
    expect((await remove('Agent', child.id)).code).toBeUndefined();
  });

  it('but goes with its organization', async () => {
    const { world } = shared;
    const c = await world.organization('C');
    const workflow = await world.row('workflow', c, 'tool');
    const agent = await world.row('agent', c, 'needs it');
    await world.client.agentTool.create({ data: { agentId: agent.id, workflowId: workflow.id } });
    await world.client.agentDelegate.create({ data: { agentId: agent.id, delegateId: agent.id } });
    await world.client.organization.delete({ where: { id: c.id } });
    expect(await world.client.workflow.count({ where: { id: workflow.id } })).toBe(0);
  });
});

it('D16: a secret is given to somebody else as it is', async () => {
  const { world, w } = shared;
  const { id } = await world.secret(w.a, 'sealed', 'sealed');
  const { code } = await write('boss', 'transferConfig', { id, owner: w.boss.id }, 'config { id }');
  // Who may not read users refers to none.
  expect(code).toBe('BAD_USER_INPUT');
  const given = await write(
    'admin',
    'transferConfig',
    { id, owner: w.boss.id },
    'config { owner { id } isSecret value }',
  );
  expect(given.answer.config).toEqual({ owner: { id: w.boss.id }, isSecret: true, value: null });
});
