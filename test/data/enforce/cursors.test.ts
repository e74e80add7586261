import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EnforcedClient } from '../../../src/data/enforce/enforced-client.js';
import { names, type Planted, plant } from './fixture.js';

let w: Planted;
let db: EnforcedClient;
beforeAll(async () => {
  w = await plant();
  db = w.as(w.principals.plain);
});
afterAll(() => w.close());

test('a cursor on a visible row pages from there', async () => {
  const cursor = { id: w.workflows.everywhere };
  const orderBy = { name: 'asc' as const };
  expect(names(await db.workflow.findMany({ cursor, orderBy }))).toEqual(['everywhere', 'open']);
  expect(names(await db.workflow.findMany({ cursor, orderBy, take: -2 }))).toEqual([
    'bare',
    'everywhere',
  ]);
  // Prisma counts from a cursor in a unique order alone.
  const later = await db.workflow.findMany({ cursor, orderBy: { id: 'asc' } });
  expect(await db.workflow.count({ cursor, orderBy: { id: 'asc' } })).toBe(later.length);
});

test('D14: a cursor on a hidden row answers as one on a row that does not exist (§6.4)', async () => {
  const hidden = [w.workflows.bound, w.workflows.nameless, w.workflows.walled, w.workflows.other];
  for (const direction of ['asc', 'desc'] as const) {
    // A nullable column too: null sorts on either side of a row that is not there.
    for (const column of ['name', 'description', 'id'] as const) {
      const orderBy = { [column]: direction };
      const ask = async (id: string) => [
        await db.workflow.findMany({ cursor: { id }, orderBy }),
        await db.workflow.findMany({ cursor: { id }, orderBy, take: -5, skip: 1 }),
        await db.workflow.findFirst({ cursor: { id }, orderBy }),
        await db.workflow.count({ cursor: { id }, orderBy: { id: direction } }),
        await db.workflow.aggregate({ cursor: { id }, orderBy: { id: direction }, _count: true }),
      ];
      const none = await ask(randomUUID());
      expect(none).toEqual([[], [], null, 0, { _count: 0 }]);
      for (const id of hidden) expect(await ask(id)).toEqual(none);
    }
  }
});

test('a cursor is a unique key of open columns and nothing else', async () => {
  const bad: unknown[] = [
    {},
    { name: 'open' },
    { id: w.workflows.open, name: 'open' },
    { id: undefined },
    { scopeId_name: { scopeId: w.root, name: 'open' } },
    { constructor: 'x' },
    null,
  ];
  for (const cursor of bad) {
    await expect(db.workflow.findMany({ cursor: cursor as never })).rejects.toThrow();
  }
  await expect(
    db.agent.findMany({ include: { tools: { cursor: { agentId_workflowId: {} } as never } } }),
  ).rejects.toThrow('does not take cursor');
});
