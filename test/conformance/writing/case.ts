import fc from 'fast-check';
import type { Database } from '../../../src/data/clients.js';
import { QUESTIONS } from '../case.js';
import { assertUniqueIds } from '../guards.js';
import { RESOURCE } from '../oracle/decide.js';
import { type Guise, type Person, personIn, personOf, type Who } from '../oracle/person.js';
import { Tree, tenantOf } from '../oracle/tree.js';
import { Random } from '../questions/random.js';
import { openSession, type Seat, type Session } from '../questions/session.js';
import { build } from '../world/build.js';
import { keysArbitrary } from '../world/build-keys.js';
import type { Purpose } from '../world/build-roles.js';
import { choose } from '../world/draft.js';
import { plant } from '../world/plant.js';
import { specArbitrary } from '../world/spec.js';
import { CASCADING, type CascadingType, type Named, PLATFORM, type World } from '../world/types.js';
import { drawWrite } from './draw.js';
import { drawTreeWrite, TREE_RESOURCES } from './draw-tree.js';
import { perform } from './perform.js';
import { Ledger } from './snapshot.js';
import type { Write } from './write.js';

/** Whether rows are written, or what says who may do what, and where. */
export type Writing = Exclude<Purpose, 'reading'>;

const GUISES = [
  ...Array<'user'>(8).fill('user'),
  ...Array<'many teammates'>(2).fill('many teammates'),
  'teams unresolved',
  'anonymous',
  ...Array<'key'>(6).fill('key'),
] as const satisfies readonly (Guise | 'key')[];

const sitting = fc.record({
  user: fc.nat(997),
  guise: fc.nat(997).map((choice) => choose(GUISES, choice)),
  header: fc.nat(997),
  writes: fc.array(fc.nat(), { minLength: 1, maxLength: 14, size: 'max' }),
  questions: fc.array(
    fc.record({
      kind: fc.constantFrom('list', 'list', 'related', 'byName', 'client', 'evaluate'),
      seed: fc.nat(),
    }),
    { maxLength: 2, size: 'max' },
  ),
  reader: fc.nat(997),
});

/** A world, who writes what in it, and who reads what afterwards. */
export const writingArbitrary = fc.record({
  spec: specArbitrary,
  keys: keysArbitrary,
  sittings: fc.array(sitting, { minLength: 1, maxLength: 3, size: 'max' }),
});
export type WritingCase = typeof writingArbitrary extends fc.Arbitrary<infer T> ? T : never;
type Sitting = WritingCase['sittings'][number];

/** Who sits there: mostly somebody who may write something. */
export function writerOf(world: World, { user, guise, header }: Sitting, purpose: Writing): Seat {
  const tree = new Tree(world);
  const resources = purpose === 'writing' ? WRITTEN : TREE_RESOURCES;
  if (guise === 'key') {
    const key = keyOf(tree, user, resources);
    return { ...key, header: headerOf(tree, key, header) };
  }
  const users = tree.of('User').map(({ id }) => id);
  const writers = users.filter((id) =>
    writesSomething(tree, personOf(world, id, 'user'), resources),
  );
  // Who may do everything comes to few rules: those are asked most who lack something.
  const partial = writers.filter((id) => lacksSomething(tree, personOf(world, id, 'user')));
  const from = [users, writers, partial, partial, partial][user % 5] ?? users;
  const userId = choose([from, writers, users].find((some) => some.length > 0) ?? users, user);
  return { userId, guise, header: headerOf(tree, { userId, guise }, header) };
}

/** Mostly a key that is for something to be written, and may act. */
function keyOf(tree: Tree, choice: number, resources: readonly string[]): Who {
  const { world } = tree;
  const keys = world.keys.map(({ id }) => ({ keyId: id, guise: 'key' }) as const);
  const writers = keys.filter((key) => writesSomething(tree, personIn(world, key), resources));
  return choose(choice % 5 > 0 && writers.length > 0 ? writers : keys, choice);
}

const WRITTEN = [...(Object.keys(CASCADING) as CascadingType[]), 'Team' as const].map(
  (type) => RESOURCE[type],
);

function writesSomething(tree: Tree, person: Person | null, resources: readonly string[]): boolean {
  if (person === null || person.isAdmin) return person !== null;
  return person.held.some(({ roleId }) =>
    (tree.get('Role', roleId).many.permissions ?? []).some((id) => {
      const { resourceType, action } = tree.get('Permission', id).cells;
      return (
        action !== 'read' &&
        resources.includes(String(resourceType)) &&
        (person.operations === null || person.operations.includes(`${resourceType}:${action}`))
      );
    }),
  );
}

/** Nobody's Owner or Admin anywhere. */
function lacksSomething(tree: Tree, person: Person | null): boolean {
  if (person === null || person.isAdmin) return false;
  return person.held.every(({ roleId }) => {
    const { cells } = tree.get('Role', roleId);
    return cells.isSystem !== true || !['Owner', 'Admin'].includes(String(cells.name));
  });
}

/** Mostly at home: who may not act there writes nothing at all. */
function headerOf(tree: Tree, who: Who, choice: number): Named {
  if (choice % 10 < 5) return undefined;
  if (choice % 10 === 5) return null;
  const tenant =
    who.guise === 'key'
      ? tree.world.keys.find(({ id }) => id === who.keyId)?.organizationId
      : tenantOf(tree.get('User', who.userId));
  const named = [...tree.of('Organization'), ...tree.of('Scope')].filter(
    (row) => row.id !== PLATFORM && (choice % 10 === 9 || tenantOf(row) === tenant),
  );
  return choose(named, Math.floor(choice / 10)).id;
}

/** Plants the world, and writes and reads in it by turns; throws at the first disagreement. */
export async function checkWriting(
  database: Database,
  { spec, keys, sittings }: WritingCase,
  purpose: Writing = 'writing',
): Promise<void> {
  let world = build(spec, purpose, keys);
  assertUniqueIds(world);
  await plant(database, world);
  const ledger = await Ledger.open(database);
  for (const sitting of sittings) world = await sit({ database, ledger, purpose }, world, sitting);
}

interface Room {
  readonly database: Database;
  readonly ledger: Ledger;
  readonly purpose: Writing;
}

async function sit(
  { database, ledger, purpose }: Room,
  planted: World,
  sitting: Sitting,
): Promise<World> {
  let world = planted;
  const seat = writerOf(world, sitting, purpose);
  for (const seed of sitting.writes) {
    const session = await openSession(database, world, seat);
    if (session === null) return world;
    world = (await perform(session, ledger, draw(session, new Random(seed), purpose))).world;
  }
  assertUniqueIds(world);
  await readAfter(database, world, seat, sitting);
  return world;
}

/** Who changes the tree changes rows in it now and then: what they may has changed. */
function draw(session: Session, random: Random, purpose: Writing): Write {
  return purpose === 'governing' && random.chance(0.85)
    ? drawTreeWrite(session, random)
    : drawWrite(session, random);
}

/** D14, D15: what is read after writes is what the evaluator's world has, for who wrote and for others. */
async function readAfter(
  database: Database,
  world: World,
  writer: Seat,
  { user, reader, questions }: Sitting,
): Promise<void> {
  const users = new Tree(world).of('User');
  const other: Seat = { userId: choose(users, reader).id, guise: 'user', header: undefined };
  for (const seat of user % 2 === 0 ? [writer, other] : [writer]) {
    const session = await openSession(database, world, seat);
    if (session === null) continue;
    await QUESTIONS.nodes?.(session, new Random(user));
    await QUESTIONS.checks?.(session, new Random(reader));
    for (const { kind, seed } of questions) await QUESTIONS[kind]?.(session, new Random(seed));
  }
}
