import { describe, expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';
import { mutate } from '../support/mutate.js';
import type { Identified, Person } from '../support/world.js';

const MEMBERSHIPS = ['read', 'create', 'update', 'delete'].map((action) => `membership:${action}`);
const HOUR = 3_600_000;
const inHours = (hours: number): string => new Date(Date.now() + hours * HOUR).toISOString();

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const project = await world.scope(a, 'project');
  const common = [...MEMBERSHIPS, 'user:read', 'role:read', 'scope:read'];
  return {
    a,
    project,
    boss: await world.manager(a, [...common, 'role:assign', 'form:read']),
    // Manages who is a member, and gives nobody anything.
    clerk: await world.manager(a, common),
    readers: await world.role(a, ['form:read']),
    form: await world.row('form', project, 'plan', { access: 'ROLE_BASED' }),
  };
});

const sees = async (who: Person): Promise<boolean> => {
  const { data } = await shared.ask(who.email, 'query ($id: ID!) { form(id: $id) { id } }', {
    id: shared.w.form.id,
  });
  return data.form !== null;
};

const SHOWN = 'membership { id expiresAt reason isExpired }';
const write = (who: Person, name: string, input: object) =>
  mutate(shared, who.email, name, input, SHOWN);

/** Somebody who is a member, with roles or without. */
async function member(input: object, roles: readonly Identified[] = []) {
  const { boss, project, a } = shared.w;
  const user = await shared.world.user(a, 'somebody');
  const made = await write(boss, 'createMembership', {
    scope: project.id,
    user: user.id,
    roles: roles.map(({ id }) => id),
    ...input,
  });
  return { user, ...(made.answer.membership as { id: string }), shown: made.answer.membership };
}

describe('D48: a membership', () => {
  it('is given until an instant, with why, and ended before it', async () => {
    const { readers, clerk } = shared.w;
    const expiresAt = inHours(2);
    const { id, user, shown } = await member({ expiresAt, reason: 'the audit' }, [readers]);
    expect(shown).toEqual({ id, expiresAt, reason: 'the audit', isExpired: false });
    expect(await sees(user)).toBe(true);
    const ended = await write(clerk, 'updateMembership', { id, expiresAt: inHours(-1) });
    expect(ended.answer.membership).toMatchObject({ isExpired: true, reason: 'the audit' });
    expect(await sees(user)).toBe(false);
  });

  it('D21: lasts longer by who could give all that is on it', async () => {
    const { readers, clerk, boss } = shared.w;
    const { id, user } = await member({ expiresAt: inHours(-1) }, [readers]);
    const empty = await member({ expiresAt: inHours(-1) });
    for (const expiresAt of [inHours(3), null]) {
      const refused = await write(clerk, 'updateMembership', { id, expiresAt });
      expect(refused).toMatchObject({ code: 'FORBIDDEN' });
      const fine = await write(clerk, 'updateMembership', { id: empty.id, expiresAt });
      expect(fine.code).toBeUndefined();
    }
    expect(await sees(user)).toBe(false);
    const reasoned = await write(clerk, 'updateMembership', { id, reason: 'forgotten' });
    expect(reasoned.code).toBeUndefined();
    expect((await write(boss, 'updateMembership', { id, expiresAt: null })).code).toBeUndefined();
    expect(await sees(user)).toBe(true);
  });
});

describe('D48: a role on a membership', () => {
  it('ends by itself, and another time if it is assigned anew', async () => {
    const { readers, boss } = shared.w;
    const { id, user } = await member({});
    const assign = (more: object) =>
      write(boss, 'assignRoles', { id, roles: [readers.id], ...more });
    expect((await assign({ expiresAt: inHours(-1) })).code).toBeUndefined();
    expect(await sees(user)).toBe(false);
    expect((await assign({ expiresAt: inHours(1), reason: 'on call' })).code).toBeUndefined();
    expect(await sees(user)).toBe(true);
    const kept = await shared.world.client.roleAssignment.findMany({ where: { membershipId: id } });
    expect(kept).toMatchObject([{ roleId: readers.id, reason: 'on call' }]);
    expect((await assign({ reason: 'x'.repeat(1_001) })).code).toBe('BAD_USER_INPUT');
  });

  it('D21: lasts longer by who could assign it', async () => {
    const { readers, boss, clerk } = shared.w;
    const { id, user } = await member({});
    const expiresAt = inHours(1);
    await write(boss, 'assignRoles', { id, roles: [readers.id], expiresAt });
    const again = (more: object) =>
      write(clerk, 'assignRoles', { id, roles: [readers.id], ...more });
    expect(await again({})).toMatchObject({ code: 'FORBIDDEN' });
    expect(await again({ expiresAt: inHours(2) })).toMatchObject({ code: 'FORBIDDEN' });
    expect(await sees(user)).toBe(true);
    // Sooner is nothing given.
    expect((await again({ expiresAt: inHours(-1) })).code).toBeUndefined();
    expect(await sees(user)).toBe(false);
  });
});
