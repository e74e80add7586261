import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/data/clients.js';
import { rootScopeId } from '../../src/policy/root-scope.js';
import { BUILT_IN_SCOPE_TYPES, PLATFORM_ROOT_ID } from '../../src/policy/vocabulary.js';
import { freshDatabase } from '../support/database.js';
import { BOUND_TABLES, NAMED_TABLES, TENANT, WORKSPACE, World } from './world.js';

let db: Database;
let world: World;
let a: string;
let b: string;
beforeAll(async () => {
  db = await freshDatabase();
  world = new World(db);
  a = await world.organization('A');
  b = await world.organization('B');
});
afterAll(() => db.close());

describe('D1: an organization and its root scope', () => {
  it('is made with it, by the Prisma client too', async () => {
    const { id: organizationId } = await db.client.organization.create({
      data: { name: 'Client' },
    });
    const id = rootScopeId(organizationId);
    const root = await db.client.scope.findUniqueOrThrow({ where: { id } });
    expect(root).toMatchObject({
      typeId: TENANT,
      parentId: PLATFORM_ROOT_ID,
      organizationId,
      homeId: id,
      path: [id, PLATFORM_ROOT_ID],
      inheritsFrom: [id],
      governedBy: [id],
    });
  });

  it('stays, where it is and what it is', async () => {
    const root = rootScopeId(a);
    await expect(world.rows('DELETE FROM scope WHERE id = $1', root)).rejects.toThrow(/^D1/);
    await expect(world.rows('DELETE FROM scope WHERE id = $1', PLATFORM_ROOT_ID)).rejects.toThrow(
      /^D1/,
    );
    const below = await world.scope(a);
    const move = world.rows('UPDATE scope SET parent_id = $2 WHERE id = $1', root, below);
    await expect(move).rejects.toThrow(/^D1/);
    const retype = world.rows('UPDATE scope SET type_id = $2 WHERE id = $1', root, WORKSPACE);
    await expect(retype).rejects.toThrow(/^D1/);
    const allowed = await world.type(a, 'DEFINE', [BUILT_IN_SCOPE_TYPES.Platform]);
    const replace = world.rows('UPDATE scope SET type_id = $2 WHERE id = $1', root, allowed);
    await expect(replace).rejects.toThrow(/^D1: a root scope can neither/);
    const orphan = world.rows('UPDATE scope SET parent_id = NULL WHERE id = $1', below);
    await expect(orphan).rejects.toThrow(/platform_root_check/);
    const second = world.insert('scope', {
      id: randomUUID(),
      type_id: TENANT,
      parent_id: PLATFORM_ROOT_ID,
      organization_id: a,
    });
    await expect(second).rejects.toThrow(/^D1/);
  });

  it('goes with everything in it, in one statement', async () => {
    const c = await world.organization('C');
    await fill(c);
    await world.rows('DELETE FROM organization WHERE id = $1', c);
    for (const table of [
      ...NAMED_TABLES,
      'scope',
      'role',
      'membership',
      'api_key',
      'user',
      'team',
    ]) {
      const rows = await world.rows(`SELECT id FROM "${table}" WHERE organization_id = $1`, c);
      expect(rows, table).toEqual([]);
    }
    expect(await world.rows('SELECT * FROM form_shadow')).toEqual([]);
  });
});

describe('D1: where a row belongs', () => {
  it.each([...NAMED_TABLES, 'role', 'permission', 'api_key'])(
    'a %s has the organization of its scope, for good',
    async (table) => {
      await expect(world.at(table, a, b)).rejects.toThrow(/^D1/);
      if (table !== 'api_key') {
        await expect(world.at(table, null, a)).rejects.toThrow(/^D1/);
        await expect(world.at(table, a, null)).rejects.toThrow(/^D1/);
      }
      const id = await world.at(table, a, a);
      const leave = world.rows(`UPDATE ${table} SET organization_id = $2 WHERE id = $1`, id, b);
      await expect(leave).rejects.toThrow(/^D1: the organization of a row never changes/);
      const stray = world.rows(
        `UPDATE ${table} SET scope_id = $2 WHERE id = $1`,
        id,
        rootScopeId(b),
      );
      await expect(stray).rejects.toThrow(/^D1/);
      const renumber = world.rows(`UPDATE ${table} SET id = $2 WHERE id = $1`, id, randomUUID());
      await expect(renumber).rejects.toThrow(/^D1: an id never changes/);
      await world.rows(`UPDATE ${table} SET scope_id = $2 WHERE id = $1`, id, await world.scope(a));
    },
  );

  it('an owner and a creator are never lost', async () => {
    const user = await world.user(a);
    await world.at('form', a, a, { owner_id: user });
    await expect(world.rows('DELETE FROM "user" WHERE id = $1', user)).rejects.toThrow(
      /form_owner_id_fkey/,
    );
    const creator = await world.user(a);
    await world.at('form', a, a, { created_by_id: creator });
    await expect(world.rows('DELETE FROM "user" WHERE id = $1', creator)).rejects.toThrow(
      /form_created_by_id_fkey/,
    );
  });
});

describe('D20: references', () => {
  const cases: [string, string, (source: string, target: string) => Promise<unknown>][] = [
    [
      'form',
      'workflow',
      (form, workflow) =>
        world.rows('UPDATE form SET workflow_id = $2 WHERE id = $1', form, workflow),
    ],
    [
      'agent',
      'workflow',
      (agent, workflow) => world.insert('agent_tool', { agent_id: agent, workflow_id: workflow }),
    ],
    [
      'agent',
      'agent',
      (agent, delegate) =>
        world.insert('agent_delegate', { agent_id: agent, delegate_id: delegate }),
    ],
    ...BOUND_TABLES.map(
      (table): [string, string, (row: string, role: string) => Promise<unknown>] => [
        table,
        'role',
        (row, role) => world.insert(`${table}_role`, { [`${table}_id`]: row, role_id: role }),
      ],
    ),
  ];
  it.each(cases)(
    'a %s refers to a %s of its organization or a global one',
    async (from, to, refer) => {
      await refer(await world.at(from, a, a), await world.at(to, a, a));
      await refer(await world.at(from, a, a), await world.at(to, null, null));
      await refer(await world.at(from, null, null), await world.at(to, null, null));
      await expect(refer(await world.at(from, a, a), await world.at(to, b, b))).rejects.toThrow(
        /^D20/,
      );
      await expect(
        refer(await world.at(from, null, null), await world.at(to, a, a)),
      ).rejects.toThrow(/^D20/);
    },
  );

  it('a scope has a type of its organization, and types contain their own kind', async () => {
    const own = await world.type(a);
    const foreign = await world.type(b);
    await world.scope(a, a, own);
    await expect(world.scope(a, a, foreign)).rejects.toThrow(/^D20/);
    await expect(world.edge(own, foreign)).rejects.toThrow(/^D20/);
    await world.edge(own, WORKSPACE);
  });

  it('an override is about a role and a permission of its organization', async () => {
    const role = await world.at('role', b, b);
    await expect(world.at('scope_override', a, a, { role_id: role })).rejects.toThrow(/^D20/);
  });
});

/** One of everything, with references between them. */
async function fill(organization: string): Promise<void> {
  const user = await world.user(organization);
  const team = await world.insert('team', {
    id: randomUUID(),
    name: 'T',
    organization_id: organization,
    created_by_id: user,
  });
  await world.insert('team_member', { team_id: team, user_id: user });
  const type = await world.type(organization);
  const scope = await world.scope(organization, organization, type);
  const role = await world.at('role', organization, scope);
  const permission = await world.at('permission', organization, scope);
  await world.insert('role_permission', { role_id: role, permission_id: permission });
  const membership = await world.insert('membership', {
    id: randomUUID(),
    scope_id: scope,
    organization_id: organization,
    user_id: user,
  });
  await world.insert('role_assignment', { membership_id: membership, role_id: role });
  await world.at('scope_override', organization, scope, { role_id: role });
  await world.at('api_key', organization, scope, { owner_id: user });
  for (const table of NAMED_TABLES) {
    await world.at(table, organization, organization, { owner_id: user, team_id: team });
    await world.at(table, organization, scope, { created_by_id: user });
  }
  const near = await world.at('form', organization, scope, { name: 'same' });
  const far = await world.at('form', organization, organization, { name: 'same' });
  await world.insert('form_role', { form_id: near, role_id: role });
  await world.insert('form_role', { form_id: far, role_id: role });
}
