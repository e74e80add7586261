import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EnforcedClient } from '../../../src/data/enforce/enforced-client.js';
import { ownPlace } from '../../../src/policy/situation.js';
import { names, type Planted, plant } from './fixture.js';

let w: Planted;
let db: EnforcedClient;
beforeAll(async () => {
  w = await plant();
  db = w.as(w.principals.plain);
});
afterAll(() => w.close());

describe('D14: nested rows are narrowed at every depth (§6.2)', () => {
  test('a hidden to-one row is null, one of a list is absent', async () => {
    const forms = await db.form.findMany({
      where: { name: { in: ['to open', 'to bound', 'to nameless', 'to nothing'] } },
      orderBy: { name: 'asc' },
      include: { workflow: true, organization: true, scope: true },
    });
    expect(forms.map((form) => [form.name, form.workflow?.name ?? null])).toEqual([
      ['to bound', null],
      ['to nameless', null],
      ['to nothing', null],
      ['to open', 'open'],
    ]);
    for (const form of forms) expect([form.organization, form.scope]).toEqual([null, null]);
  });

  test('three deep, by select and by include', async () => {
    const selected = await db.agent.findFirst({
      where: { name: 'mixed' },
      select: {
        tools: { select: { workflow: { select: { name: true, organization: true } } } },
        delegates: { select: { delegate: { select: { tools: { select: { workflow: true } } } } } },
      },
    });
    const tools = selected?.tools.map(({ workflow }) => workflow ?? { name: null });
    expect(names(tools ?? [])).toEqual(['everywhere', 'open']);
    expect(selected?.delegates).toEqual([{ delegate: { tools: [] } }]);

    const include = { tools: { include: { workflow: { include: { roles: true } } } } };
    const included = await db.agent.findFirst({ where: { name: 'mixed' }, include });
    expect(names(included?.tools.map(({ workflow }) => workflow ?? { name: null }) ?? [])).toEqual([
      'everywhere',
      'open',
    ]);
    const manager = w
      .as(w.principals.manager)
      .agent.findFirst({ where: { name: 'mixed' }, include });
    expect((await manager)?.tools.flatMap(({ workflow }) => workflow?.roles ?? [])).toHaveLength(1);
  });

  test("a nested filter adds to the policy's and replaces nothing of it", async () => {
    const toolsOf = async (where: object) => {
      const agent = await db.agent.findFirst({
        where: { name: 'mixed' },
        include: { tools: { where, include: { workflow: true } } },
      });
      return names(agent?.tools.map(({ workflow }) => workflow ?? { name: null }) ?? []);
    };
    expect(await toolsOf({})).toEqual(['everywhere', 'open']);
    expect(await toolsOf({ workflow: { name: 'open' } })).toEqual(['open']);
    expect(await toolsOf({ OR: [{}, { workflow: { name: 'bound' } }] })).toEqual([
      'everywhere',
      'open',
    ]);
    expect(await toolsOf({ NOT: { workflow: { name: 'open' } } })).toEqual(['everywhere']);
    const form = await db.form.findFirst({
      where: { name: 'to open' },
      include: { workflow: { where: { name: 'bare' } } },
    });
    expect(form?.workflow).toBeNull();
  });

  test('bound roles need Manage(read) on what they are bound to, and read on the role (D15)', async () => {
    const find = (on: EnforcedClient) =>
      on.workflow.findMany({ where: { name: 'bound' }, include: { roles: true } });
    expect((await find(w.as(w.principals.manager)))[0]?.roles).toHaveLength(1);
    const user = {
      ...w.principals.plain,
      roles: [{ roleId: w.clerk, name: '', scopeIds: [w.root] }],
    };
    expect((await find(w.as(user)))[0]?.roles).toEqual([]);
  });
});

describe('D14: _count counts what may be seen', () => {
  test('selected', async () => {
    const counts = async (on: EnforcedClient, tools: boolean | { where: object } = true) => {
      const select = { name: true, _count: { select: { tools, delegates: true } } };
      const rows = await on.agent.findMany({ select, orderBy: { name: 'asc' } });
      return rows.map(({ name, _count }) => [name, _count.tools, _count.delegates]);
    };
    expect(await counts(db)).toEqual([
      ['bare', 0, 0],
      ['blind', 0, 0],
      ['mixed', 2, 1],
    ]);
    expect((await counts(db, { where: { workflow: { name: 'bound' } } }))[2]).toEqual([
      'mixed',
      0,
      1,
    ]);
    expect((await counts(db, { where: { NOT: { workflow: { name: 'open' } } } }))[2]?.[1]).toBe(1);
    expect(await counts(w.as(w.principals.manager))).toEqual([
      ['bare', 0, 0],
      ['blind', 2, 0],
      ['hidden', 1, 0],
      ['mixed', 4, 2],
    ]);
  });

  test('all of them, by true, at the root and below', async () => {
    const agent = await db.agent.findFirst({ where: { name: 'mixed' }, include: { _count: true } });
    expect(agent?._count).toEqual({ tools: 2, delegates: 1, delegators: 0, history: 0 });
    const nested = await db.agent.findFirst({
      where: { name: 'mixed' },
      select: { delegates: { select: { delegate: { select: { _count: true } } } } },
    });
    expect(nested?.delegates).toEqual([
      { delegate: { _count: { tools: 0, delegates: 0, delegators: 1, history: 0 } } },
    ]);
  });

  test('what is managed is counted for managers alone (D15)', async () => {
    const select = { _count: { select: { roles: true } } };
    const count = async (on: EnforcedClient) =>
      (await on.workflow.findFirst({ where: { name: 'bound' }, select }))?._count.roles;
    expect(await count(w.as(w.principals.manager))).toBe(1);
    const user = {
      ...w.principals.plain,
      roles: [{ roleId: w.clerk, name: '', scopeIds: [w.root] }],
    };
    expect(await count(w.as(user))).toBe(0);
  });
});

describe('D4: relations go by reachable tenancy, and by nothing wider', () => {
  test("along a relation a tenant's row stays hidden from another tenant", async () => {
    const stranger = { ...w.principals.plain, organizationId: w.b, userId: w.people.bob };
    const forms = await w.as(stranger).form.findMany({ include: { workflow: true } });
    expect(forms.map((form) => [form.name, form.workflow?.name])).toEqual(
      expect.arrayContaining([
        ['global', 'everywhere'],
        ['to other', 'other'],
      ]),
    );
    expect(forms).toHaveLength(2);
  });

  test('a row that is decided by others is decided by where those can be reached', async () => {
    const place = { ...ownPlace(w.principals.plain), coverage: { kind: 'global' as const } };
    const placed = w.as(w.principals.plain, { extent: { kind: 'placed' }, place });
    // In the global tier alone there is no agent; what an agent uses has no tier of its own.
    expect(await placed.agent.count()).toBe(0);
    expect(await placed.agentTool.count()).toBe(2);
  });
});
