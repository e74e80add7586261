import { afterAll, beforeAll, expect, test } from 'vitest';
import { names, type Planted, plant } from './fixture.js';

let w: Planted;
beforeAll(async () => {
  w = await plant();
});
afterAll(() => w.close());

const open = { name: 'open' };
const bare = { name: 'bare' };
const all = ['bare', 'everywhere', 'open'];
const but = (...left: string[]) => all.filter((name) => !left.includes(name));

// Whatever the junction, what it widens to is what the principal may see (§6.1).
test.each<[where: object, wanted: string[]]>([
  [{}, all],
  [{ AND: [] }, all],
  [{ AND: {} }, all],
  [{ AND: [{}] }, all],
  [{ OR: [] }, []],
  [{ OR: [{}] }, all],
  [{ NOT: [] }, all],
  [{ NOT: {} }, []],
  [{ NOT: [{}] }, []],
  [{ AND: [{ OR: [] }] }, []],
  [{ AND: [{ AND: [{ OR: [] }] }] }, []],
  [{ OR: [{ OR: [] }, open] }, ['open']],
  [{ OR: [{ AND: [] }, open] }, all],
  [{ NOT: { OR: [] } }, all],
  [{ NOT: { AND: [] } }, []],
  [{ NOT: { NOT: { OR: [] } } }, []],
  [{ NOT: { NOT: {} } }, all],
  [{ NOT: { NOT: [] } }, []],
  [{ NOT: [open, { OR: [] }] }, but('open')],
  [{ AND: open }, ['open']],
  [{ AND: [open, bare] }, []],
  [{ OR: [open, bare] }, ['bare', 'open']],
  [{ OR: [open], AND: [bare] }, []],
  [{ NOT: open }, but('open')],
  [{ NOT: [open, bare] }, but('open', 'bare')],
  [{ NOT: { OR: [open, bare] } }, but('open', 'bare')],
  [{ NOT: { AND: [open, bare] } }, all],
  [{ NOT: { NOT: open } }, ['open']],
  [{ NOT: { NOT: [open, bare] } }, ['bare', 'open']],
  [{ NOT: { name: 'open', isActive: true } }, but('open')],
  [{ NOT: { name: 'open', isActive: false } }, all],
  [{ OR: [{ name: 'bound' }, { name: 'other' }, { isActive: false }] }, []],
  [{ NOT: { name: 'bound' } }, all],
  [{ name: { not: 'open' } }, but('open')],
  [{ name: { notIn: [] } }, all],
  [{ name: { in: [] } }, []],
  [{ NOT: { name: { in: [] } } }, all],
])('%j', async (where, wanted) => {
  const db = w.as(w.principals.plain);
  expect(names(await db.workflow.findMany({ where }))).toEqual(wanted);
  expect(await db.workflow.count({ where })).toBe(wanted.length);
  const through = await db.form.findMany({ where: { workflow: { is: where } } });
  expect(new Set(through.map((form) => form.workflowId)).size).toBe(wanted.length);
});

test.each<[where: unknown]>([
  [{ OR: open }],
  [{ OR: null }],
  [{ AND: null }],
  [{ NOT: null }],
  [{ AND: [null] }],
  [{ AND: [[open]] }],
  [{ NOT: 'x' }],
  [null],
  [[]],
  ['x'],
  [[open]],
])('refused: %j', async (where) => {
  const find = w.as(w.principals.plain).workflow.findMany({ where: where as never });
  await expect(find).rejects.toThrow(/plain object|OR takes a list/);
});
