import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../src/data/clients.js';
import { freshDatabase } from '../support/database.js';
import { caseArbitrary } from './case.js';
import { describe } from './describe.js';
import { checkNoninterference } from './noninterference.js';
import { runAll } from './run.js';

const WORLDS = Number(process.env.NONINTERFERENCE_WORLDS ?? 40);
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
    await runAll(
      { worlds: WORLDS, seed: SEED },
      {
        cases: caseArbitrary,
        async check(drawn) {
          changes += await checkNoninterference(database, drawn);
        },
        describe,
        command: 'this seed and path',
      },
    );
    expect(changes).toBeGreaterThan(WORLDS);
  },
  15 * 60_000,
);
