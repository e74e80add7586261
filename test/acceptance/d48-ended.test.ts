import { describe, expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';
import { mutate } from '../support/mutate.js';
import type { Identified, Spot } from '../support/world.js';

const SCOPES = ['read', 'create', 'update', 'delete', 'move'].map((action) => `scope:${action}`);
const TYPES = ['scopeType:read', 'scopeType:update'];
const ROLES = ['role:read', 'role:update', 'permission:read'];
const GIVES = ['role:assign'];

/** Who may do all of it, and holds nothing of what once was held by others: `config:read`. */
const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const mover = await world.manager(a, [...SCOPES, ...TYPES, ...ROLES, ...GIVES]);
  return { a, mover };
});

const AGO = new Date(Date.now() - 60_000);

/** Somebody who reads configs at a scope, until it ended: as a member, or by that role. */
async function once(at: Spot, what: 'membership' | 'role'): Promise<() => Promise<unknown>> {
  const { world, w } = shared;
  const role = await world.role(w.a, ['config:read']);
  return holding(at, role, what);
}

async function holding(at: Spot, role: Identified, what: 'membership' | 'role') {
  const { world, w } = shared;
  const user = await world.user(w.a, 'once');
  await world.hold(user, role, at);
  const { client } = world;
  return () =>
    what === 'membership'
      ? client.membership.updateMany({ where: { userId: user.id }, data: { expiresAt: AGO } })
      : client.roleAssignment.updateMany({
          where: { roleId: role.id, membership: { is: { userId: user.id } } },
          data: { expiresAt: AGO },
        });
}

const run = (name: string, input: object, shown: string) =>
  mutate(shared, shared.w.mover.email, name, input, shown);

describe.each(['membership', 'role'] as const)(
  'D48: a %s that has ended forbids nobody',
  (what) => {
    it('to move a scope to where it was held', async () => {
      const { world, w } = shared;
      const site = await world.scope(w.a, `site ${what}`, 'Workspace');
      const crew = await world.scope(w.a, `crew ${what}`, 'Project');
      const end = await once(site, what);
      const move = () => run('moveScope', { id: crew.id, parent: site.id }, 'scope { id }');
      expect(await move()).toMatchObject({ code: 'FORBIDDEN' });
      await end();
      expect((await move()).code).toBeUndefined();
    });

    it('to let in what is held above', async () => {
      const { world, w } = shared;
      const type = await world.scopeType(w.a, 'DEFINE');
      const vault = await world.scope(w.a, `vault ${what}`, type);
      // All that is held above by who flips it is held in it as well.
      await world.hold(
        w.mover,
        await world.role(vault, [...SCOPES, ...TYPES, ...ROLES, ...GIVES]),
        vault,
      );
      const end = await once(w.a, what);
      const flip = () =>
        run('updateScopeType', { id: type.id, permissionMode: 'MERGE' }, 'scopeType { id }');
      expect(await flip()).toMatchObject({ code: 'FORBIDDEN' });
      await end();
      expect((await flip()).code).toBeUndefined();
    });

    it('to give a role more than they hold where it was held', async () => {
      const { world, w } = shared;
      const wall = await world.scope(w.a, `wall ${what}`, await world.scopeType(w.a, 'DEFINE'));
      const role = await world.role(w.a, []);
      const scopeRead = await world.client.permission.findFirstOrThrow({
        where: { key: 'scope:read:*', organizationId: null },
      });
      const end = await holding(wall, role, what);
      const attach = () =>
        run('attachPermissions', { id: role.id, permissions: [scopeRead.id] }, 'role { id }');
      expect(await attach()).toMatchObject({ code: 'FORBIDDEN' });
      await end();
      expect((await attach()).code).toBeUndefined();
    });
  },
);
