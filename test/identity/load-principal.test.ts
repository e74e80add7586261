import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PrismaClient } from '../../src/data/generated/client.js';
import { loadPrincipal } from '../../src/identity/load-principal.js';
import { DEFAULT_LIMITS } from '../../src/limits/limits.js';
import { rootScopeId } from '../../src/policy/root-scope.js';
import {
  BUILT_IN_SCOPE_TYPES,
  PLATFORM_ROOT_ID,
  SYSTEM_ROLES,
} from '../../src/policy/vocabulary.js';
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
      keyId: null,
      operations: null,
      organizationId: provider,
      isPlatformAdmin: true,
      isProvider: true,
      teams: { resolved: true, ids: teams.sort(), memberIds: null },
      roles: [],
      grants: [],
      conditional: [],
      readAt: expect.any(String),
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
    expect(await load()).toEqual({ ...principal, readAt: expect.any(String) });
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

  it('stand apart where they have a condition, be it null in JSON (D11)', async () => {
    const role = await people.role(organization, ['form:read:*', 'form:update:*', 'form:share:*']);
    await people.assign({ userId }, root, [role]);
    const where = (key: string) => ({ scopeId_key: { scopeId: root, key } });
    const condition = { '==': [1, 2] };
    await client.permission.update({ where: where('form:update:*'), data: { condition } });
    await client.$executeRaw`UPDATE permission SET condition = 'null'::jsonb
      WHERE scope_id = ${root}::uuid AND action = 'share'`;
    expect(await grantsOf()).toEqual({ 'form:read:*:ALL_DATA': [root] });
    const { conditional } = await load();
    const said = conditional.map(({ action, condition, scopeIds }) => ({
      action,
      condition,
      scopeIds,
    }));
    expect(said).toEqual([
      { action: 'share', condition: null, scopeIds: [root] },
      { action: 'update', condition, scopeIds: [root] },
    ]);
    // Of two conditions there are two grants, and a role that an override concerns has them as well.
    const key = 'form:update:*';
    const other = await client.permission.create({
      data: {
        scopeId: project,
        organizationId: organization,
        resourceType: 'form',
        action: 'update',
        key,
        condition: { '==': [2, 2] },
      },
    });
    const below = await client.role.create({
      data: {
        scopeId: project,
        organizationId: organization,
        name: 'below',
        dataAccess: 'ALL_DATA',
        permissions: { create: { permissionId: other.id } },
      },
    });
    await people.assign({ userId }, project, [below.id]);
    await people.override(environment, { roleId: below.id });
    const updates = (await load()).conditional.filter(({ action }) => action === 'update');
    expect(
      updates.map(({ condition, scopeIds, switches = [] }) => [
        condition,
        scopeIds,
        switches.length,
      ]),
    ).toEqual([
      [condition, [root], 0],
      [{ '==': [2, 2] }, [project], 1],
    ]);
  });

  it('do not come from a role of unknown reach, which is held all the same (D7)', async () => {
    const role = await people.role(organization, ['form:read:*'], 'ALL');
    await people.assign({ userId }, root, [role]);
    expect(await grantsOf()).toEqual({});
    expect(await rolesOf()).toEqual({ [role]: [root] });
  });

  it('do not come from a permission that this version does not know (D10)', async () => {
    const keys = ['form:fly:*', 'form:*:*', '*:*:*', '*:read:*', 'document:*:*', 'Form:read:*'];
    await people.assign({ userId }, root, [await people.role(organization, keys)]);
    expect(await grantsOf()).toEqual({});
  });

  it('come from whatever is a word, of types that only other services know (issue 12)', async () => {
    const keys = ['document:write:plans/*', 'constructor:read:*'];
    await people.assign({ userId }, root, [await people.role(organization, keys)]);
    expect(await grantsOf()).toEqual({
      'constructor:read:*:ALL_DATA': [root],
      'document:write:plans/*:ALL_DATA': [root],
    });
  });
});

describe('an override (D9)', () => {
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

  /** Where a grant is held: undisturbed, and with which overrides. */
  const held = async (action = 'read') => {
    const grants = (await load()).grants.filter((one) => one.action === action);
    return {
      plain: grants.filter(({ switches }) => switches === undefined).flatMap((one) => one.scopeIds),
      switched: grants.flatMap(({ scopeIds, switches = [] }) =>
        switches.map(({ disabledAt, liftedAt }) => ({ scopeIds, disabledAt, liftedAt })),
      ),
    };
  };
  const both = () => [project, sibling].sort();

  it('that disables above or there takes away what it leaves nothing of', async () => {
    await people.override(project, { permissionId });
    expect(await held()).toEqual({ plain: [sibling], switched: [] });
    expect(await held('update')).toEqual({ plain: both(), switched: [] });
    await people.override(root, { permissionId });
    expect(await held()).toEqual({ plain: [], switched: [] });
    expect(await rolesOf()).toEqual({ [role]: both() });
  });

  it('that disables below is told with what is held above it, and with nothing beside', async () => {
    await people.override(environment, { permissionId });
    const off = { scopeIds: [project], disabledAt: environment, liftedAt: [] };
    expect(await held()).toEqual({ plain: [sibling], switched: [off] });
    const [grant] = (await load()).grants.filter(({ switches }) => switches !== undefined);
    expect(grant?.switches).toEqual([
      {
        disabledAt: environment,
        reachedFrom: [environment, project, root],
        liftedAt: [],
        permissionId,
        roleId: null,
      },
    ]);
  });

  it('that enables lifts what the same above it disables, and nothing else', async () => {
    await people.override(root, { permissionId });
    await people.override(project, { permissionId }, 'enabled');
    const lifted = { disabledAt: root, liftedAt: [project] };
    expect(await held()).toEqual({
      plain: [],
      switched: [{ scopeIds: both(), ...lifted }],
    });
    await people.override(sibling, { roleId: role, permissionId }, 'enabled');
    await people.override(environment, { roleId: role }, 'enabled');
    expect((await held()).switched).toEqual([{ scopeIds: both(), ...lifted }]);
  });

  it('that enables lifts nothing from above, or from beside', async () => {
    await people.override(root, { permissionId }, 'enabled');
    await people.override(sibling, { permissionId }, 'enabled');
    await people.override(project, { permissionId });
    expect(await held()).toEqual({ plain: [sibling], switched: [] });
    await people.override(environment, { permissionId }, 'enabled');
    const lifted = { scopeIds: [project], disabledAt: project, liftedAt: [environment] };
    expect(await held()).toEqual({ plain: [sibling], switched: [lifted] });
  });

  it('of a pair concerns that role alone', async () => {
    const other = await people.role(organization, ['form:read:*']);
    await people.assign({ userId }, root, [other]);
    await people.override(environment, { roleId: role, permissionId });
    const off = { scopeIds: [project], disabledAt: environment, liftedAt: [] };
    expect(await held()).toEqual({ plain: [root, sibling].sort(), switched: [off] });
    await people.override(project, { roleId: role, permissionId });
    expect(await held()).toEqual({ plain: [root, sibling].sort(), switched: [] });
  });

  it('of a role concerns all that it carries, and the role itself (D6)', async () => {
    await people.override(environment, { roleId: role });
    const off = { scopeIds: [project], disabledAt: environment, liftedAt: [] };
    for (const action of ['read', 'update']) {
      expect(await held(action)).toEqual({ plain: [sibling], switched: [off] });
    }
    const { roles } = await load();
    expect(roles.map(({ roleId, scopeIds }) => [roleId, scopeIds])).toEqual([
      [role, [sibling]],
      [role, [project]],
    ]);
    await people.override(project, { roleId: role });
    expect(await rolesOf()).toEqual({ [role]: [sibling] });
    expect(await held()).toEqual({ plain: [sibling], switched: [] });
  });

  it('does not act beyond a scope that inherits nothing', async () => {
    await people.override(project, { permissionId });
    await client.scopeType.update({
      where: { id: BUILT_IN_SCOPE_TYPES.Environment },
      data: { permissionMode: 'DEFINE' },
    });
    try {
      await people.assign({ userId }, environment, [role]);
      expect(await held()).toEqual({ plain: [environment, sibling].sort(), switched: [] });
    } finally {
      await client.scopeType.update({
        where: { id: BUILT_IN_SCOPE_TYPES.Environment },
        data: { permissionMode: 'MERGE' },
      });
    }
  });

  it('at the platform root concerns what reaches global rows, and nothing below a root', async () => {
    await people.assign({ userId }, root, [SYSTEM_ROLES.Viewer]);
    await people.assign({ userId }, PLATFORM_ROOT_ID, [SYSTEM_ROLES.Viewer]);
    await people.assign({ userId }, environment, [SYSTEM_ROLES.Viewer]);
    await people.override(PLATFORM_ROOT_ID, { roleId: SYSTEM_ROLES.Viewer });
    try {
      const of = (await load()).roles.filter(({ roleId }) => roleId === SYSTEM_ROLES.Viewer);
      expect(of.map(({ scopeIds, switches = [] }) => [scopeIds, switches.length])).toEqual([
        [[environment], 0],
        [[root], 1],
      ]);
    } finally {
      await client.scopeOverride.deleteMany({ where: { scopeId: PLATFORM_ROOT_ID } });
    }
  });

  it('of a tenant concerns nobody who holds something elsewhere, or at the platform root', async () => {
    const place = { scopeId: PLATFORM_ROOT_ID, organizationId: null };
    const read = await people.permission(place, 'form:read:*');
    await people.assign({ userId }, PLATFORM_ROOT_ID, [SYSTEM_ROLES.Viewer]);
    const before = (await load()).grants;
    const elsewhere = rootScopeId(await people.organization());
    await people.override(environment, { permissionId: read });
    await people.override(elsewhere, { permissionId: read });
    await people.override(elsewhere, { roleId: SYSTEM_ROLES.Viewer });
    expect((await load()).grants).toEqual(before);
  });

  it('that is merely enabled changes nothing', async () => {
    const before = (await load()).grants;
    await people.override(project, { roleId: role, permissionId }, 'enabled');
    await people.override(root, { permissionId }, 'enabled');
    expect((await load()).grants).toEqual(before);
  });
});
