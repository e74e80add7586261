import fc from 'fast-check';
import type { Database } from '../../../src/data/clients.js';
import { askedIn, type Case, caseArbitrary, QUESTIONS, seatOf } from '../case.js';
import { mayRead } from '../oracle/decide.js';
import { personOf } from '../oracle/person.js';
import { ownPlace } from '../oracle/place.js';
import { Tree } from '../oracle/tree.js';
import { Random } from '../questions/random.js';
import { openSession, type Seat } from '../questions/session.js';
import { build } from '../world/build.js';
import { plant } from '../world/plant.js';
import type { World } from '../world/types.js';
import { Notes, settled } from './notes.js';
import { sweep } from './sweep.js';

/** Where the worlds of a recording come from. */
export interface Drawn {
  readonly worlds: number;
  readonly seed: number;
}

/** Takes the lines of the next world. */
type OnWorld = (lines: readonly string[]) => Promise<void> | void;

/**
 * Asks what `run` asks in the worlds of a seed, and a sweep besides, and hands over every answer as
 * a line of JSON. The same code makes the same lines. Whether an answer is right is not looked at: that
 * the evaluator disagrees is one more thing to write down.
 */
export async function record(
  database: Database,
  { worlds, seed }: Drawn,
  onWorld: OnWorld,
): Promise<void> {
  let index = 0;
  // Not a sample: that would draw other worlds of the same seed.
  const property = fc.asyncProperty(caseArbitrary, async (drawn) => {
    index += 1;
    await onWorld(await answersOf(database, drawn, index));
  });
  const details = await fc.check(property, { numRuns: worlds, seed, endOnFailure: true });
  if (details.failed) throw details.errorInstance;
}

async function answersOf(database: Database, drawn: Case, index: number): Promise<string[]> {
  const world = build(drawn.spec);
  await plant(database, world);
  const lines: string[] = [];
  for (const [chair, sitting] of drawn.sittings.entries()) {
    const seat = seatOf(world, sitting);
    const notes = new Notes(`${index}.${chair + 1}`, seat);
    await sit({ database, world, notes }, seat, sitting.user, askedIn(sitting));
    lines.push(...notes.lines);
  }
  // Those who were drawn mostly read little; admins, who read all, have every other world.
  const seat = whoReadsMost(world, index % 2 === 0);
  if (seat === null) return lines;
  const notes = new Notes(`${index}.most`, seat);
  await sit({ database, world, notes }, seat, index, []);
  return [...lines, ...notes.lines];
}

interface Room {
  readonly database: Database;
  readonly world: World;
  readonly notes: Notes;
}

async function sit(
  { database, world, notes }: Room,
  seat: Seat,
  seed: number,
  questions: ReturnType<typeof askedIn>,
): Promise<void> {
  const session = await notes.during('sits down', async () => {
    const opened = await openSession(database, world, seat, (asked) => notes.write(settled(asked)));
    notes.write({ acts: opened !== null });
    return opened;
  });
  if (session === null || session === undefined) return;
  for (const [index, { kind, seed: drawn }] of questions.entries()) {
    const ask = async () => QUESTIONS[kind]?.(session, new Random(drawn));
    await notes.during(`${index + 1}: ${kind}#${drawn}`, ask);
  }
  const about = (what: string): void => notes.turnTo(`sweep: ${what}`);
  await notes.during('sweep', () => sweep(session, new Random(seed), about));
}

/** The active person who may read the most rows; null if nobody is. */
function whoReadsMost(world: World, adminsToo: boolean): Seat | null {
  const tree = new Tree(world);
  const guise = 'user';
  const users = tree.of('User').filter(({ cells }) => adminsToo || cells.isPlatformAdmin !== true);
  const counted = users.flatMap(({ id }) => {
    const person = personOf(world, id, guise);
    if (person === null) return [];
    const asking = { tree, person, place: ownPlace(person) };
    return [{ id, rows: world.rows.filter((row) => mayRead(asking, row)).length }];
  });
  const [first] = counted.sort((a, b) => b.rows - a.rows);
  return first === undefined ? null : { userId: first.id, guise, header: undefined };
}
