import { describe, expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';
import type { Person, World } from '../support/world.js';

/** How often each way of losing a right is tried; the run by hand takes 10,000 of them together. */
const ROUNDS = Math.ceil(Number(process.env.REVOCATIONS ?? 0) / 9) || 3;

/** Somebody who sees a form by one thing that they hold, and how to take that and give it back. */
interface Losing {
  readonly what: string;
  readonly who: Person;
  readonly formId: string;
  readonly take: () => Promise<unknown>;
  readonly give: () => Promise<unknown>;
}

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const other = await world.organization('B');
  // Of somebody: what is nobody's is read under every reach (D7).
  const by = await world.user(a);
  const form = await world.row('form', a, 'the form', { inactive: true, by });
  const plants = [
    theMembership,
    theAssignment,
    theTeam,
    theUser,
    theOrganization,
    theRolesPermission,
    byOverride,
    byExpiry,
    theReach,
  ];
  const losing: Losing[] = [];
  for (const plant of plants) losing.push(await plant(world, { a, other, formId: form.id }));
  return { losing };
});

type Ground = {
  readonly a: Awaited<ReturnType<World['organization']>>;
  readonly other: Awaited<ReturnType<World['organization']>>;
  readonly formId: string;
};

async function holder(world: World, { a }: Ground) {
  const who = await world.user(a);
  const role = await world.role(a, ['form:read']);
  await world.hold(who, role, a);
  const membership = await world.client.membership.findFirstOrThrow({ where: { userId: who.id } });
  return { who, role, membership };
}

async function theMembership(world: World, ground: Ground): Promise<Losing> {
  const { who, role, membership } = await holder(world, ground);
  return {
    ...{ what: 'a membership', who, formId: ground.formId },
    take: () => world.client.membership.deleteMany({ where: { userId: who.id } }),
    give: async () => {
      const { scopeId, organizationId } = membership;
      await world.client.membership.create({
        data: { scopeId, organizationId, userId: who.id, roles: { create: { roleId: role.id } } },
      });
    },
  };
}

async function theAssignment(world: World, ground: Ground): Promise<Losing> {
  const { who, role, membership } = await holder(world, ground);
  const key = { membershipId: membership.id, roleId: role.id };
  return {
    ...{ what: 'a role', who, formId: ground.formId },
    take: () => world.client.roleAssignment.deleteMany({ where: key }),
    give: () => world.client.roleAssignment.create({ data: key }),
  };
}

/** Of another organization than their own, which nothing that changes is in. */
async function theTeam(world: World, ground: Ground): Promise<Losing> {
  const who = await world.user(ground.a);
  const team = await world.team(ground.other, who, [who]);
  await world.hold({ team }, await world.role(ground.a, ['form:read']), ground.a);
  const key = { teamId: team.id, userId: who.id };
  return {
    ...{ what: 'a team', who, formId: ground.formId },
    take: () => world.client.teamMember.deleteMany({ where: key }),
    give: () => world.client.teamMember.create({ data: key }),
  };
}

async function theUser(world: World, ground: Ground): Promise<Losing> {
  const { who } = await holder(world, ground);
  const set = (isActive: boolean) => () =>
    world.client.user.update({ where: { id: who.id }, data: { isActive } });
  return { what: 'their user', who, formId: ground.formId, take: set(false), give: set(true) };
}

async function theOrganization(world: World, ground: Ground): Promise<Losing> {
  const own = await world.organization('closing');
  const form = await world.row('form', own, 'a form', { inactive: true });
  const { who } = await holder(world, { ...ground, a: own });
  const set = (isActive: boolean) => () =>
    world.client.organization.update({ where: { id: own.id }, data: { isActive } });
  return { what: 'their organization', who, formId: form.id, take: set(false), give: set(true) };
}

async function theRolesPermission(world: World, ground: Ground): Promise<Losing> {
  const { who, role } = await holder(world, ground);
  const where = { roleId: role.id };
  const [carried] = await world.client.rolePermission.findMany({ where });
  if (carried === undefined) throw new Error('the role carries nothing');
  return {
    ...{ what: 'what a role carries', who, formId: ground.formId },
    take: () => world.client.rolePermission.deleteMany({ where }),
    give: () => world.client.rolePermission.create({ data: carried }),
  };
}

async function byOverride(world: World, ground: Ground): Promise<Losing> {
  const { who, role } = await holder(world, ground);
  const { scopeId, id: organizationId } = ground.a;
  const at = { scopeId, organizationId, roleId: role.id };
  return {
    ...{ what: 'what an override disables', who, formId: ground.formId },
    take: () => world.client.scopeOverride.create({ data: { ...at, state: 'disabled' } }),
    give: () => world.client.scopeOverride.deleteMany({ where: at }),
  };
}

async function byExpiry(world: World, ground: Ground): Promise<Losing> {
  const { who, membership } = await holder(world, ground);
  const set = (expiresAt: Date | null) => () =>
    world.client.membership.update({ where: { id: membership.id }, data: { expiresAt } });
  const before = new Date(Date.now() - 60_000);
  return { what: 'what ends', who, formId: ground.formId, take: set(before), give: set(null) };
}

async function theReach(world: World, ground: Ground): Promise<Losing> {
  const { who, role } = await holder(world, ground);
  const set = (dataAccess: string) => () =>
    world.client.role.update({ where: { id: role.id }, data: { dataAccess } });
  return {
    ...{ what: 'how far a role reaches', who, formId: ground.formId },
    take: set('OWN_DATA'),
    give: set('ALL_DATA'),
  };
}

describe('D18: what is kept in memory of who asks', () => {
  const QUERY = 'query ($id: ID!) { form(id: $id) { id } forms { edges { node { id } } } }';
  const seen = async ({ who, formId }: Losing): Promise<boolean> => {
    const { data } = await shared.ask(who.email, QUERY, { id: formId });
    const listed = (data?.forms.edges ?? []).some(
      ({ node }: { node: { id: string } }) => node.id === formId,
    );
    expect(listed).toBe((data?.form ?? null) !== null);
    return listed;
  };

  it(
    'acts at no request after what is held was taken, nor before it is given back',
    async () => {
      const { losing } = shared.w;
      // Each by themselves, and all at the same time: a change of one is no reason to believe another.
      await Promise.all(
        losing.map(async (one) => {
          expect(await seen(one), `${one.what}, at first`).toBe(true);
          for (let round = 0; round < ROUNDS; round += 1) {
            await one.take();
            expect(await seen(one), `${one.what}, once taken`).toBe(false);
            await one.give();
            expect(await seen(one), `${one.what}, once given back`).toBe(true);
          }
        }),
      );
    },
    Math.max(30_000, ROUNDS * 2_000),
  );

  it('ends at the instant at which something that is held ends (D48)', async () => {
    const { world } = shared;
    const a = await world.organization('of an hour');
    const form = await world.row('form', a, 'a form', { inactive: true });
    const { who, membership } = await holder(world, { a, other: a, formId: form.id });
    const one = { what: '', who, formId: form.id, take: async () => {}, give: async () => {} };
    const where = { id: membership.id };
    const [{ now } = { now: new Date() }] = await world.client.$queryRaw<{ now: Date }[]>`
      SELECT now() AS now`;
    const expiresAt = new Date(now.getTime() + 5_000);
    await world.client.membership.update({ where, data: { expiresAt } });
    expect(await seen(one)).toBe(true);
    // The database's clock, and nothing that could raise a version.
    await expect.poll(() => seen(one), { timeout: 20_000 }).toBe(false);
  });
});
