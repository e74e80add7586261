import { describe, expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';
import { type Identified, type Person, SYSTEM } from '../support/world.js';

const ASKS = ['permission:inspect', 'user:read', 'form:read', 'role:read', 'permission:read'];
const LIFTS = ['scopeOverride:read', 'scopeOverride:delete'];
const MERGES = ['scope:read', 'scopeType:read', 'scopeType:update'];

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const wallType = await world.scopeType(a, 'DEFINE');
  const [site, wall] = [await world.scope(a, 'site'), await world.scope(a, 'wall', wallType)];
  const owner = await world.user(a, 'owner');
  for (const at of [a, wall]) await world.hold(owner, SYSTEM.Owner, at);
  const closed = { access: 'ROLE_BASED', owner, by: owner };
  const forms = {
    site: await world.row('form', site, 'site', closed),
    wall: await world.row('form', wall, 'wall', closed),
  };
  const update = await world.role(a, ['form:read', 'form:update'], { name: 'updaters' });
  const joe = await world.user(a, 'joe');
  await world.hold(joe, update, a);
  const off = (roleId: string | null, permissionId: string | null) =>
    world.client.scopeOverride.create({
      data: {
        ...{ scopeId: site.scopeId, organizationId: a.id, state: 'disabled' },
        ...{ roleId, permissionId },
      },
    });
  const ofRole = await off(update.id, null);
  // Who holds nothing else has two of them in the way.
  const both = await world.role(a, ['form:read', 'form:update'], { name: 'twice' });
  const ann = await world.user(a, 'ann');
  await world.hold(ann, both, a);
  const read = await world.permission(a, 'form:read');
  const pair = await off(both.id, read.id);
  const change = await world.permission(a, 'form:update');
  const other = await off(both.id, change.id);
  const managers: Record<string, Person> = {};
  for (const [name, permits] of Object.entries({
    lifts: [...ASKS, ...LIFTS, 'form:update', 'role:assign'],
    assignsNone: [...ASKS, ...LIFTS, 'form:update'],
    holdsLess: [...ASKS, ...LIFTS, 'role:assign'],
    sees: [...ASKS, 'scopeOverride:read', 'form:update', 'role:assign'],
    blind: [...ASKS, 'form:update', 'role:assign'],
    merges: [...ASKS, ...MERGES, 'form:update', 'role:assign'],
    readsTypes: [...ASKS, 'scope:read', 'scopeType:read', 'form:update', 'role:assign'],
  })) {
    const person = await world.user(a, name);
    const role = await world.role(a, permits);
    for (const at of [a, wall]) await world.hold(person, role, at);
    managers[name] = person;
  }
  return { a, owner, joe, ann, forms, ofRole, pair, other, wallType, managers };
});

const EXPLAIN = /* GraphQL */ `
  query ($id: ID!, $subject: SubjectInput) {
    explainAccess(resourceType: "form", resourceId: $id, action: "update", subject: $subject) {
      decision { answer }
      nearestMisses { changes { change override { id } scopeType { id } scope { id } role { name } } }
    }
  }
`;

interface Told {
  readonly change: string;
  readonly override: Identified | null;
  readonly scopeType: Identified | null;
}

async function told(who: Person, form: Identified, subject: Person): Promise<readonly Told[][]> {
  const variables = { id: form.id, subject: { userId: subject.id } };
  const { data, errors } = await shared.ask(who.email, EXPLAIN, variables);
  expect(errors).toEqual([]);
  expect(data.explainAccess.decision.answer).toBe('NO');
  return data.explainAccess.nearestMisses.map(({ changes }: { changes: Told[] }) => changes);
}

const of = (misses: readonly Told[][], change: string) =>
  misses.filter((changes) => changes.some((one) => one.change === change));

describe('nearest misses', () => {
  it('D9: lift an override, for who may and holds what that gives back', async () => {
    const { owner, joe, forms, ofRole, managers } = shared.w;
    for (const who of [owner, managers.lifts as Person]) {
      const [first] = await told(who, forms.site, joe);
      expect(first).toMatchObject([{ change: 'LIFT_OVERRIDE', override: { id: ofRole.id } }]);
    }
    // What is bound to a role opens again with it: it is for who may assign it, too (D6).
    for (const name of ['assignsNone', 'holdsLess', 'sees', 'blind']) {
      const misses = await told(managers[name] as Person, forms.site, joe);
      expect([name, of(misses, 'LIFT_OVERRIDE')]).toEqual([name, []]);
    }
  });

  it('are two changes where neither is enough', async () => {
    const { managers, ann, forms, pair, other } = shared.w;
    const [only, ...more] = await told(managers.assignsNone as Person, forms.site, ann);
    expect(more).toEqual([]);
    expect(only?.map(({ change }) => change)).toEqual(['LIFT_OVERRIDE', 'LIFT_OVERRIDE']);
    expect(only?.map(({ override }) => override?.id).sort()).toEqual([pair.id, other.id].sort());
  });

  it('D8: let a type merge, for who may change it', async () => {
    const { managers, joe, forms, wallType } = shared.w;
    const misses = await told(managers.merges as Person, forms.wall, joe);
    const merge = [{ change: 'MERGE_TYPE', scopeType: { id: wallType.id } }];
    expect(of(misses, 'MERGE_TYPE')).toMatchObject([merge]);
    const others = await told(managers.readsTypes as Person, forms.wall, joe);
    expect(of(others, 'MERGE_TYPE')).toEqual([]);
  });
});
