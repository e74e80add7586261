import { describe, expect, test } from 'vitest';
import { Decisions } from '../../src/policy/decisions.js';
import { atScope, definePolicy, policySet } from '../../src/policy/define-policy.js';
import { managed, via } from '../../src/policy/predicate.js';
import type { Residual } from '../../src/policy/residual.js';
import { ownPlace, type Place, REACHABLE } from '../../src/policy/situation.js';
import { PLATFORM_ROOT_ID } from '../../src/policy/vocabulary.js';
import { grant, holds, ORG, principal, ROOT } from './principals.js';

const form = definePolicy('Form', {
  home: atScope,
  actions: { read: managed('form:read'), update: managed('form:update') },
  fields: { open: ['name'], managed: ['accessLevel'], sealed: ['hash'] },
});
const link = definePolicy('Link', {
  actions: { read: via('form') },
  relations: { form: 'Form' },
  fields: { open: [] },
});

const who = principal({
  grants: [
    grant({ scopeIds: [ROOT, 'project', PLATFORM_ROOT_ID] }),
    grant({ action: 'update', scopeIds: ['project'] }),
  ],
});
const own = ownPlace(who);
const chain = (...scopeIds: string[]): Place => ({
  ...own,
  coverage: { kind: 'chain', scopeIds },
  chain: ['project', ROOT],
});
const PLACED = { kind: 'placed' } as const;

const rows = {
  global: { organizationId: null, scopeId: PLATFORM_ROOT_ID, governedBy: [PLATFORM_ROOT_ID] },
  root: { organizationId: ORG, scopeId: ROOT, governedBy: [ROOT] },
  project: { organizationId: ORG, scopeId: 'project', governedBy: ['project', ROOT] },
};
const inside = (residual: Residual, wrap = (row: object): object => row): string[] =>
  Object.entries(rows).flatMap(([name, row]) =>
    holds(residual, wrap(row) as never) ? [name] : [],
  );

const at = (place: Place) => new Decisions(policySet([form, link]), who, place);

describe('what is decided for a place', () => {
  test('D4: the extent counts, whichever is asked for first', () => {
    const decisions = at(chain('project'));
    expect(inside(decisions.residual('Form', 'read'))).toEqual(['global', 'root', 'project']);
    expect(inside(decisions.residual('Form', 'read', PLACED))).toEqual(['global', 'project']);
    expect(inside(decisions.residual('Form', 'read', REACHABLE))).toEqual([
      'global',
      'root',
      'project',
    ]);
  });

  test('each tier is decided for itself', () => {
    const decisions = at(own);
    expect(inside(decisions.residual('Form', 'read', PLACED))).toEqual([
      'global',
      'root',
      'project',
    ]);
    const tenant = decisions.residual('Form', 'read', { ...PLACED, tier: 'tenant' });
    const global = decisions.residual('Form', 'read', { ...PLACED, tier: 'global' });
    expect(inside(tenant)).toEqual(['root', 'project']);
    expect(inside(global)).toEqual(['global']);
  });

  test('each action is decided for itself, and each model', () => {
    const decisions = at(own);
    expect(inside(decisions.residual('Form', 'read'))).toEqual(['global', 'root', 'project']);
    expect(inside(decisions.residual('Form', 'update'))).toEqual(['project']);
    expect(decisions.residual('Link', 'read').op).toBe('related');
    expect(() => decisions.residual('Link', 'update')).toThrow('no action update');
  });

  test('D4: what is read by a related row is so wherever that row is', () => {
    const residual = at(chain('project')).residual('Link', 'read', PLACED);
    expect(inside(residual, (row) => ({ form: row }))).toEqual(['global', 'root', 'project']);
  });

  test('a part of it is decided for itself; what is reached from there is decided once', () => {
    const whole = at(chain('project', ROOT));
    const reached = whole.residual('Form', 'read');
    expect(inside(whole.residual('Form', 'read', PLACED))).toEqual(['global', 'root', 'project']);
    const part = whole.within(chain(ROOT));
    expect(inside(part.residual('Form', 'read', PLACED))).toEqual(['global', 'root']);
    expect(part.residual('Form', 'read')).toBe(reached);
    const other = part.within(chain('project'));
    expect(inside(other.residual('Form', 'read', PLACED))).toEqual(['global', 'project']);
  });
});

test('D15: a field is what the policy says of it, and only shown where it says nothing', () => {
  const decisions = at(own);
  const classes = ['name', 'accessLevel', 'hash', 'other', 'constructor'].map((field) =>
    decisions.classOf('Form', field),
  );
  expect(classes).toEqual(['open', 'managed', 'sealed', 'shown', 'shown']);
  expect(decisions.sealed('Form')).toEqual(['hash']);
  expect(decisions.sealed('Link')).toEqual([]);
  expect(() => decisions.classOf('Ghost', 'name')).toThrow('no policy for the model Ghost');
});
