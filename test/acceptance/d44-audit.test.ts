import { beforeAll, describe, expect, it } from 'vitest';
import { record } from '../../src/audit/record.js';
import type { DataAccess } from '../../src/policy/vocabulary.js';
import { actor, entryOf } from '../audit/entries.js';
import { nodesOf } from '../support/answers.js';
import { gatewayWith } from '../support/gateway.js';
import { type Identified, type Person, PLATFORM, type Spot, type World } from '../support/world.js';

const SPOTS = ['root', 'project', 'vault'] as const;
type SpotName = (typeof SPOTS)[number];
/** Whose grants reach what lives there: the project merges, the vault defines (D8). */
const INHERITS: Record<SpotName, readonly SpotName[]> = {
  root: ['root'],
  project: ['project', 'root'],
  vault: ['vault'],
};

const ACTORS = ['me', 'mate', 'stranger', 'nobody'] as const;
type Acting = (typeof ACTORS)[number];

/** Forms of one owner each: open to everybody, to nobody but managers, and deleted since. */
const KINDS = ['open', 'closed', 'gone'] as const;
type Kind = (typeof KINDS)[number];

interface Entry {
  readonly spot: SpotName;
  readonly by: Acting;
  readonly kind: Kind;
  readonly action: 'form:update' | 'form:delete';
  readonly outcome: 'PERMITTED' | 'DENIED';
}

const WAYS = [
  { action: 'form:update', outcome: 'PERMITTED' },
  { action: 'form:delete', outcome: 'PERMITTED' },
  { action: 'form:delete', outcome: 'DENIED' },
] as const;

/** Every combination. The database says their ids. */
const ENTRIES: readonly Entry[] = SPOTS.flatMap((spot) =>
  ACTORS.flatMap((by) => KINDS.flatMap((kind) => WAYS.map((way) => ({ spot, by, kind, ...way })))),
);

interface Held {
  readonly permission: 'audit:read' | 'form:read';
  readonly reach: DataAccess;
  readonly at: SpotName;
}

const REACHES: readonly DataAccess[] = ['OWN_DATA', 'TEAM_DATA', 'ALL_DATA'];
const AUDIT = SPOTS.flatMap((at) =>
  REACHES.map((reach): Held => ({ permission: 'audit:read', reach, at })),
);
const FORMS: readonly (Held | null)[] = [
  null,
  { permission: 'form:read', reach: 'OWN_DATA', at: 'root' },
  { permission: 'form:read', reach: 'ALL_DATA', at: 'root' },
  { permission: 'form:read', reach: 'ALL_DATA', at: 'vault' },
];
const key = ({ permission, reach, at }: Held): string => `${permission} ${reach} ${at}`;

// --- A plain evaluator of D44, with nothing of the gateway's --------------------------------------

const holds = (held: readonly Held[], permission: Held['permission'], at: SpotName): Held[] =>
  held.filter((one) => one.permission === permission && INHERITS[at].includes(one.at));

/** All forms are mine, so that OWN_DATA manages them as well as ALL_DATA does. */
const manages = (held: readonly Held[], { kind, spot }: Entry): boolean =>
  kind !== 'gone' && holds(held, 'form:read', spot).length > 0;

const canReadForm = (held: readonly Held[], entry: Entry): boolean =>
  entry.kind === 'open' || manages(held, entry);

const canReadEntry = (held: readonly Held[], entry: Entry): boolean =>
  holds(held, 'audit:read', entry.spot).some(({ reach }) => {
    if (reach === 'ALL_DATA') return true;
    const covered = reach === 'OWN_DATA' ? ['me'] : ['me', 'mate'];
    return covered.includes(entry.by) && canReadForm(held, entry);
  });

const seesSides = (held: readonly Held[], entry: Entry): boolean =>
  manages(held, entry) ||
  (entry.action === 'form:delete' &&
    entry.outcome === 'PERMITTED' &&
    holds(held, 'form:read', entry.spot).some(({ reach }) => reach === 'ALL_DATA'));

// --- The world -----------------------------------------------------------------------------------

async function plant(world: World) {
  const acme = await world.organization('Acme');
  const vaultType = await world.scopeType(acme, 'DEFINE');
  const spots: Record<SpotName, Spot> = {
    root: acme,
    project: await world.scope(acme, 'Project'),
    vault: await world.scope(acme, 'Vault', vaultType),
  };
  const [me, mate, stranger] = [
    await world.user(acme, 'me'),
    await world.user(acme, 'mate'),
    await world.user(acme, 'stranger'),
  ];
  await world.team(acme, stranger, [me, mate]);
  const admin = await world.user(await world.organization('Platform'), 'admin', {
    isPlatformAdmin: true,
  });
  const roles = new Map<string, Identified>();
  for (const held of [...AUDIT, ...FORMS]) {
    if (held === null) continue;
    const role = await world.role(spots[held.at], [held.permission], { dataAccess: held.reach });
    roles.set(key(held), role);
  }
  roles.set('by name', await world.role(acme, ['form:read:gone']));
  const forms = new Map<string, Identified>();
  for (const spot of SPOTS) {
    for (const kind of KINDS) {
      const access = kind === 'open' ? 'AUTHENTICATED' : 'ROLE_BASED';
      forms.set(`${spot} ${kind}`, await world.row('form', spots[spot], kind, { access, by: me }));
    }
  }
  const people: Record<Acting, Person | null> = { me, mate, stranger, nobody: null };
  const ids: string[] = [];
  for (const { spot, by, kind, action, outcome } of ENTRIES) {
    const resourceId = forms.get(`${spot} ${kind}`)?.id ?? null;
    const who = actor(people[by]?.id ?? null, acme.id);
    const entry = entryOf(who, {
      ...{ organizationId: acme.id, scopeId: spots[spot].scopeId, resourceId, action, outcome },
      before: { id: resourceId, name: kind },
    });
    await record(world.client, entry);
    const [latest] = await world.client.auditEntry.findMany({ orderBy: { id: 'desc' }, take: 1 });
    ids.push(latest?.id ?? '');
  }
  for (const spot of SPOTS) {
    await world.client.form.delete({ where: { id: forms.get(`${spot} gone`)?.id ?? '' } });
  }
  return { acme, spots, me, mate, stranger, admin, roles, forms, ids };
}

const g = gatewayWith(plant, { maxPageSize: 500 });

/** I hold these, and nothing else, from now on. */
async function hold(held: readonly Held[]): Promise<void> {
  const { client } = g.world;
  await client.roleAssignment.deleteMany({ where: { membership: { userId: g.w.me.id } } });
  for (const one of held) {
    await g.world.hold(g.w.me, g.w.roles.get(key(one)) as Identified, g.w.spots[one.at]);
  }
}

const LIST = `query ($where: AuditEntryFilter, $scope: ID) {
  auditEntries(first: 500, where: $where, scope: $scope) {
    totalCount
    edges { node { id at actor { id } before canManage resource { id } } }
  }
}`;

interface Node {
  readonly id: string;
  readonly at: string;
  readonly actor: { readonly id: string } | null;
  readonly before: { readonly name: string } | null;
  readonly canManage: boolean;
  readonly resource: { readonly id: string } | null;
}

async function listed(who: Person, variables: object = {}): Promise<Node[]> {
  const { data, errors } = await g.ask(who.email, LIST, variables as Record<string, unknown>);
  expect(errors).toEqual([]);
  const { totalCount, edges } = data.auditEntries as {
    totalCount: number;
    edges: { node: Node }[];
  };
  expect(totalCount).toBe(edges.length);
  return edges.map(({ node }) => node);
}

const describeEntry = (id: string): string => {
  const entry = ENTRIES[g.w.ids.indexOf(id)];
  return entry === undefined ? id : Object.values(entry).join(' ');
};

describe('D44: who reads of what in the record', () => {
  const cases = AUDIT.flatMap((audit) =>
    FORMS.map((form): Held[] => (form === null ? [audit] : [audit, form])),
  );
  it.each(cases.map((held) => [held.map(key).join(', '), held] as const))(
    'with %s',
    async (_name, held) => {
      await hold(held);
      const nodes = await listed(g.w.me);
      const expected = ENTRIES.filter((entry) => canReadEntry(held, entry));
      expect(nodes.map(({ id }) => describeEntry(id)).sort()).toEqual(
        expected.map((entry) => Object.values(entry).join(' ')).sort(),
      );
      for (const { id, before, canManage, resource } of nodes) {
        const entry = ENTRIES[g.w.ids.indexOf(id)] as Entry;
        const name = describeEntry(id);
        expect([name, canManage]).toEqual([name, seesSides(held, entry)]);
        expect([name, before]).toEqual([
          name,
          canManage ? { id: expect.anything(), name: entry.kind } : null,
        ]);
        const isSeen = entry.kind !== 'gone' && canReadForm(held, entry);
        expect([name, resource !== null]).toEqual([name, isSeen]);
      }
    },
  );

  it('two grants together cover what either covers, each with its own reach', async () => {
    const held: Held[] = [
      { permission: 'audit:read', reach: 'OWN_DATA', at: 'root' },
      { permission: 'audit:read', reach: 'ALL_DATA', at: 'vault' },
    ];
    await hold(held);
    const nodes = await listed(g.w.me);
    expect(nodes.map(({ id }) => id).sort()).toEqual(
      g.w.ids.filter((_, index) => canReadEntry(held, ENTRIES[index] as Entry)).sort(),
    );
  });

  it('who reads one that is gone by its name does not read whatever is gone', async () => {
    const { me, roles, spots } = g.w;
    await hold([{ permission: 'audit:read', reach: 'ALL_DATA', at: 'root' }]);
    const named = roles.get('by name') as Identified;
    await g.world.hold(me, named, spots.root);
    const nodes = await listed(me, { where: { action: { eq: 'form:delete' } } });
    const gone = nodes.filter(({ id }) => describeEntry(id).includes(' gone '));
    expect(gone.length).toBeGreaterThan(0);
    expect(gone.filter(({ canManage }) => canManage)).toEqual([]);
  });

  it('by id, by node, and of the form: the same as in the list', async () => {
    const held: Held[] = [{ permission: 'audit:read', reach: 'TEAM_DATA', at: 'root' }];
    await hold(held);
    const readable = g.w.ids.filter((_, index) => canReadEntry(held, ENTRIES[index] as Entry));
    const hidden = g.w.ids.filter((id) => !readable.includes(id));
    for (const [ids, found] of [
      [readable.slice(0, 5), true],
      [hidden.slice(0, 5), false],
    ] as const) {
      for (const id of ids) {
        const { data } = await g.ask(
          g.w.me.email,
          'query ($id: ID!) { auditEntry(id: $id) { id } node(id: $id) { id } }',
          { id },
        );
        expect(data).toEqual({ auditEntry: found ? { id } : null, node: found ? { id } : null });
      }
    }
    const form = g.w.forms.get('root open')?.id ?? '';
    const { data } = await g.ask(
      g.w.me.email,
      'query ($id: ID!) { form(id: $id) { history(first: 100) { edges { node { id at } } } } }',
      { id: form },
    );
    const history = nodesOf<{ id: string; at: string }>(data.form.history);
    const mine = readable.filter(
      (id) => describeEntry(id).includes('root') && describeEntry(id).includes('open'),
    );
    expect(history.map(({ id }) => id).sort()).toEqual([...mine].sort());
    expect(history.map(({ at }) => at)).toEqual(
      history
        .map(({ at }) => at)
        .sort()
        .reverse(),
    );
  });

  it('nobody without the permission, and platform admins all of it', async () => {
    await hold([]);
    expect(await listed(g.w.me)).toEqual([]);
    const { data } = await g.ask(
      g.w.admin.email,
      '{ auditEntries(first: 500, acrossOrganizations: true) { edges { node { id before canManage } } } }',
    );
    const nodes = (data.auditEntries.edges as { node: Node }[]).map(({ node }) => node);
    expect(nodes.map(({ id }) => id).sort()).toEqual([...g.w.ids].sort());
    for (const { id, canManage } of nodes) {
      const { kind, action, outcome } = ENTRIES[g.w.ids.indexOf(id)] as Entry;
      const tells = kind !== 'gone' || (action === 'form:delete' && outcome === 'PERMITTED');
      expect([describeEntry(id), canManage]).toEqual([describeEntry(id), tells]);
    }
  });
});

describe('issue 11: auditEntries', () => {
  beforeAll(() => hold([{ permission: 'audit:read', reach: 'ALL_DATA', at: 'root' }]));

  it('newest first, filtered by who, what, resource, when, outcome and scope', async () => {
    const all = await listed(g.w.me);
    expect(all.map(({ at }) => at)).toEqual(
      all
        .map(({ at }) => at)
        .sort()
        .reverse(),
    );
    const where = async (filter: object, scope?: string) =>
      (await listed(g.w.me, { where: filter, ...(scope === undefined ? {} : { scope }) })).map(
        ({ id }) => describeEntry(id),
      );
    const { me, forms, spots } = g.w;
    const named = async (filter: object, word: RegExp): Promise<void> => {
      const found = await where(filter);
      const expected = all.map(({ id }) => describeEntry(id)).filter((name) => word.test(name));
      expect(found.sort()).toEqual(expected.sort());
      expect(found.length).toBeGreaterThan(0);
      expect(found.length).toBeLessThan(all.length);
    };
    await named({ actorUserId: { eq: me.id } }, / me /);
    await named({ actorKind: { eq: 'SYSTEM' } }, / nobody /);
    await named({ action: { eq: 'form:delete' } }, /form:delete/);
    await named({ outcome: { eq: 'DENIED' } }, /DENIED/);
    await named(
      { resourceType: { eq: 'form' }, resourceId: { eq: forms.get('project gone')?.id } },
      /^project .* gone/,
    );
    const last = all.at(-1)?.at;
    expect((await where({ at: { lte: last } })).length).toBeGreaterThan(0);
    expect(await where({ at: { lt: last } })).toEqual([]);
    const inProject = await where({}, spots.project.id);
    expect(new Set(inProject.map((name) => name.split(' ')[0]))).toEqual(
      new Set(['project', 'root']),
    );
  });

  it('pages through all of it, each entry once', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const { data } = await g.ask(
        g.w.me.email,
        `query ($after: String) { auditEntries(first: 17, after: $after) {
          edges { node { id } } pageInfo { hasNextPage endCursor } } }`,
        { after },
      );
      const { edges, pageInfo } = data.auditEntries;
      seen.push(...edges.map((edge: { node: { id: string } }) => edge.node.id));
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after !== null);
    expect(seen).toEqual((await listed(g.w.me)).map(({ id }) => id));
  });

  it('takes as many statements for many entries as for few', async () => {
    const ask = (first: number) => () =>
      g.ask(
        g.w.me.email,
        `query ($first: Int) { auditEntries(first: $first) { edges { node {
          id before after canManage actor { id } scope { id } resource { id } } } } }`,
        { first },
      );
    const [few, many] = [await g.statements(ask(2)), await g.statements(ask(60))];
    expect(many.length).toBe(few.length);
  });
});

describe('D8, D21: entries of scopes that are moved, flipped and deleted', () => {
  async function place(mode: 'MERGE' | 'DEFINE') {
    const type = await g.world.scopeType(g.w.acme, mode);
    const [from, to] = [
      await g.world.scope(g.w.acme, 'From', type),
      await g.world.scope(g.w.acme, 'To', type),
    ];
    const inner = await g.world.scope(from, 'Inner', type);
    const who = actor(g.w.stranger.id, g.w.acme.id);
    await record(g.world.client, entryOf(who, { organizationId: g.w.acme.id, scopeId: inner.id }));
    const [entry] = await g.world.client.auditEntry.findMany({ orderBy: { id: 'desc' }, take: 1 });
    const readers = await Promise.all(
      [g.w.acme, from, to, inner].map((at) => g.world.manager(g.w.acme, ['audit:read'], { at })),
    );
    const sees = async () => {
      const answers = [];
      for (const { email } of readers) {
        const { data } = await g.ask(email, 'query ($id: ID!) { auditEntry(id: $id) { id } }', {
          id: entry?.id,
        });
        answers.push(data.auditEntry !== null);
      }
      return answers;
    };
    return { type, from, to, inner, sees };
  }

  it('who comes to reach a moved scope does not read of what was there before', async () => {
    const { to, inner, sees } = await place('MERGE');
    expect(await sees()).toEqual([true, true, false, true]);
    await g.world.client.scope.update({ where: { id: inner.id }, data: { parentId: to.id } });
    expect(await sees()).toEqual([true, false, false, true]);
  });

  it('who is cut off reads no more of it from the next request on', async () => {
    const { type, sees } = await place('MERGE');
    const flip = (permissionMode: string) =>
      g.world.client.scopeType.update({ where: { id: type.id }, data: { permissionMode } });
    await flip('DEFINE');
    expect(await sees()).toEqual([false, false, false, true]);
    await flip('MERGE');
    expect(await sees()).toEqual([true, true, false, true]);
  });

  it('when the scope is gone, those who reached it last still do', async () => {
    const { inner, sees } = await place('MERGE');
    await g.world.client.membership.deleteMany({ where: { scopeId: inner.id } });
    await g.world.client.role.deleteMany({ where: { scopeId: inner.id } });
    await g.world.client.permission.deleteMany({ where: { scopeId: inner.id } });
    await g.world.client.scope.delete({ where: { id: inner.id } });
    expect(await sees()).toEqual([true, true, false, false]);
  });
});

describe('D24, D40: the record of the platform', () => {
  it('is read by grants at the platform root, each with its reach', async () => {
    const own = await g.world.user(g.w.acme, 'own');
    const all = await g.world.user(g.w.acme, 'all');
    const none = await g.world.manager(g.w.acme, ['audit:read']);
    await g.world.hold(
      own,
      await g.world.role(PLATFORM, ['audit:read'], { dataAccess: 'OWN_DATA' }),
      PLATFORM,
    );
    await g.world.hold(all, await g.world.role(PLATFORM, ['audit:read']), PLATFORM);
    await record(g.world.client, entryOf(actor(g.w.stranger.id), { organizationId: null }));
    const [entry] = await g.world.client.auditEntry.findMany({ orderBy: { id: 'desc' }, take: 1 });
    const sees = [];
    for (const { email } of [own, all, none, g.w.admin]) {
      const { data } = await g.ask(
        email,
        // What has no organization besides: others' lists of all organizations at once (D19).
        '{ auditEntries(scope: null, where: { not: { action: { eq: "organization:actIn" } } }) { edges { node { id } } } }',
      );
      sees.push(data.auditEntries.edges.map((edge: { node: { id: string } }) => edge.node.id));
    }
    expect(sees).toEqual([[], [entry?.id], [], [entry?.id]]);
  });
});

describe('D19: an organization that is deleted', () => {
  it('leaves its entries, which platform admins alone read', async () => {
    const gone = await g.world.organization('Gone');
    const who = actor(g.w.stranger.id, gone.id);
    await record(g.world.client, entryOf(who, { organizationId: gone.id }));
    const [entry] = await g.world.client.auditEntry.findMany({ orderBy: { id: 'desc' }, take: 1 });
    await g.world.client.organization.delete({ where: { id: gone.id } });
    await hold([{ permission: 'audit:read', reach: 'ALL_DATA', at: 'root' }]);
    for (const [person, found] of [
      [g.w.me, null],
      [g.w.admin, { id: entry?.id, organization: null, scope: null }],
    ] as const) {
      const { data } = await g.ask(
        person.email,
        'query ($id: ID!) { auditEntry(id: $id) { id organization { id } scope { id } } }',
        { id: entry?.id },
      );
      expect(data.auditEntry).toEqual(found);
    }
  });
});
