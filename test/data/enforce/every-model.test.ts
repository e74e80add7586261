import { afterAll, beforeAll, expect, test } from 'vitest';
import { dataModel } from '../../../src/data/generated-data-model.js';
import { type Planted, plant } from './fixture.js';

type Delegate = {
  findMany(args?: object): Promise<object[]>;
  count(args?: object): Promise<number>;
};
let w: Planted;
beforeAll(async () => {
  w = await plant();
});
afterAll(() => w.close());

const delegate = (client: unknown, model: string) =>
  (client as Record<string, Delegate>)[
    `${model.charAt(0).toLowerCase()}${model.slice(1)}`
  ] as Delegate;

// What is for the database and the policies themselves is read by nobody.
const INTERNAL = /Shadow$|^UserIdentity$|^AuditPlace$/;

test.each(Object.keys(dataModel))(
  '%s: what every policy comes to is a filter that the database takes',
  async (model) => {
    const { plain, manager, platformAdmin } = w.principals;
    const [all, seen, managed, every] = await Promise.all([
      delegate(w.client, model).count(),
      delegate(w.as(plain), model).count(),
      delegate(w.as(manager), model).count(),
      delegate(w.as(platformAdmin), model).count(),
    ]);
    expect(seen).toBeLessThanOrEqual(managed);
    expect(managed).toBeLessThanOrEqual(every);
    expect(every).toBeLessThanOrEqual(all);
    if (INTERNAL.test(model)) expect(every).toBe(0);
    const placed = w.as(manager, { extent: { kind: 'placed' } });
    expect(await delegate(placed, model).count()).toBeLessThanOrEqual(managed);
    for (const tier of ['tenant', 'global'] as const) {
      const one = await delegate(
        w.as(manager, { extent: { kind: 'placed', tier } }),
        model,
      ).count();
      expect(one).toBeLessThanOrEqual(managed);
    }
  },
);

test.each(Object.keys(dataModel))(
  '%s: each of its open relations can be included, asked about and negated',
  async (model) => {
    const client = delegate(w.as(w.principals.manager), model);
    const all = await client.count();
    for (const [name, field] of Object.entries(dataModel[model]?.fields ?? {})) {
      if (field.kind !== 'relation' || !w.isOpen(model, name)) continue;
      await client.findMany({ include: { [name]: true }, take: 1 });
      const test = field.list ? { some: {} } : { isNot: null };
      const some = await client.count({ where: { [name]: test } });
      const none = await client.count({ where: { NOT: { [name]: test } } });
      // Whatever is hidden: a relation leads somewhere or it does not.
      expect(some + none, name).toBe(all);
    }
  },
);
