import { describe, expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';
import { mutate } from '../support/mutate.js';
import { type Person, type Spot, SYSTEM } from '../support/world.js';

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const merging = await world.scopeType(a, 'MERGE');
  const wall = await world.scopeType(a, 'DEFINE');
  await world.client.scopeTypeEdge.create({
    data: { parentTypeId: merging.id, childTypeId: wall.id },
  });
  const owner = await world.user(a, 'owner');
  await world.hold(owner, SYSTEM.Owner, a);
  const admin = await world.user(a, 'admin', { isPlatformAdmin: true });
  return { a, merging, wall, owner, admin };
});

const remove = (who: Person, { id }: Spot, more: object = {}) =>
  mutate(shared, who.email, 'deleteScope', { id, ...more }, 'deletedId');

const scope = (parent: Spot, name: string, type = shared.w.merging) =>
  shared.world.scope(parent, name, type);

const remaining = ({ id }: Spot) =>
  shared.world.client.scope.count({ where: { path: { has: id } } });

/** A scope with one of everything in it, all of it referring to one another. */
async function full() {
  const { world, w } = shared;
  const top = await scope(w.a, 'top');
  const below = await scope(top, 'below');
  const role = await world.role(top, ['form:read']);
  await world.hold(await world.user(w.a, 'member'), role, below);
  const workflow = await world.row('workflow', top, 'workflow', { roles: [role] });
  const delegate = await world.row('agent', below, 'delegate');
  await world.row('agent', top, 'agent', {
    more: {
      tools: { create: [{ workflowId: workflow.id }] },
      delegates: { create: [{ delegateId: delegate.id }] },
    },
  });
  await world.row('form', below, 'form', { more: { workflowId: workflow.id } });
  await world.row('app', below, 'app');
  await world.row('config', top, 'config');
  await world.row('config', below, 'config');
  await world.client.scopeOverride.create({
    data: {
      ...{ scopeId: below.scopeId, organizationId: w.a.id },
      ...{ roleId: role.id, state: 'disabled' },
    },
  });
  return { top, below, role, workflow, delegate };
}

describe('a scope is deleted', () => {
  it('while nothing lives in it', async () => {
    const { owner, a } = shared.w;
    const empty = await scope(a, 'empty');
    expect((await remove(owner, empty)).answer).toEqual({ deletedId: empty.id });
    const used = await scope(a, 'used');
    await scope(used, 'child');
    expect(await remove(owner, used)).toMatchObject({ code: 'CONFLICT' });
    const filled = await scope(a, 'filled');
    await shared.world.row('form', filled, 'form');
    expect(await remove(owner, filled, { cascade: false })).toMatchObject({ code: 'CONFLICT' });
    expect(await remove(owner, filled, { version: 4 })).toMatchObject({ code: 'CONFLICT' });
  });

  it('but not the root of an organization', async () => {
    const { owner, admin, a } = shared.w;
    const root = { ...a, id: a.scopeId };
    for (const who of [owner, admin]) {
      expect(await remove(who, root, { cascade: true })).toMatchObject({
        code: 'CONFLICT',
        message: 'a root goes with its organization alone',
      });
    }
  });

  it('with everything in it, as one', async () => {
    const { top } = await full();
    const { client } = shared.world;
    expect((await remove(shared.w.owner, top, { cascade: true })).code).toBeUndefined();
    expect(await remaining(top)).toBe(0);
    for (const kind of ['form', 'workflow', 'agent', 'app', 'config', 'role'] as const) {
      const left = await (client[kind] as { count(args: object): Promise<number> }).count({
        where: { scopeId: { in: [top.id] } },
      });
      expect([kind, left]).toEqual([kind, 0]);
    }
    const entries = await client.auditEntry.findMany({
      where: { resourceId: top.id, action: 'scope:delete', outcome: 'PERMITTED' },
    });
    expect(entries).toHaveLength(1);
  });

  it('by the right to delete it', async () => {
    const { world, w } = shared;
    const top = await scope(w.a, 'kept');
    const reader = await world.manager(w.a, ['scope:read']);
    expect(await remove(reader, top)).toMatchObject({ code: 'FORBIDDEN' });
    const blind = await world.user(w.a, 'blind');
    expect(await remove(blind, top, { cascade: true })).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('D21: a subtree is deleted by who may delete every row in it', () => {
  it('also what they cannot see', async () => {
    const { world, w } = shared;
    const { top, below } = await full();
    const walled = await scope(below, 'walled', w.wall);
    await world.row('form', walled, 'secret', { access: 'ROLE_BASED' });
    const refused = await remove(w.owner, top, { cascade: true });
    expect(refused).toMatchObject({
      code: 'FORBIDDEN',
      message: 'you are not permitted to do this',
    });
    expect(await remaining(top)).toBe(3);
    expect((await remove(w.admin, top, { cascade: true })).code).toBeUndefined();
  });

  it('each kind of row', async () => {
    const { world, w } = shared;
    const { top } = await full();
    const kinds = ['form', 'workflow', 'agent', 'app', 'config', 'role', 'permission'];
    const permits = [...kinds, 'membership', 'scopeOverride'].map((kind) => `${kind}:delete`);
    const lacking = await world.manager(w.a, ['scope:read', 'scope:delete', ...permits.slice(1)]);
    expect(await remove(lacking, top, { cascade: true })).toMatchObject({ code: 'FORBIDDEN' });
    await world.hold(lacking, await world.role(w.a, permits.slice(0, 1)), w.a);
    expect((await remove(lacking, top, { cascade: true })).code).toBeUndefined();
  });
});

describe('D23: what lies outside and needs something within keeps all of it', () => {
  const kept = async (needs: (of: Awaited<ReturnType<typeof full>>) => Promise<unknown>) => {
    const of = await full();
    await needs(of);
    expect(await remove(shared.w.owner, of.top, { cascade: true })).toMatchObject({
      code: 'CONFLICT',
    });
    expect(await remaining(of.top)).toBe(2);
  };

  it('a form its workflow, an agent its tool and its delegate', async () => {
    const { world, w } = shared;
    await kept(({ workflow }) =>
      world.row('form', w.a, 'needs a workflow', { more: { workflowId: workflow.id } }),
    );
    await kept(({ workflow }) =>
      world.row('agent', w.a, 'needs a tool', {
        more: { tools: { create: [{ workflowId: workflow.id }] } },
      }),
    );
    await kept(({ delegate }) =>
      world.row('agent', w.a, 'needs a delegate', {
        more: { delegates: { create: [{ delegateId: delegate.id }] } },
      }),
    );
  });

  it('a row the role that is bound to it, and an override its role', async () => {
    const { world, w } = shared;
    await kept(({ role }) => world.row('form', w.a, 'bound', { roles: [role] }));
    await kept(({ role }) =>
      world.client.scopeOverride.create({
        data: {
          ...{ scopeId: w.a.scopeId, organizationId: w.a.id },
          ...{ roleId: role.id, state: 'enabled' },
        },
      }),
    );
  });
});
