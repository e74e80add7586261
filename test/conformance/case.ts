import fc from 'fast-check';
import type { Database } from '../../src/data/clients.js';
import { assertUniqueIds } from './guards.js';
import type { Guise } from './oracle/person.js';
import { askByType, askNodes } from './questions/by-id.js';
import { askChecks } from './questions/checks.js';
import { askClient, askEvaluate } from './questions/clients.js';
import { askIds, askRootNames } from './questions/ids.js';
import { askList } from './questions/lists.js';
import { askByExternalId, askByName } from './questions/lookups.js';
import { Random } from './questions/random.js';
import { askRelated } from './questions/related.js';
import { openSession, type Seat, type Session } from './questions/session.js';
import { share } from './questions/share.js';
import { build } from './world/build.js';
import { choose } from './world/draft.js';
import { plant } from './world/plant.js';
import { specArbitrary } from './world/spec.js';
import { type Named, PLATFORM, type World } from './world/types.js';

export const QUESTIONS: Record<string, (session: Session, random: Random) => Promise<void>> = {
  nodes: askNodes,
  byType: askByType,
  list: askList,
  related: askRelated,
  byName: askByName,
  byExternalId: askByExternalId,
  ids: askIds,
  rootNames: askRootNames,
  client: askClient,
  evaluate: askEvaluate,
  checks: askChecks,
};

/** Lists are what can be asked in most ways. */
const KINDS = [
  ...Array<'list'>(5).fill('list'),
  ...Array<'related'>(3).fill('related'),
  'byName',
  'byName',
  'byExternalId',
  'rootNames',
] as const;

const question = fc.record({ kind: fc.constantFrom(...KINDS), seed: fc.nat() });

/** Mostly people as they are; with few teammates or many is two ways to the same answers (D7). */
const SEATED = [
  ...Array<'user'>(6).fill('user'),
  ...Array<'many teammates'>(3).fill('many teammates'),
  ...Array<'owned key'>(2).fill('owned key'),
  'team key',
  'teams unresolved',
  'ownerless key',
  'anonymous',
] as const satisfies readonly Guise[];

const sitting = fc.record({
  user: fc.nat(997),
  guise: fc.constantFrom(...SEATED),
  header: fc.nat(997),
  deep: fc.constantFrom('nodes', 'nodes', 'byType', 'ids', 'client', 'evaluate'),
  questions: fc.array(question, { maxLength: 14, size: 'max' }),
});

/** A world, and who asks what in it. */
export const caseArbitrary = fc.record({
  spec: specArbitrary,
  sittings: fc.array(sitting, { minLength: 1, maxLength: 3, size: 'max' }),
});
export type Case = typeof caseArbitrary extends fc.Arbitrary<infer T> ? T : never;
export type Sitting = Case['sittings'][number];

/** Who sits there. */
export function seatOf(world: World, { user, guise, header }: Sitting): Seat {
  const users = world.rows.filter((row) => row.type === 'User');
  return {
    userId: choose(users, user).id,
    guise,
    header: headerOf(world, header),
  };
}

function headerOf(world: World, choice: number): Named {
  if (choice % 10 < 6) return undefined;
  if (choice % 10 === 6) return null;
  // An organization's id means its root (D1).
  const named = world.rows.filter(
    ({ type, id }) => type === 'Organization' || (type === 'Scope' && id !== PLATFORM),
  );
  return choose([...named.map((row) => row.id), 'nowhere'], Math.floor(choice / 10));
}

/** What somebody asks who sits there, in this order. */
export function askedIn({ deep, user, questions }: Sitting): { kind: string; seed: number }[] {
  // Of every row, and so not by everybody.
  const checks = user % 3 === 0 ? [{ kind: 'checks', seed: user }] : [];
  return [{ kind: deep, seed: user }, ...checks, ...questions];
}

/** Plants the world and asks everything; throws at the first disagreement. */
export async function check(database: Database, { spec, sittings }: Case): Promise<void> {
  const world = build(spec);
  assertUniqueIds(world);
  await plant(database, world);
  for (const sitting of sittings) {
    const session = await openSession(database, world, seatOf(world, sitting));
    if (session === null) continue;
    for (const { kind, seed } of askedIn(sitting)) {
      share.kind = kind;
      await QUESTIONS[kind]?.(session, new Random(seed));
    }
  }
}
