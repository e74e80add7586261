import { describe, expect, it } from 'vitest';
import { lockAuthority } from '../../src/data/write/authority.js';
import { inTransaction, type Transaction } from '../../src/data/write/in-transaction.js';
import { sqlStateOf } from '../../src/data/write/sqlstate.js';
import { DEFAULT_LIMITS } from '../../src/limits/limits.js';
import { gatewayWith } from '../support/gateway.js';
import { mutate } from '../support/mutate.js';
import { type Person, type Spot, SYSTEM, type World } from '../support/world.js';

const onServer = process.env.HEIMDALL_TEST_ON === 'server';

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const admin = await world.user(a, 'admin', { isPlatformAdmin: true });
  const owner = await world.user(a, 'owner');
  await world.hold(owner, SYSTEM.Owner, a);
  return { a, admin, owner };
});

const admins = async (): Promise<number> => {
  const where = { isPlatformAdmin: true, isActive: true, organization: { isActive: true } };
  return shared.world.client.user.count({ where });
};

const WAYS: readonly [string, (id: string) => readonly [string, object, string]][] = [
  ['deleted', (id) => ['deleteUser', { id }, 'deletedId']],
  ['deactivated', (id) => ['updateUser', { id, isActive: false }, 'user { id }']],
  ['no admin any more', (id) => ['updateUser', { id, isPlatformAdmin: false }, 'user { id }']],
  ['deleted in a batch', (id) => ['deleteUsers', { users: [{ id }] }, 'deletedIds']],
  [
    'deactivated in a batch',
    (id) => ['updateUsers', { users: [{ id, isActive: false }] }, 'users { id }'],
  ],
];

const ORGANIZATION_WAYS: typeof WAYS = [
  ['deactivated', (id) => ['updateOrganization', { id, isActive: false }, 'organization { id }']],
  ['deleted', (id) => ['deleteOrganization', { id }, 'deletedId']],
];

const REFUSED = {
  answer: null,
  code: 'CONFLICT',
  message: 'nobody would be left who administers the platform',
};

describe('D12: the last platform admin', () => {
  it.each(WAYS)('is not %s', async (_how, way) => {
    const { admin, owner } = shared.w;
    const [name, input, selection] = way(admin.id);
    expect(await mutate(shared, admin.email, name, input, selection)).toMatchObject(REFUSED);
    // An owner of their organization may delete and deactivate its people, and not them.
    expect(await mutate(shared, owner.email, name, input, selection)).toMatchObject({
      answer: null,
      code: expect.stringMatching(/^(CONFLICT|FORBIDDEN)$/),
    });
    expect(await admins()).toBe(1);
  });

  it.each(ORGANIZATION_WAYS)('and their organization is not %s', async (_how, way) => {
    const [name, input, selection] = way(shared.w.a.id);
    const { admin } = shared.w;
    expect(await mutate(shared, admin.email, name, input, selection)).toMatchObject(REFUSED);
    expect(await admins()).toBe(1);
  });

  it('is not who is not active, or whose organization is not', async () => {
    const { world } = shared;
    const { a, admin } = shared.w;
    const asleep = await world.user(a, 'asleep', { isPlatformAdmin: true });
    const b = await world.organization('B');
    const locked = await world.user(b, 'locked out', { isPlatformAdmin: true });
    await world.client.user.update({ where: { id: asleep.id }, data: { isActive: false } });
    await world.client.organization.update({ where: { id: b.id }, data: { isActive: false } });
    const demote = { id: admin.id, isPlatformAdmin: false };
    expect(await mutate(shared, admin.email, 'updateUser', demote, 'user { id }')).toMatchObject(
      REFUSED,
    );
    await world.client.user.deleteMany({ where: { id: { in: [asleep.id, locked.id] } } });
    await world.client.organization.delete({ where: { id: b.id } });
  });

  it.each(WAYS)('of two, one is %s, and then the other is the last', async (_how, way) => {
    const { world } = shared;
    const { a, admin } = shared.w;
    const second = await world.user(a, 'second', { isPlatformAdmin: true });
    const [name, input, selection] = way(second.id);
    expect((await mutate(shared, admin.email, name, input, selection)).code).toBeUndefined();
    const [again, same, shown] = way(admin.id);
    expect(await mutate(shared, admin.email, again, same, shown)).toMatchObject(REFUSED);
    await world.client.user.deleteMany({ where: { id: second.id } });
  });

  it('both of two are not taken away in one batch', async () => {
    const { admin } = shared.w;
    const second = await shared.world.user(shared.w.a, 'second', { isPlatformAdmin: true });
    const users = [second, admin].map(({ id }) => ({ id, isPlatformAdmin: false }));
    expect(
      await mutate(shared, admin.email, 'updateUsers', { users }, 'users { id }'),
    ).toMatchObject({ ...REFUSED, issues: [{ path: ['users', 1] }] });
    expect(await admins()).toBe(2);
    await shared.world.client.user.delete({ where: { id: second.id } });
  });
});

/** Two organizations with an admin each, who are all that there are. */
async function two(world: World): Promise<readonly { admin: Person; home: Spot }[]> {
  await world.client.user.updateMany({ data: { isPlatformAdmin: false } });
  const one = await world.organization('one');
  let other = await world.organization('two');
  // Organizations of one bucket would take turns, and not meet.
  while (other.id.slice(-2) === one.id.slice(-2)) other = await world.organization('two');
  const made = [];
  for (const home of [one, other]) {
    made.push({ home, admin: await world.user(home, 'admin', { isPlatformAdmin: true }) });
  }
  return made;
}

// The embedded database has one session: there everything takes turns anyway.
describe.runIf(onServer)('D12: of two admins, each removed by somebody else at once', () => {
  it.each(WAYS.slice(0, 3))('one stays, whoever is %s', async (_how, way) => {
    for (let round = 0; round < 20; round++) {
      const [one, other] = await two(shared.world);
      if (one === undefined || other === undefined) throw new Error('there are two');
      const outcomes = await Promise.all(
        [
          [one, other],
          [other, one],
        ].map(([who, whom]) =>
          mutate(shared, who?.admin.email ?? '', ...way(whom?.admin.id ?? '')),
        ),
      );
      const codes = outcomes.map(({ code }) => code);
      expect(codes.filter((code) => code === undefined)).toHaveLength(1);
      expect(await admins()).toBe(1);
    }
  });

  it('by the rule of the database alone, where no lock of authority orders the two', async () => {
    let met = 0;
    for (let round = 0; round < 20; round++) {
      const pair = await two(shared.world);
      const { waiting, come } = meeting(2);
      const outcomes = await Promise.all(
        pair.map(({ admin, home }) =>
          inTransaction(
            shared.world.client,
            DEFAULT_LIMITS,
            async (tx: Transaction) => {
              await lockAuthority(tx, { shared: [], exclusive: [home.id] });
              come();
              await waiting;
              await tx.user.update({ where: { id: admin.id }, data: { isPlatformAdmin: false } });
            },
            { command: 'demote' },
          ).then(
            () => 'done',
            (error: unknown) => sqlStateOf(error) ?? (error as Error).message,
          ),
        ),
      );
      if (outcomes.includes('HDP01')) met += 1;
      expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(1);
      expect(await admins()).toBe(1);
    }
    expect(met).toBeGreaterThan(10);
  }, 60_000);
});

/** Where so many wait until all have come. */
function meeting(of: number) {
  let left = of;
  let open = () => {};
  const waiting = new Promise<void>((resolve) => {
    open = resolve;
  });
  return {
    waiting,
    come: () => {
      left -= 1;
      if (left === 0) open();
    },
  };
}
