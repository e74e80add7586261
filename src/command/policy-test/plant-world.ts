// Plants the world of a file, with the client without enforcement: what it says is there was checked before.
import { uuid7 } from '../../commands/uuid7.js';
import type { Prisma, PrismaClient } from '../../data/generated/client.js';
import { developmentSubject } from '../../identity/development-token.js';
import { rootScopeId } from '../../policy/root-scope.js';
import { BUILT_IN_SCOPE_TYPES, SYSTEM_ROLES } from '../../policy/vocabulary.js';
import { type OwnWorld, ROW_TYPES, type RowType } from './shape.js';
import { knownWorld, type Named, type World } from './world.js';
import { keyOf } from './world-references.js';

/** In an email nobody has; people are told apart by their ids. */
const NOBODYS = 'policy-test.invalid';
/** Who asks why: no word of a file can be called so. */
const ASKER = '(who asks why)';
const TIMEOUT_MS = 60_000;

type Ids = ReadonlyMap<string, string>;

/** Plants organizations of the file's own, and one more for who asks why. */
export function plantWorld(client: PrismaClient, own: OwnWorld, issuer: string): Promise<World> {
  return client.$transaction((tx) => plant(tx, own, issuer), {
    maxWait: TIMEOUT_MS,
    timeout: TIMEOUT_MS,
  });
}

async function plant(tx: Prisma.TransactionClient, own: OwnWorld, issuer: string): Promise<World> {
  const organizations = newIds(own.organizations);
  const scopes = newIds(own.scopes);
  const above = uuid7();
  await tx.organization.createMany({
    data: [
      { id: above, name: 'Policy tests', isProvider: false },
      ...Object.entries(own.organizations).map(([key, { name, provider }]) => ({
        id: idIn(organizations, key),
        name,
        isProvider: provider,
      })),
    ],
  });
  const organizationOf = (place: string): string => {
    const parent = own.scopes[place]?.in;
    return parent === undefined ? idIn(organizations, place) : organizationOf(parent);
  };
  const placed = (place: string) => ({
    organizationId: organizationOf(place),
    scopeId: scopes.get(place) ?? rootScopeId(idIn(organizations, place)),
  });
  const types = await plantScopes(tx, own, scopes, placed);
  const people = await plantPeople(tx, own, organizations, above, issuer);
  const teams = await plantTeams(tx, own, organizations, people);
  const roles = await plantRoles(tx, own, placed);
  const roleId = (name: string): string =>
    Object.hasOwn(SYSTEM_ROLES, name)
      ? SYSTEM_ROLES[name as keyof typeof SYSTEM_ROLES]
      : idIn(roles.ids, name);
  await plantHoldings(tx, own, { people, teams, placed, roleId });
  await tx.scopeOverride.createMany({
    data: own.overrides.map(({ at, role, permission, state }) => ({
      ...placed(at),
      roleId: roleId(role),
      permissionId:
        permission === undefined
          ? null
          : roles.permission(own.roles[role]?.at ?? '', keyOf(permission)),
      state,
    })),
  });
  const rows = await plantRows(tx, own, { people, teams, placed, roleId });
  const listed = (ids: Ids, at: (key: string) => string | null): Named[] =>
    [...ids].map(([name, id]) => ({ name, at: at(name), id }));
  return knownWorld(
    ASKER,
    new Map(
      [...people].map(([key, id]) => [
        key,
        { id, email: emailOf(id), isInactive: own.people[key]?.inactive === true },
      ]),
    ),
    new Map<string, string | null>([...organizations, ...scopes]),
    {
      ...rows,
      user: listed(people, (key) => own.people[key]?.in ?? null),
      team: listed(teams, (key) => own.teams[key]?.in ?? null),
      role: listed(roles.ids, (key) => own.roles[key]?.at ?? null),
      scope: [
        ...[...organizations].map(([name, id]) => ({ name, at: null, id: rootScopeId(id) })),
        ...listed(scopes, (key) => own.scopes[key]?.in ?? null),
      ],
      scopeType: types,
      organization: listed(organizations, () => null),
    },
  );
}

type Delegate = { create(args: { data: object }): Promise<unknown> };
type Placed = (place: string) => { readonly organizationId: string; readonly scopeId: string };

const REQUIRED: Record<RowType, (name: string) => object> = {
  form: (name) => ({ name }),
  workflow: (name) => ({ name, endpoint: `https://${NOBODYS}/${encodeURIComponent(name)}` }),
  agent: (name) => ({ name }),
  app: (name) => ({ name, slug: name }),
  config: (key) => ({ key, type: 'STRING', value: key }),
};

/** Types belong to an organization: each of the file's has them all. */
async function plantScopes(
  tx: Prisma.TransactionClient,
  own: OwnWorld,
  scopes: Ids,
  placed: Placed,
): Promise<Named[]> {
  const made: Named[] = [];
  for (const organization of Object.keys(own.organizations)) {
    const types = newIds(own.scopeTypes);
    const typeId = (key: string): string =>
      types.get(key) ?? BUILT_IN_SCOPE_TYPES[key as keyof typeof BUILT_IN_SCOPE_TYPES];
    const { organizationId } = placed(organization);
    await tx.scopeType.createMany({
      data: Object.entries(own.scopeTypes).map(([name, { mode }]) => ({
        id: typeId(name),
        name,
        permissionMode: mode,
        organizationId,
      })),
    });
    await tx.scopeTypeEdge.createMany({
      data: Object.entries(own.scopeTypes).flatMap(([name, { in: parents }]) =>
        [...new Set(parents)].map((parent) => ({
          parentTypeId: typeId(parent),
          childTypeId: typeId(name),
        })),
      ),
    });
    const mine = Object.entries(own.scopes).filter(
      ([key]) => placed(key).organizationId === organizationId,
    );
    const depth = (key: string): number =>
      own.scopes[key] === undefined ? 0 : 1 + depth(own.scopes[key].in);
    const ordered = mine.sort(([one], [other]) => depth(one) - depth(other));
    // The database works out what each inherits from its parent, and so parents come first.
    for (const [key, scope] of ordered) {
      await tx.scope.create({
        data: {
          id: idIn(scopes, key),
          typeId: typeId(scope.type),
          parentId: placed(scope.in).scopeId,
          organizationId,
          externalId: key,
          name: scope.name ?? key,
          meta: scope.meta as Prisma.InputJsonObject,
        },
      });
    }
    made.push(...[...types].map(([name, id]) => ({ name, at: organization, id })));
  }
  return made;
}

async function plantPeople(
  tx: Prisma.TransactionClient,
  { people }: OwnWorld,
  organizations: Ids,
  above: string,
  issuer: string,
): Promise<Ids> {
  const ids = new Map([...newIds(people), [ASKER, uuid7()]]);
  await tx.user.createMany({
    data: [
      ...Object.entries(people).map(([name, person]) => ({
        id: idIn(ids, name),
        email: emailOf(idIn(ids, name)),
        name,
        organizationId: idIn(organizations, person.in),
        isPlatformAdmin: person.platformAdmin,
        isActive: !person.inactive,
      })),
      {
        id: idIn(ids, ASKER),
        email: emailOf(idIn(ids, ASKER)),
        name: ASKER,
        organizationId: above,
        isPlatformAdmin: true,
      },
    ],
  });
  await tx.userIdentity.createMany({
    data: [...ids.values()].map((userId) => ({
      userId,
      issuer,
      subject: developmentSubject(emailOf(userId)),
    })),
  });
  return ids;
}

async function plantTeams(
  tx: Prisma.TransactionClient,
  { teams }: OwnWorld,
  organizations: Ids,
  people: Ids,
): Promise<Ids> {
  const ids = newIds(teams);
  await tx.team.createMany({
    data: Object.entries(teams).map(([name, team]) => ({
      id: idIn(ids, name),
      name,
      organizationId: idIn(organizations, team.in),
      createdById: idIn(people, team.createdBy),
    })),
  });
  await tx.teamMember.createMany({
    data: Object.entries(teams).flatMap(([name, { members }]) =>
      [...new Set(members)].map((member) => ({
        teamId: idIn(ids, name),
        userId: idIn(people, member),
      })),
    ),
  });
  return ids;
}

/** Makes the roles, and at the place of each the permissions that it carries. */
async function plantRoles(tx: Prisma.TransactionClient, { roles }: OwnWorld, placed: Placed) {
  const ids = newIds(roles);
  const permissions = new Map<string, string>();
  for (const [name, { at, dataAccess, permits }] of Object.entries(roles)) {
    await tx.role.create({ data: { id: idIn(ids, name), name, dataAccess, ...placed(at) } });
    const carried = new Set<string>();
    for (const { condition, ...of } of permits) {
      const key = `${at} ${keyOf(of)}`;
      const id = permissions.get(key) ?? uuid7();
      if (!permissions.has(key)) {
        const when =
          condition === undefined ? {} : { condition: condition as Prisma.InputJsonValue };
        await tx.permission.create({ data: { id, ...of, ...placed(at), ...when } });
      }
      permissions.set(key, id);
      carried.add(id);
    }
    await tx.rolePermission.createMany({
      data: [...carried].map((permissionId) => ({ roleId: idIn(ids, name), permissionId })),
    });
  }
  return { ids, permission: (at: string, key: string) => idIn(permissions, `${at} ${key}`) };
}

interface Subjects {
  readonly people: Ids;
  readonly teams: Ids;
  readonly placed: Placed;
  readonly roleId: (name: string) => string;
}

async function plantHoldings(
  tx: Prisma.TransactionClient,
  own: OwnWorld,
  { people, teams, placed, roleId }: Subjects,
): Promise<void> {
  const subjects = [
    ...Object.entries(own.people).map(([key, { holds }]) => ({
      subject: { userId: idIn(people, key) },
      holds,
    })),
    ...Object.entries(own.teams).map(([key, { holds }]) => ({
      subject: { teamId: idIn(teams, key) },
      holds,
    })),
  ];
  for (const { subject, holds } of subjects) {
    for (const at of new Set(holds.map((one) => one.at))) {
      const held = new Set(holds.filter((one) => one.at === at).map(({ role }) => role));
      await tx.membership.create({
        data: {
          ...subject,
          ...placed(at),
          roles: { create: [...held].map((role) => ({ roleId: roleId(role) })) },
        },
      });
    }
  }
}

async function plantRows(
  tx: Prisma.TransactionClient,
  own: OwnWorld,
  { people, teams, placed, roleId }: Subjects,
): Promise<Record<RowType, Named[]>> {
  const made: Record<RowType, Named[]> = { form: [], workflow: [], agent: [], app: [], config: [] };
  const idOf = (of: Ids, key: string | undefined) => (key === undefined ? null : idIn(of, key));
  for (const type of ROW_TYPES) {
    const delegate = tx[type] as unknown as Delegate;
    for (const row of own.resources[type]) {
      const id = uuid7();
      const { access, roles = [] } = 'roles' in row ? row : {};
      const bound = [...new Set(roles)].map((role) => ({ roleId: roleId(role) }));
      await delegate.create({
        data: {
          id,
          ...REQUIRED[type](row.name),
          ...placed(row.at),
          createdById: idOf(people, row.createdBy),
          ownerId: idOf(people, row.owner),
          teamId: idOf(teams, row.team),
          isActive: !row.inactive,
          ...(access === undefined ? {} : { accessLevel: access }),
          ...(bound.length === 0 ? {} : { roles: { create: bound } }),
        },
      });
      made[type].push({ name: row.name, at: row.at, id });
    }
  }
  return made;
}

const emailOf = (id: string): string => `${id}@${NOBODYS}`;

function newIds(of: object): Map<string, string> {
  return new Map(Object.keys(of).map((key) => [key, uuid7()]));
}

function idIn(ids: Ids, key: string): string {
  const id = ids.get(key);
  if (id === undefined) throw new Error(`${key} was not planted`);
  return id;
}
