import { evaluate, type Row } from '../../src/policy/evaluate.js';
import {
  ANONYMOUS,
  type Grant,
  type GrantSwitch,
  type Principal,
} from '../../src/policy/principal.js';
import type { Residual } from '../../src/policy/residual.js';
import { rootScopeId } from '../../src/policy/root-scope.js';
import { simplify } from '../../src/policy/simplify.js';
import { ownPlace, REACHABLE, type Situation } from '../../src/policy/situation.js';

/** The organization of whoever asks, and its root scope. */
export const ORG = '01930000-0000-7aaa-8aaa-aaaaaaaaaaaa';
export const ROOT = rootScopeId(ORG);
/** Another one. */
export const OTHER = '01930000-0000-7bbb-8bbb-bbbbbbbbbbbb';
export const OTHER_ROOT = rootScopeId(OTHER);

/** Some user's principal: nothing is held unless the test says so. */
export function principal(own: Partial<Principal> = {}): Principal {
  const base = { kind: 'USER', userId: 'me', organizationId: ORG } as const;
  return { ...ANONYMOUS, ...base, ...own };
}

/** Read on forms at one place, in full, unless the test says otherwise. */
export function grant(more: Partial<Grant> = {}): Grant {
  return {
    resourceType: 'form',
    action: 'read',
    pattern: '*',
    dataAccess: 'ALL_DATA',
    scopeIds: [ROOT],
    ...more,
  };
}

/** An override of some permission that disables, and where others lift that again. */
export function disabledAt(scopeId: string, ...liftedAt: string[]): GrantSwitch {
  return { disabledAt: scopeId, reachedFrom: [scopeId], liftedAt, permissionId: 'p', roleId: null };
}

export function situation(who: Principal, more: Partial<Situation> = {}): Situation {
  return { principal: who, place: ownPlace(who), extent: REACHABLE, ...more };
}

/** Whether a row satisfies a condition; throws where the row does not bring what it takes. */
export function holds(condition: Residual, row: Row): boolean {
  const answer = evaluate(simplify(condition), row);
  if (answer === 'unknown') throw new Error('the row lacks a fact');
  return answer === 'yes';
}
