import { describe, expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';
import { mutate } from '../support/mutate.js';
import type { Identified, Person } from '../support/world.js';

const TYPES = ['read', 'create', 'update', 'delete'].map((action) => `scopeType:${action}`);

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const keeper = await world.manager(a, TYPES);
  const boss = await world.manager(a, ['config:read']);
  const admin = await world.user(a, 'admin', { isPlatformAdmin: true });
  return { a, keeper, boss, admin };
});

const flip = (who: Person, { id }: Identified, permissionMode: string) =>
  mutate(
    shared,
    who.email,
    'updateScopeType',
    { id, permissionMode },
    'scopeType { permissionMode }',
  );

async function keysOf(who: Person): Promise<string[]> {
  const { data } = await shared.ask(
    who.email,
    '{ configs(first: 200) { edges { node { key } } } }',
  );
  return data.configs.edges.map(({ node }: { node: { key: string } }) => node.key);
}

/** A type of its own, with scopes of it that have a config each. */
async function vaults(mode: string, count = 1) {
  const { world, w } = shared;
  const type = await world.scopeType(w.a, mode);
  const scopes = [];
  for (let n = 0; n < count; n++) {
    const vault = await world.scope(w.a, `vault ${n}`, type);
    await world.row('config', vault, `of ${vault.id}`);
    scopes.push(vault);
  }
  return { type, scopes, keys: scopes.map(({ id }) => `of ${id}`) };
}

describe('D21: a type that begins to merge', () => {
  it('lets nobody in whom the flipper could not let in', async () => {
    const { world, w } = shared;
    const { type, scopes, keys } = await vaults('DEFINE', 2);
    expect(await flip(w.keeper, type, 'MERGE')).toMatchObject({ code: 'FORBIDDEN' });
    expect(await keysOf(w.boss)).toEqual([]);
    const flipper = await world.manager(w.a, TYPES);
    // What is held at the root, by the flipper, the keeper and the boss, is to be held in each of them.
    const all = [...TYPES, 'config:read', 'role:assign'];
    for (const vault of scopes) {
      expect(await flip(flipper, type, 'MERGE')).toMatchObject({ code: 'FORBIDDEN' });
      await world.hold(flipper, await world.role(vault, all), vault);
    }
    expect((await flip(flipper, type, 'MERGE')).answer.scopeType).toEqual({
      permissionMode: 'MERGE',
    });
    expect((await keysOf(w.boss)).sort()).toEqual([...keys].sort());
    expect((await flip(flipper, type, 'DEFINE')).code).toBeUndefined();
    expect(await keysOf(w.boss)).toEqual([]);
  });

  it('and no farther up than it would inherit', async () => {
    const { world, w } = shared;
    const wall = await world.scopeType(w.a, 'DEFINE');
    const inner = await world.scopeType(w.a, 'DEFINE');
    await world.client.scopeTypeEdge.create({
      data: { parentTypeId: wall.id, childTypeId: inner.id },
    });
    const outer = await world.scope(w.a, 'outer', wall);
    const within = await world.scope(outer, 'within', inner);
    const deeper = await world.scope(within, 'deeper', inner);
    await world.row('config', deeper, 'deeper');
    const manager = await world.manager(w.a, ['form:read'], { at: outer });
    // Nothing of what is held at the root comes into it, and so nothing of it is asked.
    const flipper = await world.manager(w.a, TYPES);
    for (const at of [within, deeper]) {
      expect(await flip(flipper, inner, 'MERGE')).toMatchObject({ code: 'FORBIDDEN' });
      await world.hold(flipper, await world.role(at, ['form:read', 'role:assign']), at);
    }
    // What the flipper holds in the one reaches the other now, and is to be theirs there as well.
    expect((await flip(flipper, inner, 'MERGE')).code).toBeUndefined();
    expect(await keysOf(manager)).toEqual([]);
  });

  it('is anybody’s where nobody would come in, and a platform admin’s always', async () => {
    const { w, world } = shared;
    const empty = await world.scopeType(w.a, 'DEFINE');
    expect((await flip(w.keeper, empty, 'MERGE')).code).toBeUndefined();
    const { type } = await vaults('DEFINE');
    expect((await flip(w.admin, type, 'MERGE')).code).toBeUndefined();
  });
});

describe('D21: a type that begins anew', () => {
  it('leaves no override behind but by who may change it', async () => {
    const { world, w } = shared;
    const { type } = await vaults('MERGE');
    const role = await world.role(w.a, []);
    const override = await world.client.scopeOverride.create({
      data: {
        scopeId: w.a.scopeId,
        organizationId: w.a.id,
        roleId: role.id,
        state: 'disabled',
      },
    });
    expect(await flip(w.keeper, type, 'DEFINE')).toMatchObject({ code: 'FORBIDDEN' });
    const flipper = await world.manager(w.a, [...TYPES, 'scopeOverride:update']);
    expect((await flip(flipper, type, 'DEFINE')).code).toBeUndefined();
    await world.client.scopeOverride.delete({ where: { id: override.id } });
  });

  it('and shuts out at once who held above', async () => {
    const { type, keys } = await vaults('MERGE');
    expect(await keysOf(shared.w.boss)).toEqual(expect.arrayContaining(keys));
    expect((await flip(shared.w.keeper, type, 'DEFINE')).code).toBeUndefined();
    expect(await keysOf(shared.w.boss)).not.toEqual(expect.arrayContaining(keys));
  });
});
