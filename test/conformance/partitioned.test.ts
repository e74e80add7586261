import { afterAll, beforeAll, expect, test } from 'vitest';
import { partitionSql } from '../../scripts/partition/by-organization.js';
import type { Database } from '../../src/data/clients.js';
import { freshDatabase } from '../support/database.js';
import { compareLines } from './answers/compare.js';
import { record } from './answers/record.js';
import { run, runGoverning, runWriting } from './run.js';

const PARTITIONS = 4;
const WORLDS = Number(process.env.PARTITIONED_WORLDS ?? 6);
const SEED = 20261127;

let whole: Database;
let partitioned: Database;
beforeAll(async () => {
  [whole, partitioned] = [await freshDatabase(), await freshDatabase()];
  await partitioned.sql.script(partitionSql(PARTITIONS));
});
afterAll(async () => {
  await Promise.all([whole?.close(), partitioned?.close()]);
});

const MINUTES = 15 * 60_000;

test(
  `partitioned by organization it answers as the plain evaluator does in ${WORLDS} worlds`,
  async () => {
    await run(partitioned, { worlds: WORLDS, seed: SEED });
  },
  MINUTES,
);

test(
  'and so it does where they are written in, and governed',
  async () => {
    const half = { worlds: Math.ceil(WORLDS / 2), seed: SEED };
    await runWriting(partitioned, half);
    await runGoverning(partitioned, half);
  },
  MINUTES,
);

test(
  'and every type, field, order, filter and lookup is answered as by whole tables',
  async () => {
    const drawn = { worlds: Math.ceil(WORLDS / 12), seed: SEED };
    const expected: (readonly string[])[] = [];
    await record(whole, drawn, async (lines) => void expected.push(lines));
    const differences: string[] = [];
    let [world, count] = [0, 0];
    await record(partitioned, drawn, async (lines) => {
      differences.push(...compareLines(expected[world++] ?? [], lines));
      count += lines.length;
    });
    expect(count).toBeGreaterThan(100);
    expect(differences).toEqual([]);
  },
  MINUTES,
);
