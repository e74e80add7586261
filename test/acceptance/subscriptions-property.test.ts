import fc from 'fast-check';
import { expect, it } from 'vitest';
import { subscribe } from '../support/events.js';
import { type RunningGateway, startGateway } from '../support/gateway.js';
import type { Identified, Person, RowKind, Spot, World } from '../support/world.js';
import { PLATFORM, SYSTEM } from '../support/world.js';

/**
 * Whatever is written, given and taken in generated worlds, by SQL, by one transaction or several: whoever applies the events of a
 * subscription, and reads again where it says so, has in the end what the list has. And nobody is told of a row that they could
 * see at no time.
 */
const RUNS = Number(process.env.SUBSCRIPTION_RUNS ?? 2);
/** So few runs are always the same ones: others may do too little for the last test. */
const SEED = process.env.SUBSCRIPTION_RUNS ? Math.trunc(Math.random() * 2 ** 31) : 11;

const KINDS = ['form', 'workflow', 'config'] as const satisfies readonly RowKind[];
const LISTS = KINDS.map(
  (kind) =>
    `${kind}s(first: 100, includeShadowed: true, scope: $scope) { edges { node { id } } pageInfo { hasNextPage } }`,
).join(' ');
const LIST = `query ($scope: ID) { ${LISTS} }`;
const LIST_HERE = LIST.replace('query ($scope: ID)', 'query').replaceAll(', scope: $scope', '');

/** Somebody who is subscribed, and what they have by what they were told. */
interface Listener {
  readonly headers: Readonly<Record<string, string>>;
  readonly scope: Spot | undefined;
  readonly has: Set<string>;
  /** Whatever they could see at some time. */
  readonly ever: Set<string>;
  readonly told: Set<string>;
  cursor: string | undefined;
  stop: () => void;
  running: Promise<void>;
}

interface Step {
  readonly what: number;
  readonly one: number;
  readonly other: number;
  readonly third: number;
}

/** What rows are told of by comes more often than what all read again by. */
const WHATS = [
  0, 1, 2, 3, 4, 5, 5, 5, 6, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 11, 23, 23,
].concat([12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22]);

const step = fc.record({
  what: fc.constantFrom(...WHATS),
  one: fc.nat(1_000),
  other: fc.nat(1_000),
  third: fc.nat(1_000),
});

const pick = <T>(list: readonly T[], at: number): T => list[at % list.length] as T;

async function plant(world: World) {
  const a = await world.organization('A', { isProvider: false });
  const b = await world.organization('B', { isProvider: true });
  const merging = await world.scopeType(a, 'MERGE');
  const one = await world.scope(a, 'one', 'Workspace');
  const two = await world.scope(one, 'two', 'Project');
  const three = await world.scope(a, 'three', merging);
  const spots: Spot[] = [a, one, two, three, b, PLATFORM];
  const people: Person[] = [];
  for (let i = 0; i < 5; i += 1) people.push(await world.user(a, `p${i}`));
  const provider = await world.user(b, 'provider');
  const admin = await world.user(b, 'admin', { isPlatformAdmin: true });
  await world.hold(provider, SYSTEM.Owner, b);
  const teams = [await world.team(a, pick(people, 0), [pick(people, 0), pick(people, 1)])];
  const permits = KINDS.map((kind) => `${kind}:read`);
  const roles = [
    await world.role(a, permits),
    await world.role(a, permits, { dataAccess: 'OWN_DATA' }),
    await world.role(a, permits, { dataAccess: 'TEAM_DATA' }),
    await world.role(a, ['form:read:r1', 'config:read:owned', 'workflow:read:r2']),
    await world.role(a, []),
  ];
  const condition = { '==': [{ var: 'scope.meta.open' }, true] };
  const { scopeId, organizationId } = a;
  const { id: permissionId } = await world.client.permission.create({
    data: { scopeId, organizationId, resourceType: 'form', action: 'read', label: 'c', condition },
  });
  const conditional = await world.role(a, []);
  await world.client.rolePermission.create({ data: { roleId: conditional.id, permissionId } });
  roles.push(conditional);
  const key = await world.key(a, 'API_KEY', {
    ...{ owner: pick(people, 2), by: pick(people, 2) },
    operations: ['form:read', 'form:use', 'workflow:read'],
  });
  return { world, a, b, merging, spots, people, provider, admin, teams, roles, key, permissionId };
}

type Ground = Awaited<ReturnType<typeof plant>> & {
  readonly rows: { readonly kind: (typeof KINDS)[number]; readonly id: string }[];
};

/** One change. What the database refuses is none. */
async function change(ground: Ground, { what, one, other, third }: Step): Promise<void> {
  const { world, spots, people, teams, roles, rows, merging } = ground;
  const { client } = world;
  const row = rows.length === 0 ? undefined : pick(rows, one);
  const set = async (data: object): Promise<void> => {
    if (row === undefined) return;
    await (client[row.kind] as never as { update(args: object): Promise<unknown> }).update({
      ...{ where: { id: row.id }, data },
    });
  };
  const executable = row?.kind !== 'config';
  const held = (): Promise<unknown> =>
    world.hold(
      third % 4 === 0
        ? { team: pick(teams, one) }
        : third % 4 === 1
          ? { apiKey: ground.key }
          : pick(people, one),
      pick(roles, other),
      pick(spots.slice(0, 4), third),
    );
  const scope = pick(spots.slice(1, 4), one);
  switch (what) {
    case 0:
    case 1:
    case 2:
    case 3: {
      const kind = pick(KINDS, one);
      const { id } = await world.row(kind, pick(spots, other), `r${third % 6}`, {
        ...(kind === 'config'
          ? {}
          : { access: pick(['AUTHENTICATED', 'ROLE_BASED', null], third) }),
        ...(kind === 'config' || one % 2 === 0 ? {} : { roles: [pick(roles, other)] }),
        ...(third % 3 === 0 || other % spots.length > 3 ? {} : { by: pick(people, third) }),
        ...(third % 5 > 1 || other % spots.length > 3 ? {} : { owner: pick(people, one) }),
        ...(third % 5 === 4 && other % spots.length < 4 ? { team: pick(teams, one) } : {}),
      });
      rows.push({ kind, id });
      return;
    }
    case 4:
      return set({ description: `d${other}` });
    case 5:
      return executable
        ? set({ accessLevel: pick(['AUTHENTICATED', 'ROLE_BASED', null], other) })
        : set({ type: 'JSON' });
    case 6:
      return set({ isActive: other % 2 === 0 });
    case 7:
      if (row !== undefined && row.kind !== 'config') {
        const link = { roleId: pick(roles, other).id };
        if (row.kind === 'form')
          await client.formRole.create({ data: { ...link, formId: row.id } });
        else await client.workflowRole.create({ data: { ...link, workflowId: row.id } });
      }
      return;
    case 8:
      if (row?.kind === 'form') await client.formRole.deleteMany({ where: { formId: row.id } });
      return;
    case 9:
      return set({
        ownerId: pick(people, other).id,
        teamId: third % 2 ? null : pick(teams, other).id,
      });
    case 10:
      return set({ scopeId: pick(spots.slice(0, 4), other).scopeId });
    case 11:
      if (row !== undefined) {
        await (client[row.kind] as never as { delete(args: object): Promise<unknown> }).delete({
          where: { id: row.id },
        });
      }
      return;
    case 12:
    case 13:
      await held();
      return;
    case 14: {
      const [membership] = await client.membership.findMany({
        where: { organizationId: ground.a.id },
        skip: one % 3,
        take: 1,
      });
      if (membership !== undefined)
        await client.membership.delete({ where: { id: membership.id } });
      return;
    }
    case 15:
      await client.teamMember.create({
        data: { teamId: pick(teams, one).id, userId: pick(people, other).id },
      });
      return;
    case 16:
      await client.teamMember.deleteMany({ where: { userId: pick(people, other).id } });
      return;
    case 17:
      await client.scope.update({
        where: { id: scope.id },
        data: { parentId: pick(spots.slice(0, 4), other).scopeId },
      });
      return;
    case 18:
      await client.scopeType.update({
        where: { id: merging.id },
        data: { permissionMode: pick(['MERGE', 'DEFINE'], one) },
      });
      return;
    case 19: {
      const { scopeId, organizationId } = pick(spots.slice(0, 4), one);
      await client.scopeOverride.create({
        data: {
          ...{ scopeId, organizationId: String(organizationId), state: 'disabled' },
          roleId: pick(roles, other).id,
        },
      });
      return;
    }
    case 20:
      await client.scopeOverride.deleteMany({});
      return;
    case 21:
      await client.scope.update({
        where: { id: scope.id },
        data: { meta: { open: other % 2 === 0 } },
      });
      return;
    case 22:
      await client.role.update({
        where: { id: pick(roles, one).id },
        data: { dataAccess: pick(['ALL_DATA', 'OWN_DATA', 'TEAM_DATA'], other) },
      });
      return;
    default:
      // In one transaction: there and back, and something that stays.
      if (row === undefined) return;
      await client.$transaction(async (tx) => {
        const table = tx[row.kind] as never as { update(args: object): Promise<unknown> };
        const where = { id: row.id };
        await table.update({ where, data: { isActive: false } });
        await table.update({ where, data: { isActive: true } });
        await table.update({ where, data: { ownerId: pick(people, other).id } });
      });
  }
}

async function listed(
  gateway: RunningGateway,
  { headers, scope }: Pick<Listener, 'headers' | 'scope'>,
) {
  const query =
    scope === undefined ? { query: LIST_HERE } : { query: LIST, variables: { scope: scope.id } };
  const { data, errors } = await gateway.send(null, query, headers);
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return KINDS.flatMap((kind) => {
    const { edges, pageInfo } = data[`${kind}s`];
    if (pageInfo.hasNextPage) throw new Error('more rows than a page has');
    return edges.map(({ node }: { node: Identified }) => node.id) as string[];
  });
}

async function follow(gateway: RunningGateway, one: Listener): Promise<void> {
  const variables = {
    ...{ types: [...KINDS], after: one.cursor ?? null },
    ...(one.scope === undefined ? {} : { scope: one.scope.id }),
  };
  const query = `subscription ($types: [String!], $after: String${one.scope ? ', $scope: ID' : ''}) {
    changed(types: $types, after: $after${one.scope ? ', scope: $scope' : ''}) { kind type id cursor } }`;
  const stream = await subscribe(gateway.url, one.headers, { query, variables });
  let isStopped = false;
  one.stop = () => {
    isStopped = true;
    stream.close();
  };
  const reading = async (): Promise<void> => {
    for (;;) {
      const { kind, id, cursor } = await stream.event();
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      if (id !== null) one.told.add(id);
      if (kind === 'STARTED' || kind === 'ACCESS_CHANGED') {
        const all = await listed(gateway, one);
        if (isStopped) return;
        one.has.clear();
        for (const each of all) one.has.add(each);
      } else if (id !== null) {
        if (kind === 'DELETED') one.has.delete(id);
        else one.has.add(id);
      }
      one.cursor = cursor;
    }
  };
  one.running = reading().catch((error: unknown) => {
    if (!isStopped) throw error;
  });
  // Where nobody waits for it yet.
  one.running.catch(() => {});
}

/** How often each change was done, in all runs. */
const done = new Map<number, number>();
const kinds = new Map<string, number>();

async function play(gateway: RunningGateway, steps: readonly Step[]): Promise<void> {
  const ground: Ground = { ...(await plant(gateway.world)), rows: [] };
  const { world, a, spots, people, provider, admin, key } = ground;
  const listener = (headers: Listener['headers'], scope?: Spot): Listener => ({
    ...{ headers, scope, has: new Set(), ever: new Set(), told: new Set(), cursor: undefined },
    ...{ stop: () => {}, running: Promise.resolve() },
  });
  const by = async (who: Person) => gateway.credentialOf(who.email);
  const listeners = [
    ...(await Promise.all(people.slice(0, 4).map(async (who) => listener(await by(who))))),
    listener(await by(pick(people, 0)), pick(spots, 2)),
    listener({ 'x-api-key': key.value }),
    listener(await by(provider), a),
    listener(await by(admin), a),
  ];
  for (const one of listeners) await follow(gateway, one);
  const remember = async (): Promise<void> => {
    for (const one of listeners) for (const id of await listed(gateway, one)) one.ever.add(id);
  };
  for (const [index, one] of steps.entries()) {
    const isDone = await change(ground, one).then(
      () => true,
      () => false,
    );
    done.set(one.what, (done.get(one.what) ?? 0) + (isDone ? 1 : 0));
    await remember();
    if (index % 9 === 8) {
      // Somebody goes and comes back.
      const back = pick(listeners, one.third);
      back.stop();
      await back.running;
      await change(ground, pick(steps, one.other)).catch(() => {});
      await remember();
      await follow(gateway, back);
    }
  }
  const last = await world.row('form', PLATFORM, 'the last that everybody sees');
  await remember();
  await expect
    .poll(
      async () => {
        for (const one of listeners) await Promise.race([one.running, Promise.resolve()]);
        return listeners.every(({ has }) => has.has(last.id));
      },
      { timeout: 20_000 },
    )
    .toBe(true);
  for (const one of listeners) {
    const all = (await listed(gateway, one)).sort();
    // Who has read again has what the next events say already.
    await expect.poll(() => [...one.has].sort(), { timeout: 20_000 }).toEqual(all);
    expect([...one.told].filter((id) => !one.ever.has(id))).toEqual([]);
  }
  for (const one of listeners) one.stop();
}

it.each([
  ['by id', 64],
  ['by the database', 1],
])(
  'D18: who applies events has what the list has, teammates decided %s',
  async (_, teamMembers) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 30, maxLength: 60, size: 'max' }),
        async (steps) => {
          const gateway = await startGateway({ subscriptionsMs: 300, teamMembers });
          try {
            await play(gateway, steps);
          } finally {
            await gateway.close();
          }
        },
      ),
      { numRuns: RUNS, seed: SEED, endOnFailure: true },
    );
  },
  600_000,
);

it('and every kind of change was done, and every kind of event told', () => {
  expect([...kinds.keys()].sort()).toEqual(
    expect.arrayContaining(['ACCESS_CHANGED', 'CREATED', 'DELETED', 'STARTED', 'UPDATED']),
  );
  const never = Array.from({ length: 24 }, (_, what) => what).filter((what) => !done.get(what));
  expect(never.length).toBeLessThan(8);
});
