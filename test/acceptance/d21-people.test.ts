import { describe, expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';

const PEOPLE = ['user', 'team'].flatMap((type) =>
  ['read', 'create', 'update', 'delete'].map((action) => `${type}:${action}`),
);

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const b = await world.organization('B');
  const chief = await world.manager(a, [
    ...PEOPLE,
    'form:read',
    'form:update',
    'role:assign',
    'organization:read',
    'organization:update',
  ]);
  // Manages people, and nothing else.
  const clerk = await world.manager(a, PEOPLE);
  // Holds what the powerful team's role permits, and not the role.
  const editor = await world.manager(a, [...PEOPLE, 'form:update']);
  const admin = await world.user(a, 'admin', { isPlatformAdmin: true });
  const outsider = await world.user(b, 'outsider', { isPlatformAdmin: true });
  const joe = await world.user(a, 'joe');
  const foreign = await world.user(b, 'foreign');
  const plain = await world.team(a, chief, []);
  const powerful = await world.team(a, chief, []);
  await world.hold({ team: powerful }, await world.role(a, ['form:update']), a);
  const wide = await world.team(a, chief, []);
  await world.hold({ team: wide }, await world.role(a, ['form:delete']), a);
  return { a, b, chief, clerk, editor, admin, outsider, joe, foreign, plain, powerful, wide };
});

type Who = 'chief' | 'clerk' | 'editor' | 'admin' | 'outsider' | 'joe';

async function write(who: Who | string, name: string, input: object, selection: string) {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const email = who.includes('@') ? who : shared.w[who as Who].email;
  const { data, errors } = await shared.ask(
    email,
    `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`,
    { input },
  );
  return { answer: data?.[name] ?? null, code: errors[0]?.extensions.code };
}

describe('people', () => {
  it('are invited, and refused at their next request once they are inactive (D18)', async () => {
    const made = await write(
      'clerk',
      'createUser',
      { email: 'new@example.com', name: 'New' },
      'user { id name isActive isPlatformAdmin organization { id } version }',
    );
    expect(made.answer.user).toMatchObject({ name: 'New', isActive: true, isPlatformAdmin: false });
    const { id } = made.answer.user;
    const off = await write('clerk', 'updateUser', { id, isActive: false }, 'user { isActive }');
    expect(off.answer.user).toEqual({ isActive: false });
  });

  it('D12: flags and emails are for platform admins', async () => {
    const flagged = { email: 'flag@example.com', name: 'F', isPlatformAdmin: true };
    expect(await write('chief', 'createUser', flagged, 'user { id }')).toMatchObject({
      code: 'FORBIDDEN',
    });
    const { id } = shared.w.joe;
    expect(
      await write('chief', 'updateUser', { id, email: 'other@example.com' }, 'user { id }'),
    ).toMatchObject({ code: 'FORBIDDEN' });
    expect(
      await write('chief', 'updateUser', { id, isPlatformAdmin: true }, 'user { id }'),
    ).toMatchObject({ code: 'FORBIDDEN' });
    expect(await write('admin', 'updateUser', { id, name: 'Joe' }, 'user { name }')).toMatchObject({
      answer: { user: { name: 'Joe' } },
    });
    expect(
      await write(
        'chief',
        'updateOrganization',
        { id: shared.w.a.id, isProvider: true },
        'organization { id }',
      ),
    ).toMatchObject({ code: 'FORBIDDEN' });
    expect(
      await write(
        'chief',
        'updateOrganization',
        { id: shared.w.a.id, name: 'A too' },
        'organization { name }',
      ),
    ).toMatchObject({ answer: { organization: { name: 'A too' } } });
  });
});

describe('D21: a team hands what it holds to its members', () => {
  const add = (who: Who, team: 'plain' | 'powerful' | 'wide', user: string) =>
    write(who, 'addTeamMembers', { id: shared.w[team].id, users: [user] }, 'team { id }');

  it('so that only who holds all of it adds somebody', async () => {
    const { joe } = shared.w;
    expect((await add('clerk', 'plain', joe.id)).code).toBeUndefined();
    expect(await add('clerk', 'powerful', joe.id)).toMatchObject({ code: 'FORBIDDEN' });
    expect(await add('editor', 'powerful', joe.id)).toMatchObject({ code: 'FORBIDDEN' });
    expect((await add('chief', 'powerful', joe.id)).code).toBeUndefined();
    expect(await add('chief', 'wide', joe.id)).toMatchObject({ code: 'FORBIDDEN' });
    expect((await add('admin', 'wide', joe.id)).code).toBeUndefined();
  });

  it('and nobody of another organization, who is told from none by nothing', async () => {
    const foreign = await add('admin', 'plain', shared.w.foreign.id);
    const absent = await add('admin', 'plain', '00000000-0000-7000-8000-00000000dead');
    expect(foreign).toEqual(absent);
    expect(foreign).toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  it('by a platform admin of another organization as well, who has locked none of this one (D12, D18)', async () => {
    const { joe, plain } = shared.w;
    expect((await add('outsider', 'plain', joe.id)).code).toBeUndefined();
    const input = { id: plain.id, users: [joe.id] };
    const left = await write('outsider', 'removeTeamMembers', input, 'team { id }');
    expect(left.code).toBeUndefined();
  });

  it('and lets anybody leave, wherever they belong', async () => {
    const { foreign, plain } = shared.w;
    await shared.world.client.teamMember.create({
      data: { teamId: plain.id, userId: foreign.id },
    });
    const input = { id: plain.id, users: [foreign.id] };
    const left = await write('outsider', 'removeTeamMembers', input, 'team { id }');
    expect(left.code).toBeUndefined();
    expect(await shared.world.client.teamMember.count({ where: { userId: foreign.id } })).toBe(0);
  });

  it('and takes it back from who leaves', async () => {
    const { joe, powerful } = shared.w;
    const left = await write(
      'clerk',
      'removeTeamMembers',
      { id: powerful.id, users: [joe.id] },
      'team { id }',
    );
    expect(left.code).toBeUndefined();
    expect(await shared.world.client.teamMember.count({ where: { teamId: powerful.id } })).toBe(0);
  });
});

it('organizations are made by platform admins alone', async () => {
  expect(
    await write('chief', 'createOrganization', { name: 'C' }, 'organization { id }'),
  ).toMatchObject({ code: 'FORBIDDEN' });
  const made = await write(
    'admin',
    'createOrganization',
    { name: 'C', domain: 'c.example.com' },
    'organization { name isActive }',
  );
  expect(made.answer.organization).toEqual({ name: 'C', isActive: true });
});

describe('people and forms of many organizations', () => {
  it('are changed in one batch, by who may in all of them', async () => {
    const users: { id: string; isActive: boolean }[] = [];
    const forms: { name: string; scope: string }[] = [];
    for (let n = 0; n < 6; n++) {
      const organization = await shared.world.organization(`many ${n}`);
      const { id } = await shared.world.user(organization);
      users.push({ id, isActive: false });
      forms.push({ name: 'of many', scope: organization.id });
    }
    const off = await write('admin', 'updateUsers', { users }, 'users { isActive }');
    expect(off.answer).toEqual({ users: users.map(() => ({ isActive: false })) });
    const made = await write('admin', 'createForms', { forms }, 'forms { name }');
    expect(made.answer).toEqual({ forms: forms.map(() => ({ name: 'of many' })) });
  });
});

it('who gives up the right to act where the request does is answered that it is done, and no more', async () => {
  const { a, b } = shared.w;
  const admin = await shared.world.user(a, 'leaving', { isPlatformAdmin: true });
  const { data, errors } = await shared.ask(
    admin.email,
    `mutation ($id: ID!) {
      first: updateUser(input: { id: $id, isPlatformAdmin: false }) { user { id } }
      second: updateUser(input: { id: $id, isPlatformAdmin: true }) { user { id } }
    }`,
    { id: admin.id },
    { 'x-heimdall-scope': b.id },
  );
  expect(data).toEqual({ first: { user: null }, second: null });
  expect(errors.map(({ path }) => path)).toEqual([['second']]);
  const user = await shared.world.client.user.findUniqueOrThrow({ where: { id: admin.id } });
  expect(user.isPlatformAdmin).toBe(false);
});
