import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/data/clients.js';
import { bringUpToDate, lackingUpdates } from '../../src/data/up-to-date.js';
import {
  ACTIONS,
  BUILT_IN_SCOPE_TYPES,
  PLATFORM_ROOT_ID,
  SYSTEM_ROLES,
} from '../../src/policy/vocabulary.js';
import { freshDatabase } from '../support/database.js';

let db: Database;
beforeAll(async () => {
  db = await freshDatabase();
});
afterAll(() => db.close());

const everything = Object.entries(ACTIONS).flatMap(([type, actions]) =>
  actions.map((action) => `${type}:${action}:*`),
);

describe('what the database starts with is what the vocabulary says', () => {
  it('D1: the platform root and the built-in types', async () => {
    const [root, ...others] = await db.client.scope.findMany();
    expect(others).toEqual([]);
    expect(root).toMatchObject({ id: PLATFORM_ROOT_ID, parentId: null, organizationId: null });
    const types = await db.client.scopeType.findMany();
    expect(Object.fromEntries(types.map(({ name, id }) => [name, id]))).toEqual(
      BUILT_IN_SCOPE_TYPES,
    );
    expect(
      Object.fromEntries(types.map(({ name, permissionMode }) => [name, permissionMode])),
    ).toEqual({
      Platform: 'DEFINE',
      Tenant: 'DEFINE',
      Workspace: 'MERGE',
      Project: 'MERGE',
      Environment: 'MERGE',
    });
    const edges = await db.client.scopeTypeEdge.findMany({
      include: { parentType: true, childType: true },
    });
    expect(edges.map((edge) => `${edge.parentType?.name}>${edge.childType?.name}`).sort()).toEqual([
      'Platform>Tenant',
      'Project>Environment',
      'Tenant>Project',
      'Tenant>Workspace',
      'Workspace>Project',
    ]);
  });

  it('one global permission for every action, and no other', async () => {
    const permissions = await db.client.permission.findMany();
    expect(permissions.map(({ key }) => key).sort()).toEqual([...everything].sort());
    for (const permission of permissions) {
      expect(permission).toMatchObject({ scopeId: PLATFORM_ROOT_ID, organizationId: null });
    }
  });

  it.each([
    ['Owner', everything.filter((key) => key !== 'execution:work:*')],
    [
      'Admin',
      everything.filter(
        (key) =>
          !/^(organization:delete|user:viewAs|execution:inspect|execution:work|conversation:inspect):\*$/.test(
            key,
          ),
      ),
    ],
    [
      'Editor',
      [
        'organization:actIn:*',
        ...everything.filter(
          (key) =>
            (/:read:/.test(key) && !/^(virtualKey|apiKey|audit|execution):/.test(key)) ||
            /^(form|workflow|agent|app|config):(create|update|delete):/.test(key),
        ),
      ],
    ],
    ['Member', ['organization:read:*', 'organization:actIn:*', 'scope:read:*', 'scopeType:read:*']],
    [
      'Viewer',
      [
        'organization:actIn:*',
        ...everything.filter(
          (key) => /:read:/.test(key) && !/^(virtualKey|apiKey|audit|execution):/.test(key),
        ),
      ],
    ],
  ] as const)('D7: the system role %s', async (name, keys) => {
    const role = await db.client.role.findUniqueOrThrow({
      where: { id: SYSTEM_ROLES[name] },
      include: { permissions: { include: { permission: true } } },
    });
    expect(role).toMatchObject({
      name,
      isSystem: true,
      dataAccess: 'ALL_DATA',
      scopeId: PLATFORM_ROOT_ID,
      organizationId: null,
    });
    const held = role.permissions.map(({ permission }) => permission?.key).sort();
    expect(held).toEqual([...keys].sort());
  });
});

describe('when the vocabulary has grown', () => {
  const held = async (role: keyof typeof SYSTEM_ROLES): Promise<(string | undefined)[]> => {
    const rows = await db.client.rolePermission.findMany({
      where: { roleId: SYSTEM_ROLES[role] },
      include: { permission: true },
    });
    return rows.map(({ permission }) => permission?.key);
  };

  it('the system roles are completed, and what was taken from them stays taken', async () => {
    const { sql } = db;
    // As of a version that knew nothing of sharing forms; and an operator's admins do not delete users.
    await sql.script(`DELETE FROM role_permission WHERE permission_id =
        (SELECT id FROM permission WHERE key = 'form:share:*');
      DELETE FROM permission WHERE key = 'form:share:*';
      DELETE FROM role_permission WHERE role_id = '${SYSTEM_ROLES.Admin}' AND permission_id =
        (SELECT id FROM permission WHERE key = 'user:delete:*')`);
    expect(await lackingUpdates(db)).toBe(1);
    expect(await bringUpToDate(db)).toEqual({ migrations: [], permissions: ['form:share:*'] });
    expect(await lackingUpdates(db)).toBe(0);
    expect(await held('Owner')).toContain('form:share:*');
    expect(await held('Admin')).toContain('form:share:*');
    expect(await held('Editor')).not.toContain('form:share:*');
    expect(await held('Admin')).not.toContain('user:delete:*');
    expect(await bringUpToDate(db)).toEqual({ migrations: [], permissions: [] });
  });

  it('D7: what is a system role stays one, whoever writes', async () => {
    await expect(db.client.role.delete({ where: { id: SYSTEM_ROLES.Viewer } })).rejects.toThrow();
    await expect(
      db.client.role.update({ where: { id: SYSTEM_ROLES.Viewer }, data: { isSystem: false } }),
    ).rejects.toThrow();
    expect(await db.client.role.count({ where: { isSystem: true } })).toBe(5);
  });
});
