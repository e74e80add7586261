import { describe, expect, it } from 'vitest';
import { ACTIONS } from '../../src/policy/vocabulary.js';
import { gatewayWith } from '../support/gateway.js';
import { type Identified, type Person, PLATFORM, type Spot, SYSTEM } from '../support/world.js';

/** Types that are shown, with the table of their rows. */
const TYPES = {
  organization: 'organization',
  user: 'user',
  team: 'team',
  scopeType: 'scopeType',
  scope: 'scope',
  role: 'role',
  permission: 'permission',
  membership: 'membership',
  form: 'form',
  workflow: 'workflow',
  agent: 'agent',
  app: 'app',
  config: 'config',
} as const;
type Type = keyof typeof TYPES;

const ROWS = ['form', 'workflow', 'agent', 'app', 'config'] as const;

const shared = gatewayWith(
  async (world) => {
    const a = await world.organization('A');
    const b = await world.organization('B');
    const merge = await world.scopeType(a, 'MERGE');
    const define = await world.scopeType(a, 'DEFINE');
    const project = await world.scope(a, 'project', merge);
    const below = await world.scope(project, 'below', merge);
    const wall = await world.scope(a, 'wall', define);
    const people: Record<string, Person> = {};
    for (const name of ['Owner', 'Admin', 'Member', 'Viewer'] as const) {
      const person = await world.user(a, name);
      await world.hold(person, SYSTEM[name], a);
      people[name] = person;
    }
    const permits = ROWS.flatMap((kind) => ACTIONS[kind].map((action) => `${kind}:${action}`));
    const x = await world.role(a, [], { name: 'x' });
    const held = [
      ['own', a, 'OWN_DATA'],
      ['team', a, 'TEAM_DATA'],
      ['projected', project, 'ALL_DATA'],
      ['walled', wall, 'ALL_DATA'],
    ] as const;
    for (const [name, at, dataAccess] of held) {
      const person = await world.user(a, name);
      await world.hold(person, await world.role(at, permits, { dataAccess }), at);
      people[name] = person;
    }
    const patterned = await world.manager(a, [
      'form:update:row/*',
      'form:read',
      'form:delete:owned',
    ]);
    const bound = await world.user(a, 'bound');
    await world.hold(bound, x, a);
    Object.assign(people, {
      patterned,
      bound,
      odin: await world.user(a, 'odin', { isPlatformAdmin: true }),
    });
    people.blind = await world.manager(a, ['form:update', 'config:update', 'scope:update']);
    const warden = await world.user(a, 'warden');
    await world.hold(warden, SYSTEM.Owner, a);
    await world.hold(warden, await world.role(wall, permits), wall);
    people.warden = warden;
    const { own, team, Member } = people as Record<'own' | 'team' | 'Member', Person>;
    const crew = await world.team(a, own, [team, Member, patterned]);
    for (const kind of ROWS) {
      const spots: [string, Spot][] = [
        ['root', a],
        ['project', project],
        ['below', below],
        ['wall', wall],
        ['others', b],
        ['global', PLATFORM],
      ];
      for (const [name, at] of spots) {
        await world.row(kind, at, `row/${name}`);
        if (kind !== 'config') {
          const roles = at.organizationId === a.id ? [x] : [];
          await world.row(kind, at, `closed-${name}`, { access: 'ROLE_BASED', roles });
        }
      }
      const closed = kind === 'config' ? {} : { access: 'ROLE_BASED' };
      await world.row(kind, a, 'own', { ...closed, by: own, owner: own });
      await world.row(kind, project, 'mate', { ...closed, owner: Member });
      await world.row(kind, a, 'crew', { ...closed, by: bound, owner: bound, team: crew });
      await world.row(kind, a, 'idle', { ...closed, inactive: true, owner: patterned });
    }
    return { a, b, people };
    // Of more than one teammate the row does not tell by itself, and the database is asked.
  },
  { teamMembers: 1 },
);

const LIST = /* GraphQL */ `
  query ($action: String!, $type: String!, $subject: SubjectInput, $after: String) {
    accessibleResources(
      action: $action, resourceType: $type, subject: $subject, first: 200, after: $after
    ) { totalCount edges { node { id } } pageInfo { hasNextPage } }
  }
`;
const MANY = 'query ($checks: [CheckInput!]!) { checkMany(checks: $checks) { allowed } }';

/** Every row of a type that somebody of A could come across by a list: theirs, those of all, and those of others. */
async function idsOf(type: Type): Promise<string[]> {
  const delegate = shared.world.client[TYPES[type]] as unknown as {
    findMany(): Promise<Identified[]>;
  };
  return (await delegate.findMany()).map(({ id }) => id);
}

async function listed(who: Person, action: string, type: Type, subject?: object) {
  const { data, errors } = await shared.ask(who.email, LIST, { action, type, subject });
  expect(errors).toEqual([]);
  const { edges, totalCount, pageInfo } = data.accessibleResources;
  expect(pageInfo.hasNextPage).toBe(false);
  expect(totalCount).toBe(edges.length);
  return edges.map(({ node }: { node: Identified }) => node.id).sort();
}

async function checked(who: Person, actions: readonly string[], type: Type, subject?: object) {
  const ids = await idsOf(type);
  const checks = actions.flatMap((action) =>
    ids.map((resourceId) => ({ action, resourceType: type, resourceId, subject })),
  );
  const { data, errors } = await shared.ask(who.email, MANY, { checks });
  expect(errors).toEqual([]);
  const permitted = new Map(actions.map((action) => [action, [] as string[]]));
  for (const [index, { action, resourceId }] of checks.entries()) {
    if (data.checkMany[index].allowed) permitted.get(action)?.push(resourceId);
  }
  return permitted;
}

/** Rows of other organizations, which a platform admin reaches by their ids, and no list without a scope has. */
async function ofOthers(type: Type): Promise<ReadonlySet<string>> {
  const column = type === 'organization' ? 'id' : 'organizationId';
  const delegate = shared.world.client[TYPES[type]] as unknown as {
    findMany(args: object): Promise<Identified[]>;
  };
  const rows = await delegate.findMany({ where: { [column]: shared.w.b.id } });
  return new Set(rows.map(({ id }) => id));
}

const usable = (type: Type): string[] =>
  ['form', 'workflow', 'agent', 'app'].includes(type) ? ['use'] : [];

describe('check = membership in the list, for every person, action and row', () => {
  it.each(Object.keys(TYPES) as Type[])('%s', async (type) => {
    const actions = [...ACTIONS[type], ...usable(type)];
    const others = await ofOthers(type);
    let permitted = 0;
    let refused = 0;
    for (const who of Object.values(shared.w.people)) {
      const check = await checked(who, actions, type);
      for (const action of actions) {
        const list = await listed(who, action, type);
        const expected = (check.get(action) ?? []).filter((id) => !others.has(id)).sort();
        expect([who.email, action, list]).toEqual([who.email, action, expected]);
        permitted += list.length;
        refused += list.length === 0 ? 1 : 0;
      }
    }
    // Else it would show nothing.
    expect(permitted).toBeGreaterThan(0);
    expect(refused).toBeGreaterThan(0);
  });

  it('also of somebody else, of what the asker manages; and it is what they are told themselves', async () => {
    const { Owner, warden, projected, own, team, bound, Member, walled, blind } = shared.w
      .people as Record<
      'Owner' | 'warden' | 'projected' | 'own' | 'team' | 'bound' | 'Member' | 'walled' | 'blind',
      Person
    >;
    for (const type of ['form', 'config', 'scope'] as const) {
      const actions = [...ACTIONS[type], ...usable(type)];
      const managed = new Set((await checked(Owner, ['read'], type)).get('read'));
      for (const them of [projected, own, team, bound, Member, walled, blind]) {
        const subject = { userId: them.id };
        const told = await checked(Owner, actions, type, subject);
        const wardens = await checked(warden, actions, type, subject);
        const themselves = await checked(them, actions, type);
        for (const action of actions) {
          const list = await listed(Owner, action, type, subject);
          expect([them.email, action, list]).toEqual([
            them.email,
            action,
            [...(told.get(action) ?? [])].sort(),
          ]);
          // Who manages rows behind the wall, and may not ask about others there, is told no more.
          expect(await listed(warden, action, type, subject)).toEqual(list);
          expect([...(wardens.get(action) ?? [])].sort()).toEqual(list);
          const own = new Set(themselves.get(action));
          // What the owner is told is so, and of what they manage nothing is left out.
          expect(list.filter((id: string) => !own.has(id))).toEqual([]);
          const isWalled = them === walled;
          if (type === 'config' && !isWalled) {
            const missing = [...own].filter((id) => managed.has(id) && !list.includes(id));
            expect([them.email, action, missing]).toEqual([them.email, action, []]);
          }
        }
      }
    }
  });
});
