import type { Prisma } from '../data/generated/client.js';
import { PLATFORM_ROOT_ID, SYSTEM_ROLES } from '../policy/vocabulary.js';
import { demoId } from './demo-id.js';
import { DEMO_IDS } from './ids.js';
import { type Part, rowsIn } from './part.js';
import { organizationOf } from './places.js';
import { placeOf } from './plant-places.js';
import { MEMBERSHIPS, PERMISSIONS, ROLES, type RoleKey, type SystemRole } from './roles.js';

/** Makes the permissions and the roles that carry them, and gives the roles to people and teams. */
export async function plantRoles(tx: Prisma.TransactionClient, part: Part): Promise<void> {
  await plantPermissions(tx, part);
  const roles = (Object.keys(ROLES) as RoleKey[]).filter((key) =>
    part(organizationOf(ROLES[key].at)),
  );
  await tx.role.createMany({
    data: roles.map((key) => ({
      id: DEMO_IDS.roles[key],
      name: ROLES[key].name,
      description: ROLES[key].description,
      dataAccess: ROLES[key].dataAccess,
      ...placeOf(ROLES[key].at),
    })),
  });
  const permissions = await permissionIds(tx);
  await tx.rolePermission.createMany({
    data: roles.flatMap((key) => {
      const role = ROLES[key];
      return 'permits' in role
        ? role.permits.map((permission) => ({
            roleId: DEMO_IDS.roles[key],
            permissionId: found(permissions, permission),
          }))
        : [];
    }),
  });
  await plantMemberships(tx, part);
}

async function plantPermissions(tx: Prisma.TransactionClient, part: Part): Promise<void> {
  const permissions = Object.entries(PERMISSIONS).filter(([, { at }]) => part(organizationOf(at)));
  await tx.permission.createMany({
    data: permissions.map(([key, { at, label }]) => {
      const [resourceType = '', action = '', resourcePattern = ''] = key.split(':');
      const id = demoId('permission', key);
      return { id, resourceType, action, resourcePattern, label, ...placeOf(at) };
    }),
  });
}

/** The ids of the permissions above and of the built-in ones, by key. */
async function permissionIds(tx: Prisma.TransactionClient): Promise<ReadonlyMap<string, string>> {
  const builtIn = await tx.permission.findMany({
    where: { scopeId: PLATFORM_ROOT_ID },
    select: { id: true, key: true },
  });
  const own = Object.keys(PERMISSIONS).map((key) => ({ id: demoId('permission', key), key }));
  return new Map([...builtIn, ...own].map(({ id, key }) => [key, id]));
}

function found(permissions: ReadonlyMap<string, string>, key: string): string {
  const id = permissions.get(key);
  if (id === undefined) throw new Error(`there is no permission ${key}`);
  return id;
}

async function plantMemberships(tx: Prisma.TransactionClient, part: Part): Promise<void> {
  const memberships = rowsIn(MEMBERSHIPS, part).map((membership) => {
    const subject = 'person' in membership ? membership.person : membership.team;
    return { ...membership, id: demoId('membership', `${membership.at}/${subject}`) };
  });
  await tx.membership.createMany({
    data: memberships.map((membership) => ({
      id: membership.id,
      userId: 'person' in membership ? DEMO_IDS.users[membership.person] : null,
      teamId: 'team' in membership ? DEMO_IDS.teams[membership.team] : null,
      ...placeOf(membership.at),
    })),
  });
  await tx.roleAssignment.createMany({
    data: memberships.flatMap(({ id, holds }) =>
      holds.map((role) => ({ membershipId: id, roleId: roleId(role) })),
    ),
  });
}

function roleId(role: RoleKey | SystemRole): string {
  return Object.hasOwn(SYSTEM_ROLES, role)
    ? SYSTEM_ROLES[role as SystemRole]
    : DEMO_IDS.roles[role as RoleKey];
}
