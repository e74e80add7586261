import { describe, expect, it } from 'vitest';
import { loadPrincipal, loadPrincipalAnew } from '../../src/identity/load-principal.js';
import { createGateway } from '../../src/schema.js';
import { refusals } from '../support/answers.js';
import { gatewayWith } from '../support/gateway.js';
import { mutate } from '../support/mutate.js';
import { SYSTEM } from '../support/world.js';

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const b = await world.organization('B');
  const provider = await world.organization('P', { isProvider: true });
  const admin = await world.user(a, 'admin', { isPlatformAdmin: true });
  const owner = await world.user(b, 'owner');
  await world.hold(owner, SYSTEM.Owner, b);
  const staff = await world.user(provider, 'staff');
  await world.hold(staff, SYSTEM.Member, provider);
  await world.hold(staff, SYSTEM.Owner, b);
  const clerk = await world.manager(b, ['user:read', 'user:update', 'user:create']);
  const form = await world.row('form', b, 'form of B', { owner });
  const team = await world.team(b, owner, []);
  const project = await world.scope(b, 'Project of B');
  return { a, b, provider, admin, owner, staff, clerk, form, team, project };
});

type Who = 'admin' | 'owner' | 'staff' | 'clerk';
const write = (who: Who, name: string, input: object, selection: string, headers = {}) =>
  mutate(shared, shared.w[who].email, name, input, selection, headers);
const setActive = (isActive: boolean, { id } = shared.w.b) =>
  write('admin', 'updateOrganization', { id, isActive }, 'organization { isActive }');

/** With the organization deactivated, and active again afterwards. */
async function whileInactive(work: () => Promise<void>): Promise<void> {
  expect(await setActive(false)).toMatchObject({ answer: { organization: { isActive: false } } });
  try {
    await work();
  } finally {
    expect(await setActive(true)).toMatchObject({ answer: { organization: { isActive: true } } });
  }
}

describe('D18: a user who is not active any more', () => {
  it('is refused at the very next request', async () => {
    const { clerk, owner } = shared.w;
    const me = '{ viewer { principal { userId } } }';
    const ask = () => shared.ask(clerk.email, me);
    expect((await ask()).data.viewer.principal.userId).toBe(clerk.id);
    const off = await write(
      'owner',
      'updateUser',
      { id: clerk.id, isActive: false },
      'user { id }',
    );
    expect(off.code).toBeUndefined();
    expect(await ask()).toMatchObject({
      status: 401,
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
    await write('owner', 'updateUser', { id: clerk.id, isActive: true }, 'user { id }');
    expect((await ask()).data.viewer.principal.userId).toBe(clerk.id);
    expect(owner.id).not.toBe(clerk.id);
  });

  it('changes nothing more in the same document', async () => {
    const { owner } = shared.w;
    const { data, errors } = await shared.ask(
      owner.email,
      `mutation ($id: ID!) {
        before: createForm(input: { name: "before going" }) { form { name } }
        going: updateUser(input: { id: $id, isActive: false }) { user { id } }
        after: createForm(input: { name: "after going" }) { form { name } }
      }`,
      { id: owner.id },
    );
    await shared.world.client.user.update({ where: { id: owner.id }, data: { isActive: true } });
    expect(data.before).toEqual({ form: { name: 'before going' } });
    expect(data.after).toBeNull();
    expect(refusals(errors)).toContain('UNAUTHENTICATED after');
    expect(await shared.world.client.form.count({ where: { name: 'after going' } })).toBe(0);
  });

  it('changes nothing with a principal that was read before', async () => {
    const { client } = shared.world;
    const { owner, b } = shared.w;
    const gateway = createGateway(client, { principalAnew: loadPrincipalAnew });
    const principal = await loadPrincipal(client, { userId: owner.id });
    if (principal === null) throw new Error('the owner is active');
    const transact = async () => {
      const context = await gateway.contextFor(principal, { scopeHeader: null });
      return context.transact(async ({ principal: now }) => now.userId, { command: 'test' });
    };
    expect(await transact()).toBe(owner.id);
    for (const [model, id] of [
      ['user', owner.id],
      ['organization', b.id],
    ] as const) {
      const set = (isActive: boolean) =>
        (client[model] as typeof client.user).update({ where: { id }, data: { isActive } });
      await set(false);
      await expect(transact()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
      await set(true);
    }
    expect(await transact()).toBe(owner.id);
  });

  it('D21: is active again by who holds what they hold, and by nobody else', async () => {
    const { client } = shared.world;
    const { owner, clerk, b } = shared.w;
    const joe = await shared.world.user(b, 'joe');
    const boss = await shared.world.user(b, 'boss');
    await shared.world.hold({ team: await shared.world.team(b, owner, [boss]) }, SYSTEM.Owner, b);
    const root = await shared.world.user(b, 'root', { isPlatformAdmin: true });
    const ids = [joe.id, boss.id, root.id];
    await client.user.updateMany({ where: { id: { in: ids } }, data: { isActive: false } });
    const wake = (who: Who, { id }: { id: string }) =>
      write(who, 'updateUser', { id, isActive: true }, 'user { isActive }');
    expect((await wake('clerk', joe)).code).toBeUndefined();
    expect((await wake('clerk', boss)).code).toBe('FORBIDDEN');
    expect((await wake('owner', boss)).code).toBeUndefined();
    expect((await wake('owner', root)).code).toBe('FORBIDDEN');
    expect((await wake('admin', root)).code).toBeUndefined();
    await client.user.delete({ where: { id: root.id } });
    expect(clerk.id).not.toBe(owner.id);
  });
});

describe('D18: an organization that is not active', () => {
  it('has its people refused', () =>
    whileInactive(async () => {
      for (const who of ['owner', 'clerk'] as const) {
        const { status } = await shared.ask(shared.w[who].email, '{ viewer { roles } }');
        expect(status).toBe(401);
      }
    }));

  it('is read by who may act in any', () =>
    whileInactive(async () => {
      const { b, form, admin, staff } = shared.w;
      for (const { email } of [admin, staff]) {
        const { data, errors } = await shared.ask(
          email,
          'query ($b: ID!, $form: ID!) { organization(id: $b) { isActive } form(id: $form) { name } forms(scope: $b) { totalCount } }',
          { b: b.id, form: form.id },
        );
        expect(errors).toEqual([]);
        expect(data).toMatchObject({
          organization: { isActive: false },
          form: { name: 'form of B' },
        });
        expect(data.forms.totalCount).toBeGreaterThan(0);
      }
    }));

  const attempts: readonly [string, () => readonly [string, object, string]][] = [
    ['a form is made', () => ['createForm', { name: 'x', scope: shared.w.b.id }, 'form { id }']],
    [
      'forms are',
      () => ['createForms', { forms: [{ name: 'x', scope: shared.w.b.id }] }, 'forms { id }'],
    ],
    ['one is changed', () => ['updateForm', { id: shared.w.form.id, name: 'y' }, 'form { id }']],
    ['shared', () => ['shareForm', { id: shared.w.form.id, roles: [] }, 'form { id }']],
    [
      'given',
      () => ['transferForm', { id: shared.w.form.id, owner: shared.w.clerk.id }, 'form { id }'],
    ],
    [
      'moved',
      () => ['moveForm', { id: shared.w.form.id, scope: shared.w.project.id }, 'form { id }'],
    ],
    ['deleted', () => ['deleteForm', { id: shared.w.form.id }, 'deletedId']],
    [
      'a config is set',
      () => [
        'setConfig',
        { key: 'k', type: 'STRING', value: 'v', scope: shared.w.b.id },
        'config { id }',
      ],
    ],
    [
      'a user is made',
      () => [
        'createUser',
        { name: 'n', email: 'n@b.example', scope: shared.w.b.id },
        'user { id }',
      ],
    ],
    ['one is changed', () => ['updateUser', { id: shared.w.clerk.id, name: 'z' }, 'user { id }']],
    [
      'one is deactivated',
      () => ['updateUser', { id: shared.w.clerk.id, isActive: false }, 'user { id }'],
    ],
    ['a team is changed', () => ['updateTeam', { id: shared.w.team.id, name: 'z' }, 'team { id }']],
    [
      'gets a member',
      () => ['addTeamMembers', { id: shared.w.team.id, users: [shared.w.clerk.id] }, 'team { id }'],
    ],
    [
      'it is renamed',
      () => ['updateOrganization', { id: shared.w.b.id, name: 'z' }, 'organization { id }'],
    ],
    ['or deleted', () => ['deleteOrganization', { id: shared.w.b.id }, 'deletedId']],
  ];

  it.each(attempts)('is not written in: %s', (_what, attempt) =>
    whileInactive(async () => {
      const everything = () => contentsOf(shared.w.b.id);
      const before = await everything();
      const [name, input, selection] = attempt();
      for (const who of ['admin', 'staff'] as const) {
        const { answer, code } = await write(who, name, input, selection);
        expect([who, answer]).toEqual([who, null]);
        // Who may not at all is told that, and not what is the matter.
        expect(who === 'admin' ? ['CONFLICT'] : ['CONFLICT', 'FORBIDDEN']).toContain(code);
      }
      expect(await everything()).toEqual(before);
    }),
  );

  it('is written in again once it is active', async () => {
    await whileInactive(async () => {});
    const made = await write(
      'admin',
      'createForm',
      { name: 'again', scope: shared.w.b.id },
      'form { name }',
    );
    expect(made.answer).toEqual({ form: { name: 'again' } });
  });

  it('is made active or not by platform admins alone', async () => {
    const { b } = shared.w;
    for (const who of ['owner', 'staff'] as const) {
      for (const isActive of [true, false]) {
        const input = { id: b.id, isActive };
        const { code } = await write(who, 'updateOrganization', input, 'organization { id }');
        expect(code).toBe('FORBIDDEN');
      }
    }
  });

  it('D14: tells nobody who does not read it', () =>
    whileInactive(async () => {
      const stranger = await shared.world.user(shared.w.a, 'stranger');
      const change = (id: string) =>
        mutate(shared, stranger.email, 'updateForm', { id, name: 'y' }, 'form { id }');
      expect(await change(shared.w.form.id)).toEqual(
        await change('00000000-0000-7000-8000-00000000dead'),
      );
    }));
});

describe('D4: a provider organization', () => {
  it('is neither deactivated nor deleted', async () => {
    const { id } = shared.w.provider;
    expect(await setActive(false, shared.w.provider)).toMatchObject({ code: 'CONFLICT' });
    const atOnce = { id, isActive: false, isProvider: false };
    expect(await write('admin', 'updateOrganization', atOnce, 'organization { id }')).toMatchObject(
      {
        code: 'CONFLICT',
      },
    );
    expect(await write('admin', 'deleteOrganization', { id }, 'deletedId')).toMatchObject({
      code: 'CONFLICT',
      message: 'a provider organization can be neither deactivated nor deleted',
    });
    const batch = {
      organizations: [
        { id: shared.w.a.id, name: 'A too' },
        { id, isActive: false },
      ],
    };
    expect(
      await write('admin', 'updateOrganizations', batch, 'organizations { id }'),
    ).toMatchObject({ code: 'CONFLICT', issues: [{ path: ['organizations', 1] }] });
    const stored = await shared.world.client.organization.findMany({ orderBy: { name: 'asc' } });
    expect(stored.map(({ name, isActive }) => `${name} ${isActive}`)).toEqual([
      'A true',
      'B true',
      'P true',
    ]);
  });

  it('and none is made of one that is not active', async () => {
    const input = { name: 'Q', isProvider: true, isActive: false };
    expect(await write('admin', 'createOrganization', input, 'organization { id }')).toMatchObject({
      code: 'CONFLICT',
    });
  });
});

/** What there is of an organization. */
async function contentsOf(organizationId: string) {
  const { client } = shared.world;
  const where = { organizationId };
  const orderBy = { id: 'asc' } as const;
  return Promise.all([
    client.organization.findUnique({ where: { id: organizationId } }),
    client.form.findMany({ where, orderBy }),
    client.config.findMany({ where, orderBy }),
    client.user.findMany({ where, orderBy }),
    client.team.findMany({ where, orderBy, include: { members: true } }),
  ]);
}
