import { describe, expect, test } from 'vitest';
import { usedResidual } from '../../src/policy/access-level.js';
import { atOrganizationRoot, atScope, definePolicy } from '../../src/policy/define-policy.js';
import { used } from '../../src/policy/predicate.js';
import type { HeldRole, Principal } from '../../src/policy/principal.js';
import type { Situation, Tier } from '../../src/policy/situation.js';
import { PLATFORM_ROOT_ID } from '../../src/policy/vocabulary.js';
import {
  disabledAt,
  holds,
  ORG,
  OTHER,
  OTHER_ROOT,
  principal,
  ROOT,
  situation,
} from './principals.js';

const policy = definePolicy('Form', {
  home: atScope,
  actions: { read: used },
  fields: { open: [] },
});

function uses(
  who: Principal,
  row: object,
  { tier = 'tenant' as Tier, place = {} as Partial<Situation['place']> } = {},
): boolean {
  const at = situation(who);
  const condition = usedResidual(policy, tier, { ...at, place: { ...at.place, ...place } });
  return holds(condition, {
    isActive: true,
    accessLevel: 'AUTHENTICATED',
    roleIds: [],
    governedBy: [ROOT],
    ...row,
  });
}

const holder = (...roles: [roleId: string, ...scopeIds: string[]][]): Principal =>
  principal({
    roles: roles.map(([roleId, ...scopeIds]): HeldRole => ({ roleId, name: 'clerk', scopeIds })),
  });
const bound = (roleIds: string[], governedBy = [ROOT]) => ({
  accessLevel: 'ROLE_BASED',
  roleIds,
  governedBy,
});
const admin = principal({ isPlatformAdmin: true });

describe('D9: a role that an override disables', () => {
  const clerk = (disabled: string, ...lifted: string[]): Principal =>
    principal({
      roles: [
        {
          roleId: 'r',
          name: 'clerk',
          scopeIds: [ROOT],
          switches: [disabledAt(disabled, ...lifted)],
        },
      ],
    });

  test('opens nothing there and below, unless a nearer one lifts that', () => {
    expect(uses(clerk('project'), bound(['r'], ['project', ROOT]))).toBe(false);
    expect(uses(clerk('project'), bound(['r'], ['environment', 'project', ROOT]))).toBe(false);
    expect(uses(clerk('project'), bound(['r'], [ROOT]))).toBe(true);
    expect(uses(clerk(ROOT, 'project'), bound(['r'], [ROOT]))).toBe(false);
    expect(uses(clerk(ROOT, 'project'), bound(['r'], ['project', ROOT]))).toBe(true);
    expect(uses(clerk('project'), bound(['s'], [ROOT]))).toBe(false);
  });

  test('opens no global row where it is disabled at the root, or at the platform', () => {
    const row = bound(['r'], []);
    const global = { tier: 'global' as const };
    expect(uses(clerk('project'), row, global)).toBe(true);
    expect(uses(clerk(ROOT), row, global)).toBe(false);
    expect(uses(clerk(PLATFORM_ROOT_ID), row, global)).toBe(false);
  });
});

describe('D6', () => {
  test('AUTHENTICATED lets in whoever has a user behind', () => {
    expect(uses(principal(), {})).toBe(true);
    expect(uses(principal({ userId: null, kind: 'API_KEY' }), {})).toBe(false);
    expect(uses(principal({ userId: null, isPlatformAdmin: true }), {})).toBe(false);
  });

  test('what is inactive is used by nobody', () => {
    expect(uses(principal(), { isActive: false })).toBe(false);
    expect(uses(admin, { isActive: false })).toBe(false);
  });

  test('PRIVATE, null and unknown levels let nobody in, platform admins included (§6.3, D12)', () => {
    for (const accessLevel of ['PRIVATE', null, '', 'authenticated', 'PUBLIC', 'toString']) {
      expect(uses(principal(), { accessLevel })).toBe(false);
      expect(uses(admin, { accessLevel })).toBe(false);
    }
  });

  test('ROLE_BASED without roles is closed, except to platform admins (§6.3, D12)', () => {
    expect(uses(holder(['r', ROOT]), bound([]))).toBe(false);
    expect(uses(holder(), bound([]))).toBe(false);
    expect(uses(admin, bound([]))).toBe(true);
  });

  test('ROLE_BASED goes by the id of a role that is held at the row or inherited', () => {
    expect(uses(holder(['r', ROOT]), bound(['r', 's']))).toBe(true);
    expect(uses(holder(['r', ROOT]), bound(['s']))).toBe(false);
    expect(uses(holder(['r', ROOT]), bound(['clerk']))).toBe(false);
    expect(uses(holder(['r', 'project']), bound(['r'], ['project', ROOT]))).toBe(true);
  });

  test('role and scope stay paired: held at X is not held at Y (§6.3)', () => {
    expect(uses(holder(['r', 'x']), bound(['r'], ['y', ROOT]))).toBe(false);
    const both = holder(['r', 'x'], ['s', 'y']);
    expect(uses(both, bound(['r'], ['y', ROOT]))).toBe(false);
    expect(uses(both, bound(['s'], ['y', ROOT]))).toBe(true);
    // Held at the same scopes, in whatever order: one arm for both.
    const same = holder(['r', 'x', 'y'], ['s', 'y', 'x']);
    expect(uses(same, bound(['s'], ['x']))).toBe(true);
    expect(uses(same, bound(['r'], ['z']))).toBe(false);
  });

  test('where rows live at roots, a role counts that is held at the root of the row', () => {
    const team = definePolicy('Team', {
      home: atOrganizationRoot(),
      actions: { read: used },
      fields: { open: [] },
    });
    const uses = (who: Principal) =>
      holds(usedResidual(team, 'tenant', situation(who)), {
        ...{ isActive: true, accessLevel: 'ROLE_BASED', roleIds: ['r'] },
        organizationId: ORG,
      });
    expect(uses(holder(['r', ROOT]))).toBe(true);
    expect(uses(holder(['r', 'project']))).toBe(false);
    expect(uses(holder(['s', ROOT], ['r', 'project']))).toBe(false);
  });

  test('a role held outside of a DEFINE boundary does not count inside', () => {
    expect(uses(holder(['r', ROOT]), bound(['r'], ['walled']))).toBe(false);
  });

  test('on a global row the role must be held at the root of the effective organization', () => {
    const global = { tier: 'global' as const };
    expect(uses(holder(['r', ROOT]), bound(['r']), global)).toBe(true);
    expect(uses(holder(['r', 'project']), bound(['r']), global)).toBe(false);
    const elsewhere = { ...global, place: { organizationId: OTHER, switched: true } };
    expect(uses(holder(['r', ROOT]), bound(['r']), elsewhere)).toBe(false);
    expect(uses(holder(['r', OTHER_ROOT]), bound(['r']), elsewhere)).toBe(true);
    expect(
      uses(holder(['r', ROOT]), bound(['r']), { ...global, place: { organizationId: null } }),
    ).toBe(false);
  });
});
