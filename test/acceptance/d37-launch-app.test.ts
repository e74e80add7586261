import { describe, expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';
import { mutate } from '../support/mutate.js';
import { PLATFORM } from '../support/world.js';

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const b = await world.organization('B');
  const workspace = await world.scope(a, 'workspace', 'Workspace');
  const project = await world.scope(workspace, 'project');
  const vault = await world.scope(a, 'vault', await world.scopeType(a, 'DEFINE'));
  const x = await world.role(a, [], { name: 'x' });
  const y = await world.role(a, [], { name: 'y' });
  const everywhere = await world.role(PLATFORM, [], { name: 'everywhere' });
  const bundle = { bundle: { page: 'hello' } };
  const here = await world.row('app', project, 'here', { more: bundle });
  const forX = await world.row('app', a, 'for-x', { access: 'ROLE_BASED', roles: [x] });
  const inVault = await world.row('app', vault, 'in-vault');
  const global = await world.row('app', PLATFORM, 'shared', { more: bundle });
  const off = await world.row('app', a, 'off', { inactive: true });
  const foreign = await world.row('app', b, 'foreign');
  await world.row('app', PLATFORM, 'for-x');
  const user = await world.user(a, 'user');
  await world.hold(user, y, workspace);
  await world.hold(user, everywhere, a);
  const holder = await world.user(a, 'holder');
  await world.hold(holder, x, a);
  const manager = await world.manager(a, ['app:read', 'app:update']);
  const admin = await world.user(b, 'admin', { isPlatformAdmin: true });
  await world.hold(admin, everywhere, b);
  return {
    a,
    b,
    workspace,
    project,
    vault,
    here,
    forX,
    inVault,
    global,
    off,
    foreign,
    user,
    holder,
    manager,
    admin,
  };
});

const launch = (who: 'user' | 'holder' | 'manager' | 'admin', input: object) =>
  mutate(shared, shared.w[who].email, 'launchApp', input, 'app { id slug bundle } bundle roles');

describe('D37: launchApp', () => {
  it('renders what may be used, with the roles that are held at its place', async () => {
    const { here, inVault, project, vault } = shared.w;
    expect(await launch('user', { id: here.id })).toMatchObject({
      answer: {
        app: { id: here.id, slug: 'here', bundle: { page: 'hello' } },
        bundle: { page: 'hello' },
        roles: ['everywhere', 'y'],
      },
      code: undefined,
    });
    expect((await launch('user', { slug: 'here', scope: project.id })).answer.app.id).toBe(here.id);
    // What is held above a boundary is not inherited into what is behind it (D8).
    expect((await launch('user', { id: inVault.id })).answer.roles).toEqual([]);
    expect((await launch('user', { slug: 'in-vault', scope: vault.id })).answer.roles).toEqual([]);
  });

  it('of a global app with those at the root of the organization that is acted in', async () => {
    const { global, a } = shared.w;
    expect((await launch('user', { id: global.id })).answer.roles).toEqual(['everywhere']);
    expect((await launch('user', { slug: 'shared' })).answer.roles).toEqual(['everywhere']);
    expect((await launch('admin', { slug: 'shared' })).answer.roles).toEqual(['everywhere']);
    // A role that is held elsewhere is not held in the organization that one acts in.
    expect((await launch('admin', { slug: 'shared', scope: a.id })).answer.roles).toEqual([]);
  });

  it('answers NOT_FOUND to who may not use it, whatever they manage, and of a name stops at the nearest', async () => {
    const { forX, off, foreign, here } = shared.w;
    for (const input of [
      { id: forX.id },
      { slug: 'for-x' },
      { id: off.id },
      { slug: 'off' },
      { id: foreign.id },
      { id: 'nothing' },
      { id: here.id.replace(/.$/, '0').replace(/^./, 'f') },
      { slug: 'here' },
      { slug: 'no such' },
    ]) {
      for (const who of ['user', 'manager'] as const) {
        const { code, message, answer } = await launch(who, input);
        expect([input, who, code, message, answer]).toEqual([
          input,
          who,
          'NOT_FOUND',
          'there is no such resource',
          null,
        ]);
      }
    }
    expect((await launch('holder', { slug: 'for-x' })).answer.roles).toEqual(['x']);
    const read = await shared.ask(
      shared.w.manager.email,
      'query ($id: ID!) { app(id: $id) { canUse } }',
      {
        id: forX.id,
      },
    );
    expect(read.data.app).toEqual({ canUse: false });
  });

  it('refuses what names no one app, and places where one cannot act', async () => {
    const { here, b } = shared.w;
    expect((await launch('user', {})).code).toBe('BAD_USER_INPUT');
    expect((await launch('user', { id: here.id, slug: 'here' })).code).toBe('BAD_USER_INPUT');
    expect((await launch('user', { slug: 'foreign', scope: b.id })).code).toBe('SCOPE_FORBIDDEN');
    expect((await launch('admin', { slug: 'foreign', scope: b.id })).code).toBe(undefined);
  });
});

describe('D38: viewer.roles at a place', () => {
  const roles = async (who: 'user' | 'holder' | 'manager' | 'admin', scope: string | null) => {
    const source = 'query ($scope: ID) { viewer { roles(scope: $scope) } }';
    const { data, errors } = await shared.ask(shared.w[who].email, source, { scope });
    return errors[0]?.extensions.code ?? data.viewer.roles;
  };

  it('are those that are held there or inherited into it, and no others', async () => {
    const { a, b, workspace, project, vault } = shared.w;
    expect(await roles('user', a.id)).toEqual(['everywhere']);
    expect(await roles('user', workspace.id)).toEqual(
      ['everywhere', 'y'].filter((r) => r === 'y' || r === 'everywhere'),
    );
    expect(await roles('user', project.id)).toEqual(await roles('user', workspace.id));
    expect(await roles('user', vault.id)).toEqual([]);
    expect(await roles('user', null)).toEqual(['everywhere']);
    expect(await roles('user', b.id)).toBe('SCOPE_FORBIDDEN');
    expect(await roles('user', 'nothing')).toBe('SCOPE_FORBIDDEN');
    // No role is made up for admins, and none is carried along.
    expect(await roles('admin', a.id)).toEqual([]);
    expect(await roles('admin', b.id)).toEqual(['everywhere']);
  });

  it('beside all of them', async () => {
    const source = `query ($scope: ID) { viewer { all: roles there: roles(scope: $scope) hasRole(name: "y") } }`;
    const { data } = await shared.ask(shared.w.user.email, source, { scope: shared.w.vault.id });
    expect(data.viewer).toEqual({ all: ['everywhere', 'y'], there: [], hasRole: true });
    const { data: omitted } = await shared.ask(shared.w.user.email, source);
    expect(omitted.viewer.there).toEqual(['everywhere', 'y']);
  });

  it('are not those that an override disables there (D9)', async () => {
    const { world } = shared;
    const { workspace, a, user } = shared.w;
    const y = await world.client.role.findFirstOrThrow({ where: { name: 'y' } });
    const { id } = await world.client.scopeOverride.create({
      data: {
        scopeId: workspace.scopeId,
        organizationId: a.organizationId,
        roleId: y.id,
        state: 'disabled',
      },
    });
    expect(await roles('user', workspace.id)).not.toContain('y');
    await world.client.scopeOverride.delete({ where: { id } });
    expect(await roles('user', workspace.id)).toContain('y');
    expect(user.id).toBeDefined();
  });
});
