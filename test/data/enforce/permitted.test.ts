import { afterAll, beforeAll, expect, test } from 'vitest';
import { dataModel } from '../../../src/data/generated-data-model.js';
import { permits, permitted } from '../../../src/data/prisma/permitted.js';
import { Decisions } from '../../../src/policy/decisions.js';
import { ANONYMOUS } from '../../../src/policy/principal.js';
import { ownPlace } from '../../../src/policy/situation.js';
import { type Planted, plant, policies } from './fixture.js';

let w: Planted;
beforeAll(async () => {
  w = await plant();
});
afterAll(() => w.close());

test.each(['use', 'manage'])(
  'the database permits to %s what the rows themselves do',
  async (action) => {
    const all = await w.client.form.findMany();
    const ids = all.map(({ id }) => id);
    const { plain, manager } = w.principals;
    const counts = new Set<number>();
    for (const who of [plain, manager, w.owning(w.people.otto), ANONYMOUS]) {
      const guarding = { dataModel, decisions: new Decisions(policies, who, ownPlace(who)) };
      const wanted = all.filter((row) => permits(guarding, 'Form', action, row) === 'yes');
      const found = await permitted(w.client, guarding, 'Form', action, ids);
      expect([...found].sort()).toEqual(wanted.map(({ id }) => id).sort());
      // Of the rows that are asked about, and no others.
      const [first = ''] = found;
      const [other = ''] = ids.filter((id) => !found.has(id));
      const few = await permitted(
        w.client,
        guarding,
        'Form',
        action,
        [first, other].filter(Boolean),
      );
      expect([...few]).toEqual(first === '' ? [] : [first]);
      counts.add(found.size);
    }
    expect(counts.size).toBeGreaterThan(1);
  },
);
