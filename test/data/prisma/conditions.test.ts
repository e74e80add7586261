import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../../src/data/clients.js';
import { dataModel } from '../../../src/data/generated-data-model.js';
import { residualWhere } from '../../../src/data/prisma/residual-where.js';
import { residualSql } from '../../../src/data/sql/residual.js';
import type { Table } from '../../../src/data/sql/table.js';
import { conditionResidual } from '../../../src/policy/condition-residual.js';
import { evaluate, type Row } from '../../../src/policy/evaluate.js';
import { factsFor } from '../../../src/policy/facts.js';
import { parseCondition } from '../../../src/policy/parse-condition.js';
import { simplify } from '../../../src/policy/simplify.js';
import { definite } from '../../../src/query/definite.js';
import { policies } from '../../../src/schema.js';
import { principal } from '../../policy/principals.js';
import { freshDatabase } from '../../support/database.js';
import { World } from '../../support/world.js';
import { idsBySql } from '../by-sql.js';
import { plainly } from './plain-conditions.js';

let db: Database;
let rows: Row[];
const METAS: readonly object[] = [
  {},
  { level: 3 },
  { level: 2.5 },
  { level: '3' },
  { level: '' },
  { level: null },
  { level: true },
  { level: [3] },
  { level: { level: 3 } },
  { level: -0, nested: { a: 'ü' } },
  { nested: { a: 'u\u0308' } },
  { nested: { a: null, b: 'x' } },
  { nested: ['a'] },
  { nested: 'a' },
  { level: 1e21, nested: { a: 'A' } },
];
const TEXTS = ['a', 'A', '', 'ü', 'u\u0308', '\u{1F600}', '%', "it's", '3', 'true', 'null'];
const DATES = ['2020-01-01T00:00:00.000Z', '2020-01-01T00:00:00.001Z', '2026-06-30T12:00:00.000Z'];
const declared = policies.get('Form')?.speakable;
if (declared === undefined) throw new Error('there is nothing to speak of');
// No condition may speak of it (D21), but it is the one number that a form has.
const speakable = { ...declared, columns: { ...declared.columns, version: 'number' as const } };
const who = principal({
  userId: '01930000-0000-7ccc-8ccc-cccccccccccc',
  teams: { resolved: true, ids: ['a', '01930000-0000-7ddd-8ddd-dddddddddddd'], memberIds: [] },
  readAt: DATES[1] ?? null,
});

beforeAll(async () => {
  db = await freshDatabase();
  const world = new World(db.client, 'idp');
  const organization = await world.organization('Conditional');
  for (const [index, meta] of METAS.entries()) {
    const name = TEXTS[index % TEXTS.length] ?? '';
    const scope = await world.scope(organization, index % 4 === 0 ? null : name, 'Project', {
      ...(index % 3 === 0 ? {} : { externalId: `${name} ${index}` }),
    });
    await db.client.scope.update({ where: { id: scope.id }, data: { meta } });
    await world.row('form', scope, TEXTS[(index + 3) % TEXTS.length] ?? '', {
      inactive: index % 2 === 0,
      more: {
        description: index % 5 === 0 ? null : TEXTS[index % TEXTS.length],
        createdAt: DATES[index % DATES.length],
        version: 1 + (index % 3),
      },
    });
  }
  rows = (await db.client.form.findMany({
    include: { scope: { include: { type: true } } },
  })) as unknown as Row[];
}, 60_000);
afterAll(() => db.close());

const v = (name: string) => ({ var: name });
const text = fc.constantFrom(...TEXTS, 'Project', 'a 1', 'A 1');
const texts = fc.constantFrom(
  ...['resource.name', 'resource.description', 'scope.name', 'scope.externalId', 'scope.type'].map(
    v,
  ),
);
const metas = fc.constantFrom(
  ...['scope.meta.level', 'scope.meta.nested.a', 'scope.meta.nested'].map(v),
);
const number = fc.constantFrom(3, 2.5, 0, -1, 1e21, 2);
const scalar = fc.oneof(text, number, fc.boolean());
const EQUALS = fc.constantFrom('==', '===', '!=', '!==');
const ORDERS = fc.constantFrom('<', '<=', '>', '>=');
const pair = (
  operator: fc.Arbitrary<string>,
  left: fc.Arbitrary<unknown>,
  right: fc.Arbitrary<unknown>,
) =>
  fc
    .tuple(operator, left, right, fc.boolean())
    .map(([op, a, b, turned]) => ({ [op]: turned ? [b, a] : [a, b] }));
const leaf: fc.Arbitrary<unknown> = fc.oneof(
  pair(EQUALS, texts, text),
  { arbitrary: pair(EQUALS, metas, scalar), weight: 3 },
  pair(fc.oneof(EQUALS, ORDERS), fc.constant(v('resource.version')), fc.constantFrom(0, 1, 2, 3)),
  pair(EQUALS, fc.constant(v('resource.isActive')), fc.boolean()),
  pair(
    fc.oneof(EQUALS, ORDERS),
    fc.constant(v('resource.createdAt')),
    fc.constantFrom(...DATES, v('context.now')),
  ),
  pair(ORDERS, fc.constant(v('context.now')), fc.constantFrom(...DATES)),
  pair(EQUALS, fc.constant(v('principal.kind')), fc.constantFrom('USER', 'user')),
  pair(EQUALS, metas, fc.constantFrom(...['principal.id', 'principal.kind'].map(v))),
  fc.tuple(texts, fc.array(text, { maxLength: 3 })).map((args) => ({ in: args })),
  fc.tuple(metas, fc.array(scalar, { maxLength: 3 })).map((args) => ({ in: args })),
  fc
    .constantFrom('scope.meta.nested.a', 'scope.meta.level', 'principal.id', 'resource.name')
    .map((name) => ({ in: [v(name), v('principal.teamIds')] })),
  fc.boolean(),
);
const { condition } = fc.letrec((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { arbitrary: leaf, weight: 3 },
    {
      arbitrary: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((and) => ({ and })),
      weight: 1,
    },
    {
      arbitrary: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((or) => ({ or })),
      weight: 1,
    },
    { arbitrary: tie('condition').map((one) => ({ '!': one })), weight: 1 },
  ),
}));

it('D11: a condition is true in memory, in the database and in plain words of the same rows', async () => {
  const seen = { yes: 0, no: 0 };
  const ids = (some: readonly Row[]) => some.map(({ id }) => String(id)).sort();
  await fc.assert(
    fc.asyncProperty(condition, async (json) => {
      const { condition: parsed, issues } = parseCondition(json, speakable);
      expect(issues ?? []).toEqual([]);
      if (parsed === undefined) return;
      const residual = simplify(conditionResidual(parsed, speakable, who));
      const expected = rows.filter((row) => plainly(json, row, who) === true);
      const inMemory = rows.filter((row) => {
        const answer = evaluate(residual, row);
        expect(answer).not.toBe('unknown');
        return answer === 'yes';
      });
      const inDatabase = await db.client.form.findMany({ where: residualWhere(residual) });
      expect(ids(inMemory)).toEqual(ids(expected));
      expect(ids(inDatabase)).toEqual(ids(expected));
      const inSql = await idsBySql(db, 'Form', (table) => residualSql(table, residual));
      expect(inSql).toEqual(ids(expected));
      // Under a NOT as well, where "unknown" would be seen.
      if (residual.op !== 'constant') {
        const not = { NOT: residualWhere(definite(dataModel, 'Form', residual)) };
        const others = await db.client.form.findMany({ where: not });
        const rest = ids(rows.filter((row) => !expected.includes(row)));
        expect(ids(others)).toEqual(rest);
        const definitely = definite(dataModel, 'Form', residual);
        const notInSql = (table: Table) => `NOT (${residualSql(table, definitely)})`;
        expect(await idsBySql(db, 'Form', notInSql)).toEqual(rest);
        expect(Object.keys(factsFor(residual)).length).toBeGreaterThan(0);
      }
      seen.yes += expected.length;
      seen.no += rows.length - expected.length;
    }),
    { numRuns: 250 },
  );
  expect(seen.yes).toBeGreaterThan(300);
  expect(seen.no).toBeGreaterThan(300);
}, 120_000);
