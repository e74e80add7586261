import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../../src/data/clients.js';
import { pairNames } from '../../../src/data/prisma/pair-names.js';
import { residualWhere } from '../../../src/data/prisma/residual-where.js';
import { evaluate } from '../../../src/policy/evaluate.js';
import { pairs } from '../../../src/policy/residual.js';
import { freshDatabase } from '../../support/database.js';

let database: Database;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.close());

const ids = (count: number) => Array.from({ length: count }, () => randomUUID());

test('D6: pairs have the names that the database gives them', async () => {
  const [firsts, seconds] = [ids(3), ids(2)];
  const [row] = await database.sql.query<{ names: string[] }>(
    'SELECT heimdall_usable_by($1::uuid[], $2::uuid[])::text[] AS names',
    [firsts, seconds],
  );
  expect(row?.names).toHaveLength(6);
  expect(pairNames([{ firsts, seconds }]).sort()).toEqual([...(row?.names ?? [])].sort());
  expect(pairNames([{ firsts: seconds, seconds: firsts }]).sort()).not.toEqual(
    [...(row?.names ?? [])].sort(),
  );
});

test('§6.3: a role that is held at one scope opens nothing at another', async () => {
  const [clerk, chief, here, there] = ids(4) as [string, string, string, string];
  const residual = pairs(['roleIds', 'governedBy'], 'usableBy', [
    { firsts: [clerk], seconds: [here] },
    { firsts: [chief], seconds: [there] },
  ]);
  const { usableBy } = residualWhere(residual) as { usableBy: { hasSome: string[] } };
  const cases = [
    [[clerk], [here], true],
    [[clerk], [there], false],
    [[chief], [here], false],
    [[chief, clerk], [here], true],
    [[], [here], false],
    [[clerk], [], false],
  ] as const;
  for (const [roleIds, governedBy, wanted] of cases) {
    const [row] = await database.sql.query<{ found: boolean }>(
      'SELECT heimdall_usable_by($1::uuid[], $2::uuid[]) && $3::uuid[] AS found',
      [roleIds, governedBy, usableBy.hasSome],
    );
    expect([row?.found, evaluate(residual, { roleIds, governedBy })]).toEqual([
      wanted,
      wanted ? 'yes' : 'no',
    ]);
  }
});
