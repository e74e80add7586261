import type { GrantSwitch, Switched } from './principal.js';
import { and, disjoint, or, overlaps, type Residual, rule, yes } from './residual.js';
import { PLATFORM_ROOT_ID } from './vocabulary.js';

/**
 * Whether no override switches off what is held, at a row whose inherits(home) is in a column (D9): off where some scope
 * disables it from which no nearer one lifts that.
 *
 * INVARIANT: each switch is of one target, and `liftedAt` names scopes below `disabledAt` alone, so that the nearest counts;
 * a second disabled one below that is a switch of its own.
 */
export function switchedOn(field: string, switches: readonly GrantSwitch[] = []): Residual {
  // The platform's root is above every tenant's, which inherits nothing (D8).
  const within = switches.filter(({ disabledAt }) => disabledAt !== PLATFORM_ROOT_ID);
  if (within.length === 0) return yes;
  const never = within.filter(({ liftedAt }) => liftedAt.length === 0);
  const lifted = within.filter(({ liftedAt }) => liftedAt.length > 0);
  return rule(
    'D9',
    'no override that counts there disables it',
    and(
      disjoint(field, [...new Set(never.map(({ disabledAt }) => disabledAt))].sort()),
      ...lifted.map(({ disabledAt, liftedAt }) =>
        or(disjoint(field, [disabledAt]), overlaps(field, liftedAt)),
      ),
    ),
  );
}

/** Whether what is held is on at a scope that inherits from these, itself first. */
export function isOnAt({ switches = [] }: Switched, inheritsFrom: readonly string[]): boolean {
  return switches.every(
    ({ disabledAt, liftedAt }) =>
      !inheritsFrom.includes(disabledAt) || liftedAt.some((id) => inheritsFrom.includes(id)),
  );
}

/** Whether an override at this very scope disables it. */
function isOffAt({ switches = [] }: Switched, scopeId: string): boolean {
  return switches.some(({ disabledAt }) => disabledAt === scopeId);
}

/**
 * Whether what is held at a root counts for what is decided there and lies at no scope below: the rows at the root
 * (D1), and acting in other organizations (D4).
 */
export const countsAtRoot = (held: Switched, root: string): boolean =>
  held.scopeIds.includes(root) && !isOffAt(held, root);

/** The same for global rows (D8), which lie at the platform's root, so that what is disabled there counts besides. */
export const countsForGlobalRows = (held: Switched, root: string): boolean =>
  countsAtRoot(held, root) && !isOffAt(held, PLATFORM_ROOT_ID);

/** What is switched alike: by the same overrides, or by none. */
export const switchesKey = ({ switches = [] }: Switched): string =>
  switches
    .map(({ disabledAt, liftedAt }) => `${disabledAt}<${[...liftedAt].sort().join()}`)
    .sort()
    .join(' ');
