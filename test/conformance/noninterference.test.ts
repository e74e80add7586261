import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../src/data/clients.js';
import { freshDatabase } from '../support/database.js';
import { caseArbitrary } from './case.js';
import { checkNoninterference } from './noninterference.js';
import { report, SHRINKING } from './run.js';

const WORLDS = Number(process.env.NONINTERFERENCE_WORLDS ?? 60);
const SEED = Number(process.env.CONFORMANCE_SEED ?? 20261122);

let database: Database;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.close());

test(
  `D14: in ${WORLDS} worlds, what is hidden from somebody makes no difference to them`,
  async () => {
    let changes = 0;
    const property = fc.asyncProperty(caseArbitrary, async (drawn) => {
      changes += await checkNoninterference(database, drawn);
    });
    const details = await fc.check(property, { ...SHRINKING, numRuns: WORLDS, seed: SEED });
    if (details.failed) throw new Error(report(details, 'this seed and path'));
    expect(changes).toBeGreaterThan(WORLDS);
  },
  15 * 60_000,
);
