import { describe, expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';
import { mutate } from '../support/mutate.js';
import { type Identified, type Person, SYSTEM } from '../support/world.js';

const crud = (type: string) =>
  ['read', 'create', 'update', 'delete'].map((action) => `${type}:${action}`);
const MANAGES = [
  ...['role', 'permission', 'membership', 'team', 'user', 'scopeType'].flatMap(crud),
  ...[...crud('scope'), 'scope:move', 'role:assign'],
];

const IN_US = { '==': [{ var: 'scope.meta.region' }, 'us'] };

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const type = await world.scopeType(a, 'MERGE');
  const project = await world.scope(a, 'project', type);
  const owner = await world.user(a, 'owner');
  await world.hold(owner, SYSTEM.Owner, a);
  // Manages everything about places and roles, reads forms and may not delete them.
  const boss = await world.manager(a, [...MANAGES, ...crud('form').slice(0, 3)]);
  const admin = await world.user(a, 'admin', { isPlatformAdmin: true });
  return { a, type, project, owner, boss, admin };
});

let counter = 0;
const fresh = (): string => `made ${++counter}`;

const write = (who: Person, name: string, input: object, selection: string) =>
  mutate(shared, who.email, name, input, selection);

const make = (who: Person, input: object) =>
  write(who, 'createPermission', input, 'permission { id condition }');

/** Lets the cleaner delete forms on a condition, in a role of their own. */
async function cleaning(condition: object): Promise<Identified> {
  const { admin, a } = shared.w;
  const pattern = `${fresh()}/*`;
  const made = await make(admin, {
    ...{ scope: a.scopeId, resourceType: 'form', action: 'delete' },
    ...{ resourcePattern: pattern, condition },
  });
  expect(made.code).toBeUndefined();
  const role = await shared.world.role(a, []);
  const permissionId = made.answer.permission.id;
  await shared.world.client.rolePermission.create({ data: { roleId: role.id, permissionId } });
  const who = await shared.world.user(a, 'cleaner');
  await shared.world.hold(who, role, a);
  return { id: permissionId };
}

describe('D11: the condition of a permission', () => {
  it('is taken as it can be asked, and stays', async () => {
    const { boss } = shared.w;
    const form = { resourceType: 'form', action: 'update' };
    const made = await make(boss, { ...form, resourcePattern: 'x', condition: IN_US });
    expect(made.answer.permission.condition).toEqual(IN_US);
    for (const condition of [
      { '==': [{ var: 'scope.meta.region' }] },
      { map: [{ var: 'resource.name' }, 1] },
      { '==': [{ var: 'resource.nothing' }, 'x'] },
      { '==': [{ var: 'resource.isActive' }, 'yes'] },
    ]) {
      const refused = await make(boss, { ...form, resourcePattern: fresh(), condition });
      expect(refused).toMatchObject({ code: 'BAD_USER_INPUT' });
      expect(refused.issues).toEqual([
        expect.objectContaining({ path: expect.arrayContaining(['condition']) }),
      ]);
    }
    const foreign = { resourceType: 'document', action: 'read', condition: IN_US };
    expect(await make(boss, foreign)).toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  it('D21: goes along when it is given by who holds it so', async () => {
    const { a, admin } = shared.w;
    const { id } = await cleaning(IN_US);
    const conditional = await shared.world.role(a, []);
    await shared.world.client.rolePermission.create({
      data: { roleId: conditional.id, permissionId: id },
    });
    const giver = await shared.world.manager(a, MANAGES);
    await shared.world.hold(giver, conditional, a);
    const { client } = shared.world;
    const { resourcePattern } = await client.permission.findUniqueOrThrow({ where: { id } });
    const whole = await make(admin, {
      ...{ scope: a.scopeId, resourceType: 'form', action: 'delete' },
      ...{ resourcePattern: `${resourcePattern.slice(0, -2)}/whole/*` },
    });
    const role = (permission: string) =>
      write(
        giver,
        'createRole',
        { name: fresh(), dataAccess: 'ALL_DATA', permissions: [permission] },
        'role { id }',
      );
    expect((await role(id)).code).toBeUndefined();
    expect(await role(whole.answer.permission.id)).toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('D21: what conditions read', () => {
  it('of a scope is changed by who holds what they permit', async () => {
    const { boss, owner, project, type } = shared.w;
    await cleaning(IN_US);
    const change = (who: Person, input: object) =>
      write(who, 'updateScope', { id: project.id, ...input }, 'scope { id }');
    expect(await change(boss, { meta: { region: 'us' } })).toMatchObject({ code: 'FORBIDDEN' });
    expect(await change(boss, { name: 'other' })).toMatchObject({ code: 'FORBIDDEN' });
    expect((await change(owner, { meta: { region: 'us' } })).code).toBeUndefined();
    // The same once more changes nothing.
    expect((await change(boss, { meta: { region: 'us' } })).code).toBeUndefined();
    const rename = (who: Person) =>
      write(who, 'updateScopeType', { id: type.id, name: fresh() }, 'scopeType { id }');
    expect((await rename(boss)).code).toBeUndefined();
    await cleaning({ '==': [{ var: 'scope.type' }, 'Depot'] });
    expect(await rename(boss)).toMatchObject({ code: 'FORBIDDEN' });
    expect((await rename(owner)).code).toBeUndefined();
  });

  it('of where a row lives is changed by who could give all of it away', async () => {
    const { a, boss, owner, project } = shared.w;
    await cleaning(IN_US);
    const move = async (who: Person) => {
      const { id } = await shared.world.row('form', project, fresh());
      return write(who, 'moveForm', { id, scope: a.scopeId }, 'form { id }');
    };
    expect(await move(boss)).toMatchObject({ code: 'FORBIDDEN' });
    expect((await move(owner)).code).toBeUndefined();
  });

  it('of who is in a team is changed by who holds what that permits', async () => {
    const { a, boss, owner } = shared.w;
    const { id } = await cleaning({
      in: [{ var: 'resource.id' }, { var: 'principal.teamIds' }],
    });
    const [holder] = await shared.world.client.user.findMany({
      where: {
        memberships: {
          some: { roles: { some: { role: { permissions: { some: { permissionId: id } } } } } },
        },
      },
    });
    const team = await shared.world.team(a, owner, []);
    const add = (who: Person) =>
      write(who, 'addTeamMembers', { id: team.id, users: [holder?.id] }, 'team { id }');
    expect(await add(boss)).toMatchObject({ code: 'FORBIDDEN' });
    expect((await add(owner)).code).toBeUndefined();
  });
});

describe('what only other services know', () => {
  it('is given by the Owner of the scope, and by who was given it', async () => {
    const { boss, owner, a } = shared.w;
    const made = await make(owner, { resourceType: 'document', action: 'write' });
    const { id } = made.answer.permission;
    const role = (who: Person) =>
      write(
        who,
        'createRole',
        { name: fresh(), dataAccess: 'ALL_DATA', permissions: [id] },
        'role { id }',
      );
    expect(await role(boss)).toMatchObject({ code: 'FORBIDDEN' });
    const first = await role(owner);
    expect(first.code).toBeUndefined();
    await shared.world.hold(boss, first.answer.role, a);
    expect((await role(boss)).code).toBeUndefined();
  });
});
