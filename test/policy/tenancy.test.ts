import { describe, expect, test } from 'vitest';
import { atOrganizationRoot, atScope, definePolicy } from '../../src/policy/define-policy.js';
import { managed } from '../../src/policy/predicate.js';
import { ANONYMOUS, type Principal } from '../../src/policy/principal.js';
import { or } from '../../src/policy/residual.js';
import {
  type Coverage,
  canActAnywhere,
  ownPlace,
  REACHABLE,
  TIERS,
} from '../../src/policy/situation.js';
import { shadowResidual, tenancyResidual } from '../../src/policy/tenancy.js';
import { grant, holds, ORG, OTHER, OTHER_ROOT, principal, ROOT, situation } from './principals.js';

const read = managed('form:read');
const form = definePolicy('Form', {
  home: atScope,
  cascadesBy: 'name',
  actions: { read },
  fields: { open: [] },
});
const organization = definePolicy('Organization', {
  home: { ...atOrganizationRoot('id'), hasGlobalRows: false },
  actions: { read },
  fields: { open: [] },
});

const rows = {
  global: { organizationId: null, scopeId: 'platform' },
  root: { organizationId: ORG, scopeId: ROOT },
  project: { organizationId: ORG, scopeId: 'project' },
  other: { organizationId: OTHER, scopeId: OTHER_ROOT },
};

function covered(who: Principal, coverage?: Coverage): string[] {
  const place = ownPlace(who);
  const at = situation(who, {
    place: coverage === undefined ? place : { ...place, coverage },
    extent: { kind: coverage === undefined ? 'reachable' : 'placed' },
  });
  const condition = or(...TIERS.map((tier) => tenancyResidual(form, tier, at)));
  return Object.entries(rows).flatMap(([name, row]) => (holds(condition, row) ? [name] : []));
}

const actIn = grant({ resourceType: 'organization', action: 'actIn' });
const provider = principal({ isProvider: true, grants: [actIn] });
const admin = principal({ isPlatformAdmin: true });

describe('D4: what a list covers', () => {
  test.each<[Coverage, string[]]>([
    [{ kind: 'organization', organizationId: ORG }, ['global', 'root', 'project']],
    [{ kind: 'chain', scopeIds: ['project', ROOT] }, ['global', 'root', 'project']],
    [{ kind: 'chain', scopeIds: [ROOT] }, ['global', 'root']],
    [{ kind: 'chain', scopeIds: [] }, ['global']],
    [{ kind: 'global' }, ['global']],
    [{ kind: 'everything' }, ['global', 'root', 'project', 'other']],
  ])('%j', (coverage, wanted) => {
    expect(covered(principal(), coverage)).toEqual(wanted);
    expect(covered(admin, coverage)).toEqual(wanted);
  });

  test('by id and along relations: every tenant that one could switch to, and the global tier', () => {
    expect(covered(principal())).toEqual(['global', 'root', 'project']);
    expect(covered(principal({ organizationId: null }))).toEqual(['global']);
    expect(covered(admin)).toEqual(['global', 'root', 'project', 'other']);
    expect(covered(provider)).toEqual(['global', 'root', 'project', 'other']);
  });

  test('D18: nothing for the anonymous, wherever', () => {
    expect(covered(ANONYMOUS)).toEqual([]);
    expect(covered(ANONYMOUS, { kind: 'global' })).toEqual([]);
    expect(covered(ANONYMOUS, { kind: 'everything' })).toEqual([]);
  });

  test('what lives at the root of its organization is covered where the chain ends there', () => {
    const fields = { open: [] };
    const users = definePolicy('User', { home: atOrganizationRoot(), actions: { read }, fields });
    const seen = (scopeIds: string[]) => {
      const place = { ...ownPlace(admin), coverage: { kind: 'chain' as const, scopeIds } };
      const at = situation(admin, { place, extent: { kind: 'placed' } });
      const residual = or(...TIERS.map((tier) => tenancyResidual(users, tier, at)));
      return [ORG, OTHER].filter((organizationId) => holds(residual, { organizationId }));
    };
    expect(seen(['project', ROOT])).toEqual([ORG]);
    expect(seen([OTHER_ROOT])).toEqual([OTHER]);
    expect(seen(['project'])).toEqual([]);
    expect(seen([ORG])).toEqual([]);
  });

  test('what has no global rows has no global tier', () => {
    const at = situation(admin);
    expect(holds(tenancyResidual(organization, 'global', at), { id: null })).toBe(false);
    expect(holds(tenancyResidual(organization, 'tenant', at), { id: OTHER })).toBe(true);
    const mine = tenancyResidual(organization, 'tenant', situation(principal()));
    expect(holds(mine, { id: OTHER })).toBe(false);
  });

  test('acting anywhere takes a provider and actIn on everything at its root', () => {
    expect(canActAnywhere(provider)).toBe(true);
    const cannot = [
      { isProvider: false, grants: [actIn] },
      { isProvider: true, grants: [] },
      { isProvider: true, grants: [{ ...actIn, scopeIds: ['project', ORG, OTHER_ROOT] }] },
      { isProvider: true, grants: [{ ...actIn, pattern: 'owned' }] },
      { isProvider: true, grants: [{ ...actIn, action: 'read' }] },
      { isProvider: true, grants: [actIn], organizationId: null },
    ];
    for (const own of cannot) expect(canActAnywhere(principal(own))).toBe(false);
  });
});

describe('D3: shadowing', () => {
  const shadowedAt = (...scopes: string[]) => ({
    shadows: scopes.map((nearScopeId) => ({ nearScopeId })),
  });
  const placed = (chain: string[], more: object = {}) =>
    situation(principal(), {
      extent: { kind: 'placed' },
      place: { ...ownPlace(principal()), chain, ...more },
    });
  const shown = (at: ReturnType<typeof placed>, row: object) =>
    holds(shadowResidual(form, 'global', at), { ...row });

  test('a row is left out when a nearer one of its name is in the chain, and only then', () => {
    expect(shown(placed(['project', ROOT]), shadowedAt('project'))).toBe(false);
    expect(shown(placed([ROOT]), shadowedAt('project'))).toBe(true);
    expect(shown(placed([ROOT]), shadowedAt())).toBe(true);
    expect(shown(placed([]), shadowedAt('project'))).toBe(true);
  });

  test("a tenant's row is asked for the scopes below the root alone: at the root nothing is nearer", () => {
    const at = placed(['project', ROOT]);
    expect(holds(shadowResidual(form, 'tenant', at), shadowedAt('project'))).toBe(false);
    expect(shadowResidual(form, 'tenant', at)).not.toEqual(shadowResidual(form, 'global', at));
  });

  test('includeShadowed, all tenants, and ids and relations bring it back', () => {
    const row = shadowedAt(ROOT);
    expect(shown(placed([ROOT], { includeShadowed: true }), row)).toBe(true);
    expect(shown(placed([ROOT], { coverage: { kind: 'everything' } }), row)).toBe(true);
    expect(shown({ ...placed([ROOT]), extent: REACHABLE }, row)).toBe(true);
  });

  test('D12: platform admins see the cascade as everyone does', () => {
    const at = { ...placed([ROOT]), principal: admin };
    expect(shown(at, shadowedAt(ROOT))).toBe(false);
  });
});
