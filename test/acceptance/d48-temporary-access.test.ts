import { beforeEach, describe, expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';
import type { World } from '../support/world.js';

const HOUR = 3_600_000;
const inHours = (hours: number): Date => new Date(Date.now() + hours * HOUR);

async function plant(world: World) {
  const organization = await world.organization('Temporary');
  const project = await world.scope(organization, 'project');
  const [contractor, colleague] = [
    await world.user(organization, 'contractor'),
    await world.user(organization, 'colleague'),
  ];
  const team = await world.team(organization, colleague, [colleague]);
  const role = await world.role(organization, ['form:read', 'form:update', 'config:read']);
  for (const who of [contractor, { team }]) await world.hold(who, role, project);
  // Its form is used by who holds the role, and read by who manages it.
  const bound = await world.row('form', project, 'bound', { access: 'ROLE_BASED', roles: [role] });
  const managed = await world.row('form', project, 'managed', { access: 'ROLE_BASED' });
  const overseer = await world.manager(organization, [
    'membership:read',
    'role:read',
    'scope:read',
  ]);
  return { organization, project, contractor, colleague, team, role, bound, managed, overseer };
}

const gateway = gatewayWith(plant);
const { ask } = gateway;

const READS = `query ($bound: ID!, $managed: ID!) {
  forms { edges { node { id canUse canManage } } totalCount }
  bound: form(id: $bound) { id canUse accessLevel }
  managed: form(id: $managed) { id accessLevel }
  viewer { roles }
}`;
const UPDATES = `mutation ($id: ID!) { updateForm(input: { id: $id, description: "seen" }) { form { id } } }`;

/** What somebody comes to, by list, by id, by field and by a write. */
async function said(email: string) {
  const { bound, managed } = gateway.w;
  const { data, errors } = await ask(email, READS, { bound: bound.id, managed: managed.id });
  const update = await ask(email, UPDATES, { id: managed.id });
  expect(errors).toEqual([]);
  return {
    listed: data.forms.edges.length,
    counted: data.forms.totalCount,
    uses: data.bound?.canUse ?? null,
    manages: data.managed?.accessLevel ?? null,
    holds: data.viewer.roles.length,
    updated: update.errors[0]?.extensions.code ?? null,
  };
}
const EVERYTHING = {
  listed: 2,
  counted: 2,
  uses: true,
  manages: 'ROLE_BASED',
  holds: 1,
  updated: null,
};
const NOTHING = {
  listed: 0,
  counted: 0,
  uses: null,
  manages: null,
  holds: 0,
  updated: 'NOT_FOUND',
};

const ends = (expiresAt: Date | null) => ({
  membership: () => gateway.world.client.membership.updateMany({ data: { expiresAt } }),
  assignment: () => gateway.world.client.roleAssignment.updateMany({ data: { expiresAt } }),
});

beforeEach(async () => {
  await ends(null).membership();
  await ends(null).assignment();
});

describe('D48: what has ended counts for nothing', () => {
  it.each(['membership', 'assignment'] as const)('be it the %s', async (which) => {
    const { contractor, colleague } = gateway.w;
    for (const { email } of [contractor, colleague]) {
      expect(await said(email)).toEqual(EVERYTHING);
      await ends(inHours(1))[which]();
      expect(await said(email)).toEqual(EVERYTHING);
      await ends(inHours(-1))[which]();
      expect(await said(email)).toEqual(NOTHING);
      await ends(null)[which]();
    }
  });

  it('from the instant itself, by the clock of the database', async () => {
    const { contractor } = gateway.w;
    const [said] = await gateway.world.client.$transaction(async (tx) => {
      // Later than the transaction began, which is not what counts.
      const isLater = async (): Promise<boolean> => {
        const [{ later } = { later: false }] = await tx.$queryRaw<{ later: boolean }[]>`
          SELECT statement_timestamp() > now() + interval '5 ms' AS later`;
        return later || isLater();
      };
      await isLater();
      // A statement is of one moment, whatever it does.
      await tx.$executeRaw`CREATE TEMP TABLE held (when_ends text, roles int)`;
      await tx.$executeRawUnsafe(`DO $$ BEGIN
        UPDATE membership SET expires_at = date_trunc('milliseconds', statement_timestamp());
        INSERT INTO held SELECT 'now', jsonb_array_length(roles) FROM heimdall_principal('${contractor.id}', NULL, NULL);
        UPDATE membership SET expires_at = date_trunc('milliseconds', statement_timestamp()) + interval '1 ms';
        INSERT INTO held SELECT 'next', jsonb_array_length(roles) FROM heimdall_principal('${contractor.id}', NULL, NULL);
      END $$`);
      const rows = await tx.$queryRaw<
        object[]
      >`SELECT json_object_agg(when_ends, roles) AS roles FROM held`;
      await tx.$executeRaw`DROP TABLE held`;
      return rows;
    });
    expect(said).toEqual({ roles: { now: 0, next: 1 } });
  });

  it('and is listed as what has ended, with why it was given', async () => {
    const { overseer, contractor } = gateway.w;
    const source = `{ memberships { edges { node { user { id } expiresAt reason isExpired } } } }`;
    const moment = inHours(-1);
    await gateway.world.client.membership.updateMany({
      where: { userId: contractor.id },
      data: { expiresAt: moment, reason: 'repairs' },
    });
    const { data } = await ask(overseer.email, source);
    const nodes = data.memberships.edges.map(({ node }: { node: object }) => node);
    expect(nodes).toContainEqual({
      user: null,
      expiresAt: moment.toISOString(),
      reason: 'repairs',
      isExpired: true,
    });
    expect(nodes.filter(({ isExpired }: { isExpired: boolean }) => !isExpired).length).toBe(2);
    const filtered = `{ memberships(where: { expiresAt: { isNull: false } }) { totalCount } }`;
    expect((await ask(overseer.email, filtered)).data.memberships.totalCount).toBe(1);
  });

  it('reads the clock once, and only where something ends', async () => {
    const { overseer } = gateway.w;
    const source = `{ memberships { edges { node { isExpired } } } }`;
    const clocks = async () =>
      (await gateway.statements(() => ask(overseer.email, source))).filter((sql) =>
        sql.includes('statement_timestamp()) AS now'),
      ).length;
    expect(await clocks()).toBe(0);
    await ends(inHours(1)).membership();
    expect(await clocks()).toBe(1);
  });
});

describe('D21: what has ended is not given', () => {
  const ADD = `mutation ($team: ID!, $user: ID!) {
    addTeamMembers(input: { id: $team, users: [$user] }) { team { id } } }`;

  it.each(['membership', 'assignment'] as const)('by a team whose %s is over', async (which) => {
    const { world, w } = gateway;
    const { organization, team, project } = w;
    const keys = ['team:update', 'team:read', 'user:read', 'user:update'];
    const adder = await world.manager(organization, keys);
    const joins = await world.user(organization, 'joins');
    const add = async () =>
      (await ask(adder.email, ADD, { team: team.id, user: joins.id })).errors[0]?.extensions.code;
    const scope = { teamId: team.id, scopeId: project.id };
    const set = (expiresAt: Date) =>
      which === 'membership'
        ? world.client.membership.updateMany({ where: scope, data: { expiresAt } })
        : world.client.roleAssignment.updateMany({
            where: { membership: scope },
            data: { expiresAt },
          });
    await set(inHours(1));
    expect(await add()).toBe('FORBIDDEN');
    await set(inHours(-1));
    expect(await add()).toBeUndefined();
  });

  it.each(['membership', 'assignment'] as const)(
    'by a name that a pattern permits, whose %s is over',
    async (which) => {
      const { world, w } = gateway;
      const { organization } = w;
      const wide = await world.role(organization, [`form:delete:${which}/*`]);
      const heir = await world.user(organization, 'heir');
      await world.hold(heir, wide, organization);
      const renamer = await world.manager(organization, ['form:read', 'form:update']);
      const form = await world.row('form', organization, `plain ${which}`);
      const rename = async () =>
        (
          await ask(
            renamer.email,
            `mutation ($id: ID!, $name: String!) { updateForm(input: { id: $id, name: $name }) { form { id } } }`,
            { id: form.id, name: `${which}/gift` },
          )
        ).errors[0]?.extensions.code;
      const scope = { userId: heir.id };
      const set = (expiresAt: Date) =>
        which === 'membership'
          ? world.client.membership.updateMany({ where: scope, data: { expiresAt } })
          : world.client.roleAssignment.updateMany({
              where: { membership: scope },
              data: { expiresAt },
            });
      await set(inHours(1));
      expect(await rename()).toBe('FORBIDDEN');
      await set(inHours(-1));
      expect(await rename()).toBeUndefined();
    },
  );
});
