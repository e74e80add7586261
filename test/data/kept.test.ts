import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/data/clients.js';
import { freshDatabase } from '../support/database.js';
import { keptAndComputed } from './oracle.js';
import { OPERATIONS, Player, type Step, tally } from './player.js';
import { BOUND_TABLES, NAMED_TABLES, World } from './world.js';

const number = fc.nat({ max: 1_000 });
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.tuple(fc.constantFrom(...OPERATIONS), number, number, number),
  { minLength: 30, maxLength: 80, size: 'max' },
);

let db: Database;
let world: World;
beforeAll(async () => {
  db = await freshDatabase();
  world = new World(db);
});
afterAll(() => db.close());

describe('D3, D6, D8: after any sequence of changes', () => {
  it('what the database keeps is what can be computed', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        const player = await Player.start(world);
        for (const [index, step] of sequence.entries()) {
          await player.play(step);
          if (index % 20 !== 0 && index + 1 < sequence.length) continue;
          const { kept, computed } = await keptAndComputed(world);
          expect(kept).toEqual(computed);
        }
        await count();
        await player.end();
      }),
      { numRuns: Number(process.env.HEIMDALL_RANDOM_RUNS ?? 15) },
    );
    // The test is worth something only if much happened and not all of it was refused.
    expect(tally.done).toBeGreaterThan(tally.refused);
    expect(tally.pairs).toBeGreaterThan(50);
    expect(tally.bound).toBeGreaterThan(10);
  });
});

async function count(): Promise<void> {
  for (const table of NAMED_TABLES) {
    tally.pairs += (await world.rows(`SELECT FROM ${table}_shadow`)).length;
  }
  for (const table of BOUND_TABLES) {
    tally.bound += (await world.rows(`SELECT FROM ${table} WHERE role_ids <> '{}'`)).length;
  }
}
