import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/data/clients.js';
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
    ['Owner', everything],
    [
      'Admin',
      everything.filter((key) => !['organization:delete:*', 'user:viewAs:*'].includes(key)),
    ],
    ['Member', ['organization:read:*', 'organization:actIn:*', 'scope:read:*', 'scopeType:read:*']],
    [
      'Viewer',
      [
        'organization:actIn:*',
        ...everything.filter(
          (key) => /:read:/.test(key) && !/^(virtualKey|apiKey|audit):/.test(key),
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
