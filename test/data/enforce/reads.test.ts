import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EnforcedClient } from '../../../src/data/enforce/enforced-client.js';
import { names, type Planted, plant } from './fixture.js';

let w: Planted;
let db: EnforcedClient;
beforeAll(async () => {
  w = await plant();
  db = w.as(w.principals.plain);
});
afterAll(() => w.close());

const VISIBLE = ['bare', 'everywhere', 'open'];
const id = (name: keyof Planted['workflows']): string => w.workflows[name];

describe('D14: every read sees the visible rows alone (§6.2)', () => {
  test('findMany', async () => {
    expect(names(await db.workflow.findMany())).toEqual(VISIBLE);
    expect(
      names(await db.workflow.findMany({ where: { name: { in: ['open', 'bound'] } } })),
    ).toEqual(['open']);
    expect(names(await w.as(w.principals.manager).workflow.findMany())).toEqual(
      [...VISIBLE, 'bound', 'inactive', 'nameless', 'roleless'].sort(),
    );
  });

  test('findFirst and findUnique: a hidden row is null, as one that does not exist', async () => {
    expect(await db.workflow.findFirst({ where: { name: 'open' } })).toMatchObject({
      name: 'open',
    });
    expect(await db.workflow.findFirst({ where: { name: 'bound' } })).toBeNull();
    expect(await db.workflow.findUnique({ where: { id: id('open') } })).not.toBeNull();
    for (const hidden of ['bound', 'nameless', 'inactive', 'nowhere', 'walled', 'other'] as const) {
      expect(await db.workflow.findUnique({ where: { id: id(hidden) } }), hidden).toBeNull();
    }
  });

  test('the OrThrow variants throw one error for a hidden row and for none', async () => {
    const thrown = async (work: Promise<unknown>) => {
      const error = await work.then(() => null).catch((e: unknown) => e);
      expect(error).toMatchObject({ code: 'P2025' });
      return (error as Error).message;
    };
    const unique = (of: string) => db.workflow.findUniqueOrThrow({ where: { id: of } });
    const first = (of: string) => db.workflow.findFirstOrThrow({ where: { id: of } });
    expect(await thrown(unique(id('bound')))).toBe(await thrown(unique(randomUUID())));
    expect(await thrown(first(id('bound')))).toBe(await thrown(first(randomUUID())));
    expect(await unique(id('open'))).toMatchObject({ name: 'open' });
  });

  test('count, in both of its forms', async () => {
    expect(await db.workflow.count()).toBe(3);
    expect(await db.workflow.count({ where: { description: 'x' } })).toBe(1);
    expect(await db.workflow.count({ select: { _all: true, description: true } })).toEqual({
      _all: 3,
      description: 1,
    });
  });

  test('aggregate', async () => {
    await w.client.workflow.update({ where: { id: id('bound') }, data: { version: 99 } });
    expect(
      await db.workflow.aggregate({ _count: true, _max: { version: true, name: true } }),
    ).toEqual({ _count: 3, _max: { version: 1, name: 'open' } });
  });

  test('groupBy', async () => {
    const groups = await db.workflow.groupBy({
      by: ['description'],
      _count: { _all: true },
      orderBy: { _count: { description: 'asc' } },
    });
    expect(groups).toEqual([
      { description: null, _count: { _all: 2 } },
      { description: 'x', _count: { _all: 1 } },
    ]);
    const having = { description: { not: null } };
    expect(await db.workflow.groupBy({ by: 'description', having })).toHaveLength(1);
  });

  test('distinct keeps a visible row even where a hidden one comes first', async () => {
    await w.client.workflow.update({ where: { id: id('bound') }, data: { name: 'a first' } });
    const rows = await db.workflow.findMany({
      distinct: ['description'],
      orderBy: [{ description: { sort: 'asc', nulls: 'last' } }, { name: 'asc' }],
    });
    expect(rows.map((row) => row.name)).toEqual(['open', 'bare']);
    await w.client.workflow.update({ where: { id: id('bound') }, data: { name: 'bound' } });
  });

  test('skip and take count visible rows', async () => {
    const page = await db.workflow.findMany({ orderBy: { name: 'asc' }, skip: 1, take: 1 });
    expect(names(page)).toEqual(['everywhere']);
  });
});

describe('findUnique', () => {
  test('takes more filters beside the key, rewritten like all others', async () => {
    const find = (more: object) =>
      w
        .as(w.principals.plain)
        .form.findUnique({ where: { id: w.forms['to bound'] ?? '', ...more } });
    expect(await find({ name: 'to bound' })).not.toBeNull();
    expect(await find({ name: 'other' })).toBeNull();
    expect(await find({ workflow: { description: 'x' } })).toBeNull();
    expect(await find({ workflow: null })).not.toBeNull();
    expect(await find({ OR: [{ name: 'other' }, { workflow: { isNot: null } }] })).toBeNull();
    expect(await find({ NOT: { name: 'to bound' } })).toBeNull();
    expect(await find({ AND: [] })).not.toBeNull();
    expect(await find({ OR: [] })).toBeNull();
  });

  test('needs a key of open columns, and only its own', async () => {
    const bad = [{}, { name: 'x' }, { scopeId_name: { scopeId: w.root, name: 'open' } }, null];
    for (const where of bad) {
      await expect(db.workflow.findUnique({ where: where as never })).rejects.toThrow(
        /unique key|looked up by|plain object/,
      );
    }
    for (const key of ['constructor', '__proto__', 'toString']) {
      const where = JSON.parse(`{"id": "${id('bound')}", "${key}": "x"}`);
      await expect(db.workflow.findUnique({ where })).rejects.toThrow('unknown field');
    }
    const both = { id: id('open'), domain: 'x' };
    await expect(db.workflow.findUnique({ where: both as never })).rejects.toThrow('unknown field');
  });

  test('asked many at once, which Prisma sends as one statement, keeps them apart', async () => {
    const ids = Object.values(w.workflows);
    const rows = await Promise.all(
      ids.map((one) => db.workflow.findUnique({ where: { id: one } })),
    );
    expect(names(rows.flatMap((row) => (row === null ? [] : [row])))).toEqual(VISIBLE);
    // Two principals in one tick do not share an answer (§6.7).
    const [mine, theirs] = await Promise.all([
      db.workflow.findUnique({ where: { id: id('bound') } }),
      w.as(w.principals.manager).workflow.findUnique({ where: { id: id('bound') } }),
    ]);
    expect(mine).toBeNull();
    expect(theirs).not.toBeNull();
  });
});

describe('values that are hard on a database', () => {
  test('§6.9: two thousand ids', async () => {
    const ids = [
      ...Array.from({ length: 2000 }, () => randomUUID()),
      ...Object.values(w.workflows),
    ];
    expect(names(await db.workflow.findMany({ where: { id: { in: ids } } }))).toEqual(VISIBLE);
    expect(await db.workflow.count({ where: { NOT: { id: { in: ids } } } })).toBe(0);
  });

  test('a NUL character finds nothing and breaks nothing', async () => {
    for (const name of ['open\u0000', '\u0000', { contains: 'o\u0000' }]) {
      const rows = await db.workflow.findMany({ where: { name } }).catch(() => []);
      expect(rows).toEqual([]);
    }
    expect(names(await db.workflow.findMany())).toEqual(VISIBLE);
  });

  test('a key that is no UUID answers as wrongly for hidden rows as for none', async () => {
    await expect(db.workflow.findUnique({ where: { id: 'nope' } })).rejects.toThrow();
    expect(names(await db.workflow.findMany())).toEqual(VISIBLE);
  });
});

describe('whoever asks', () => {
  test('anonymous sees nothing of any model (D18)', async () => {
    const { ANONYMOUS } = await import('../../../src/policy/principal.js');
    const nobody = w.as(ANONYMOUS) as unknown as Record<string, { count(): Promise<number> }>;
    for (const model of Object.keys(w.client).filter((key) => /^[a-z]/.test(key))) {
      if (typeof nobody[model]?.count === 'function') expect(await nobody[model].count()).toBe(0);
    }
  });

  test('a principal with OWN_DATA manages own rows; behind a boundary, none (D7, D8)', async () => {
    const otto = w.owning(w.people.otto);
    const seen = names(await w.as(otto).form.findMany({ where: { scope: null } }));
    expect(seen).toContain('own');
    expect(seen).not.toContain('walled');
    expect(seen).not.toContain("ann's");
    // Rows of nobody are read under every reach.
    expect(seen).toContain('hidden too');
  });
});
