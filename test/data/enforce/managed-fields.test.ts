import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Prisma } from '../../../src/data/generated/client.js';
import { names, type Planted, plant } from './fixture.js';

let w: Planted;
beforeAll(async () => {
  w = await plant();
});
afterAll(() => w.close());

const found = async (who: keyof Planted['principals'], where: Prisma.WorkflowWhereInput) =>
  names(await w.as(w.principals[who]).workflow.findMany({ where }));

const OPEN = { endpoint: 'https://secret/open' };
const MANAGED = ['bare', 'bound', 'inactive', 'nameless', 'open', 'roleless'];

describe('D15: a filter on a management field is Manage(read) ∧ leaf', () => {
  test('for who manages the row it is an ordinary filter; a global row is not managed', async () => {
    expect(await found('manager', OPEN)).toEqual(['open']);
    expect(await found('manager', { endpoint: { not: 'x' } })).toEqual(MANAGED);
    expect(await found('manager', { accessLevel: null })).toEqual(['nameless']);
  });

  test('for who does not, it holds nowhere', async () => {
    for (const where of [
      OPEN,
      { endpoint: { contains: 'secret' } },
      { endpoint: { not: 'x' } },
      { endpoint: { notIn: [] } },
      { accessLevel: 'AUTHENTICATED' },
      { owner: null },
      { createdBy: { is: null } },
      { team: { isNot: null } },
      { roles: { none: {} } },
      { roles: { every: {} } },
    ]) {
      expect(await found('plain', where), JSON.stringify(where)).toEqual([]);
    }
  });

  test('its negation is the complement, for everybody (D45)', async () => {
    const all = await found('plain', {});
    for (const where of [
      OPEN,
      { endpoint: { not: 'x' } },
      { accessLevel: 'AUTHENTICATED' },
      { accessLevel: null },
      { owner: { isNot: null } },
      { owner: null },
      { roles: { some: {} } },
      { roles: { every: { role: null } } },
    ]) {
      expect(await found('plain', { NOT: where }), JSON.stringify(where)).toEqual(all);
      expect(await found('plain', { NOT: { NOT: where } }), JSON.stringify(where)).toEqual([]);
      const holds = await found('manager', where);
      expect(await found('manager', { NOT: where }), JSON.stringify(where)).toEqual(
        (await found('manager', {})).filter((name) => !holds.includes(name)),
      );
    }
  });

  test('an alternative on an open field is not touched by it', async () => {
    expect(await found('plain', { OR: [OPEN, { name: 'bare' }] })).toEqual(['bare']);
    expect(await found('plain', { NOT: { OR: [OPEN, { name: 'bare' }] } })).toEqual([
      'everywhere',
      'open',
    ]);
  });

  test('across relations: no answer depends on what is not managed', async () => {
    const forms = async (where: Prisma.FormWhereInput) =>
      names(await w.as(w.principals.plain).form.findMany({ where }));
    const all = await forms({});
    expect(await forms({ workflow: OPEN })).toEqual([]);
    expect(await forms({ workflow: { NOT: OPEN } })).toEqual(await forms({ workflow: {} }));
    expect(await forms({ NOT: { workflow: OPEN } })).toEqual(all);
    expect(await forms({ workflow: { isNot: OPEN } })).toEqual(all);
    expect(await forms({ NOT: { workflow: { NOT: OPEN } } })).toEqual(
      await forms({ NOT: { workflow: {} } }),
    );
    const agents = async (where: Prisma.AgentWhereInput) =>
      names(await w.as(w.principals.plain).agent.findMany({ where }));
    expect(await agents({ tools: { some: { workflow: { endpoint: { not: '' } } } } })).toEqual([]);
  });

  test('it goes by the row: what is managed by reach is filtered by it', async () => {
    const otto = w.as(w.owning(w.people.otto));
    await w.client.form.update({
      where: { id: w.forms['to open'] ?? '' },
      data: { ownerId: w.people.otto },
    });
    const owner = { createdBy: null };
    // Unowned rows can be managed under every reach (D7), the one with a creator cannot.
    const rows = names(
      await otto.form.findMany({ where: { ...owner, workflow: { isNot: null } } }),
    );
    expect(rows).toContain('to open');
    const [those, others] = await Promise.all([
      otto.form.findMany({ where: owner }),
      otto.form.findMany({ where: { NOT: owner } }),
    ]);
    expect(names(others)).toContain('global');
    expect([...names(those), ...names(others)].sort()).toEqual(names(await otto.form.findMany()));
    expect(names(await otto.form.findMany({ where: { accessLevel: null } }))).toEqual([
      'hidden too',
      'own',
    ]);
  });
});
