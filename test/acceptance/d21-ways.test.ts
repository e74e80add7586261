import { describe, expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';
import { mutate } from '../support/mutate.js';
import { type Identified, type Person, type Spot, SYSTEM } from '../support/world.js';

const crud = (...types: string[]) =>
  types.flatMap((type) =>
    ['read', 'create', 'update', 'delete'].map((action) => `${type}:${action}`),
  );
const PLACES = [...crud('scope', 'scopeOverride'), 'scope:move', 'role:read', 'permission:read'];

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const type = await world.scopeType(a, 'MERGE');
  const wall = await world.scopeType(a, 'DEFINE');
  await world.client.scopeTypeEdge.create({
    data: { parentTypeId: wall.id, childTypeId: type.id },
  });
  const owner = await world.user(a, 'owner');
  await world.hold(owner, SYSTEM.Owner, a);
  return { a, type, wall, owner };
});

let counter = 0;
const fresh = (): string => `made ${++counter}`;
const write = (who: Person, name: string, input: object, selection: string) =>
  mutate(shared, who.email, name, input, selection);
const manager = (permits: readonly string[], options = {}) =>
  shared.world.manager(shared.w.a, permits, options);

describe('D21: nobody gives what they do not hold', () => {
  const PEOPLE = ['team:read', 'team:update', 'user:read', 'user:update'];
  const join = (who: Person, team: Identified, user: Identified) =>
    write(who, 'addTeamMembers', { id: team.id, users: [user.id] }, 'team { id }');

  it('by role:assign that covers their own rows alone', async () => {
    const { a } = shared.w;
    const clerk = await manager(PEOPLE);
    await shared.world.hold(
      clerk,
      await shared.world.role(a, ['role:assign'], { dataAccess: 'OWN_DATA' }),
      a,
    );
    const team = await shared.world.team(a, clerk, []);
    await shared.world.hold({ team }, await shared.world.role(a, []), a);
    expect(await join(clerk, team, clerk)).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('to who may delete the teams that they are in', async () => {
    const { a } = shared.w;
    const clerk = await manager(PEOPLE);
    const team = await shared.world.team(a, shared.w.owner, []);
    const joining = await manager(['team:read', 'team:delete'], { dataAccess: 'OWN_DATA' });
    expect(await join(clerk, team, joining)).toMatchObject({ code: 'FORBIDDEN' });
    expect((await join(shared.w.owner, team, joining)).code).toBeUndefined();
  });

  it('by a name, of what they merely use', async () => {
    const { a } = shared.w;
    const editor = await manager(['agent:update']);
    const reads = await shared.world.role(a, ['agent:read:public/*']);
    await shared.world.hold(await shared.world.user(a, 'reader'), reads, a);
    const agent = async () => (await shared.world.row('agent', a, fresh())).id;
    const rename = async (who: Person) =>
      write(who, 'updateAgent', { id: await agent(), name: `public/${fresh()}` }, 'agent { id }');
    expect(await rename(editor)).toMatchObject({ code: 'FORBIDDEN' });
    expect((await rename(shared.w.owner)).code).toBeUndefined();
  });

  it('by making somebody an Owner, who gives what only others know', async () => {
    const { a, owner } = shared.w;
    const user = await shared.world.user(a, 'somebody');
    const ruler = await shared.world.user(a, 'ruler');
    const everything = await shared.world.role(a, []);
    const { permissions } = await shared.world.client.role.findUniqueOrThrow({
      where: { id: SYSTEM.Owner.id },
      include: { permissions: true },
    });
    await shared.world.client.rolePermission.createMany({
      data: permissions.map(({ permissionId }) => ({ permissionId, roleId: everything.id })),
    });
    await shared.world.hold(ruler, everything, a);
    const make = (who: Person, role: Identified) =>
      write(who, 'createMembership', { user: user.id, roles: [role.id] }, 'membership { id }');
    expect(await make(ruler, SYSTEM.Owner)).toMatchObject({ code: 'FORBIDDEN' });
    expect((await make(owner, SYSTEM.Owner)).code).toBeUndefined();
  });

  it('as an Owner of what was taken from Owners', async () => {
    const { a, owner } = shared.w;
    const { client } = shared.world;
    const { id: permissionId } = await shared.world.permission(a, 'app:delete');
    const taken = { roleId: SYSTEM.Owner.id, permissionId };
    await client.rolePermission.deleteMany({ where: taken });
    const role = { name: fresh(), dataAccess: 'ALL_DATA', permissions: [permissionId] };
    const refused = await write(owner, 'createRole', role, 'role { id }');
    await client.rolePermission.create({ data: taken });
    expect(refused).toMatchObject({ code: 'FORBIDDEN' });
    expect((await write(owner, 'createRole', role, 'role { id }')).code).toBeUndefined();
  });

  it('by moving a scope away from what disables it', async () => {
    const { a, type } = shared.w;
    const { world } = shared;
    const holders = await world.role(a, ['config:reveal']);
    await world.hold(await world.user(a, 'holder'), holders, a);
    const revealing = await world.permission(a, 'config:reveal');
    const mover = await manager(PLACES);
    const reveals = await world.role(a, ['config:reveal']);
    const both = await manager(PLACES);
    await world.hold(both, reveals, a);
    const moved = async (who: Person) => {
      const off = await world.scope(a, 'off', type);
      const inner = await world.scope(off, 'inner', type);
      await world.client.scopeOverride.create({
        data: {
          scopeId: off.scopeId,
          organizationId: a.organizationId,
          roleId: holders.id,
          permissionId: revealing.id,
          state: 'disabled',
        },
      });
      return write(who, 'moveScope', { id: inner.id, parent: a.scopeId }, 'scope { id }');
    };
    expect(await moved(mover)).toMatchObject({ code: 'FORBIDDEN' });
    expect((await moved(both)).code).toBeUndefined();
  });

  it('by taking somebody out of a team that a condition speaks of', async () => {
    const { a, owner } = shared.w;
    const { world } = shared;
    const clerk = await manager([...PEOPLE, 'team:delete']);
    const user = await world.user(a, 'contractor');
    const team = await world.team(a, owner, [user]);
    const { id: permissionId } = await world.client.permission.create({
      data: {
        ...{ resourceType: 'form', action: 'delete', resourcePattern: fresh() },
        ...{ scopeId: a.scopeId, organizationId: a.organizationId },
        condition: { '!': [{ in: [team.id, { var: 'principal.teamIds' }] }] },
      },
    });
    const role = await world.role(a, []);
    await world.client.rolePermission.create({ data: { roleId: role.id, permissionId } });
    await world.hold(user, role, a);
    const leave = (who: Person) =>
      write(who, 'removeTeamMembers', { id: team.id, users: [user.id] }, 'team { id }');
    expect(await leave(clerk)).toMatchObject({ code: 'FORBIDDEN' });
    expect(await write(clerk, 'deleteTeam', { id: team.id }, 'deletedId')).toMatchObject({
      code: 'FORBIDDEN',
    });
    expect((await leave(owner)).code).toBeUndefined();
  });
});

describe('D21: a row is given to others by who holds everything on it', () => {
  const ON_FORMS = ['read', 'create', 'update', 'delete', 'share', 'transfer'].map(
    (action) => `form:${action}`,
  );
  const but = (action: string) => ON_FORMS.filter((one) => one !== action);
  const form = async () => (await shared.world.row('form', shared.w.a, fresh())).id;

  it('who transfers it', async () => {
    const mate = await shared.world.user(shared.w.a, 'mate');
    const give = async (who: Person) =>
      write(who, 'transferForm', { id: await form(), owner: mate.id }, 'form { id }');
    const some = await manager([...but('form:delete'), 'user:read']);
    expect(await give(some)).toMatchObject({ code: 'FORBIDDEN' });
    expect((await give(await manager([...ON_FORMS, 'user:read']))).code).toBeUndefined();
  });

  it('who moves it to where grants of another scope reach it', async () => {
    const { a, type } = shared.w;
    const inner = await shared.world.scope(a, fresh(), type);
    await manager(['form:delete'], { at: inner });
    const move = async (who: Person, id: string, scope: string) =>
      write(who, 'moveForm', { id, scope }, 'form { id }');
    const mover = await manager(but('form:delete'));
    expect(await move(mover, await form(), inner.id)).toMatchObject({ code: 'FORBIDDEN' });
    // Outwards nothing reaches it that has not reached it before.
    const { id } = await shared.world.row('form', inner, fresh());
    expect((await move(mover, id, a.scopeId)).code).toBeUndefined();
    const all = await manager(ON_FORMS);
    expect((await move(all, await form(), inner.id)).code).toBeUndefined();
  });
});

describe('§4: a row is moved', () => {
  const move = (who: Person, { id }: Identified, { scopeId: scope }: Spot) =>
    write(who, 'moveForm', { id, scope }, 'form { id }');

  it('to where the mover may make it, by what is there', async () => {
    const { a, type } = shared.w;
    const { client } = shared.world;
    const place = async (region: string): Promise<Spot> => {
      const spot = await shared.world.scope(a, fresh(), type);
      await client.scope.update({ where: { id: spot.id }, data: { meta: { region } } });
      return spot;
    };
    const [here, alike, elsewhere] = [await place('us'), await place('us'), await place('eu')];
    const mover = await manager(
      ['read', 'update', 'delete', 'share', 'transfer'].map((action) => `form:${action}`),
    );
    const { id: permissionId } = await client.permission.create({
      data: {
        ...{ resourceType: 'form', action: 'create', resourcePattern: '*' },
        ...{ scopeId: a.scopeId, organizationId: a.organizationId },
        condition: { '==': [{ var: 'scope.meta.region' }, 'us'] },
      },
    });
    const role = await shared.world.role(a, []);
    await client.rolePermission.create({ data: { roleId: role.id, permissionId } });
    await shared.world.hold(mover, role, a);
    const form = await shared.world.row('form', here, fresh());
    expect(await move(mover, form, elsewhere)).toMatchObject({ code: 'FORBIDDEN' });
    expect((await move(mover, form, alike)).code).toBeUndefined();
  });

  it('within its organization, by whomever', async () => {
    const { a } = shared.w;
    const admin = await shared.world.user(a, 'admin', { isPlatformAdmin: true });
    const form = await shared.world.row('form', a, fresh());
    expect(await move(admin, form, await shared.world.organization('B'))).toMatchObject({
      code: 'BAD_USER_INPUT',
      issues: [{ path: ['scope'], message: 'a row stays in its organization' }],
    });
  });
});

describe('D21: who joins a team', () => {
  it('is added by who may update the team and the user, both', async () => {
    const { a, owner } = shared.w;
    const team = await shared.world.team(a, owner, []);
    const joe = await shared.world.user(a, 'joe');
    const add = async (...permits: string[]) => {
      const who = await manager(['team:read', 'user:read', ...permits]);
      return write(who, 'addTeamMembers', { id: team.id, users: [joe.id] }, 'team { id }');
    };
    expect(await add('team:update')).toMatchObject({ code: 'FORBIDDEN' });
    expect(await add('user:update')).toMatchObject({ code: 'FORBIDDEN' });
    expect((await add('team:update', 'user:update')).code).toBeUndefined();
  });
});

describe('D21: who holds a part of the names gives no more than that', () => {
  const ROLES = ['role', 'membership'].flatMap((type) => crud(type));
  const HANDS_OUT = [...ROLES, 'role:assign', 'permission:read', 'user:read'];
  const PART = 'form:update:a/*';

  it.each([
    ['by what a role carries', 'carried'],
    ['by an assignment', 'assigned'],
  ] as const)('%s', async (_, way) => {
    const { a } = shared.w;
    const joe = await shared.world.user(a, 'joe');
    const who = await manager([...HANDS_OUT, PART]);
    const give = async (key: string) => {
      if (way === 'assigned') {
        const roles = [(await shared.world.role(a, [key])).id];
        const at = await shared.world.scope(a, fresh());
        return write(
          who,
          'createMembership',
          { user: joe.id, scope: at.id, roles },
          'membership { id }',
        );
      }
      const permissions = [(await shared.world.permission(a, key)).id];
      const role = { name: fresh(), dataAccess: 'ALL_DATA', permissions };
      return write(who, 'createRole', role, 'role { id }');
    };
    expect(await give('form:update:*')).toMatchObject({ code: 'FORBIDDEN' });
    expect((await give(PART)).code).toBeUndefined();
  });
});

describe('D19: what a batch of scopes does', () => {
  it('is recorded, also what is made in a scope that its maker came to own', async () => {
    const { owner, type, wall } = shared.w;
    const [outer, inner] = [fresh(), fresh()];
    const made = await write(
      owner,
      'createScopes',
      {
        scopes: [
          { type: wall.id, externalId: outer },
          { type: type.id, externalId: inner, parentExternalId: outer },
        ],
      },
      'scopes { id }',
    );
    expect(made.code).toBeUndefined();
    const ids: string[] = made.answer.scopes.map(({ id }: Spot) => id);
    const entries = await shared.world.client.auditEntry.findMany({
      where: { resourceId: { in: ids }, action: 'scope:create' },
    });
    expect(entries.map(({ resourceId }) => resourceId).sort()).toEqual([...ids].sort());
  });
});

describe('D11: conditions', () => {
  it('do not speak of what every write changes', async () => {
    const refused = await write(
      shared.w.owner,
      'createPermission',
      {
        ...{ resourceType: 'form', action: 'delete', resourcePattern: fresh() },
        condition: { '>=': [{ var: 'resource.version' }, 2] },
      },
      'permission { id }',
    );
    expect(refused).toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});

describe('D8: a decision about somebody else', () => {
  it('says nothing of what they hold behind a wall', async () => {
    const { a, wall, owner } = shared.w;
    const joe = await shared.world.user(a, 'joe');
    const vault = await shared.world.scope(a, 'vault', wall);
    const secret = await shared.world.role(vault, ['form:update:secret-deal/*']);
    const form = await shared.world.row('form', a, fresh(), { access: 'ROLE_BASED' });
    const SOURCE = `query ($id: ID!, $user: ID!) {
      check(action: "update", resourceType: "form", resourceId: $id, subject: { userId: $user }) { answer reason }
      explainAccess(action: "update", resourceType: "form", resourceId: $id, subject: { userId: $user }) {
        rules { text because { text because { text } } } } }`;
    const asked = async () => {
      const variables = { id: form.id, user: joe.id };
      const { data, errors } = await shared.ask(owner.email, SOURCE, variables);
      expect(errors).toEqual([]);
      expect(data.check.answer).toBe('NO');
      expect(data.explainAccess.rules).not.toEqual([]);
      return JSON.stringify(data);
    };
    // They read it, and may not change it.
    await shared.world.hold(joe, await shared.world.role(a, ['form:read']), a);
    const without = await asked();
    await shared.world.hold(joe, secret, vault);
    expect(await asked()).toBe(without);
  });
});
