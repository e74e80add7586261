import type { Database } from '../../src/data/clients.js';
import { type Case, QUESTIONS, seatOf } from './case.js';
import { disturb } from './disturb.js';
import { expectSame } from './questions/difference.js';
import { Random } from './questions/random.js';
import { type Asked, ask, openSession, type Seat } from './questions/session.js';
import { build } from './world/build.js';
import { plant } from './world/plant.js';
import type { World } from './world/types.js';

type Sitting = Case['sittings'][number];

/**
 * Asks in a world, disturbs what is hidden from who asked, and asks the same again: every answer
 * must be the same byte for byte, cursors, counts and errors included (D14). Returns the changes.
 */
export async function checkNoninterference(database: Database, drawn: Case): Promise<number> {
  const world = build(drawn.spec);
  let changes = 0;
  for (const sitting of drawn.sittings) {
    const seat = seatOf(world, sitting);
    await plant(database, world);
    const before = await openSession(database, world, seat);
    if (before === null) continue;
    const disturbed = disturb(world, before.asking, new Random(sitting.user));
    const ids = disturbed.world.rows.slice(-15).map((row) => row.id);
    const first = await answers(database, world, seat, sitting, ids);
    await plant(database, disturbed.world);
    // Expectations stay those of the world before.
    const second = await answers(database, world, seat, sitting, ids);
    expectSame('D14: the same questions after what is hidden changed', second, first);
    changes += disturbed.changes;
  }
  return changes;
}

async function answers(
  database: Database,
  world: World,
  seat: Seat,
  { user, questions }: Sitting,
  ids: readonly string[],
): Promise<readonly string[]> {
  const transcript: string[] = [];
  const note = (asked: Asked) => transcript.push(JSON.stringify(asked));
  const session = await openSession(database, world, seat, note);
  if (session === null) throw new Error('whoever acts is not hidden from themselves');
  await QUESTIONS.client?.(session, new Random(user));
  for (const kind of ['nodes', 'byType']) await QUESTIONS[kind]?.(session, new Random(user));
  for (const { kind, seed } of questions) await QUESTIONS[kind]?.(session, new Random(seed));
  await ask(session, 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
  return transcript;
}
