import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';
import { mutate } from '../support/mutate.js';
import type { Identified, Person, Spot, World } from '../support/world.js';

/**
 * Whatever is moved and flipped by whomever in generated trees: by a plain evaluator, nobody comes to be able to do with
 * anything what whoever did it could not (D21), and the database lets everybody read exactly what the evaluator does.
 */
const SCOPES = ['read', 'create', 'update', 'move', 'delete'].map((action) => `scope:${action}`);
const TYPES = ['scopeType:read', 'scopeType:update'];
const MEMBERS = ['membership:update', 'role:update'];
const FORMS = ['form:read', 'form:update', 'form:delete'];

/** What somebody can hold: whole sets, so that much is permitted, and single ones, so that much is not. */
const SETS: readonly (readonly string[])[] = [
  [...SCOPES, ...TYPES, ...MEMBERS, ...FORMS, 'role:assign'],
  [...SCOPES, ...TYPES, ...MEMBERS, 'form:update', 'role:assign'],
  [...SCOPES, ...TYPES, ...MEMBERS, ...FORMS],
  ['form:read'],
  ['form:update'],
  ['scope:read', 'scope:update'],
];

interface Tree {
  /** The parent of each scope by its index, the root being the first, and the type of each. */
  readonly parents: readonly number[];
  readonly types: readonly number[];
  readonly merges: readonly boolean[];
}

interface Holding {
  readonly user: number;
  readonly scope: number;
  readonly set: number;
}

/** inherits(S) of D8. */
function inherits({ parents, types, merges }: Tree, scope: number): number[] {
  const above = scope > 0 && merges[types[scope] as number];
  return above
    ? [scope, ...inherits({ parents, types, merges }, parents[scope] as number)]
    : [scope];
}

interface Thing {
  readonly kind: 'form' | 'scope';
  readonly at: number;
}

function can(tree: Tree, held: readonly Holding[], user: number, thing: Thing, action: string) {
  const ofItself = thing.kind === 'form' || action === 'update' || thing.at === 0;
  const home = ofItself ? thing.at : (tree.parents[thing.at] as number);
  const reaching = inherits(tree, home);
  return held.some(
    (one) =>
      one.user === user &&
      reaching.includes(one.scope) &&
      SETS[one.set]?.includes(`${thing.kind}:${action}`),
  );
}

const ACTIONS = {
  form: ['read', 'update', 'delete'],
  scope: ['read', 'update', 'move', 'delete'],
} as const;

/** Who can do what afterwards that they could not, and that who did it could not either. */
function escalated(before: Tree, after: Tree, held: readonly Holding[], by: number): string[] {
  const found: string[] = [];
  for (const [at] of before.parents.entries()) {
    for (const kind of ['form', 'scope'] as const) {
      for (const action of ACTIONS[kind]) {
        const thing = { kind, at };
        if (can(before, held, by, thing, action)) continue;
        for (let user = 0; user < USERS; user++) {
          if (can(after, held, user, thing, action) && !can(before, held, user, thing, action)) {
            found.push(`${user} can ${action} the ${kind} ${at}`);
          }
        }
      }
    }
  }
  return found;
}

const USERS = 3;
const COUNT = 6;

const arbitrary = fc.record({
  parents: fc.tuple(...Array.from({ length: COUNT - 1 }, (_, n) => fc.nat(n))),
  types: fc.array(fc.nat(1), { minLength: COUNT - 1, maxLength: COUNT - 1 }),
  merges: fc.tuple(fc.boolean(), fc.boolean()),
  held: fc.array(
    fc.record({
      user: fc.nat(USERS - 1),
      // Much is held at the root, or nobody could do anything.
      scope: fc.oneof(fc.constant(0), fc.nat(COUNT - 1)),
      set: fc.oneof(fc.nat(1), fc.nat(SETS.length - 1)),
    }),
    { minLength: 3, maxLength: 9 },
  ),
  steps: fc.array(
    fc.record({
      by: fc.nat(USERS - 1),
      what: fc.nat(COUNT - 1),
      to: fc.option(fc.nat(COUNT - 1), { freq: 5 }),
    }),
    { minLength: 4, maxLength: 6 },
  ),
});

interface Planted {
  readonly people: readonly Person[];
  readonly scopes: readonly Spot[];
  readonly types: readonly Identified[];
}

async function plant(world: World, tree: Tree, held: readonly Holding[]): Promise<Planted> {
  const organization = await world.organization('generated');
  const types: Identified[] = [];
  for (const merging of tree.merges) {
    types.push(await world.scopeType(organization, merging ? 'MERGE' : 'DEFINE'));
  }
  const [one, two] = types.map(({ id }) => id) as [string, string];
  await world.client.scopeTypeEdge.createMany({
    data: [
      { parentTypeId: one, childTypeId: two },
      { parentTypeId: two, childTypeId: one },
    ],
  });
  const scopes: Spot[] = [organization];
  for (let n = 1; n < COUNT; n++) {
    const parent = scopes[tree.parents[n] as number] as Spot;
    scopes.push(await world.scope(parent, `scope ${n}`, types[tree.types[n] as number]));
  }
  for (const [n, scope] of scopes.entries()) {
    await world.row('form', scope, `form ${n}`, { access: 'ROLE_BASED' });
  }
  const people = [];
  for (let user = 0; user < USERS; user++) people.push(await world.user(organization));
  const roles: Identified[] = [];
  for (const set of SETS) roles.push(await world.role(organization, set));
  for (const { user, scope, set } of held) {
    await world.hold(people[user] as Person, roles[set] as Identified, scopes[scope] as Spot);
  }
  return { people, scopes, types };
}

const shared = gatewayWith(async () => ({}));

describe('D21: trees are changed so that nobody gains what who changed them could not give', () => {
  const outcomes = { moved: 0, flipped: 0, refused: 0 };

  it('whatever they are like', async () => {
    await fc.assert(
      fc.asyncProperty(arbitrary, async ({ steps, ...drawn }) => {
        const held = [...new Map(drawn.held.map((one) => [JSON.stringify(one), one])).values()];
        let tree: Tree = {
          parents: [0, ...drawn.parents],
          types: [0, ...drawn.types],
          merges: drawn.merges,
        };
        const { people, scopes, types } = await plant(shared.world, tree, held);
        for (const { by, what, to } of steps) {
          const who = people[by] as Person;
          const type = what % 2;
          const after: Tree =
            to === null
              ? { ...tree, merges: tree.merges.map((one, n) => (n === type ? !one : one)) }
              : { ...tree, parents: tree.parents.map((one, n) => (n === what ? to : one)) };
          const { code } =
            to === null
              ? await mutate(
                  shared,
                  who.email,
                  'updateScopeType',
                  { id: types[type]?.id, permissionMode: after.merges[type] ? 'MERGE' : 'DEFINE' },
                  'scopeType { id }',
                )
              : await mutate(
                  shared,
                  who.email,
                  'moveScope',
                  {
                    id: what === 0 ? scopes[0]?.scopeId : scopes[what]?.id,
                    parent: scopes[to]?.id,
                  },
                  'scope { id }',
                );
          if (code !== undefined) {
            outcomes.refused += 1;
            continue;
          }
          if (to === null) outcomes.flipped += 1;
          else outcomes.moved += 1;
          expect(escalated(tree, after, held, by)).toEqual([]);
          tree = after;
        }
        for (const [user, { email }] of people.entries()) {
          const { data } = await shared.ask(email, '{ forms { edges { node { name } } } }');
          const names = data.forms.edges.map(({ node }: { node: { name: string } }) => node.name);
          const readable = scopes.flatMap((_, at) =>
            can(tree, held, user, { kind: 'form', at }, 'read') ? [`form ${at}`] : [],
          );
          expect(names.sort()).toEqual(readable);
        }
      }),
      { seed: 20261126, numRuns: Number(process.env.TREE_RUNS ?? 16), endOnFailure: true },
    );
    // Neither all nor nothing was permitted.
    expect(outcomes.moved).toBeGreaterThan(3);
    expect(outcomes.flipped).toBeGreaterThan(0);
    expect(outcomes.refused).toBeGreaterThan(3);
  }, 300_000);
});
