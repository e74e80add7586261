import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decidingColumns } from '../../src/policy/deciding-columns.js';
import {
  atOrganizationRoot,
  atParentScope,
  atScope,
  atScopeThen,
  definePolicy,
  policySet,
} from '../../src/policy/define-policy.js';
import { managedResidual } from '../../src/policy/manage.js';
import { anyOf, managed, managedAtItself } from '../../src/policy/predicate.js';
import type { Grant, Principal } from '../../src/policy/principal.js';
import { or } from '../../src/policy/residual.js';
import { resolve } from '../../src/policy/resolve.js';
import { canActAnywhere } from '../../src/policy/situation.js';
import { PLATFORM_ROOT_ID } from '../../src/policy/vocabulary.js';
import { disabledAt, grant, holds, ORG, OTHER, principal, ROOT, situation } from './principals.js';

const policy = (readsGlobalRows = false) =>
  definePolicy('Form', {
    home: atScope,
    ownership: 'owned',
    name: 'name',
    readsGlobalRows,
    actions: { read: managed('form:read') },
    fields: { open: [] },
  });

const row = (governedBy: string[], more: object = {}) => ({
  id: 'id',
  name: 'x',
  createdById: 'you',
  ownerId: 'you',
  teamId: null,
  createdBy: { teams: [] },
  owner: { teams: [] },
  governedBy,
  ...more,
});

const condition = (who: Principal, action = 'read') =>
  managedResidual(policy(), { resource: 'form', action }, 'tenant', situation(who));
const reaches = (grants: Grant[], given: ReturnType<typeof row>, action = 'read') =>
  holds(condition(principal({ grants }), action), given);

describe('D8: a grant at Y reaches S iff Y is in inherits(S)', () => {
  test('above and at the row, but neither beside nor below it', () => {
    expect(reaches([grant({ scopeIds: [ROOT] })], row(['project', ROOT]))).toBe(true);
    expect(reaches([grant({ scopeIds: ['project'] })], row(['project', ROOT]))).toBe(true);
    expect(reaches([grant({ scopeIds: ['other'] })], row(['project', ROOT]))).toBe(false);
    expect(reaches([grant({ scopeIds: ['environment'] })], row(['project', ROOT]))).toBe(false);
  });

  test('not across a DEFINE boundary: what is behind it does not inherit', () => {
    expect(reaches([grant({ scopeIds: [ROOT] })], row(['walled']))).toBe(false);
  });

  test('only the action and the type that it names; none manages nothing', () => {
    expect(reaches([grant({ action: 'update' })], row([ROOT]))).toBe(false);
    expect(reaches([grant({ resourceType: 'workflow' })], row([ROOT]))).toBe(false);
    expect(reaches([grant()], row([ROOT]), 'update')).toBe(false);
    expect(reaches([], row([ROOT]))).toBe(false);
  });
});

describe('model §2: of a row that is a scope', () => {
  const scopes = definePolicy('Scope', {
    home: atParentScope,
    name: 'name',
    actions: { read: managed('scope:read'), update: managedAtItself('scope:update') },
    fields: { open: [] },
  });
  const reached = (action: string, scopeIds: string[], given: object) => {
    const grants = [grant({ resourceType: 'scope', action, scopeIds })];
    const policies = policySet([scopes]);
    const asked = resolve(policies, scopes, action, situation(principal({ grants })));
    return holds(asked, { id: 'id', organizationId: ORG, name: null, ...given });
  };
  // A scope that begins anew, in one that does not.
  const walled = { governedBy: ['parent', ROOT], inheritsFrom: ['walled'] };

  test('what is its own is decided at itself, and all else at its parent', () => {
    expect(reached('read', ['parent'], walled)).toBe(true);
    expect(reached('read', ['walled'], walled)).toBe(false);
    expect(reached('update', ['walled'], walled)).toBe(true);
    expect(reached('update', ['parent'], walled)).toBe(false);
    expect(reached('update', [ROOT], walled)).toBe(false);
    const merging = { ...walled, inheritsFrom: ['merging', 'parent', ROOT] };
    expect(reached('update', [ROOT], merging)).toBe(true);
  });

  test('the columns by which it is decided are those of where it is', () => {
    expect(decidingColumns(scopes, 'update')).toContain('inheritsFrom');
    expect(decidingColumns(scopes, 'read')).not.toContain('inheritsFrom');
  });

  test('rows that are no scopes are decided at none', () => {
    const declare = () =>
      definePolicy('Form', {
        home: atScope,
        actions: { read: managed('form:read'), update: anyOf(managedAtItself('form:update')) },
        fields: { open: [] },
      });
    expect(declare).toThrow('policy Form decides update at rows that are no scopes');
  });
});

describe('D7: a grant keeps the reach of the role that carries it', () => {
  const own = { dataAccess: 'OWN_DATA' as const };

  test("one role's permission is not widened by another role's reach", () => {
    const grants = [
      grant({ ...own, scopeIds: [ROOT] }),
      grant({ action: 'update', scopeIds: [ROOT] }),
    ];
    expect(reaches(grants, row([ROOT]))).toBe(false);
    expect(reaches(grants, row([ROOT], { ownerId: 'me' }))).toBe(true);
  });

  test('ALL_DATA at one scope does not lift OWN_DATA at another', () => {
    const grants = [grant({ ...own, scopeIds: [ROOT] }), grant({ scopeIds: ['project'] })];
    expect(reaches(grants, row([ROOT]))).toBe(false);
    expect(reaches(grants, row(['project', ROOT]))).toBe(true);
  });

  test('ALL_DATA on one pattern does not absorb OWN_DATA on another, nor the reverse', () => {
    const grants = [grant({ pattern: 'a' }), grant({ ...own, pattern: '*' })];
    expect(reaches(grants, row([ROOT], { name: 'a' }))).toBe(true);
    expect(reaches(grants, row([ROOT], { name: 'b' }))).toBe(false);
    expect(reaches(grants, row([ROOT], { name: 'b', ownerId: 'me' }))).toBe(true);
  });

  test('OWN_DATA stands beside TEAM_DATA where the teams are not known', () => {
    const grants = [grant(own), grant({ dataAccess: 'TEAM_DATA' })];
    const lost = { teams: { resolved: false } as const, grants };
    expect(holds(condition(principal(lost)), row([ROOT], { ownerId: 'me' }))).toBe(true);
    expect(holds(condition(principal(lost)), row([ROOT]))).toBe(false);
  });

  test('absorbing a scope leaves the other scopes of the same grant', () => {
    const grants = [grant({ scopeIds: ['p'] }), grant({ ...own, scopeIds: ['p', 'q'] })];
    expect(reaches(grants, row(['q'], { ownerId: 'me' }))).toBe(true);
    expect(reaches(grants, row(['q']))).toBe(false);
  });
});

test('grouping and absorbing change no answer: the union of the single grants', () => {
  const scope = fc.constantFrom(ROOT, 'project', 'walled');
  const anyGrant = fc.record({
    resourceType: fc.constant('form'),
    action: fc.constantFrom('read', 'update'),
    pattern: fc.constantFrom('*', 'x', 'x/*', 'owned', 'ALL_DATA *'),
    dataAccess: fc.constantFrom('OWN_DATA' as const, 'TEAM_DATA' as const, 'ALL_DATA' as const),
    scopeIds: fc.uniqueArray(scope, { minLength: 1 }),
    // What an override concerns stands for nothing else (D9).
    switches: fc.option(
      fc.constantFrom(
        [disabledAt('project')],
        [disabledAt(ROOT, 'project')],
        [disabledAt('walled')],
      ),
      { nil: undefined, freq: 2 },
    ),
  });
  const anyRow = fc
    .record({
      name: fc.constantFrom('x', 'x/y', 'z', 'ALL_DATA *'),
      ownerId: fc.constantFrom('me', 'you'),
      teamId: fc.constantFrom('t', null),
      chain: fc.constantFrom<string[]>([ROOT], ['project', ROOT], ['walled']),
    })
    .map(({ chain, ...values }) => row(chain, values));
  const who = { teams: { resolved: true as const, ids: ['t'], memberIds: null } };
  const answers = new Set<boolean>();
  fc.assert(
    fc.property(fc.array(anyGrant, { maxLength: 5 }), anyRow, (drawn, given) => {
      const grants = drawn.map(({ switches, ...one }) => (switches ? { ...one, switches } : one));
      const together = holds(condition(principal({ ...who, grants })), given);
      const alone = grants.map((one) => condition(principal({ ...who, grants: [one] })));
      expect(together).toBe(holds(or(...alone), given));
      answers.add(together);
    }),
    { numRuns: 500 },
  );
  expect(answers.size).toBe(2);
});

describe('D9: what an override concerns', () => {
  const at = (disabled: string, ...lifted: string[]) =>
    grant({ switches: [disabledAt(disabled, ...lifted)] });

  test('is off where it disables and in what inherits from there, and on elsewhere', () => {
    expect(reaches([at('project')], row(['environment', 'project', ROOT]))).toBe(false);
    expect(reaches([at('project')], row(['project', ROOT]))).toBe(false);
    expect(reaches([at('project')], row([ROOT]))).toBe(true);
    expect(reaches([at('project')], row(['other', ROOT]))).toBe(true);
  });

  test('is on again where a nearer one lifts that', () => {
    const lifted = [at(ROOT, 'project')];
    expect(reaches(lifted, row([ROOT]))).toBe(false);
    expect(reaches(lifted, row(['environment', 'project', ROOT]))).toBe(true);
    const again = grant({ switches: [disabledAt(ROOT, 'project'), disabledAt('environment')] });
    expect(reaches([again], row(['environment', 'project', ROOT]))).toBe(false);
  });

  test('is on by another way that nothing concerns', () => {
    expect(reaches([at('project'), grant()], row(['project', ROOT]))).toBe(true);
    const narrow = grant({ dataAccess: 'OWN_DATA' });
    expect(reaches([at('project'), narrow], row(['project', ROOT]))).toBe(false);
    expect(reaches([at('project'), narrow], row(['project', ROOT], { ownerId: 'me' }))).toBe(true);
  });

  test('takes no part in what rows at roots need where it is disabled there', () => {
    const people = definePolicy('User', {
      home: atOrganizationRoot(),
      actions: { read: managed('form:read') },
      fields: { open: [] },
    });
    const read = (who: Grant) =>
      holds(
        managedResidual(
          people,
          { resource: 'form', action: 'read' },
          'tenant',
          situation(principal({ grants: [who] })),
        ),
        { organizationId: ORG },
      );
    expect(read(at(ROOT))).toBe(false);
    expect(read(at(ROOT, 'project'))).toBe(false);
    expect(read(at('project'))).toBe(true);
  });

  test('of a row that outlives its scope counts where that was and where it is', () => {
    const entries = definePolicy('AuditEntry', {
      home: atScopeThen,
      actions: { read: managed('form:read') },
      fields: { open: [] },
    });
    const read = (then: string[], now: string[]) =>
      holds(
        managedResidual(
          entries,
          { resource: 'form', action: 'read' },
          'tenant',
          situation(principal({ grants: [at('project')] })),
        ),
        { governedBy: then, place: { governedBy: now } },
      );
    expect(read([ROOT], [ROOT])).toBe(true);
    expect(read(['project', ROOT], [ROOT])).toBe(false);
    expect(read([ROOT], ['project', ROOT])).toBe(false);
  });

  test('D4: nobody acts elsewhere by what is disabled at their root', () => {
    const acting = (...switches: ReturnType<typeof disabledAt>[]) =>
      canActAnywhere(
        principal({
          isProvider: true,
          grants: [grant({ resourceType: 'organization', action: 'actIn', switches })],
        }),
      );
    expect(acting(disabledAt('project'))).toBe(true);
    expect(acting(disabledAt(ROOT))).toBe(false);
  });
});

describe('D8: global rows', () => {
  const readsGlobal = (
    grants: Grant[],
    { special = false, action = 'read', switched = false, org = ORG as string | null } = {},
  ) => {
    const who = principal({ grants });
    const { place } = situation(who);
    const at = situation(who, { place: { ...place, switched, organizationId: org } });
    const permission = { resource: 'form', action };
    return holds(managedResidual(policy(special), permission, 'global', at), row([]));
  };
  const own = { dataAccess: 'OWN_DATA' as const };

  test('are managed by grants at the platform root, whatever their reach', () => {
    expect(readsGlobal([grant({ scopeIds: [PLATFORM_ROOT_ID] })])).toBe(true);
    expect(readsGlobal([grant({ ...own, scopeIds: [PLATFORM_ROOT_ID] })])).toBe(true);
    expect(readsGlobal([grant({ scopeIds: [ROOT, 'project'] })])).toBe(false);
  });

  test('are read, where the policy says so, by a grant at the effective root alone', () => {
    const special = { special: true };
    expect(readsGlobal([grant()], special)).toBe(true);
    expect(readsGlobal([grant({ scopeIds: ['project'] })], special)).toBe(false);
    // The organization's own id is no scope's (D1).
    expect(readsGlobal([grant({ scopeIds: [ORG] })], special)).toBe(false);
    expect(readsGlobal([grant()], { ...special, org: OTHER })).toBe(false);
    expect(readsGlobal([grant()], { ...special, org: null })).toBe(false);
    expect(readsGlobal([grant({ action: 'update' })], { ...special, action: 'update' })).toBe(
      false,
    );
  });

  test('match the pattern of the grant', () => {
    expect(readsGlobal([grant({ pattern: 'y', scopeIds: [PLATFORM_ROOT_ID] })])).toBe(false);
    expect(readsGlobal([grant({ pattern: 'x' })], { special: true })).toBe(true);
    expect(readsGlobal([grant({ pattern: 'y' })], { special: true })).toBe(false);
  });

  test('D9: are not reached by what is disabled at the platform root, or where it is held', () => {
    const special = { special: true };
    const off = (id: string) => ({ switches: [disabledAt(id)] });
    const atPlatform = { scopeIds: [PLATFORM_ROOT_ID] };
    expect(readsGlobal([grant({ ...atPlatform, ...off(PLATFORM_ROOT_ID) })])).toBe(false);
    expect(readsGlobal([grant(off(PLATFORM_ROOT_ID))], special)).toBe(false);
    expect(readsGlobal([grant(off(ROOT))], special)).toBe(false);
    expect(readsGlobal([grant(off('project'))], special)).toBe(true);
    // It concerns what is global, and nothing of a tenant.
    expect(reaches([grant(off(PLATFORM_ROOT_ID))], row([ROOT]))).toBe(true);
  });

  test('D4: in a switched place the platform root does not count', () => {
    expect(readsGlobal([grant({ scopeIds: [PLATFORM_ROOT_ID] })], { switched: true })).toBe(false);
  });
});
