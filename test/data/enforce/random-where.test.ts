import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseWhere } from '../../../src/data/enforce/parse-where.js';
import { dataModel } from '../../../src/data/generated-data-model.js';
import { filterSql } from '../../../src/data/sql/filter.js';
import { Decisions } from '../../../src/policy/decisions.js';
import { ownPlace, REACHABLE } from '../../../src/policy/situation.js';
import { guard } from '../../../src/query/guard.js';
import { policies } from '../../../src/schema.js';
import { idsBySql } from '../by-sql.js';
import { type Filter, filterOf, type Model } from './arbitrary-where.js';
import { type Planted, plant } from './fixture.js';
import { loadWorld, type OracleWorld, select, type Viewer } from './oracle.js';

let w: Planted;
let rows: OracleWorld;
beforeAll(async () => {
  w = await plant();
  rows = await loadWorld(w);
});
afterAll(() => w.close());

type Delegate = {
  findMany(args: object): Promise<{ id: string }[]>;
  count(a: object): Promise<number>;
};

test.each<[viewer: Viewer, model: Model]>([
  ['plain', 'Form'],
  ['plain', 'Agent'],
  ['manager', 'Form'],
  ['manager', 'Agent'],
  ['owning', 'Form'],
  ['owning', 'Workflow'],
])(
  'D14, D15: whatever %s asks of %s is answered as if hidden rows were not there',
  async (viewer, model) => {
    const who = viewer === 'owning' ? w.owning(w.people.otto) : w.principals[viewer];
    const client = w.as(who) as unknown as Record<string, Delegate>;
    const delegate = client[model.toLowerCase()] as Delegate;
    const guarding = { dataModel, decisions: new Decisions(policies, who, ownPlace(who)) };
    const bySql = (where: Filter) => {
      const parsed = parseWhere(dataModel, model, where);
      const query = { model, where: parsed, select: { columns: ['id'] } };
      const guarded = guard(guarding, query, REACHABLE);
      return idsBySql(w.database, model, (table) => filterSql(table, guarded.where));
    };
    let some = 0;
    let notAll = 0;
    const visible = select(rows, w, viewer, model, {}).length;
    await fc.assert(
      fc.asyncProperty(filterOf(model), async (where: Filter) => {
        const wanted = select(rows, w, viewer, model, where);
        const found = await delegate.findMany({ where, select: { id: true } });
        expect(found.map((row) => row.id).sort()).toEqual(wanted);
        expect(await bySql(where)).toEqual(wanted);
        if (wanted.length > 0) some += 1;
        if (wanted.length < visible) notAll += 1;
      }),
      { numRuns: 150 },
    );
    // Neither empty nor everything all the time: the comparison has said something.
    expect(some).toBeGreaterThan(20);
    expect(notAll).toBeGreaterThan(20);
  },
  120_000,
);
