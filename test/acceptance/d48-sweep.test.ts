import { beforeEach, describe, expect, it } from 'vitest';
import { type SweepOptions, sweepExpired } from '../../src/commands/sweep-expired.js';
import { systemPrincipal } from '../../src/identity/system-principal.js';
import { gatewayWith } from '../support/gateway.js';

const DAY = 86_400_000;
const daysAgo = (days: number): Date => new Date(Date.now() - days * DAY);

const gateway = gatewayWith(async (world) => {
  const organization = await world.organization('Swept');
  const elsewhere = await world.organization('Elsewhere');
  const role = await world.role(organization, ['form:read'], { name: 'readers' });
  const other = await world.role(organization, ['form:update'], { name: 'writers' });
  const overseer = await world.manager(organization, [
    'membership:read',
    'role:read',
    'audit:read',
  ]);
  return { organization, elsewhere, role, other, overseer };
});

const PRINCIPAL = systemPrincipal('expired-sweep');
const sweep = (options: Partial<SweepOptions> = {}) =>
  sweepExpired(gateway.world.client, PRINCIPAL, { days: 0, batch: 2, dryRun: false, ...options });

/** Members who hold both roles; the membership, or the one role, ends when it is said. */
async function members(count: number, ends: { membership?: Date; role?: Date }) {
  const { world, w } = gateway;
  const made = [];
  for (let n = 0; n < count; n++) {
    const { id: userId } = await world.user(w.organization, 'member');
    const { id: scopeId, organizationId } = { ...w.organization, id: w.organization.scopeId };
    const { id } = await world.client.membership.create({
      data: {
        ...{ userId, scopeId, organizationId, expiresAt: ends.membership ?? null },
        roles: {
          create: [
            { roleId: w.role.id, expiresAt: ends.role ?? null, reason: 'repairs' },
            { roleId: w.other.id },
          ],
        },
      },
    });
    made.push(id);
  }
  return made.sort();
}

const left = async (ids: readonly string[]) =>
  (
    await gateway.world.client.membership.findMany({
      where: { id: { in: [...ids] } },
      include: { roles: true },
    })
  ).map(({ roles }) => roles.length);

beforeEach(async () => {
  await gateway.world.client.membership.deleteMany({ where: { user: { name: 'member' } } });
});

describe('D48: what has ended', () => {
  it('is swept away, batch by batch, and nothing else', async () => {
    const ended = await members(5, { membership: daysAgo(2) });
    const partly = await members(3, { role: daysAgo(2) });
    // What goes with its membership is not counted by itself.
    ended.push(...(await members(1, { membership: daysAgo(2), role: daysAgo(2) })));
    const lasting = await members(1, { membership: daysAgo(-1), role: daysAgo(-1) });
    const found = { memberships: 6, assignments: 3 };
    expect(await sweep({ dryRun: true })).toEqual(found);
    expect(await left(ended)).toEqual([2, 2, 2, 2, 2, 2]);
    expect(await sweep({ days: 3 })).toEqual({ memberships: 0, assignments: 0 });
    expect(await sweep()).toEqual(found);
    expect(await left(ended)).toEqual([]);
    expect(await left(partly)).toEqual([1, 1, 1]);
    expect(await left(lasting)).toEqual([2]);
    expect(await sweep()).toEqual({ memberships: 0, assignments: 0 });
  });

  it('D19: is recorded as what the job did', async () => {
    const { role, other, overseer } = gateway.w;
    const [ended] = await members(1, { membership: daysAgo(1) });
    const [partly] = await members(1, { role: daysAgo(1) });
    await sweep();
    const { data } = await gateway.ask(
      overseer.email,
      `query ($ids: [ID!]!) { auditEntries(where: { resourceId: { in: $ids } }) { edges { node {
        actorKind actorLabel action outcome reason resourceId
      } } } }`,
      { ids: [ended, partly] },
    );
    const did = { actorKind: 'SYSTEM', actorLabel: 'system:expired-sweep', outcome: 'PERMITTED' };
    const why = { reason: 'it had ended (D48)' };
    const entries = data.auditEntries.edges.map(({ node }: { node: object }) => node);
    expect(entries).toHaveLength(2);
    expect(entries).toContainEqual({
      ...{ ...did, ...why, action: 'membership:delete', resourceId: ended },
    });
    expect(entries).toContainEqual({
      ...{ ...did, ...why, action: 'membership:unassignRoles', resourceId: partly },
    });
    const kept = await gateway.world.client.auditEntry.findMany({
      where: { resourceId: { in: [ended as string, partly as string] } },
      orderBy: { action: 'asc' },
      select: { before: true, after: true },
    });
    expect(kept).toMatchObject([
      { before: { roles: [role.id, other.id].sort() }, after: null },
      { before: { roles: [role.id] }, after: { roles: [] } },
    ]);
  });

  it('raises the authority of whom it concerns, as any change of members does', async () => {
    const { organization } = gateway.w;
    const version = () =>
      gateway.world.client.$queryRaw`
        SELECT version::text FROM authority WHERE organization_id = ${organization.id}::text::uuid`;
    await members(1, { membership: daysAgo(1) });
    const before = await version();
    await sweep();
    expect(await version()).not.toEqual(before);
  });
});

describe('the roles on a membership', () => {
  it('say until when and why, and whether they have ended', async () => {
    const { overseer, role, other } = gateway.w;
    const soon = daysAgo(-1);
    const [ended] = await members(1, { membership: daysAgo(1) });
    const [partly] = await members(1, { role: daysAgo(1) });
    const [lasting] = await members(1, { role: soon });
    const source = `query ($ids: [ID!]!) { memberships(where: { id: { in: $ids } }) { edges { node {
      id assignments(first: 5) { totalCount edges { node { role { id } expiresAt reason isExpired } } }
    } } } }`;
    const ask = async () => {
      const { data, errors } = await gateway.ask(overseer.email, source, {
        ids: [ended, partly, lasting],
      });
      expect(errors).toEqual([]);
      type Found = { node: { id: string; assignments: { edges: { node: object }[] } } };
      return new Map<string, object[]>(
        data.memberships.edges.map(({ node }: Found) => [
          node.id,
          node.assignments.edges.map((edge) => edge.node),
        ]),
      );
    };
    const found = await ask();
    const without = { role: { id: other.id }, expiresAt: null, reason: null };
    const withEnd = { role: { id: role.id }, reason: 'repairs' };
    expect(found.get(ended as string)).toEqual(
      expect.arrayContaining([
        { ...without, isExpired: true },
        { ...withEnd, expiresAt: null, isExpired: true },
      ]),
    );
    expect(found.get(partly as string)).toEqual(
      expect.arrayContaining([
        { ...without, isExpired: false },
        { ...withEnd, expiresAt: expect.any(String), isExpired: true },
      ]),
    );
    expect(found.get(lasting as string)).toEqual(
      expect.arrayContaining([
        { ...without, isExpired: false },
        { ...withEnd, expiresAt: soon.toISOString(), isExpired: false },
      ]),
    );
    // Who asks is read once, and proved unchanged from then on.
    await gateway.statements(ask);
    const sent = await gateway.statements(ask);
    await gateway.world.client.membership.deleteMany({
      where: { id: { in: [ended as string, partly as string] } },
    });
    await gateway.statements(ask);
    expect((await gateway.statements(ask)).length).toBe(sent.length);
  });

  it('D14: name no role that the asker may not read', async () => {
    const { world, w } = gateway;
    const [id] = await members(1, {});
    const outsider = await world.manager(w.organization, ['membership:read']);
    const { data, errors } = await gateway.ask(
      outsider.email,
      'query ($id: ID!) { membership(id: $id) { assignments { totalCount edges { node { reason } } } } }',
      { id },
    );
    expect(errors).toEqual([]);
    expect(data.membership.assignments).toEqual({ totalCount: 0, edges: [] });
  });
});
