import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PrismaClient } from '../../src/data/generated/client.js';
import { loadPrincipal } from '../../src/identity/load-principal.js';
import { DEFAULT_LIMITS } from '../../src/limits/limits.js';
import { rootScopeId } from '../../src/policy/root-scope.js';
import { PLATFORM_ROOT_ID, SYSTEM_ROLES } from '../../src/policy/vocabulary.js';
import { freshDatabase } from '../support/database.js';
import { People } from './people.js';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let client: PrismaClient;
let people: People;
const statements: string[] = [];
/** One organization, a project in it with an environment below, another project, and a user. */
let organization: string;
/** Its root scope. */
let root: string;
let project: string;
let environment: string;
let sibling: string;
let userId: string;

beforeAll(async () => {
  database = await freshDatabase({ onQuery: (sql) => statements.push(sql) });
  client = database.client;
  people = new People(client);
});
afterAll(() => database.close());
beforeEach(async () => {
  organization = await people.organization();
  root = rootScopeId(organization);
  project = await people.project(organization);
  environment = await people.project(organization, project);
  sibling = await people.project(organization);
  userId = (await people.user(organization)).id;
});

const load = async () => {
  const principal = await loadPrincipal(client, { userId });
  if (principal === null) throw new Error('there is no such user');
  return principal;
};
/** What the principal holds, one word a grant: `form:read:*` and the scopes. */
const grantsOf = async () =>
  Object.fromEntries(
    (await load()).grants.map((grant) => [
      `${grant.resourceType}:${grant.action}:${grant.pattern}:${grant.dataAccess}`,
      grant.scopeIds,
    ]),
  );
const rolesOf = async () =>
  Object.fromEntries((await load()).roles.map(({ roleId, scopeIds }) => [roleId, scopeIds]));

describe('the user behind a principal (D18)', () => {
  it('is described by the database: flags, organization, teams', async () => {
    const provider = await people.organization({ isProvider: true });
    const admin = await people.user(provider, { isPlatformAdmin: true });
    const teams = [
      await people.team(provider, admin.id, [admin.id]),
      await people.team(provider, admin.id, [admin.id]),
    ];
    await people.team(provider, admin.id, []);
    expect(await loadPrincipal(client, { userId: admin.id })).toEqual({
      kind: 'USER',
      label: `user:${admin.id}`,
      userId: admin.id,
      organizationId: provider,
      isPlatformAdmin: true,
      isProvider: true,
      teams: { resolved: true, ids: teams.sort(), memberIds: null },
      roles: [],
      grants: [],
      validUntil: null,
    });
  });

  it('is found by the name that an issuer has for them, and by that of no other', async () => {
    const subject = randomUUID();
    await client.userIdentity.create({ data: { userId, issuer: 'idp', subject } });
    expect(await loadPrincipal(client, { issuer: 'idp', subject })).toMatchObject({ userId });
    expect(await loadPrincipal(client, { issuer: 'other', subject })).toBeNull();
    expect(await loadPrincipal(client, { issuer: 'idp', subject: '' })).toBeNull();
  });

  it('is nobody when unknown or inactive, or when the organization is inactive', async () => {
    expect(await loadPrincipal(client, { userId: randomUUID() })).toBeNull();
    const inactive = await people.user(organization, { isActive: false });
    expect(await loadPrincipal(client, { userId: inactive.id })).toBeNull();
    expect(await loadPrincipal(client, { userId })).not.toBeNull();
    await client.organization.update({ where: { id: organization }, data: { isActive: false } });
    expect(await loadPrincipal(client, { userId })).toBeNull();
  });

  it('is read in one statement', async () => {
    await people.assign({ userId }, root, [SYSTEM_ROLES.Owner]);
    statements.length = 0;
    const principal = await loadPrincipal(client, { userId });
    expect(principal?.grants.length).toBeGreaterThan(50);
    expect(statements).toEqual([expect.stringContaining('FROM heimdall_principal(')]);
  });

  it('knows the teammates where TEAM_DATA is held, and no more than a request carries', async () => {
    const others = await Promise.all([1, 2, 3].map(() => people.user(organization)));
    const ids = others.map(({ id }) => id);
    await people.team(organization, userId, [userId, ...ids.slice(0, 2)]);
    await people.team(organization, userId, [userId, ...ids.slice(1)]);
    await people.team(organization, userId, [(await people.user(organization)).id]);
    const members = async () => {
      const { teams } = await load();
      return teams.resolved && teams.memberIds;
    };
    await people.assign({ userId }, project, [await people.role(organization, ['form:read:*'])]);
    expect(await members()).toBeNull();
    const team = await people.role(organization, ['form:read:*'], 'TEAM_DATA');
    await people.assign({ userId }, sibling, [team]);
    expect(await members()).toEqual([userId, ...ids].sort());

    const crowd = Array.from({ length: DEFAULT_LIMITS.teamMembers - ids.length - 1 }, () =>
      randomUUID(),
    );
    const data = (id: string) => ({
      id,
      email: `${id}@crowd.example`,
      name: 'one',
      organizationId: organization,
    });
    await client.user.createMany({ data: crowd.map(data) });
    await people.team(organization, userId, [userId, ...crowd]);
    expect(await members()).toHaveLength(DEFAULT_LIMITS.teamMembers);
    await people.team(organization, userId, [userId, (await people.user(organization)).id]);
    expect(await members()).toBeNull();
  });

  it('cannot be changed, in any part', async () => {
    const role = await people.role(organization, ['form:read:*']);
    await people.assign({ userId }, root, [role]);
    const frozen = (value: unknown): boolean =>
      typeof value !== 'object' ||
      value === null ||
      (Object.isFrozen(value) && Object.values(value).every(frozen));
    expect(frozen(await load())).toBe(true);
  });
});

describe('the roles of a principal', () => {
  it('come from the memberships of the user and of their teams, with where they hold', async () => {
    const [own, shared, foreign] = await Promise.all(
      [1, 2, 3].map(() => people.role(organization, [])),
    );
    if (!own || !shared || !foreign) throw new Error('unreachable');
    const other = await people.user(organization);
    const team = await people.team(organization, other.id, [userId]);
    const otherTeam = await people.team(organization, userId, [other.id]);
    await people.assign({ userId }, project, [own, shared]);
    await people.assign({ teamId: team }, sibling, [shared]);
    await people.assign({ teamId: team }, project, [shared]);
    await people.assign({ teamId: otherTeam }, project, [foreign]);
    await people.assign({ userId: other.id }, project, [foreign]);
    expect(await rolesOf()).toEqual({ [own]: [project], [shared]: [project, sibling].sort() });
  });

  it('are in one order, as are the grants', async () => {
    const keys = ['workflow:read:*', 'form:update:*', 'form:read:b', 'form:read:B', 'form:read:*'];
    const roles = [
      await people.role(organization, keys),
      await people.role(organization, keys, 'OWN_DATA'),
    ];
    await people.assign({ userId }, root, roles);
    const principal = await load();
    expect(principal.roles.map(({ roleId }) => roleId)).toEqual([...roles].sort());
    expect(principal.grants.map((grant) => `${grant.pattern} ${grant.dataAccess}`)).toEqual([
      '* ALL_DATA',
      '* OWN_DATA',
      'B ALL_DATA',
      'B OWN_DATA',
      'b ALL_DATA',
      'b OWN_DATA',
      '* ALL_DATA',
      '* OWN_DATA',
      '* ALL_DATA',
      '* OWN_DATA',
    ]);
    expect(await load()).toEqual(principal);
  });
});

describe('what ends by itself (D48)', () => {
  const at = (year: number): Date => new Date(`${year}-01-01T00:00:00.000Z`);

  it('is held until then, and the principal until the next of it ends', async () => {
    const roles = [await people.role(organization, []), await people.role(organization, [])];
    const team = await people.team(organization, userId, [userId]);
    await people.assign({ userId }, project, roles);
    await people.assign({ userId }, sibling, roles);
    await people.assign({ teamId: team }, project, roles);
    const until = async () => (await load()).validUntil;
    const end = (who: object, scopeId: string, expiresAt: Date | null) =>
      client.membership.updateMany({ where: { scopeId, ...who }, data: { expiresAt } });
    expect(await until()).toBeNull();
    // By another way it is held for ever.
    await end({ userId }, project, at(2201));
    expect(await until()).toBeNull();
    await end({ teamId: team }, project, at(2203));
    expect(await until()).toBe('2203-01-01T00:00:00.000Z');
    await end({ userId }, sibling, at(2202));
    expect(await until()).toBe('2202-01-01T00:00:00.000Z');
    const [role = ''] = roles;
    await client.roleAssignment.updateMany({
      where: { roleId: role, membership: { scopeId: sibling } },
      data: { expiresAt: at(2200) },
    });
    expect(await until()).toBe('2200-01-01T00:00:00.000Z');
    // What is over ends no more.
    await end({ userId }, sibling, at(2001));
    expect(await until()).toBe('2203-01-01T00:00:00.000Z');
    expect(await rolesOf()).toEqual(Object.fromEntries(roles.map((id) => [id, [project]])));
  });

  it('is not held where either the membership or the role on it has ended', async () => {
    const role = await people.role(organization, ['form:read:*']);
    await people.assign({ userId }, project, [role]);
    await people.assign({ userId }, sibling, [role]);
    const over = { expiresAt: at(2001) };
    await client.membership.updateMany({ where: { userId, scopeId: project }, data: over });
    await client.roleAssignment.updateMany({
      where: { membership: { userId, scopeId: sibling } },
      data: { expiresAt: at(2201) },
    });
    expect(await rolesOf()).toEqual({ [role]: [sibling] });
    await client.roleAssignment.updateMany({
      where: { membership: { userId, scopeId: sibling } },
      data: over,
    });
    expect(await rolesOf()).toEqual({});
    expect(await grantsOf()).toEqual({});
  });
});

describe('the grants of a principal', () => {
  it('keep the reach of the role that carries each (D7)', async () => {
    const wide = await people.role(organization, ['form:read:*'], 'ALL_DATA');
    const narrow = await people.role(organization, ['form:read:*', 'form:delete:*'], 'OWN_DATA');
    await people.assign({ userId }, project, [wide, narrow]);
    await people.assign({ userId }, sibling, [narrow]);
    expect(await grantsOf()).toEqual({
      'form:read:*:ALL_DATA': [project],
      'form:read:*:OWN_DATA': [project, sibling].sort(),
      'form:delete:*:OWN_DATA': [project, sibling].sort(),
    });
  });

  it('come from a system role with every permission that it has', async () => {
    await people.assign({ userId }, root, [SYSTEM_ROLES.Member]);
    expect(await grantsOf()).toEqual({
      'organization:actIn:*:ALL_DATA': [root],
      'organization:read:*:ALL_DATA': [root],
      'scope:read:*:ALL_DATA': [root],
      'scopeType:read:*:ALL_DATA': [root],
    });
  });

  it('do not come from a permission with a condition, be it null in JSON (D11)', async () => {
    const role = await people.role(organization, ['form:read:*', 'form:update:*', 'form:share:*']);
    await people.assign({ userId }, root, [role]);
    const where = (key: string) => ({ scopeId_key: { scopeId: root, key } });
    await client.permission.update({
      where: where('form:update:*'),
      data: { condition: { '==': [1, 2] } },
    });
    await client.$executeRaw`UPDATE permission SET condition = 'null'::jsonb
      WHERE scope_id = ${root}::uuid AND action = 'share'`;
    expect(await grantsOf()).toEqual({ 'form:read:*:ALL_DATA': [root] });
  });

  it('do not come from a role of unknown reach, which is held all the same (D7)', async () => {
    const role = await people.role(organization, ['form:read:*'], 'ALL');
    await people.assign({ userId }, root, [role]);
    expect(await grantsOf()).toEqual({});
    expect(await rolesOf()).toEqual({ [role]: [root] });
  });

  it('do not come from a permission that this version does not know (D10)', async () => {
    const keys = [
      'form:fly:*',
      'form:*:*',
      '*:*:*',
      '*:read:*',
      'constructor:read:*',
      'Form:read:*',
    ];
    await people.assign({ userId }, root, [await people.role(organization, keys)]);
    expect(await grantsOf()).toEqual({});
  });
});

describe('an override (D9), until it is decided row by row, takes a grant away where', () => {
  const grant = 'form:read:*:ALL_DATA';
  let role: string;
  let permissionId: string;

  beforeEach(async () => {
    role = await people.role(organization, ['form:read:*', 'form:update:*']);
    permissionId = await people.permission(
      { organizationId: organization, scopeId: root },
      'form:read:*',
    );
    await people.assign({ userId }, project, [role]);
    await people.assign({ userId }, sibling, [role]);
  });

  it.each([
    ['above', () => root, false, false],
    ['there', () => project, false, true],
    ['below', () => environment, false, true],
    ['beside', () => sibling, true, false],
  ])('it disables the permission %s', async (_, place, held, heldBeside) => {
    await people.override(place(), { permissionId });
    const scopes = (await grantsOf())[grant] ?? [];
    expect([scopes.includes(project), scopes.includes(sibling)]).toEqual([held, heldBeside]);
    expect((await grantsOf())['form:update:*:ALL_DATA']).toHaveLength(2);
    expect((await rolesOf())[role]).toHaveLength(2);
  });

  it('it disables the pair, for that role alone', async () => {
    const other = await people.role(organization, ['form:read:*']);
    await people.assign({ userId }, root, [other]);
    await people.override(environment, { roleId: role, permissionId });
    expect((await grantsOf())[grant]).toEqual([root, sibling].sort());
    expect((await rolesOf())[role]).toHaveLength(2);
  });

  it('it disables the role, which is then not held there either (D6)', async () => {
    await people.override(environment, { roleId: role });
    expect(await rolesOf()).toEqual({ [role]: [sibling] });
    expect(await grantsOf()).toEqual({
      [grant]: [sibling],
      'form:update:*:ALL_DATA': [sibling],
    });
  });

  it('it disables a system role at the platform root', async () => {
    const stranger = await people.organization();
    userId = (await people.user(stranger)).id;
    await people.assign({ userId }, rootScopeId(stranger), [SYSTEM_ROLES.Viewer]);
    await people.override(PLATFORM_ROOT_ID, { roleId: SYSTEM_ROLES.Viewer });
    try {
      expect(await rolesOf()).toEqual({});
      expect(await grantsOf()).toEqual({});
    } finally {
      await client.scopeOverride.deleteMany({ where: { scopeId: PLATFORM_ROOT_ID } });
    }
  });

  it('it disables, anywhere, what is held at the platform root', async () => {
    const place = { scopeId: PLATFORM_ROOT_ID, organizationId: null };
    const read = await people.permission(place, 'form:read:*');
    await people.assign({ userId }, PLATFORM_ROOT_ID, [SYSTEM_ROLES.Viewer]);
    expect((await grantsOf())[grant]).toContain(PLATFORM_ROOT_ID);
    await people.override(environment, { permissionId: read });
    expect((await grantsOf())[grant]).not.toContain(PLATFORM_ROOT_ID);
    expect((await grantsOf())['app:read:*:ALL_DATA']).toEqual([PLATFORM_ROOT_ID]);
  });

  it('it disables, though another one enables: which is nearest is not asked yet', async () => {
    await people.override(root, { permissionId });
    await people.override(project, { permissionId }, 'enabled');
    expect((await grantsOf())[grant]).toBeUndefined();
  });

  it('nothing happens that is merely enabled, or in another tenant', async () => {
    await people.override(project, { roleId: role, permissionId }, 'enabled');
    await people.assign({ userId }, root, [SYSTEM_ROLES.Member]);
    const before = await grantsOf();
    await people.override(rootScopeId(await people.organization()), {
      roleId: SYSTEM_ROLES.Member,
    });
    expect(await grantsOf()).toEqual(before);
    expect(before['organization:read:*:ALL_DATA']).toEqual([root]);
    expect(before[grant]).toHaveLength(2);
  });
});
