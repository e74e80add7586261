import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../src/data/clients.js';
import { freshDatabase } from '../support/database.js';
import { share } from './questions/share.js';
import { run, runGoverning, runWriting } from './run.js';

/** For the embedded database, where all the others are asked of a server. */
const WORLDS = 5;
const SEED = Number(process.env.CONFORMANCE_SEED ?? 20261128);

let database: Database;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.close());

test(
  `in ${WORLDS} worlds that are read, written in and governed it answers as the plain evaluator does`,
  async () => {
    const drawn = { worlds: WORLDS, seed: SEED };
    await run(database, drawn);
    await runWriting(database, drawn);
    await runGoverning(database, drawn);
    expect(share.answered).toBeGreaterThan(WORLDS);
  },
  15 * 60_000,
);
