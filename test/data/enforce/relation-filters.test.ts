import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Prisma } from '../../../src/data/generated/client.js';
import { EnforcementError } from '../../../src/query/enforcement-error.js';
import { names, type Planted, plant } from './fixture.js';

let w: Planted;
beforeAll(async () => {
  w = await plant();
});
afterAll(() => w.close());

const forms = async (where: Prisma.FormWhereInput) =>
  names(await w.as(w.principals.plain).form.findMany({ where }));
const agents = async (where: Prisma.AgentWhereInput) =>
  names(await w.as(w.principals.plain).agent.findMany({ where }));

// Why each is hidden is in the fixture; `nameless` and `walled` have an access level of null.
const TO_HIDDEN = ['bound', 'inactive', 'nameless', 'nowhere', 'roleless', 'walled'];
const WITHOUT = [...TO_HIDDEN, 'nothing'].map((name) => `to ${name}`).sort();
const WITH = ['global', 'to bare', 'to everywhere', 'to open'];
const ALL = [...WITHOUT, ...WITH].sort();

describe('D14: a hidden to-one row is one that does not exist (§6.2)', () => {
  test('null, is null and their negations split all rows in two', async () => {
    expect(await forms({})).toEqual(ALL);
    for (const where of [
      { workflow: null },
      { workflow: { is: null } },
      { NOT: { workflow: { isNot: null } } },
      { NOT: { workflow: { is: {} } } },
      { NOT: [{ workflow: {} }] },
      { workflow: { isNot: {} } },
    ]) {
      expect(await forms(where), JSON.stringify(where)).toEqual(WITHOUT);
    }
    for (const where of [
      { workflow: { isNot: null } },
      { workflow: {} },
      { workflow: { is: {} } },
      { NOT: { workflow: null } },
      { NOT: { NOT: { workflow: {} } } },
      { workflow: { isNot: null, is: {} } },
    ]) {
      expect(await forms(where), JSON.stringify(where)).toEqual(WITH);
    }
  });

  test('a filter that only a hidden row satisfies finds nothing', async () => {
    for (const name of ['bound', 'nameless', 'nowhere', 'walled', 'other']) {
      expect(await forms({ workflow: { name } })).toEqual([]);
      expect(await forms({ workflow: { is: { name } } })).toEqual([]);
      expect(await forms({ OR: [{ workflow: { is: { name } } }] })).toEqual([]);
    }
    expect(await forms({ workflow: { name: 'open' } })).toEqual(['to open']);
  });

  test('negated, it tells hidden rows from none as little (§6.1)', async () => {
    const rest = ALL.filter((name) => name !== 'to open');
    for (const where of [
      { NOT: { workflow: { name: 'open' } } },
      { workflow: { isNot: { name: 'open' } } },
      { NOT: { workflow: { is: { name: 'open' } } } },
      { NOT: { AND: { workflow: { name: 'open' } } } },
    ]) {
      expect(await forms(where), JSON.stringify(where)).toEqual(rest);
    }
    // Only "open" is visible and described so.
    expect(await forms({ NOT: { workflow: { description: 'x' } } })).toEqual(rest);
    expect(await forms({ workflow: { isNot: { description: 'x' } } })).toEqual(rest);
    // One without a description is one whose description is not that (D45).
    expect(await forms({ workflow: { description: { not: 'x' } } })).toEqual(
      WITH.filter((name) => name !== 'to open'),
    );
    expect(await forms({ NOT: { workflow: { NOT: { description: 'x' } } } })).toEqual(
      [...WITHOUT, 'to open'].sort(),
    );
    expect(await forms({ NOT: { workflow: { NOT: { name: 'open' } } } })).toEqual(
      [...WITHOUT, 'to open'].sort(),
    );
  });

  test('the same along two relations', async () => {
    const all = ['bare', 'blind', 'mixed'];
    expect(await agents({})).toEqual(all);
    const some = (workflow: Prisma.WorkflowWhereInput) => ({ tools: { some: { workflow } } });
    expect(await agents(some({ description: 'x' }))).toEqual(['mixed']);
    expect(await agents({ NOT: some({ name: 'bound' }) })).toEqual(all);
    expect(await agents(some({ organization: null }))).toEqual(['mixed']);
    expect(await agents({ tools: { some: { workflow: null } } })).toEqual([]);
  });
});

describe('D14: hidden rows are none of the rows of a to-many relation', () => {
  test('some', async () => {
    expect(await agents({ tools: { some: {} } })).toEqual(['mixed']);
    expect(await agents({ tools: { some: { workflow: { name: 'bound' } } } })).toEqual([]);
    expect(await agents({ NOT: { tools: { some: {} } } })).toEqual(['bare', 'blind']);
  });

  test('none', async () => {
    expect(await agents({ tools: { none: {} } })).toEqual(['bare', 'blind']);
    const bound = { workflow: { name: { in: ['bound', 'nameless', 'roleless'] } } };
    expect(await agents({ tools: { none: bound } })).toEqual(['bare', 'blind', 'mixed']);
    expect(await agents({ NOT: { tools: { none: bound } } })).toEqual([]);
  });

  test('every', async () => {
    const one = { workflow: { name: { in: ['open', 'everywhere'] } } };
    expect(await agents({ tools: { every: one } })).toEqual(['bare', 'blind', 'mixed']);
    expect(await agents({ NOT: { tools: { every: one } } })).toEqual([]);
    const open = { workflow: { name: 'open' } };
    expect(await agents({ tools: { every: open } })).toEqual(['bare', 'blind']);
    expect(await agents({ tools: { every: open, some: {} } })).toEqual([]);
    expect(await agents({ NOT: { tools: { every: open, some: {} } } })).toEqual([
      'bare',
      'blind',
      'mixed',
    ]);
    expect(await agents({ tools: { every: { OR: [] } } })).toEqual(['bare', 'blind']);
  });

  test('hidden delegates', async () => {
    const hidden = { delegates: { some: { delegate: { name: 'hidden' } } } };
    expect(await agents(hidden)).toEqual([]);
    expect(await agents({ delegates: { every: { delegate: { name: 'blind' } } } })).toHaveLength(3);
    expect(names(await w.as(w.principals.manager).agent.findMany({ where: hidden }))).toEqual([
      'mixed',
    ]);
  });
});

test('relations that no policy names, and tests that are none, are refused', async () => {
  const refused = async (where: object) => {
    await expect(
      w.as(w.principals.platformAdmin).form.findMany({ where: where as never }),
      JSON.stringify(where),
    ).rejects.toThrow(EnforcementError);
  };
  for (const where of [
    { shadows: { some: {} } },
    { shadowing: { none: {} } },
    { workflow: { shadows: { some: {} } } },
    { workflow: { shadowing: { some: {} } } },
    { organization: { memberships: { some: {} } } },
    { owner: { ownedForms: { some: {} } } },
    { roles: {} },
    { roles: { any: {} } },
    { roles: { some: {}, is: {} } },
    { workflow: { is: {}, name: 'x' } },
    { workflow: 'x' },
    { workflow: [] },
    { workflow: [{}] },
    { workflow: { is: 'x' } },
  ]) {
    await refused(where);
  }
});
