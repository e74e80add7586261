import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/data/clients.js';
import type { Grant, HeldRole, Switched } from '../../src/policy/principal.js';
import { countsForGlobalRows, switchedOn } from '../../src/policy/switches.js';
import { PLATFORM_ROOT_ID } from '../../src/policy/vocabulary.js';
import { holds } from '../policy/principals.js';
import { freshDatabase } from '../support/database.js';
import { plainHoldings, readTables, type Words } from './plain-holdings.js';
import { RANDOM_WORLD } from './random-world.js';

let db: Database;
beforeAll(async () => {
  db = await freshDatabase();
  await db.sql.script(RANDOM_WORLD);
});
afterAll(() => db.close());

interface Said {
  readonly id: string;
  readonly byName: boolean;
  readonly roles: readonly HeldRole[] | null;
  readonly grants: readonly Grant[] | null;
}

/** What counts of what somebody holds, in words. */
function words({ roles, grants }: Said, counts: (held: Switched) => boolean): Words {
  const said = [
    ...(roles ?? []).filter(counts).map(({ roleId }) => `role ${roleId}`),
    ...(grants ?? [])
      .filter((grant) => !Object.hasOwn(grant, 'condition') && counts(grant))
      .map(
        ({ resourceType, action, pattern, dataAccess }) =>
          `${resourceType} ${action} ${pattern} ${dataAccess}`,
      ),
  ];
  return [...new Set(said)].sort();
}

/** How much of what is held overrides concern, by world. */
const switched = new Map<number, number>();

describe('D7, D8, D9, D11, D18, D48: what people hold', () => {
  it.each([1, 2, 3, 4, 5, 6])(
    'is what the model says, at every scope of world %i',
    async (seed) => {
      await db.sql.query('SELECT random_world($1)', [seed]);
      const plain = plainHoldings(await readTables(db.sql));
      const people = await db.sql.query<Said>(
        `SELECT u.id, by_name AS "byName", p.roles, p.grants FROM "user" u CROSS JOIN (VALUES (false), (true)) v (by_name)
       LEFT JOIN LATERAL heimdall_principal(CASE WHEN NOT by_name THEN u.id END, 'idp', u.id::text) p ON true
       ORDER BY u.id, by_name`,
      );
      const counted = { on: 0, switched: 0 };
      for (const person of people) {
        for (const scope of plain.tenants) {
          const governedBy = plain.inherits(scope);
          const counts = ({ scopeIds, switches = [] }: Switched): boolean =>
            scopeIds.some((id) => governedBy.includes(id)) &&
            holds(switchedOn('governedBy', switches), { governedBy });
          const said = words(person, counts);
          expect(said, `${person.id} at ${scope}`).toEqual(plain.at(person.id, scope));
          counted.on += said.length;
        }
        for (const root of [PLATFORM_ROOT_ID, ...plain.roots]) {
          const said = words(person, (held) => countsForGlobalRows(held, root));
          expect(said, `${person.id} globally at ${root}`).toEqual(plain.globally(person.id, root));
        }
        const all = [...(person.roles ?? []), ...(person.grants ?? [])];
        counted.switched += all.filter(({ switches }) => switches !== undefined).length;
      }
      expect(counted.on).toBeGreaterThan(50);
      switched.set(seed, counted.switched);
    },
  );

  it('is concerned by overrides, but for the first world, which has none', () => {
    expect(switched.get(1)).toBe(0);
    expect([...switched.values()].filter((times) => times > 5).length).toBeGreaterThan(2);
  });
});
