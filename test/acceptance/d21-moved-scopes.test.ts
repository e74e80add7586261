import { describe, expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';
import { mutate } from '../support/mutate.js';
import { type Person, type Spot, SYSTEM } from '../support/world.js';

const SCOPES = ['read', 'create', 'update', 'delete', 'move'].map((action) => `scope:${action}`);

/**
 * A company with two sites; who moves holds everything about scopes at the company, and further what a test gives them.
 */
const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const b = await world.organization('B');
  const merging = await world.scopeType(a, 'MERGE');
  const wall = await world.scopeType(a, 'DEFINE');
  for (const [parentTypeId, childTypeId] of [
    [merging.id, wall.id],
    [wall.id, merging.id],
  ] as const) {
    await world.client.scopeTypeEdge.create({ data: { parentTypeId, childTypeId } });
  }
  const owner = await world.user(a, 'owner');
  await world.hold(owner, SYSTEM.Owner, a);
  const admin = await world.user(a, 'admin', { isPlatformAdmin: true });
  return { a, b, merging, wall, owner, admin };
});

const move = (who: Person, scope: Spot, parent: Spot, more: object = {}) =>
  mutate(
    shared,
    who.email,
    'moveScope',
    { id: scope.id, parent: parent.id, ...more },
    'scope { parent { id } version }',
  );

const link = (who: Person, links: readonly (readonly [Spot, Spot])[]) =>
  mutate(
    shared,
    who.email,
    'linkScopes',
    { links: links.map(([parent, child]) => ({ parent: parent.id, child: child.id })) },
    'scopes { id }',
  );

const scope = (parent: Spot, name: string, type = shared.w.merging) =>
  shared.world.scope(parent, name, type);

async function formsOf(who: Person): Promise<string[]> {
  const { data } = await shared.ask(who.email, '{ forms(first: 200) { edges { node { name } } } }');
  return data.forms.edges.map(({ node }: { node: { name: string } }) => node.name).sort();
}

/** Two sites, a crew in the first with a form, and a foreman of each site. */
async function sites(more: readonly string[] = []) {
  const { world, w } = shared;
  const north = await scope(w.a, 'north');
  const south = await scope(w.a, 'south');
  const crew = await scope(north, 'crew');
  await world.row('form', crew, `plan of ${crew.id}`, { access: 'ROLE_BASED' });
  const [northern, southern] = [
    await world.user(w.a, 'northern'),
    await world.user(w.a, 'southern'),
  ];
  const foreman = await world.role(w.a, ['form:read']);
  await world.hold(northern, foreman, north);
  await world.hold(southern, foreman, south);
  const mover = await world.manager(w.a, [...SCOPES, ...more]);
  await world.hold(mover, foreman, w.a);
  return { north, south, crew, northern, southern, mover, plan: [`plan of ${crew.id}`] };
}

const FORMS = ['form:update', 'role:assign'];

describe('a scope that is moved', () => {
  it('takes access along at once: theirs who hold above ends, and begins', async () => {
    const { crew, south, northern, southern, mover, plan } = await sites(FORMS);
    expect([await formsOf(northern), await formsOf(southern)]).toEqual([plan, []]);
    const { answer } = await move(mover, crew, south);
    expect(answer.scope).toEqual({ parent: { id: south.id }, version: 2 });
    expect([await formsOf(northern), await formsOf(southern)]).toEqual([[], plan]);
  });

  it('is moved by the right to move it, and to create where it goes', async () => {
    const { north, south, crew, mover } = await sites(FORMS);
    const { world, w } = shared;
    const still = await world.manager(w.a, ['scope:read', ...FORMS]);
    expect(await move(still, crew, south)).toMatchObject({ code: 'FORBIDDEN' });
    const blind = await world.user(w.a, 'blind');
    expect(await move(blind, crew, south)).toMatchObject({ code: 'NOT_FOUND' });
    const local = await world.manager(w.a, [...SCOPES, ...FORMS], { at: north });
    expect(await move(local, crew, south)).toMatchObject({ code: 'FORBIDDEN' });
    // Who could put nothing there is not told what may be there.
    const workspace = await world.scope(w.a, 'workspace', 'Workspace');
    expect(await move(local, crew, workspace)).toMatchObject({ code: 'FORBIDDEN' });
    expect(await move(mover, crew, south, { version: 9 })).toMatchObject({ code: 'CONFLICT' });
    expect((await move(mover, crew, south)).code).toBeUndefined();
  });

  it('stays a tree, of its own organization', async () => {
    const { north, south, crew } = await sites();
    const { owner, admin, a, b } = shared.w;
    const within = { code: 'BAD_USER_INPUT', message: 'it would be within itself' };
    expect(await move(owner, north, crew)).toMatchObject(within);
    expect(await move(owner, north, north)).toMatchObject(within);
    expect(await move(owner, { ...a, id: a.scopeId }, south)).toMatchObject({
      code: 'BAD_USER_INPUT',
      message: 'the root of an organization is not moved',
    });
    expect(await move(admin, crew, b)).toMatchObject({
      message: 'a scope stays in its organization',
    });
  });

  it('goes where its type may be', async () => {
    const { owner, a } = shared.w;
    const project = await shared.world.scope(a, 'project', 'Project');
    const environment = await shared.world.scope(project, 'environment', 'Environment');
    const refused = await move(owner, environment, a);
    expect(refused.message).toBe(
      'a scope of the type Environment cannot be in one of the type Tenant',
    );
  });
});

describe('D21: a move gives nobody what the mover could not', () => {
  it('not what is held where it goes', async () => {
    const { crew, south, mover } = await sites(FORMS);
    const { world, w } = shared;
    await world.manager(w.a, ['config:read'], { at: south });
    expect(await move(mover, crew, south)).toMatchObject({ code: 'FORBIDDEN' });
    await world.hold(mover, await world.role(w.a, ['config:read']), w.a);
    expect((await move(mover, crew, south)).code).toBeUndefined();
  });

  it('not a role there, with what is bound to it', async () => {
    const { crew, south, mover } = await sites(['form:update']);
    const { world, w } = shared;
    const key = await world.role(w.a, []);
    await world.hold(await world.user(w.a, 'key'), key, south);
    expect(await move(mover, crew, south)).toMatchObject({ code: 'FORBIDDEN' });
    await world.hold(mover, key, w.a);
    expect((await move(mover, crew, south)).code).toBeUndefined();
  });

  it('not with a wider reach', async () => {
    const { crew, south } = await sites();
    const { world, w } = shared;
    const mover = await world.manager(w.a, [...SCOPES, ...FORMS]);
    const own = await world.role(w.a, ['form:read'], { dataAccess: 'OWN_DATA' });
    await world.hold(mover, own, w.a);
    expect(await move(mover, crew, south)).toMatchObject({ code: 'FORBIDDEN' });
    await world.hold(mover, await world.role(w.a, ['form:read']), w.a);
    expect((await move(mover, crew, south)).code).toBeUndefined();
  });

  it('nor what they hold there alone, and not where it was', async () => {
    const { crew, south } = await sites();
    const { world, w } = shared;
    const mover = await world.manager(w.a, [...SCOPES, ...FORMS, 'form:read']);
    await world.hold(mover, await world.role(w.a, ['config:read']), south);
    await world.manager(w.a, ['config:read'], { at: south });
    expect(await move(mover, crew, south)).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('while one that begins anew lets nothing in, and is given away as a row', async () => {
    const { south, mover } = await sites();
    const { world, w } = shared;
    const walled = await scope(w.a, 'walled', w.wall);
    await world.manager(w.a, ['config:read'], { at: south });
    // Who holds something about scopes at the new parent holds it on this one.
    expect(await move(mover, walled, south)).toMatchObject({ code: 'FORBIDDEN' });
    // By which they are a member there, which is a row that goes along.
    const keeping = ['membership:update', 'role:update'];
    const own = await world.role(walled, keeping);
    await world.hold(mover, own, walled);
    expect(await move(mover, walled, south)).toMatchObject({ code: 'FORBIDDEN' });
    await world.hold(mover, await world.role(walled, ['scope:update']), walled);
    expect((await move(mover, walled, south)).code).toBeUndefined();
  });
});

describe('D21: whoever moves a subtree has the right on every row in it', () => {
  it('on rows', async () => {
    const { crew, south, mover } = await sites();
    expect(await move(mover, crew, south)).toMatchObject({ code: 'FORBIDDEN' });
    const { world, w } = shared;
    await world.hold(mover, await world.role(w.a, ['form:update']), w.a);
    expect((await move(mover, crew, south)).code).toBeUndefined();
  });

  it('and on scopes behind a boundary', async () => {
    const { crew, south, mover } = await sites(FORMS);
    const { world, w } = shared;
    const walled = await scope(crew, 'walled', w.wall);
    const inner = await scope(walled, 'inner');
    await world.row('form', inner, 'secret', { access: 'ROLE_BASED' });
    expect(await move(mover, crew, south)).toMatchObject({ code: 'FORBIDDEN' });
    await world.hold(mover, await world.role(walled, ['form:update']), walled);
    expect(await move(mover, crew, south)).toMatchObject({ code: 'FORBIDDEN' });
    // The membership and the roles that make this test are rows there as well.
    await world.hold(mover, await world.role(walled, ['membership:update', 'role:update']), walled);
    expect(await move(mover, crew, south)).toMatchObject({ code: 'FORBIDDEN' });
    await world.hold(mover, await world.role(walled, ['scope:move']), walled);
    expect((await move(mover, crew, south)).code).toBeUndefined();
  });

  it('in a number of statements that the subtree’s size does not change', async () => {
    const count = async (rows: number) => {
      const { crew, south } = await sites();
      for (let n = 0; n < rows; n++) {
        await shared.world.row('form', crew, `form ${n}`);
        await scope(crew, `scope ${n}`);
      }
      return (await shared.statements(() => move(shared.w.owner, crew, south))).length;
    };
    expect(await count(12)).toBe(await count(1));
  });
});

describe('D9, D21: an override is not moved away from', () => {
  it('but by who may change it', async () => {
    const { north, south, crew, mover } = await sites(FORMS);
    const { world, w } = shared;
    const permission = await world.permission(w.a, 'form:read');
    await world.client.scopeOverride.create({
      data: {
        scopeId: north.scopeId,
        organizationId: w.a.id,
        permissionId: permission.id,
        roleId: (await world.role(w.a, [])).id,
        state: 'disabled',
      },
    });
    expect(await move(mover, crew, south)).toMatchObject({ code: 'FORBIDDEN' });
    await world.hold(mover, await world.role(w.a, ['scopeOverride:update']), w.a);
    expect((await move(mover, crew, south)).code).toBeUndefined();
  });

  it('in a number of statements that how many they are does not change', async () => {
    const { world, w } = shared;
    const count = async (overrides: number) => {
      const { north, south, crew } = await sites();
      for (let n = 0; n < overrides; n++) {
        const role = await world.role(w.a, ['form:read']);
        await world.hold(await world.user(w.a, 'holder'), role, north);
        const at = { scopeId: north.scopeId, organizationId: w.a.id };
        const data = { ...at, roleId: role.id, state: 'disabled' };
        await world.client.scopeOverride.create({ data });
      }
      return (await shared.statements(() => move(w.owner, crew, south))).length;
    };
    expect(await count(8)).toBe(await count(1));
  });

  it('nor moved under one that enables again', async () => {
    const { south, crew, mover } = await sites(FORMS);
    const { world, w } = shared;
    const role = await world.role(w.a, []);
    const override = (at: Spot, state: string) =>
      world.client.scopeOverride.create({
        data: { scopeId: at.scopeId, organizationId: w.a.id, roleId: role.id, state },
      });
    const disabling = await override(w.a, 'disabled');
    const enabling = await override(south, 'enabled');
    expect(await move(mover, crew, south)).toMatchObject({ code: 'FORBIDDEN' });
    await world.client.scopeOverride.delete({ where: { id: enabling.id } });
    expect((await move(mover, crew, south)).code).toBeUndefined();
    await world.client.scopeOverride.delete({ where: { id: disabling.id } });
  });
});

describe('D8: nothing is left without what it needs', () => {
  it('neither an assignment nor a permission, and nobody is told which', async () => {
    const { north, south, crew } = await sites();
    const { world, w } = shared;
    const role = await world.role(north, []);
    const user = await world.user(w.a, 'holder');
    await world.hold(user, role, crew);
    const stranded = {
      code: 'CONFLICT',
      message: 'something in it needs what is defined where it would no longer be (D8)',
    };
    expect(await move(w.owner, crew, south)).toMatchObject(stranded);
    await world.client.membership.deleteMany({ where: { userId: user.id } });
    const permission = await world.client.permission.create({
      data: {
        ...{ scopeId: north.scopeId, organizationId: w.a.id },
        ...{ resourceType: 'form', action: 'read', resourcePattern: 'x' },
      },
    });
    const bound = await world.role(crew, []);
    await world.client.rolePermission.create({
      data: { roleId: bound.id, permissionId: permission.id },
    });
    expect(await move(w.owner, crew, south)).toMatchObject(stranded);
    await world.client.rolePermission.deleteMany({ where: { roleId: bound.id } });
    expect((await move(w.owner, crew, south)).code).toBeUndefined();
  });
});

describe('scopes are linked', () => {
  it('one after another, all or none', async () => {
    const { owner, a } = shared.w;
    const { north, south, crew } = await sites();
    const parentOf = async ({ id }: Spot) =>
      (await shared.world.client.scope.findUniqueOrThrow({ where: { id } })).parentId;
    const refused = await link(owner, [
      [a, crew],
      [crew, south],
      [south, crew],
    ]);
    expect(refused).toMatchObject({
      code: 'BAD_USER_INPUT',
      issues: [{ path: ['links', 2, 'parent'], message: 'it would be within itself' }],
    });
    expect(await parentOf(crew)).toBe(north.id);
    const done = await link(owner, [
      [a, crew],
      [crew, south],
      [south, north],
    ]);
    expect(done.answer.scopes.map(({ id }: Spot) => id)).toEqual([crew.id, south.id, north.id]);
    expect([await parentOf(crew), await parentOf(south), await parentOf(north)]).toEqual([
      a.scopeId,
      crew.id,
      south.id,
    ]);
  });

  it('each by the tree as the ones before it have left it', async () => {
    const { crew, north } = await sites();
    const { owner, a } = shared.w;
    const between = await scope(a, 'between');
    const links: [Spot, Spot][] = [
      [between, crew],
      [north, crew],
      [crew, between],
    ];
    expect(await link(owner, [...links, [between, crew]])).toMatchObject({
      issues: [{ path: ['links', 3, 'parent'], message: 'it would be within itself' }],
    });
    expect((await link(owner, links)).code).toBeUndefined();
  });
});
