import fc from 'fast-check';
import { expect, test } from 'vitest';
import { atOrganizationRoot, definePolicy } from '../../src/policy/define-policy.js';
import { inheritsFromAny } from '../../src/policy/inheritance.js';
import { managed } from '../../src/policy/predicate.js';
import { organizationRootedAt, rootScopeId } from '../../src/policy/root-scope.js';
import { holds, ORG, OTHER, OTHER_ROOT, principal, ROOT } from './principals.js';

test("D1: a root scope's id is its organization's with the version digit 7 made an 8", () => {
  expect(rootScopeId('01930000-0000-7aaa-8aaa-aaaaaaaaaaaa')).toBe(
    '01930000-0000-8aaa-8aaa-aaaaaaaaaaaa',
  );
});

test('D1: each tells the other, and none is of both sorts', () => {
  fc.assert(
    fc.property(fc.uuid({ version: 7 }), fc.uuid({ version: 7 }), (one, other) => {
      const root = rootScopeId(one);
      expect(root).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(organizationRootedAt(root)).toBe(one);
      expect(organizationRootedAt(one)).toBeNull();
      expect(rootScopeId(other) === root).toBe(one === other);
    }),
  );
});

test('D8: who lives at the root of an organization is reached by what is held at that root', () => {
  const policy = definePolicy('User', {
    home: atOrganizationRoot(),
    actions: { read: managed('user:read') },
    fields: { open: [] },
  });
  const reached = (scopeIds: string[], who = principal()) =>
    [ORG, OTHER].filter((organizationId) =>
      holds(inheritsFromAny(policy, { scopeIds }, who), { organizationId }),
    );
  const admin = principal({ isPlatformAdmin: true });
  expect(reached([ROOT, 'project'])).toEqual([ORG]);
  expect(reached([OTHER_ROOT])).toEqual([]);
  expect(reached([ROOT, OTHER_ROOT], admin)).toEqual([ORG, OTHER]);
  for (const who of [principal(), admin]) expect(reached([ORG, OTHER, 'project'], who)).toEqual([]);
});
