import type { Database } from '../../../src/data/clients.js';
import { disturb } from '../disturb.js';
import { cover } from '../oracle/coverage.js';
import { mayRead } from '../oracle/decide.js';
import { expectSame } from '../questions/difference.js';
import { Random } from '../questions/random.js';
import { openSession, type Seat } from '../questions/session.js';
import { build } from '../world/build.js';
import { plant, TABLES } from '../world/plant.js';
import type { World } from '../world/types.js';
import { type WritingCase, writerOf } from './case.js';
import { isSameRow } from './done.js';
import { drawWrite } from './draw.js';
import { type Performed, perform } from './perform.js';
import { Ledger, snapshot } from './snapshot.js';
import { fieldOf, renamed, type Write } from './write.js';

/** What D14 lets a hidden row do: hold its name or its key, be needed, and stop a write along the cascade. */
const EXCEPTIONS: readonly string[] = ['CONFLICT', 'CASCADE_WRITE_FORBIDDEN'];

interface Step {
  readonly write: Write;
  readonly performed: Performed;
}

/**
 * Writes in a world, and the same in one that differs in what is hidden from who writes: every answer must be
 * the same but by D14's exceptions, and what is hidden is as it was. Returns how many writes were compared.
 */
export async function checkWritingNoninterference(
  database: Database,
  { spec, keys, sittings }: WritingCase,
): Promise<number> {
  const world = build(spec, 'writing', keys);
  let compared = 0;
  for (const sitting of sittings) {
    const seat = writerOf(world, sitting, 'writing');
    await plant(database, world);
    const first = await openSession(database, world, seat);
    if (first === null) continue;
    const steps = await writeAll(database, world, seat, sitting.writes);
    const disturbed = disturb(world, first.asking, new Random(sitting.user));
    await plant(database, disturbed.world);
    compared += await writeAgain(database, disturbed.world, seat, steps);
  }
  return compared;
}

async function writeAll(
  database: Database,
  planted: World,
  seat: Seat,
  seeds: readonly number[],
): Promise<Step[]> {
  let world = planted;
  const ledger = await Ledger.open(database);
  const steps: Step[] = [];
  for (const seed of seeds) {
    const session = await openSession(database, world, seat);
    if (session === null) return steps;
    const write = drawWrite(session, new Random(seed));
    const performed = await perform(session, ledger, write);
    steps.push({ write, performed });
    world = performed.world;
  }
  return steps;
}

/** Until the worlds part, as a name that is taken in one of them alone makes them do. */
async function writeAgain(
  database: Database,
  planted: World,
  seat: Seat,
  steps: readonly Step[],
): Promise<number> {
  let world = planted;
  const ledger = await Ledger.open(database);
  const ids = new Map<string, string>();
  const hidden = await hiddenRows(database, world, seat);
  let compared = 0;
  for (const { write, performed } of steps) {
    const session = await openSession(database, world, seat);
    if (session === null) break;
    const again = await perform(session, ledger, renamed(write, ids));
    performed.made.forEach((id, index) => {
      ids.set(id, again.made[index] ?? id);
    });
    const [was, is] = [tellingOf(performed, ids), tellingOf(again, new Map())];
    if (was !== is && isException(performed, again)) {
      cover('D14 write: a hidden row made no difference', false);
      break;
    }
    cover('D14 write: a hidden row made no difference', true);
    const title = `D14: ${fieldOf(write)} ${JSON.stringify(write)} where what is hidden differs`;
    expectSame(title, JSON.parse(is), JSON.parse(was));
    world = again.world;
    compared += 1;
    await expectUntouched(title, database, hidden);
  }
  return compared;
}

const isException = (...both: readonly Performed[]): boolean =>
  both.some(({ answer }) => answer.errors.some(({ code }) => EXCEPTIONS.includes(code)));

/** An answer without moments, with the ids of the other world's new rows. */
function tellingOf({ answer }: Performed, ids: ReadonlyMap<string, string>): string {
  const text = JSON.stringify(answer, (key, value) =>
    ['createdAt', 'updatedAt'].includes(key) ? 'a moment' : value,
  );
  return [...ids].reduce((all, [from, to]) => all.replaceAll(from, to), text);
}

/** The rows that somebody may not read, as they are stored. */
async function hiddenRows(database: Database, world: World, seat: Seat) {
  const session = await openSession(database, world, seat);
  if (session === null) return [];
  const stored = await snapshot(database);
  return world.rows
    .filter((row) => !mayRead(session.asking, row))
    .map(({ type, id }) => ({ type, id, row: stored.get(TABLES[type])?.get(id) }));
}

async function expectUntouched(
  title: string,
  database: Database,
  hidden: Awaited<ReturnType<typeof hiddenRows>>,
): Promise<void> {
  const stored = await snapshot(database);
  const touched = hidden.filter(
    ({ type, id, row }) => !isSameRow(row, stored.get(TABLES[type])?.get(id)),
  );
  expectSame(`${title}: what is hidden is as it was`, touched, []);
}
