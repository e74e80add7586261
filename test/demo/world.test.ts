import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/data/clients.js';
import { DEMO_IDS } from '../../src/demo/ids.js';
import { demoPeople } from '../../src/demo/people.js';
import { demoRowId } from '../../src/demo/row.js';
import { seedDemo } from '../../src/demo/seed-demo.js';
import { loadPrincipal } from '../../src/identity/load-principal.js';
import type { Principal } from '../../src/policy/principal.js';
import { rootScopeId } from '../../src/policy/root-scope.js';
import { freshDatabase } from '../support/database.js';

const KINDS = ['form', 'workflow', 'agent', 'app', 'config'];

describe('the demo world', () => {
  let database: Database;

  beforeAll(async () => {
    database = await freshDatabase();
    await seedDemo(database.client);
  });

  afterAll(() => database.close());

  function signIn(email: string): Promise<Principal | null> {
    return loadPrincipal(database.client, { issuer: 'heimdall-dev', subject: `dev|${email}` });
  }

  it('has everybody whom it lists, and nobody else', async () => {
    const users = await database.client.user.findMany({ select: { email: true, name: true } });
    const listed = demoPeople.map(({ email, name }) => ({ email, name }));
    expect(users.sort(byEmail)).toEqual(listed.sort(byEmail));
  });

  it.each(demoPeople.map(({ email }) => email))(
    'lets %s sign in unless inactive',
    async (email) => {
      const refused = ['ivan@acme.example', 'gavin@hooli.example'].includes(email);
      expect((await signIn(email)) === null).toBe(refused);
    },
  );

  it('says in one line what each person shows', () => {
    for (const { what } of demoPeople) expect(what).toMatch(/^[^\n]{10,100}$/);
  });

  it('holds roles where they are meant to be held', async () => {
    const { organizations, scopes, users } = DEMO_IDS;
    const held = async (userId: string) =>
      (await loadPrincipal(database.client, { userId }))?.roles.map(({ name, scopeIds }) => ({
        name,
        scopeIds,
      }));
    expect(await held(users.mia)).toEqual([]);
    expect(await held(users.hank)).toEqual([]);
    expect(await held(users.theo)).toEqual([
      { name: 'Release Manager', scopeIds: [rootScopeId(organizations.acme)] },
    ]);
    expect(await held(users.vera)).toEqual([{ name: 'Owner', scopeIds: [scopes.compliance] }]);
    expect(await held(users.bella)).toHaveLength(2);
    expect(await held(users.bella)).toContainEqual({
      name: 'Deployer',
      scopeIds: [scopes.backend],
    });
  });

  it.each([
    ['owen@acme.example', 'OWN_DATA'],
    ['tess@acme.example', 'TEAM_DATA'],
    ['alba@acme.example', 'ALL_DATA'],
  ])('gives %s the five read permissions with %s', async (email, reach) => {
    const grants = (await signIn(email))?.grants ?? [];
    expect(grants.map((grant) => [grant.resourceType, grant.action, grant.dataAccess])).toEqual(
      [...KINDS].sort().map((kind) => [kind, 'read', reach]),
    );
  });

  it.each(KINDS)(
    'has each %s level: global, organization, team, project, environment',
    async (kind) => {
      const levels = await database.sql.query<{ type: string }>(
        `SELECT DISTINCT t.name AS type FROM "${kind}" r JOIN scope s ON s.id = r.scope_id
       JOIN scope_type t ON t.id = s.type_id WHERE r.organization_id IS NULL OR r.organization_id = $1`,
        [DEMO_IDS.organizations.acme],
      );
      expect(levels.map(({ type }) => type).sort()).toEqual(
        expect.arrayContaining(['Environment', 'Platform', 'Project', 'Team', 'Tenant', 'Vault']),
      );
    },
  );

  it.each(KINDS)('has a %s of nobody', async (kind) => {
    const rows = await database.sql.query(
      `SELECT FROM "${kind}" WHERE organization_id IS NOT NULL
       AND created_by_id IS NULL AND owner_id IS NULL AND team_id IS NULL`,
    );
    expect(rows.length).toBeGreaterThan(0);
  });

  it('has more than a page of forms that are open to everybody in Acme', async () => {
    const open = await database.client.form.count({
      where: {
        organizationId: DEMO_IDS.organizations.acme,
        isActive: true,
        accessLevel: 'AUTHENTICATED',
      },
    });
    expect(open).toBeGreaterThanOrEqual(60);
  });

  it('stops inheritance at the Vault', async () => {
    const scope = (id: string) => database.client.scope.findUniqueOrThrow({ where: { id } });
    const { compliance, investigations, backend, engineering } = DEMO_IDS.scopes;
    expect((await scope(investigations)).inheritsFrom).toEqual([investigations, compliance]);
    expect((await scope(backend)).inheritsFrom).toEqual([
      backend,
      engineering,
      rootScopeId(DEMO_IDS.organizations.acme),
    ]);
  });

  it('overrides a config at three levels', async () => {
    const pairs = await database.client.configShadow.findMany({
      where: { farId: demoRowId('config', 'platform/smtp_server') },
      select: { nearId: true },
    });
    expect(pairs.map(({ nearId }) => nearId).sort()).toEqual(
      [
        demoRowId('config', 'acme/smtp_server'),
        demoRowId('config', 'backend-production/smtp_server'),
      ].sort(),
    );
  });

  it('overrides no final config', async () => {
    const far = await database.client.configShadow.findMany({
      where: { far: { isFinal: true } },
    });
    expect(far).toEqual([]);
  });
});

function byEmail(a: { email: string }, b: { email: string }): number {
  return a.email < b.email ? -1 : 1;
}
