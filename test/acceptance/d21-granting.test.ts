import { describe, expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';
import { type Identified, type Person, SYSTEM } from '../support/world.js';

const ROLES = ['role', 'permission', 'membership'].flatMap((type) =>
  ['read', 'create', 'update', 'delete'].map((action) => `${type}:${action}`),
);
const PEOPLE = ['user:read', 'team:read', 'scope:read'];

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const b = await world.organization('B');
  const project = await world.scope(a, 'Project');
  const vault = await world.scope(a, 'Vault', await world.scopeType(a, 'DEFINE'));
  const all = [...ROLES, ...PEOPLE, 'role:assign'];
  const seesPeople = await world.role(a, ['user:read', 'role:read']);
  const local = await world.manager(a, [...all, 'form:read', 'form:update'], { at: project });
  const guard = await world.manager(a, [...all, 'form:read'], { at: vault });
  for (const one of [local, guard]) await world.hold(one, seesPeople, a);
  return {
    a,
    b,
    project,
    vault,
    boss: await world.manager(a, [...all, 'form:read', 'form:update']),
    // Manages roles, and cannot assign them.
    clerk: await world.manager(a, [...ROLES, ...PEOPLE, 'form:read', 'form:update']),
    // Holds the same of their own rows alone.
    own: await world.manager(a, [...all, 'form:read', 'form:update'], { dataAccess: 'OWN_DATA' }),
    // Of the project alone, and of the vault.
    local,
    guard,
    owner: await world.user(a, 'owner').then(async (user) => {
      await world.hold(user, SYSTEM.Owner, a);
      return user;
    }),
    admin: await world.user(a, 'admin', { isPlatformAdmin: true }),
    joe: await world.user(a, 'joe'),
    foreign: await world.user(b, 'foreign'),
    team: await world.team(a, await world.user(a, 'maker'), []),
    readForms: await world.permission(a, 'form:read'),
    updateForms: await world.permission(a, 'form:update'),
    deleteForms: await world.permission(a, 'form:delete'),
  };
});

type Who = 'boss' | 'clerk' | 'own' | 'local' | 'guard' | 'owner' | 'admin' | 'joe';

async function write(who: Who | Person, name: string, input: object, selection: string) {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const { email } = typeof who === 'string' ? shared.w[who] : who;
  const { data, errors } = await shared.ask(
    email,
    `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`,
    { input },
  );
  const [error] = errors;
  return {
    answer: data?.[name] ?? null,
    code: error?.extensions.code,
    ...(error === undefined ? {} : { error }),
  };
}

let counter = 0;
const fresh = (): string => `role made ${++counter}`;

const makeRole = (who: Who, input: object = {}) =>
  write(
    who,
    'createRole',
    { name: fresh(), dataAccess: 'ALL_DATA', ...input },
    'role { id dataAccess version permissions { edges { node { key } } } }',
  );

async function role(permissions: readonly Identified[], input: object = {}): Promise<Identified> {
  const made = await makeRole('admin', {
    scope: shared.w.a.scopeId,
    permissions: permissions.map(({ id }) => id),
    ...input,
  });
  return made.answer.role;
}

const join = (who: Who, input: object) =>
  write(
    who,
    'createMembership',
    input,
    'membership { id version user { id } team { id } scope { id } roles { edges { node { id } } } }',
  );

describe('roles', () => {
  it('carry what whoever makes them holds there, and no more', async () => {
    const { readForms, deleteForms } = shared.w;
    const made = await makeRole('clerk', { permissions: [readForms.id] });
    expect(made.answer.role).toMatchObject({
      dataAccess: 'ALL_DATA',
      permissions: { edges: [{ node: { key: 'form:read:*' } }] },
    });
    expect(await makeRole('clerk', { permissions: [deleteForms.id] })).toMatchObject({
      code: 'FORBIDDEN',
    });
    expect((await makeRole('admin', { permissions: [deleteForms.id] })).code).toBeUndefined();
  });

  it('with the reach that they hold it with (D7)', async () => {
    const { readForms } = shared.w;
    const { id } = await role([], { dataAccess: 'OWN_DATA' });
    // Roles have no owner: of what belongs to nobody they are written with ALL_DATA alone.
    expect(await makeRole('own', { dataAccess: 'OWN_DATA' })).toMatchObject({ code: 'FORBIDDEN' });
    const attach = { id, permissions: [readForms.id] };
    expect((await write('boss', 'attachPermissions', attach, 'role { id }')).code).toBeUndefined();
    expect(
      await write('boss', 'updateRole', { id, dataAccess: 'ALL_DATA' }, 'role { dataAccess }'),
    ).toMatchObject({ answer: { role: { dataAccess: 'ALL_DATA' } } });
    const { id: other } = await role([shared.w.deleteForms], { dataAccess: 'OWN_DATA' });
    expect(
      await write('boss', 'updateRole', { id: other, dataAccess: 'TEAM_DATA' }, 'role { id }'),
    ).toMatchObject({ code: 'FORBIDDEN' });
    // What is left out stays, and what changes nothing of what it carries is nobody's concern.
    expect(
      await write(
        'boss',
        'updateRole',
        { id: other, description: 'd' },
        'role { dataAccess description }',
      ),
    ).toMatchObject({ answer: { role: { dataAccess: 'OWN_DATA', description: 'd' } } });
  });

  it('lose permissions whatever reach they have, known to this version or not', async () => {
    const { readForms, deleteForms } = shared.w;
    const { id } = await role([readForms, deleteForms]);
    await shared.world.client.role.update({ where: { id }, data: { dataAccess: 'WEIRD' } });
    const detach = { id, permissions: [readForms.id] };
    const keys = 'role { permissions { edges { node { key } } } }';
    expect(
      (await write('boss', 'detachPermissions', detach, keys)).answer.role.permissions,
    ).toEqual({ edges: [{ node: { key: 'form:delete:*' } }] });
    expect(await write('boss', 'attachPermissions', detach, keys)).toMatchObject({
      code: 'FORBIDDEN',
    });
  });

  it('need a reach', async () => {
    const { a } = shared.w;
    const { errors } = await shared.ask(
      shared.w.boss.email,
      'mutation ($input: CreateRoleInput!) { createRole(input: $input) { role { id } } }',
      { input: { name: fresh(), scope: a.scopeId } },
    );
    expect(errors[0]?.message).toContain('dataAccess');
  });

  it('gain what is held wherever they are held, behind boundaries as well', async () => {
    const { updateForms, vault, readForms, joe } = shared.w;
    const { id } = await role([readForms]);
    await shared.world.hold(joe, { id }, vault);
    // The boss holds it where the role is defined, and nothing at all in the vault.
    const attach = { id, permissions: [updateForms.id] };
    expect(await write('boss', 'attachPermissions', attach, 'role { id }')).toMatchObject({
      code: 'FORBIDDEN',
    });
    expect((await write('admin', 'attachPermissions', attach, 'role { id }')).code).toBeUndefined();
    const detach = await write(
      'clerk',
      'detachPermissions',
      attach,
      'role { permissions { edges { node { key } } } }',
    );
    expect(detach.answer.role.permissions.edges).toEqual([{ node: { key: 'form:read:*' } }]);
  });

  it('have permissions that are defined there or above, and that can be seen', async () => {
    const elsewhere = await shared.world.permission(shared.w.project, 'app:read:x');
    const hidden = await shared.world.permission(shared.w.b, 'app:read:y');
    const absent = '00000000-0000-7000-8000-00000000dead';
    const at = (id: string) => makeRole('boss', { permissions: [id] });
    expect((await makeRole('admin', { permissions: [elsewhere.id] })).error).toMatchObject({
      extensions: { code: 'BAD_USER_INPUT', issues: [{ path: ['permissions', 0] }] },
    });
    expect(await at(hidden.id)).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect((await at(hidden.id)).error?.message).toBe((await at(absent)).error?.message);
  });

  it('are deleted when nobody holds them and nothing is bound to them (D23)', async () => {
    const { joe, project, a } = shared.w;
    const held = await role([]);
    await shared.world.hold(joe, held, project);
    const bound = await role([]);
    await shared.world.row('form', a, fresh(), { access: 'ROLE_BASED', roles: [bound] });
    const free = await role([shared.w.readForms]);
    const remove = ({ id }: Identified, who: Who = 'boss') =>
      write(who, 'deleteRole', { id }, 'deletedId');
    expect(await remove(held)).toMatchObject({ code: 'CONFLICT' });
    expect(await remove(bound)).toMatchObject({ code: 'CONFLICT' });
    expect((await remove(free)).answer).toEqual({ deletedId: free.id });
    expect(await remove(SYSTEM.Viewer, 'admin')).toMatchObject({ code: 'CONFLICT' });
    expect(await remove(SYSTEM.Viewer)).toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('permissions', () => {
  const make = (input: object) =>
    write('boss', 'createPermission', input, 'permission { id key label resourcePattern }');

  it('have a key that says what they permit, for types of other services too', async () => {
    const made = await make({
      resourceType: 'document',
      action: 'write',
      resourcePattern: 'drafts/*',
      label: 'Write drafts',
      key: 'document:write:drafts/*',
    });
    expect(made.answer.permission).toMatchObject({
      key: 'document:write:drafts/*',
      label: 'Write drafts',
    });
    const wrong = await make({ resourceType: 'document', action: 'read', key: 'document:write:*' });
    expect(wrong.error).toMatchObject({
      extensions: { code: 'BAD_USER_INPUT', issues: [{ path: ['key'] }] },
    });
    const again = await make({
      resourceType: 'document',
      action: 'write',
      resourcePattern: 'drafts/*',
    });
    expect(again).toMatchObject({ code: 'CONFLICT' });
  });

  it.each([
    [{ resourceType: 'form', action: 'frobnicate' }, 'action'],
    [{ resourceType: 'Form Type', action: 'read' }, 'resourceType'],
    [{ resourceType: 'document', action: '*' }, 'action'],
    [{ resourceType: 'form', action: 'read', resourcePattern: 'a*' }, 'resourcePattern'],
    [{ resourceType: 'form', action: 'read', resourcePattern: '*/x' }, 'resourcePattern'],
    [{ resourceType: 'form', action: 'read', resourcePattern: '/*' }, 'resourcePattern'],
    [{ resourceType: 'form', action: 'read', resourcePattern: '' }, 'resourcePattern'],
  ])('%j is refused, and %s is named', async (input, field) => {
    expect((await make(input)).error).toMatchObject({
      extensions: { code: 'BAD_USER_INPUT', issues: [{ path: [field] }] },
    });
  });

  it('permit what they did when they were made; only what people call them changes', async () => {
    const { answer } = await make({ resourceType: 'document', action: 'read' });
    const { id } = answer.permission;
    const renamed = await write(
      'boss',
      'updatePermission',
      { id, label: 'Read' },
      'permission { label key }',
    );
    expect(renamed.answer.permission).toEqual({ label: 'Read', key: 'document:read:*' });
    const { errors } = await shared.ask(
      shared.w.boss.email,
      'mutation ($input: UpdatePermissionInput!) { updatePermission(input: $input) { permission { id } } }',
      { input: { id, action: 'write' } },
    );
    expect(errors[0]?.message).toContain('action');
  });

  it('are deleted when no role carries them (D23)', async () => {
    const { answer } = await make({ resourceType: 'document', action: 'sign' });
    const { id } = answer.permission;
    const carrying = await role([{ id }]);
    const remove = () => write('boss', 'deletePermission', { id }, 'deletedId');
    expect(await remove()).toMatchObject({ code: 'CONFLICT' });
    await write(
      'admin',
      'detachPermissions',
      { id: carrying.id, permissions: [id] },
      'role { id }',
    );
    expect((await remove()).answer).toEqual({ deletedId: id });
  });
});

describe('memberships', () => {
  it('act at the next request, and no more once they are taken away', async () => {
    const { a, project, readForms } = shared.w;
    const someone = await shared.world.user(a, 'someone');
    const form = await shared.world.row('form', project, fresh(), { access: 'ROLE_BASED' });
    const reader = await role([readForms]);
    const sees = async () =>
      (await shared.ask(someone.email, 'query ($id: ID!) { form(id: $id) { id } }', { ...form }))
        .data.form;
    expect(await sees()).toBeNull();
    const made = await join('boss', { scope: project.id, user: someone.id, roles: [reader.id] });
    expect(made.answer.membership).toMatchObject({
      version: 1,
      user: { id: someone.id },
      scope: { id: project.id },
      roles: { edges: [{ node: { id: reader.id } }] },
    });
    expect(await sees()).toEqual({ id: form.id });
    const { id } = made.answer.membership;
    const taken = await write(
      'clerk',
      'unassignRoles',
      { id, roles: [reader.id] },
      'membership { version roles { edges { node { id } } } }',
    );
    expect(taken.answer.membership).toEqual({ version: 2, roles: { edges: [] } });
    expect(await sees()).toBeNull();
    await write('boss', 'assignRoles', { id, roles: [reader.id] }, 'membership { id }');
    expect(await sees()).toEqual({ id: form.id });
    expect((await write('clerk', 'deleteMembership', { id }, 'deletedId')).answer).toEqual({
      deletedId: id,
    });
    expect(await sees()).toBeNull();
  });

  it('give what whoever makes them can assign and holds there', async () => {
    const { project, vault, readForms, deleteForms } = shared.w;
    const reader = await role([readForms]);
    const remover = await role([deleteForms]);
    const someone = () => shared.world.user(shared.w.a, 'someone');
    const at = async (who: Who, scope: { id: string }, one: Identified) =>
      (await join(who, { scope: scope.id, user: (await someone()).id, roles: [one.id] })).code;
    expect(await at('boss', project, reader)).toBeUndefined();
    expect(await at('local', project, reader)).toBeUndefined();
    // Cannot assign; does not hold it; not there; not so much of it.
    expect(await at('clerk', project, reader)).toBe('FORBIDDEN');
    expect(await at('boss', project, remover)).toBe('FORBIDDEN');
    expect(await at('local', shared.w.a, reader)).toBe('FORBIDDEN');
    expect(await at('boss', vault, reader)).toBe('FORBIDDEN');
    expect(await at('own', project, reader)).toBe('FORBIDDEN');
    expect(await at('guard', vault, reader)).toBeUndefined();
    expect(await at('admin', vault, remover)).toBeUndefined();
  });

  it('of system roles are given by who holds all of them there, which nobody but the platform manages', async () => {
    const { a, project } = shared.w;
    const give = async (who: Who, one: Identified, scope = a) =>
      (
        await join(who, {
          scope: scope.id,
          user: (await shared.world.user(a, 'x')).id,
          roles: [one.id],
        })
      ).code;
    expect(await give('owner', SYSTEM.Owner)).toBeUndefined();
    expect(await give('owner', SYSTEM.Editor, project)).toBeUndefined();
    expect(await give('boss', SYSTEM.Viewer)).toBe('FORBIDDEN');
  });

  it('are of one subject, once in a scope, which must be there to be seen', async () => {
    const { project, joe, team, foreign } = shared.w;
    const absent = '00000000-0000-7000-8000-00000000dead';
    const scope = project.id;
    expect((await join('boss', { scope })).error).toMatchObject({
      extensions: { code: 'BAD_USER_INPUT', issues: [{ path: ['user'] }] },
    });
    expect(await join('boss', { scope, user: joe.id, team: team.id })).toMatchObject({
      code: 'BAD_USER_INPUT',
    });
    expect((await join('boss', { scope, team: team.id })).answer.membership).toMatchObject({
      team: { id: team.id },
    });
    const again = await join('boss', { scope, team: team.id });
    expect(again.error?.message).toBe('the user, team or key is in this scope already');
    const hidden = await join('boss', { scope, user: foreign.id });
    expect(hidden.error).toEqual((await join('boss', { scope, user: absent })).error);
    expect(hidden.code).toBe('BAD_USER_INPUT');
  });

  it('D8: have roles that are defined there or above', async () => {
    const { a, project, vault } = shared.w;
    const local = await role([], { scope: vault.id });
    const { id } = await shared.world.user(a, 'somebody');
    const issues = [{ path: ['roles', 0] }];
    const refused = await join('admin', { scope: project.id, user: id, roles: [local.id] });
    expect(refused.error).toMatchObject({ extensions: { code: 'BAD_USER_INPUT', issues } });
    const made = await join('admin', { scope: project.id, user: id });
    const assign = { id: made.answer.membership.id, roles: [local.id] };
    const later = await write('admin', 'assignRoles', assign, 'membership { id }');
    expect(later.error).toMatchObject({ extensions: { code: 'BAD_USER_INPUT', issues } });
  });

  it('in batches are all made or none, and the item at fault is named', async () => {
    const { a, deleteForms } = shared.w;
    const remover = await role([deleteForms]);
    const [one, two] = [await shared.world.user(a, 'one'), await shared.world.user(a, 'two')];
    const refused = await write(
      'boss',
      'createMemberships',
      { memberships: [{ user: one.id }, { user: two.id, roles: [remover.id] }] },
      'memberships { id }',
    );
    expect(refused.code).toBe('FORBIDDEN');
    expect(refused.error).toMatchObject({ extensions: { issues: [{ path: ['memberships', 1] }] } });
    expect(await shared.world.client.membership.count({ where: { userId: one.id } })).toBe(0);
  });
});

describe('system roles', () => {
  it('Editor reads and edits, and shares nothing', async () => {
    const { a } = shared.w;
    const editor = await shared.world.user(a, 'editor');
    await shared.world.hold(editor, SYSTEM.Editor, a);
    const { id } = await shared.world.row('form', a, fresh(), { access: 'ROLE_BASED' });
    const update = { id, description: 'edited' };
    expect((await write(editor, 'updateForm', update, 'form { id }')).code).toBeUndefined();
    const share = { id, accessLevel: 'AUTHENTICATED' };
    expect((await write(editor, 'shareForm', share, 'form { id }')).code).toBe('FORBIDDEN');
    const role = { name: fresh(), dataAccess: 'ALL_DATA' };
    expect((await write(editor, 'createRole', role, 'role { id }')).code).toBe('FORBIDDEN');
  });
});
