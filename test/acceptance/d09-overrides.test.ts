import { afterEach, describe, expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';
import { type Identified, type Spot, SYSTEM, type World } from '../support/world.js';

async function plant(world: World) {
  const organization = await world.organization('Switched');
  const project = await world.scope(organization, 'project');
  const environment = await world.scope(project, 'environment', 'Environment');
  const sibling = await world.scope(organization, 'sibling');
  const permission = await world.permission(organization, 'form:read:*');
  const clerks = await world.role(organization, ['form:read', 'form:update'], { name: 'clerks' });
  const clerk = await world.user(organization, 'clerk');
  await world.hold(clerk, clerks, organization);
  const rows: Record<string, Identified> = {};
  for (const [name, at] of Object.entries({ organization, project, environment, sibling })) {
    rows[name] = await world.row('form', at, name, { access: 'ROLE_BASED' });
    rows[`${name} bound`] = await world.row('form', at, `${name} bound`, {
      access: 'ROLE_BASED',
      roles: [clerks],
    });
  }
  const owner = await world.user(organization, 'owner');
  await world.hold(owner, SYSTEM.Owner, organization);
  return { organization, project, environment, sibling, permission, clerks, clerk, rows, owner };
}

const gateway = gatewayWith(plant);
const { ask } = gateway;

afterEach(async () => {
  await gateway.world.client.scopeOverride.deleteMany();
});

/** Writes one past the gateway. */
const override = (
  at: Spot,
  target: { permissionId?: string; roleId?: string },
  state = 'disabled',
) =>
  gateway.world.client.scopeOverride.create({
    data: { scopeId: at.scopeId, organizationId: at.organizationId, state, ...target },
  });

/** What somebody reads, by list, by id and by field, which must agree; the names of the forms. */
async function reads(email: string): Promise<string[]> {
  const { data, errors } = await ask(
    email,
    '{ forms(first: 50) { totalCount edges { node { id name canManage canUse } } } }',
  );
  expect(errors).toEqual([]);
  const listed = data.forms.edges.map(({ node }: { node: { name: string } }) => node.name);
  expect(data.forms.totalCount).toBe(listed.length);
  const found: string[] = [];
  for (const [name, { id }] of Object.entries(gateway.w.rows)) {
    const one = await ask(email, 'query ($id: ID!) { form(id: $id) { name canManage } }', { id });
    if (one.data.form !== null) found.push(name);
  }
  expect(found.sort()).toEqual([...listed].sort());
  return found;
}

const ALL = ['environment', 'organization', 'project', 'sibling'];
const bound = (names: readonly string[]) => names.map((name) => `${name} bound`);

describe('D9: an override acts by the scope of the row', () => {
  it('off where a permission is disabled and below, on elsewhere and where it is lifted', async () => {
    const { clerk, project, environment, permission } = gateway.w;
    const permissionId = permission.id;
    expect(await reads(clerk.email)).toEqual([...ALL, ...bound(ALL)].sort());
    await override(project, { permissionId });
    // Those that are bound to the role are used all the same.
    expect(await reads(clerk.email)).toEqual(['organization', 'sibling', ...bound(ALL)].sort());
    await override(environment, { permissionId }, 'enabled');
    expect(await reads(clerk.email)).toEqual(
      ['environment', 'organization', 'sibling', ...bound(ALL)].sort(),
    );
  });

  it('a role, and with it what is bound to it', async () => {
    const { clerk, project, environment, clerks } = gateway.w;
    await override(project, { roleId: clerks.id });
    const left = ['organization', 'sibling'];
    expect(await reads(clerk.email)).toEqual([...left, ...bound(left)].sort());
    await override(environment, { roleId: clerks.id }, 'enabled');
    const lifted = [...left, 'environment'];
    expect(await reads(clerk.email)).toEqual([...lifted, ...bound(lifted)].sort());
  });

  it('a permission of one role, and that alone', async () => {
    const { world, w } = gateway;
    const { clerk, clerks, organization, permission, sibling, rows } = w;
    await override(organization, { roleId: clerks.id, permissionId: permission.id });
    expect(await reads(clerk.email)).toEqual(bound(ALL).sort());
    const others = await world.role(organization, ['form:read']);
    await world.hold(clerk, others, sibling);
    expect(await reads(clerk.email)).toEqual(['sibling', ...bound(ALL)].sort());
    // What else the role carries is as it was.
    const { errors } = await ask(
      clerk.email,
      'mutation ($id: ID!) { updateForm(input: { id: $id, description: "x" }) { form { id } } }',
      { id: rows['project bound']?.id },
    );
    expect(errors).toEqual([]);
  });

  it('permission, role and pair are looked up separately: any that disables switches off', async () => {
    const { clerk, clerks, project, environment, permission } = gateway.w;
    const pair = { roleId: clerks.id, permissionId: permission.id };
    await override(project, { permissionId: permission.id });
    // Of another target, and so it lifts nothing.
    await override(environment, pair, 'enabled');
    expect(await reads(clerk.email)).not.toContain('environment');
    await override(environment, { permissionId: permission.id }, 'enabled');
    expect(await reads(clerk.email)).toContain('environment');
    await override(project, { roleId: clerks.id });
    expect(await reads(clerk.email)).not.toContain('environment');
  });

  it('in what is written, before and after', async () => {
    const { world, w } = gateway;
    const { clerk, project, rows } = w;
    const update = await world.permission(w.organization, 'form:update:*');
    await override(project, { permissionId: update.id });
    const write = async (name: string) =>
      (
        await ask(
          clerk.email,
          'mutation ($id: ID!) { updateForm(input: { id: $id, description: "y" }) { form { id } } }',
          { id: rows[name]?.id },
        )
      ).errors[0]?.extensions.code;
    expect(await write('sibling')).toBeUndefined();
    expect(await write('project')).toBe('FORBIDDEN');
    expect(await write('environment')).toBe('FORBIDDEN');
  });

  it('D21: who moves a row out of where something is disabled gives it back, and must hold all of it', async () => {
    const { world, w } = gateway;
    const { organization, project, permission } = w;
    const mover = await world.manager(organization, ['form:read', 'form:update', 'form:create']);
    const form = await world.row('form', project, 'moved', { access: 'ROLE_BASED' });
    const move = async () =>
      (
        await ask(
          mover.email,
          'mutation ($id: ID!, $to: ID!) { moveForm(input: { id: $id, scope: $to }) { form { id } } }',
          { id: form.id, to: organization.id },
        )
      ).errors[0]?.extensions.code;
    await override(project, { permissionId: permission.id, roleId: w.clerks.id });
    expect(await move()).toBe('FORBIDDEN');
    await world.client.scopeOverride.deleteMany();
    expect(await move()).toBeUndefined();
    await world.client.form.delete({ where: { id: form.id } });
  });
});

const SET = `mutation ($scope: ID, $permission: ID, $role: ID, $state: OverrideState!, $version: Int) {
  setScopeOverride(input: { scope: $scope, permission: $permission, role: $role, state: $state, version: $version }) {
    scopeOverride { id state version role { id } permission { id } scope { id } } } }`;
const REMOVE = `mutation ($id: ID!) { removeScopeOverride(input: { id: $id }) { deletedId } }`;

const set = (email: string, at: Spot, target: object, state = 'DISABLED') =>
  ask(email, SET, { scope: at.id, ...target, state });
const code = async (answer: ReturnType<typeof ask>) => (await answer).errors[0]?.extensions.code;

describe('setting overrides', () => {
  it('makes one, and changes it when it is set again', async () => {
    const { owner, project, clerks, clerk } = gateway.w;
    const made = await set(owner.email, project, { role: clerks.id });
    expect(made.errors).toEqual([]);
    const { id, ...said } = made.data.setScopeOverride.scopeOverride;
    expect(said).toEqual({
      state: 'DISABLED',
      version: 1,
      role: { id: clerks.id },
      permission: null,
      scope: { id: project.id },
    });
    expect(await reads(clerk.email)).not.toContain('project');
    const again = await set(owner.email, project, { role: clerks.id });
    expect(again.data.setScopeOverride.scopeOverride.id).toBe(id);
    expect(await gateway.world.client.scopeOverride.count()).toBe(1);
    const stale = { scope: project.id, role: clerks.id, state: 'DISABLED', version: 7 };
    expect(await code(ask(owner.email, SET, stale))).toBe('CONFLICT');
    const entries = await gateway.world.client.auditEntry.findMany({ where: { resourceId: id } });
    expect(entries.map(({ action }) => action)).toContain('scopeOverride:create');
  });

  it('takes a target, and one that can be read', async () => {
    const { world, w } = gateway;
    const { owner, project } = w;
    const stranger = await world.role(await world.organization('elsewhere'), []);
    expect(await code(set(owner.email, project, {}))).toBe('BAD_USER_INPUT');
    const hidden = await set(owner.email, project, { role: stranger.id });
    const none = await set(owner.email, project, {
      role: '01930000-0000-7000-8000-000000000000',
    });
    expect(hidden.errors).toEqual(none.errors);
    expect(hidden.errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  it('is for who holds the permission there', async () => {
    const { clerk, project, clerks } = gateway.w;
    expect(await code(set(clerk.email, project, { role: clerks.id }))).toBe('BAD_USER_INPUT');
    const reader = await gateway.world.manager(gateway.w.organization, ['role:read']);
    expect(await code(set(reader.email, project, { role: clerks.id }))).toBe('FORBIDDEN');
    expect(await code(set(reader.email, project, { role: clerks.id }, 'ENABLED'))).toBe(
      'FORBIDDEN',
    );
    await override(project, { roleId: clerks.id });
    // A hidden one is told to nobody who could not set it (D14).
    expect(await code(set(reader.email, project, { role: clerks.id }))).toBe('FORBIDDEN');
    const setter = await gateway.world.manager(gateway.w.organization, [
      'role:read',
      'scopeOverride:create',
    ]);
    expect(await code(set(setter.email, project, { role: clerks.id }))).toBe('CONFLICT');
  });
});

describe('lifting', () => {
  it('D9: is refused where nothing above disables it', async () => {
    const { owner, project, environment, sibling, clerks } = gateway.w;
    const lift = () => code(set(owner.email, environment, { role: clerks.id }, 'ENABLED'));
    expect(await lift()).toBe('CONFLICT');
    await override(sibling, { roleId: clerks.id });
    await override(environment, { roleId: clerks.id });
    expect(await lift()).toBe('CONFLICT');
    await override(project, { roleId: clerks.id });
    expect(await lift()).toBeUndefined();
  });

  it('D9: is for who could have set what it lifts', async () => {
    const { world, w } = gateway;
    const { project, environment, clerks, clerk } = w;
    await override(project, { roleId: clerks.id });
    const keys = ['scopeOverride:create', 'scopeOverride:read', 'role:read', 'role:assign'];
    const at = async (spot: Spot) => {
      const manager = await world.manager(w.organization, keys, { at: spot });
      await world.hold(manager, await world.role(spot, ['form:read', 'form:update']), spot);
      return manager;
    };
    const below = await at(environment);
    const reader = await world.role(w.organization, ['scopeOverride:read', 'role:read']);
    expect(await code(set(below.email, environment, { role: clerks.id }, 'ENABLED'))).toBe(
      'BAD_USER_INPUT',
    );
    await world.hold(below, reader, project);
    await world.hold(below, reader, w.organization);
    expect(await code(set(below.email, environment, { role: clerks.id }, 'ENABLED'))).toBe(
      'FORBIDDEN',
    );
    const above = await at(project);
    await world.hold(above, reader, w.organization);
    expect(
      await code(set(above.email, environment, { role: clerks.id }, 'ENABLED')),
    ).toBeUndefined();
    expect(await reads(clerk.email)).toContain('environment');
  });

  it('D14: what is hidden is not there, and is not lifted', async () => {
    const { world, w } = gateway;
    const { project, environment, organization, clerks } = w;
    await override(project, { roleId: clerks.id });
    const lifter = await world.manager(organization, [
      'scopeOverride:create',
      'role:read',
      'form:read',
      'form:update',
      'role:assign',
    ]);
    expect(await code(set(lifter.email, environment, { role: clerks.id }, 'ENABLED'))).toBe(
      'CONFLICT',
    );
  });

  it('D21: is for who holds what others regain, by another way', async () => {
    const { world, w } = gateway;
    const { project, environment, organization, clerks } = w;
    await override(project, { roleId: clerks.id });
    const keys = ['scopeOverride:create', 'scopeOverride:read', 'role:read', 'role:assign'];
    const lifter = await world.manager(organization, keys);
    const lift = () => code(set(lifter.email, environment, { role: clerks.id }, 'ENABLED'));
    expect(await lift()).toBe('FORBIDDEN');
    // What they would regain themselves is not held yet.
    await world.hold(lifter, clerks, organization);
    expect(await lift()).toBe('FORBIDDEN');
    await world.hold(lifter, await world.role(organization, ['form:read']), organization);
    expect(await lift()).toBe('FORBIDDEN');
    await world.hold(lifter, await world.role(organization, ['form:update']), organization);
    expect(await lift()).toBeUndefined();
  });

  it('D21: so is to remove what disables, and not what lifts', async () => {
    const { world, w } = gateway;
    const { project, environment, organization, clerks, owner } = w;
    const off = await override(project, { roleId: clerks.id });
    const on = await override(environment, { roleId: clerks.id }, 'enabled');
    const remover = await world.manager(organization, [
      'scopeOverride:read',
      'scopeOverride:delete',
    ]);
    const remove = (email: string, id: string) => code(ask(email, REMOVE, { id }));
    expect(await remove(remover.email, on.id)).toBeUndefined();
    expect(await remove(remover.email, off.id)).toBe('FORBIDDEN');
    expect(await remove(owner.email, off.id)).toBeUndefined();
    expect(await remove(owner.email, off.id)).toBe('NOT_FOUND');
  });

  it('what is taken of a permission in all roles can be undone by who took it', async () => {
    const { owner, project, clerk } = gateway.w;
    const read = await gateway.world.client.permission.findFirstOrThrow({
      where: { key: 'form:read:*', organizationId: null },
    });
    const made = await set(owner.email, project, { permission: read.id });
    expect(made.errors).toEqual([]);
    expect(await reads(owner.email)).not.toContain('project');
    const { id } = made.data.setScopeOverride.scopeOverride;
    const disabler = await gateway.world.manager(gateway.w.organization, [
      'scopeOverride:read',
      'scopeOverride:delete',
    ]);
    expect(await code(ask(disabler.email, REMOVE, { id }))).toBe('FORBIDDEN');
    expect(await code(ask(owner.email, REMOVE, { id }))).toBeUndefined();
    expect(await reads(owner.email)).toContain('project');
    expect(await reads(clerk.email)).toContain('project');
  });
});
