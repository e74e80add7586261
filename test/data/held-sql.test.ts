import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/data/clients.js';
import { dataModel } from '../../src/data/generated-data-model.js';
import { Draft } from '../../src/data/sql/draft.js';
import { residualSql } from '../../src/data/sql/residual.js';
import { tableOf } from '../../src/data/sql/table.js';
import type { Policy } from '../../src/policy/define-policy.js';
import { evaluate, type Row } from '../../src/policy/evaluate.js';
import { managedResidual } from '../../src/policy/manage.js';
import type { Grant } from '../../src/policy/principal.js';
import { isConstant } from '../../src/policy/residual.js';
import { simplify } from '../../src/policy/simplify.js';
import { ownPlace, REACHABLE } from '../../src/policy/situation.js';
import { policies } from '../../src/schema.js';
import { principal } from '../policy/principals.js';
import { freshDatabase } from '../support/database.js';
import { World } from '../support/world.js';
import { idsBySql } from './by-sql.js';

const NAMES = ['a', 'A', 'a/1', 'a/2', 'a/b/1', 'ab', 'b', 'b/1', '%', 'a%', "it's", 'ü/1'];
const PATTERNS = [...NAMES, 'a/*', 'a/b/*', 'b/*', '%/*', 'ü/*', '*/a', '*', 'owned'];
const form = policies.get('Form') as Policy;
const scopeIds: string[] = [];
let db: Database;
let rows: Row[];
let userId = '';
let organizationId = '';

beforeAll(async () => {
  db = await freshDatabase();
  const world = new World(db.client, 'idp');
  const a = await world.organization('A');
  organizationId = a.id;
  const [me, other] = [await world.user(a, 'me'), await world.user(a, 'other')];
  userId = me.id;
  for (const [index, name] of NAMES.entries()) {
    const project = await world.scope(a, `p${index}`, index % 3 === 0 ? 'Workspace' : 'Project');
    scopeIds.push(project.id);
    await world.row('form', project, name, { owner: index % 2 === 0 ? me : other });
    await world.row('form', project, NAMES[(index + 5) % NAMES.length] ?? '', { owner: other });
  }
  rows = (await db.client.form.findMany()) as unknown as Row[];
}, 60_000);
afterAll(() => db.close());

/** What some grants to read forms leave of the policy. */
function residualOf(grants: readonly Grant[]) {
  const who = principal({ userId, organizationId, grants });
  const situation = { principal: who, place: ownPlace(who), extent: REACHABLE };
  const permission = { resource: 'form', action: 'read' };
  return simplify(managedResidual(form, permission, 'tenant', situation));
}

const held = (pattern: string, at: readonly string[], more: Partial<Grant> = {}): Grant => ({
  ...{ resourceType: 'form', action: 'read', dataAccess: 'ALL_DATA', pattern, scopeIds: at },
  ...more,
});

function textOf(grants: readonly Grant[]): string {
  const table = tableOf(new Draft(), dataModel, 'Form');
  return residualSql(table, residualOf(grants));
}

describe('D7: grants of many shapes', () => {
  it('permit in SQL what they permit in memory', async () => {
    const pattern = fc.oneof(
      { arbitrary: fc.constantFrom(...PATTERNS), weight: 6 },
      {
        arbitrary: fc.nat().map((at) => String(rows[at % rows.length]?.id).toUpperCase()),
        weight: 1,
      },
    );
    const at = fc
      .array(fc.nat(NAMES.length - 1), { minLength: 1, maxLength: 8 })
      .map((all) => [...new Set(all)].map((index) => scopeIds[index] ?? ''));
    const reach = fc.constantFrom('ALL_DATA', 'ALL_DATA', 'OWN_DATA', 'TEAM_DATA');
    const one = fc.record({ pattern, at, reach });
    let [permitted, refused, together] = [0, 0, 0];
    await fc.assert(
      fc.asyncProperty(fc.array(one, { minLength: 1, maxLength: 40 }), async (given) => {
        const grants = given.map((each) =>
          held(each.pattern, each.at, { dataAccess: each.reach as Grant['dataAccess'] }),
        );
        const residual = residualOf(grants);
        if (isConstant(residual, false)) return;
        const expected = rows.filter((row) => evaluate(residual, row) === 'yes');
        const found = await idsBySql(db, 'Form', (table) => residualSql(table, residual));
        expect(found).toEqual(expected.map(({ id }) => String(id)).sort());
        permitted += expected.length;
        refused += rows.length - expected.length;
        if (textOf(grants).includes('unnest')) together += 1;
      }),
      { numRuns: 150 },
    );
    expect(Math.min(permitted, refused)).toBeGreaterThan(200);
    expect(together).toBeGreaterThan(30);
  }, 60_000);

  it('are one text, however many they are', () => {
    const many = (count: number, dataAccess: Grant['dataAccess'] = 'ALL_DATA') =>
      Array.from({ length: count }, (_, index) =>
        held(
          index % 2 === 0 ? `n${index}` : `p${index}/*`,
          [scopeIds[index % 12] ?? '', `s${index}`],
          {
            dataAccess,
          },
        ),
      );
    const both = (count: number) => [
      ...many(count),
      ...many(count, 'OWN_DATA').map((one) => ({ ...one, pattern: `own-${one.pattern}` })),
    ];
    expect(textOf(both(6))).toBe(textOf(both(60)));
    // Those of one place are one test of prefixes and one of names.
    const here = (count: number) =>
      many(count).map((one) => ({ ...one, scopeIds: [scopeIds[0] ?? ''] }));
    expect(textOf(here(3))).toBe(textOf(here(60)));
  });
});
