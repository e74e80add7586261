import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../src/data/clients.js';
import { dataModel } from '../../src/data/generated-data-model.js';
import { createWriter } from '../../src/data/prisma/writer.js';
import { covers, lockAuthority } from '../../src/data/write/authority.js';
import { inTransaction } from '../../src/data/write/in-transaction.js';
import { DEFAULT_LIMITS } from '../../src/limits/limits.js';
import { Decisions } from '../../src/policy/decisions.js';
import { ANONYMOUS, type Principal } from '../../src/policy/principal.js';
import { ownPlace } from '../../src/policy/situation.js';
import { guardWrite } from '../../src/query/guard-write.js';
import { policies } from '../../src/schema.js';
import { freshDatabase } from '../support/database.js';
import { World } from '../support/world.js';

let db: Database;
let world: World;
beforeAll(async () => {
  db = await freshDatabase();
  world = new World(db.client, 'test');
});
afterAll(() => db.close());

test('what is written is a row that permits it when it is written, whatever was decided before', async () => {
  const a = await world.organization('A');
  const { organizationId } = a;
  const { id: userId } = await world.user(a);
  const form = await world.row('form', a, 'as it was');
  const writing = (isPlatformAdmin: boolean) => {
    const who: Principal = { ...ANONYMOUS, kind: 'USER', userId, organizationId, isPlatformAdmin };
    const guarding = { dataModel, decisions: new Decisions(policies, who, ownPlace(who)) };
    return inTransaction(
      db.client,
      DEFAULT_LIMITS,
      async (tx) => {
        await lockAuthority(tx, { shared: [a.id] });
        const writer = createWriter(tx, dataModel, () => []);
        const update = guardWrite(guarding, 'Form', form.id, 'update');
        const changed = await writer.update(update, { name: 'changed' });
        const removed = await writer.remove(guardWrite(guarding, 'Form', form.id, 'delete'));
        return { name: changed?.name, removed };
      },
      { command: 'test' },
    );
  };
  expect(await writing(false)).toEqual({ name: undefined, removed: false });
  const { name } = await db.client.form.findUniqueOrThrow({ where: { id: form.id } });
  expect(name).toBe('as it was');
  expect(await writing(true)).toEqual({ name: 'changed', removed: true });
});

test('locks cover a principal who hangs on no other organization (D18)', () => {
  const of = (...organizationIds: string[]) => ({ organizationIds, versions: [] });
  const locks = { shared: ['a', 'platform'], exclusive: ['b'] };
  expect(covers(locks, of('a', 'b', 'platform'))).toBe(true);
  expect(covers(locks, of())).toBe(true);
  expect(covers(locks, of('a', 'c'))).toBe(false);
  expect(covers({ shared: ['a'] }, of('a', 'b'))).toBe(false);
});
