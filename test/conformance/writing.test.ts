import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../src/data/clients.js';
import { freshDatabase } from '../support/database.js';
import { assertWritingCovered } from './guards.js';
import { coverageTable } from './oracle/coverage.js';
import { runWriting } from './run.js';

const WORLDS = Number(process.env.WRITING_WORLDS ?? 80);
const SEED = Number(process.env.CONFORMANCE_SEED ?? 201);

let database: Database;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.close());

test(
  `in ${WORLDS} worlds what is written happens as the plain evaluator says, whole or not at all`,
  async () => {
    await runWriting(database, { worlds: WORLDS, seed: SEED });
    process.stdout.write(`\n${coverageTable()}\n`);
    expect(() => assertWritingCovered(WORLDS >= 1000)).not.toThrow();
  },
  15 * 60_000,
);
