import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../src/data/clients.js';
import { freshDatabase } from '../support/database.js';
import { describeWriting } from './describe.js';
import { runAll } from './run.js';
import { writingArbitrary } from './writing/case.js';
import { checkWritingNoninterference } from './writing/noninterference.js';

const WORLDS = Number(process.env.WRITING_NONINTERFERENCE_WORLDS ?? 8);
const SEED = Number(process.env.CONFORMANCE_SEED ?? 20261127);

let database: Database;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.close());

test(
  `D14: in ${WORLDS} worlds, what is hidden from somebody makes no difference to what they write`,
  async () => {
    let compared = 0;
    await runAll(
      { worlds: WORLDS, seed: SEED },
      {
        cases: writingArbitrary,
        async check(drawn) {
          compared += await checkWritingNoninterference(database, drawn);
        },
        describe: describeWriting,
        command: 'this seed and path',
      },
    );
    expect(compared).toBeGreaterThan(WORLDS);
  },
  15 * 60_000,
);
