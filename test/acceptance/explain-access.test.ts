import { describe, expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';
import { type Identified, type Person, SYSTEM } from '../support/world.js';

const ABSENT = '01930000-0000-7000-8000-00000000dead';

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const type = await world.scopeType(a, 'MERGE');
  const project = await world.scope(a, 'project', type);
  const wall = await world.scope(a, 'wall', await world.scopeType(a, 'DEFINE'));
  const owner = await world.user(a, 'owner');
  await world.hold(owner, SYSTEM.Owner, a);
  const editors = await world.role(a, ['form:read', 'form:update'], { name: 'editors' });
  const everything = await world.role(
    a,
    ['form:read', 'form:update', 'form:delete', 'form:share', 'config:read'],
    { name: 'everything' },
  );
  const ownEditors = await world.role(a, ['form:read', 'form:update'], {
    name: 'own editors',
    dataAccess: 'OWN_DATA',
  });
  const guests = await world.role(a, [], { name: 'guests' });
  const readers = await world.role(a, ['form:read'], { name: 'readers' });
  const joe = await world.user(a, 'joe');
  await world.hold(joe, readers, a);
  const mine = await world.user(a, 'mine');
  await world.hold(mine, ownEditors, a);
  const guest = await world.user(a, 'guest');
  await world.hold(guest, guests, a);
  const walled = await world.user(a, 'walled');
  await world.hold(walled, editors, wall);
  const nobody = await world.user(a, 'nobody');
  const closed = { access: 'ROLE_BASED' };
  const rows = {
    open: await world.row('form', a, 'open'),
    bound: await world.row('form', project, 'bound', { ...closed, roles: [readers] }),
    hidden: await world.row('form', wall, 'hidden', closed),
  };
  const inspector = await world.manager(a, [
    'permission:inspect',
    'permission:read',
    'role:read',
    'user:read',
    'form:read',
    'form:update',
  ]);
  const people = { inspector, owner, joe, mine, guest, walled, nobody };
  return { a, project, wall, editors, everything, ownEditors, guests, readers, ...people, rows };
});

const EXPLAIN = /* GraphQL */ `
  query ($id: ID!, $action: String!, $subject: SubjectInput) {
    explainAccess(resourceType: "form", resourceId: $id, action: $action, subject: $subject) {
      decision { answer reason }
      rules { ...Rule because { ...Rule because { ...Rule because { ...Rule } } } }
      derivation { action pattern dataAccess through { role { name } heldAt { id } inherited } }
      nearestMisses { changes { change role { id } scope { id } override { id } scopeType { id } } }
    }
  }
  fragment Rule on DecidingRule { rule text answer unknown }
`;

async function explain(who: Person, action: string, form: Identified, subject?: Identified) {
  const of = subject === undefined ? {} : { subject: { userId: subject.id } };
  const { data, errors } = await shared.ask(who.email, EXPLAIN, { id: form.id, action, ...of });
  expect(errors).toEqual([]);
  return data.explainAccess;
}

interface Rule {
  readonly rule: string;
  readonly answer: string;
  readonly unknown: string | null;
  readonly because?: readonly Rule[];
}
const flat = (rules: readonly Rule[] = []): Rule[] =>
  rules.flatMap((one) => [one, ...flat(one.because)]);

describe('explainAccess', () => {
  it('has the rules that decided, each with its answer', async () => {
    const { owner, joe, rows } = shared.w;
    const { decision, rules, derivation } = await explain(owner, 'read', rows.bound, joe);
    expect(decision.answer).toBe('YES');
    expect(rules.map(({ rule, answer }: Rule) => [rule, answer])).toEqual([
      ['D4', 'YES'],
      ['D6', 'YES'],
      ['§4', 'YES'],
    ]);
    expect(derivation).toEqual([
      {
        action: 'read',
        pattern: '*',
        dataAccess: 'ALL_DATA',
        through: [
          { role: { name: 'readers' }, heldAt: { id: expect.any(String) }, inherited: true },
        ],
      },
    ]);
  });

  it('D14: tells of a hidden row what it tells of none', async () => {
    const { owner, nobody, joe, rows } = shared.w;
    for (const [who, subject] of [
      [nobody, undefined],
      [owner, joe],
    ] as const) {
      const none = await explain(who, 'update', { id: ABSENT }, subject);
      expect(none).toMatchObject({ rules: [], derivation: [], nearestMisses: [] });
      expect(await explain(who, 'update', rows.hidden, subject)).toEqual(none);
    }
  });

  it('D15: says of what is withheld that one may not see it', async () => {
    const { nobody, joe, rows } = shared.w;
    const seen = flat((await explain(joe, 'use', rows.open)).rules);
    expect(seen.filter(({ unknown }) => unknown !== null)).toEqual([]);
    const { decision, rules } = await explain(nobody, 'use', rows.open);
    expect(decision.answer).toBe('YES');
    const hidden = flat(rules).filter(({ answer }) => answer === 'UNKNOWN');
    expect(hidden.length).toBeGreaterThan(0);
    for (const { unknown } of hidden) expect(unknown).toBe('you may not see this part');
  });

  it('is about others for those alone who may ask about them', async () => {
    const { joe, owner, rows } = shared.w;
    const { decision, rules } = await explain(joe, 'use', rows.open, owner);
    expect(decision).toMatchObject({ answer: 'UNKNOWN' });
    expect(rules).toEqual([]);
  });
});

describe('nearest misses', () => {
  /** Of single changes alone: what two do together is shown by test/acceptance/nearest-misses.test.ts. */
  const misses = async (who: Person, action: string, form: Identified, subject: Identified) => {
    const { nearestMisses } = await explain(who, action, form, subject);
    type Miss = { changes: Parameters<typeof applied>[0][] };
    return (nearestMisses as Miss[]).flatMap(({ changes }) =>
      changes.length === 1 ? changes : [],
    );
  };

  /** Makes the change, asks, and takes it back. */
  async function applied(
    miss: { change: string; role: Identified; scope: Identified | null; override?: Identified },
    form: Identified,
    subject: Identified,
    ask: () => Promise<string>,
  ): Promise<[before: string, then: string, after: string]> {
    const { client } = shared.world;
    const roleId = miss.role.id;
    const before = await ask();
    if (miss.change === 'ASSIGN_ROLE') {
      const scopeId = miss.scope?.id as string;
      const at = { scopeId, userId: subject.id };
      const known = await client.membership.findFirst({ where: at });
      const held =
        known ??
        (await client.membership.create({ data: { ...at, organizationId: shared.w.a.id } }));
      await client.roleAssignment.create({ data: { membershipId: held.id, roleId } });
      const then = await ask();
      await client.roleAssignment.deleteMany({ where: { membershipId: held.id, roleId } });
      if (known === null) await client.membership.delete({ where: { id: held.id } });
      return [before, then, await ask()];
    }
    if (miss.change === 'SHARE_WITH_ROLE') {
      await client.formRole.create({ data: { formId: form.id, roleId } });
      const then = await ask();
      await client.formRole.deleteMany({ where: { formId: form.id, roleId } });
      return [before, then, await ask()];
    }
    const { dataAccess } = await client.role.findUniqueOrThrow({ where: { id: roleId } });
    await client.role.update({ where: { id: roleId }, data: { dataAccess: 'ALL_DATA' } });
    const then = await ask();
    await client.role.update({ where: { id: roleId }, data: { dataAccess } });
    return [before, then, await ask()];
  }

  it('are the smallest changes first, and each of them does permit', async () => {
    const { owner, joe, mine, guest, nobody, rows } = shared.w;
    const changes = new Set<string>();
    for (const [action, form, subject] of [
      ['update', rows.bound, joe],
      ['update', rows.bound, mine],
      ['use', rows.bound, guest],
      ['read', rows.bound, guest],
      ['delete', rows.open, nobody],
    ] as const) {
      const found = await misses(owner, action, form, subject);
      expect(found.length).toBeGreaterThan(0);
      expect(found.length).toBeLessThanOrEqual(3);
      for (const miss of found) {
        changes.add(miss.change);
        const ask = async () =>
          (await explain(owner, action, form, subject)).decision.answer as string;
        const answers = await applied(miss, form, subject, ask);
        expect([action, miss.change, answers]).toEqual([action, miss.change, ['NO', 'YES', 'NO']]);
      }
    }
    expect([...changes].sort()).toEqual(['ASSIGN_ROLE', 'CHANGE_REACH', 'SHARE_WITH_ROLE']);
  });

  it('share before they assign, and assign what permits least', async () => {
    const { owner, joe, guest, guests, editors, rows } = shared.w;
    const [first] = await misses(owner, 'use', rows.bound, guest);
    expect(first).toMatchObject({ change: 'SHARE_WITH_ROLE', role: { id: guests.id } });
    const [assign, ...others] = await misses(owner, 'update', rows.bound, joe);
    expect(assign).toMatchObject({ change: 'ASSIGN_ROLE', role: { id: editors.id } });
    // `everything` and the system roles give that and more.
    expect(others).toEqual([]);
  });

  it('D9: name no role that is disabled where it would be assigned', async () => {
    const { owner, joe, project, editors, everything, rows } = shared.w;
    const { client } = shared.world;
    const { id } = await client.scopeOverride.create({
      data: {
        scopeId: project.id,
        organizationId: project.organizationId,
        roleId: editors.id,
        state: 'disabled',
      },
    });
    const [first] = await misses(owner, 'update', rows.bound, joe);
    await client.scopeOverride.delete({ where: { id } });
    expect(first).toMatchObject({ change: 'ASSIGN_ROLE' });
    expect(first?.role.id).not.toBe(editors.id);
    expect([everything.id, SYSTEM.Editor.id]).toContain(first?.role.id);
  });

  it('are for those who could make them: nobody is told what they could not do', async () => {
    const { joe, nobody, inspector, rows } = shared.w;
    // Who may ask, reads the roles and holds what they carry, and assigns none.
    const asked = await explain(inspector, 'update', rows.bound, joe);
    expect(asked).toMatchObject({ decision: { answer: 'NO' }, nearestMisses: [] });
    expect((await explain(joe, 'update', rows.bound)).nearestMisses).toEqual([]);
    expect((await explain(nobody, 'update', rows.open)).nearestMisses).toEqual([]);
  });
});

describe('effectivePermissions', () => {
  const SOURCE = /* GraphQL */ `
    query ($scope: ID, $subject: SubjectInput) {
      effectivePermissions(scope: $scope, subject: $subject) {
        isPlatformAdmin
        permissions {
          resourceType action pattern dataAccess
          through { role { name } heldAt { name } inherited }
        }
      }
    }
  `;
  const ask = async (who: Person, more: object) => {
    const { data, errors } = await shared.ask(who.email, SOURCE, { ...more });
    return errors[0]?.extensions.code ?? data.effectivePermissions.permissions;
  };

  it('says through which role, held where, each permission comes', async () => {
    const { owner, joe, project, a } = shared.w;
    const subject = { userId: joe.id };
    const read = { resourceType: 'form', action: 'read', pattern: '*', dataAccess: 'ALL_DATA' };
    const through = { role: { name: 'readers' }, heldAt: { name: null } };
    expect(await ask(owner, { scope: project.id, subject })).toEqual([
      { ...read, through: [{ ...through, inherited: true }] },
    ]);
    expect(await ask(owner, { scope: a.id, subject })).toEqual([
      { ...read, through: [{ ...through, inherited: false }] },
    ]);
  });

  it('tells who may read neither roles nor scopes that they hold it, and no names', async () => {
    const { joe, wall, walled, project } = shared.w;
    const [permission, ...others] = await ask(joe, { scope: project.id });
    expect(others).toEqual([]);
    expect(permission.through).toEqual([{ role: null, heldAt: null, inherited: true }]);
    expect(await ask(joe, { scope: wall.id })).toEqual([]);
    expect(await ask(walled, { scope: wall.id })).toHaveLength(2);
  });

  it('D8: is about others where permission:inspect reaches', async () => {
    const { owner, walled, wall, joe } = shared.w;
    const subject = { userId: walled.id };
    expect(await ask(owner, { subject, scope: wall.id })).toBe('FORBIDDEN');
    expect(await ask(owner, { subject })).toEqual([]);
    expect(await ask(joe, { subject })).toBe('NOT_FOUND');
  });
});

describe('subjectsWithAccess', () => {
  const SOURCE = /* GraphQL */ `
    query ($id: ID!, $action: String!, $first: Int, $after: String) {
      subjectsWithAccess(
        resourceType: "form", resourceId: $id, action: $action, first: $first, after: $after
      ) { users { id } hasMore endCursor }
    }
  `;
  const ask = async (who: Person, form: Identified, action: string, more: object = {}) => {
    const { data, errors } = await shared.ask(who.email, SOURCE, { id: form.id, action, ...more });
    return errors[0]?.extensions.code ?? data.subjectsWithAccess;
  };

  it('names whoever may, and goes on from where it stopped', async () => {
    const { owner, joe, mine, inspector, rows } = shared.w;
    const all = await ask(owner, rows.bound, 'read');
    // It has neither creator nor owner, and so it is read under every reach (D7).
    const expected = [owner, joe, mine, inspector].map(({ id }) => id).sort();
    expect(all.users.map(({ id }: Identified) => id).sort()).toEqual(expected);
    expect(all.hasMore).toBe(false);
    const first = await ask(owner, rows.bound, 'read', { first: 1 });
    expect(first).toMatchObject({ users: [all.users[0]], hasMore: true });
    const rest = await ask(owner, rows.bound, 'read', { first: 5, after: first.endCursor });
    expect(rest).toMatchObject({ users: all.users.slice(1), hasMore: false });
  });

  it('D14, D15: for who manages the row and may ask', async () => {
    const { joe, nobody, owner, rows } = shared.w;
    expect(await ask(joe, rows.bound, 'read')).toBe('FORBIDDEN');
    expect(await ask(nobody, rows.open, 'read')).toBe('FORBIDDEN');
    expect(await ask(nobody, rows.bound, 'read')).toBe('NOT_FOUND');
    expect(await ask(owner, rows.hidden, 'read')).toBe('NOT_FOUND');
    expect(await ask(owner, { id: ABSENT }, 'read')).toBe('NOT_FOUND');
  });

  it('is bounded in what it reads', async () => {
    const { owner, rows } = shared.w;
    const aliases = Array.from(
      { length: 40 },
      (_, index) =>
        `a${index}: subjectsWithAccess(resourceType: "form", resourceId: "${rows.open.id}", action: "read") { hasMore }`,
    );
    const { errors } = await shared.ask(owner.email, `{ ${aliases.join(' ')} }`);
    expect(errors[0]?.message).toBe('a request asks about at most 200 others');
  });
});
