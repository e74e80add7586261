import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../src/data/clients.js';
import { freshDatabase } from '../support/database.js';
import { assertGoverningCovered } from './guards.js';
import { coverageTable } from './oracle/coverage.js';
import { runGoverning } from './run.js';

const WORLDS = Number(process.env.GOVERNING_WORLDS ?? 24);
const SEED = Number(process.env.CONFORMANCE_SEED ?? 1212);

let database: Database;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.close());

test(
  `in ${WORLDS} worlds who may do what, and where, is changed as the plain evaluator says`,
  async () => {
    await runGoverning(database, { worlds: WORLDS, seed: SEED });
    process.stdout.write(`\n${coverageTable()}\n`);
    expect(() => assertGoverningCovered(WORLDS >= 1000)).not.toThrow();
  },
  15 * 60_000,
);
