import { describe, expect, it } from 'vitest';
import { rootScopeId } from '../../src/policy/root-scope.js';
import { SYSTEM_ROLES } from '../../src/policy/vocabulary.js';
import { gatewayWith } from '../support/gateway.js';
import { mutate } from '../support/mutate.js';

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const admin = await world.user(a, 'admin', { isPlatformAdmin: true });
  const clerk = await world.manager(a, ['organization:create', 'user:create']);
  return { a, admin, clerk };
});

const create = (input: object, who: 'admin' | 'clerk' = 'admin') =>
  mutate(shared, shared.w[who].email, 'createOrganization', input, 'organization { id name }');

const ownersAt = (scopeId: string) =>
  shared.world.client.membership.findMany({
    where: { scopeId, roles: { some: { roleId: SYSTEM_ROLES.Owner } } },
    select: { user: { select: { name: true, email: true } } },
  });

describe('D8: an organization is made with its first owner', () => {
  it('who is invited into it and owns its root', async () => {
    const owner = { name: 'Olga', email: 'olga@first.example' };
    const { answer } = await create({ name: 'First', owner });
    const { id } = answer.organization;
    expect(await ownersAt(rootScopeId(id))).toEqual([{ user: owner }]);
    const user = await shared.world.client.user.findUniqueOrThrow({
      where: { email: owner.email },
    });
    expect(user).toMatchObject({ organizationId: id, isPlatformAdmin: false, isActive: true });
    const entries = await shared.world.client.auditEntry.findMany({
      where: { organizationId: id, outcome: 'PERMITTED' },
    });
    expect(entries.map(({ action }) => action).sort()).toEqual([
      'membership:create',
      'organization:create',
      'user:create',
    ]);
  });

  it('or without, and many at once with one each', async () => {
    expect((await create({ name: 'None' })).code).toBeUndefined();
    const organizations = ['x', 'y', 'z'].map((name) => ({
      name,
      owner: { name: `owner of ${name}`, email: `${name}@many.example` },
    }));
    const { answer } = await mutate(
      shared,
      shared.w.admin.email,
      'createOrganizations',
      { organizations },
      'organizations { id name }',
    );
    for (const [index, { id }] of answer.organizations.entries()) {
      expect(await ownersAt(rootScopeId(id))).toEqual([{ user: organizations[index]?.owner }]);
    }
  });

  it('both or neither: an email that is taken, or is none, and nobody but an admin', async () => {
    const count = () => shared.world.client.organization.count();
    const before = await count();
    const taken = { name: 'Twice', owner: { name: 'Admin', email: shared.w.admin.email } };
    expect(await create(taken)).toMatchObject({ code: 'CONFLICT' });
    const malformed = { name: 'Bad', owner: { name: '*', email: 'NONE' } };
    expect(await create(malformed)).toMatchObject({
      code: 'BAD_USER_INPUT',
      issues: [{ path: ['owner', 'name'] }, { path: ['owner', 'email'] }],
    });
    const owner = { name: 'Mine', email: 'mine@mine.example' };
    expect(await create({ name: 'Mine', owner }, 'clerk')).toMatchObject({ code: 'FORBIDDEN' });
    expect(await count()).toBe(before);
  });
});
