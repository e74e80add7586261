import { describe, expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';
import { type Identified, type Spot, SYSTEM, type World } from '../support/world.js';

/** A role with permissions on forms that count on a condition. */
async function conditionalRole(
  world: World,
  at: Spot,
  actions: readonly string[],
  condition: object,
): Promise<Identified> {
  const place = { scopeId: at.scopeId, organizationId: at.organizationId };
  const role = await world.role(at, []);
  for (const action of actions) {
    const label = `${action} ${JSON.stringify(condition)}`;
    const data = { ...place, resourceType: 'form', action, label, condition };
    const found = await world.client.permission.findFirst({
      where: { ...place, action, resourceType: 'form' },
    });
    const { id } = found ?? (await world.client.permission.create({ data }));
    await world.client.rolePermission.create({ data: { roleId: role.id, permissionId: id } });
  }
  return role;
}

const OPEN = { '==': [{ var: 'scope.meta.stage' }, 'open'] };

async function plant(world: World) {
  const organization = await world.organization('Conditional');
  const open = await world.scope(organization, 'open');
  const closed = await world.scope(organization, 'closed');
  await world.client.scope.update({ where: { id: open.id }, data: { meta: { stage: 'open' } } });
  await world.client.scope.update({ where: { id: closed.id }, data: { meta: { stage: 'shut' } } });
  const clerk = await world.user(organization, 'clerk');
  const role = await conditionalRole(world, organization, ['read', 'update', 'create'], OPEN);
  await world.hold(clerk, role, organization);
  const rows: Record<string, Identified> = {};
  for (const [name, at] of Object.entries({ organization, open, closed })) {
    rows[name] = await world.row('form', at, name, { access: 'ROLE_BASED' });
  }
  return { organization, open, closed, clerk, role, rows };
}

const gateway = gatewayWith(plant);
const { ask } = gateway;
const code = async (answer: ReturnType<typeof ask>) => (await answer).errors[0]?.extensions.code;
const CREATE = `mutation ($scope: ID!, $name: String!) {
  createForm(input: { scope: $scope, name: $name }) { form { id } } }`;
const UPDATE = `mutation ($id: ID!, $description: String) {
  updateForm(input: { id: $id, description: $description }) { form { id } } }`;

async function readable(email: string): Promise<string[]> {
  const { data, errors } = await ask(
    email,
    '{ forms { totalCount edges { node { name canManage accessLevel } } } }',
  );
  expect(errors).toEqual([]);
  const names: string[] = [];
  for (const { node } of data.forms.edges) {
    expect(node.canManage).toBe(true);
    expect(node.accessLevel).not.toBeNull();
    names.push(node.name);
  }
  expect(data.forms.totalCount).toBe(names.length);
  for (const [name, { id }] of Object.entries(gateway.w.rows)) {
    const one = await ask(email, 'query ($id: ID!) { form(id: $id) { name } }', { id });
    expect(one.data.form !== null).toBe(names.includes(name));
  }
  return names;
}

describe('D11: a grant counts on the rows of which its condition is true', () => {
  it('in lists, by id, in fields and in what is written', async () => {
    const { clerk, rows, open, closed } = gateway.w;
    expect(await readable(clerk.email)).toEqual(['open']);
    const update = (name: string) =>
      code(ask(clerk.email, UPDATE, { id: rows[name]?.id, description: name }));
    expect(await update('open')).toBeUndefined();
    expect(await update('closed')).toBe('NOT_FOUND');
    const create = (at: Spot) => code(ask(clerk.email, CREATE, { scope: at.id, name: 'made' }));
    expect(await create(open)).toBeUndefined();
    expect(await create(closed)).toBe('FORBIDDEN');
    await gateway.world.client.form.deleteMany({ where: { name: 'made' } });
  });

  it('and one that is none is true of nothing', async () => {
    const { world, w } = gateway;
    const { organization } = w;
    for (const [index, condition] of [
      { '=': [1, 1] },
      { '==': [{ var: 'resource.instructions' }, 'x'] },
      { '<': [{ var: 'scope.meta.stage' }, 3] },
      {},
    ].entries()) {
      const user = await world.user(organization, `odd ${index}`);
      const at = await world.scope(organization, `odd ${index}`);
      await world.row('form', at, `odd ${index}`, { access: 'ROLE_BASED' });
      await world.hold(user, await conditionalRole(world, at, ['read'], condition), at);
      const { data } = await ask(user.email, '{ forms { totalCount } }');
      expect(data.forms.totalCount).toBe(0);
    }
    const user = await world.user(organization, 'always');
    const at = await world.scope(organization, 'always');
    await world.row('form', at, 'always', { access: 'ROLE_BASED' });
    const always = { '!': { '==': [1, 2] } };
    await world.hold(user, await conditionalRole(world, at, ['read'], always), at);
    expect((await ask(user.email, '{ forms { totalCount } }')).data.forms.totalCount).toBe(1);
    await world.client.form.deleteMany({ where: { name: { startsWith: 'odd' } } });
    await world.client.form.deleteMany({ where: { name: 'always' } });
  });

  it('and nobody acts in other organizations on a condition (D4)', async () => {
    const { world, w } = gateway;
    const provider = await world.organization('Provider', { isProvider: true });
    const place = { scopeId: provider.scopeId, organizationId: provider.id };
    const { id } = await world.client.permission.create({
      data: {
        ...place,
        resourceType: 'organization',
        action: 'actIn',
        condition: { '==': [1, 1] },
      },
    });
    const role = await world.role(provider, []);
    await world.client.rolePermission.create({ data: { roleId: role.id, permissionId: id } });
    const agent = await world.user(provider, 'agent');
    await world.hold(agent, role, provider);
    const source = 'query ($scope: ID!) { forms(scope: $scope) { totalCount } }';
    expect(await code(ask(agent.email, source, { scope: w.organization.id }))).toBe(
      'SCOPE_FORBIDDEN',
    );
  });
});

describe('D21: conditions', () => {
  const ADD = `mutation ($team: ID!, $user: ID!) {
    addTeamMembers(input: { id: $team, users: [$user] }) { team { id } } }`;

  it('are given by who holds the same, or without any', async () => {
    const { world, w } = gateway;
    const { organization, role, clerk } = w;
    const keys = ['team:update', 'team:read', 'user:read', 'user:update', 'role:assign'];
    const team = await world.team(organization, clerk, []);
    await world.hold({ team }, role, organization);
    const add = async (...roles: readonly Identified[]) => {
      const adder = await world.manager(organization, keys);
      for (const one of roles) await world.hold(adder, one, organization);
      const user = await world.user(organization, 'joins');
      return code(ask(adder.email, ADD, { team: team.id, user: user.id }));
    };
    const forms = ['form:read', 'form:update', 'form:create'];
    expect(await add()).toBe('FORBIDDEN');
    expect(await add(role)).toBeUndefined();
    expect(await add(SYSTEM.Owner)).toBeUndefined();
    // Who holds them on a condition gives none of them without it.
    await world.hold(
      { team },
      await world.role(organization, forms),
      await world.scope(organization, 'free'),
    );
    expect(await add(role)).toBe('FORBIDDEN');
    expect(await add(SYSTEM.Owner)).toBeUndefined();
  });

  it('are not made true by who does not hold what they permit', async () => {
    const { world, w } = gateway;
    const { organization } = w;
    const at = await world.scope(organization, 'gifts');
    const gift = { '==': [{ var: 'resource.description' }, 'a gift'] };
    const heir = await world.user(organization, 'heir');
    await world.hold(heir, await conditionalRole(world, at, ['delete'], gift), at);
    const form = await world.row('form', at, 'gift', { access: 'ROLE_BASED' });
    const editor = await world.manager(organization, ['form:read', 'form:update']);
    const give = (email: string) =>
      code(ask(email, UPDATE, { id: form.id, description: 'a gift' }));
    expect(await give(editor.email)).toBe('FORBIDDEN');
    const owner = await world.user(organization, 'owner');
    await world.hold(owner, SYSTEM.Owner, organization);
    expect(await give(owner.email)).toBeUndefined();
  });
});
