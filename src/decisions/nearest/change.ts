import type { Disabled } from '../../data/system-queries.js';
import type { Row } from '../../policy/evaluate.js';
import type { Grant, HeldRole, Principal } from '../../policy/principal.js';
import type { Facts } from '../decide-row.js';
import { anyRowAt, type Spot } from '../spot.js';
import { countsAt, givesRole, grantsOf, isHeld, type RoleRow, withoutDisabled } from './giving.js';

/** Something that an administrator does. */
export type Change =
  | { readonly change: 'ASSIGN_ROLE'; readonly role: RoleRow; readonly scopeId: string }
  | { readonly change: 'SHARE_WITH_ROLE'; readonly role: RoleRow }
  | { readonly change: 'CHANGE_REACH'; readonly role: RoleRow }
  | { readonly change: 'LIFT_OVERRIDE'; readonly override: Disabled }
  | { readonly change: 'MERGE_TYPE'; readonly scopeTypeId: string };

/** Scopes that would be inherited from as well if the type of the one below them began to merge. */
export interface Beyond {
  readonly scopeTypeId: string;
  readonly inheritsFrom: readonly string[];
}

/** What changes are tried on. */
export interface Ground {
  readonly facts: Facts;
  readonly spot: Spot;
  /** Whoever would make them. */
  readonly asker: Principal;
  /** Whether they may assign roles there. */
  readonly mayAssign: boolean;
  /** What is disabled where the row is, and beyond. */
  readonly disabled: readonly Disabled[];
  /** Beyond the nearest boundary, and the one beyond that. */
  readonly beyond: readonly Beyond[];
  /** Somebody as they are without these overrides; null where nobody asked. */
  readonly without: (who: 'asker' | 'subject', overrideIds: readonly string[]) => Principal | null;
}

/** The subject, and the row, as they would be. */
export interface Outcome {
  readonly principal: Principal;
  readonly row: Row;
  /** What the subject would come to hold. */
  readonly gives: readonly Grant[];
}

const of = <K extends Change['change']>(kind: K, changes: readonly Change[]) =>
  changes.filter((one): one is Extract<Change, { change: K }> => one.change === kind);

/**
 * What comes of changes that are made together; null where that is not known, does nothing, or is not the asker's to
 * give (D21).
 */
export function outcomeOf(ground: Ground, changes: readonly Change[]): Outcome | null {
  const { facts, spot, disabled } = ground;
  const overrides = of('LIFT_OVERRIDE', changes).map(({ override }) => override);
  const lifted = overrides.map(({ id }) => id);
  const inheritsFrom = mergedAt(ground, changes);
  const left = disabled.filter(
    ({ id, scopeId }) => !lifted.includes(id) && inheritsFrom.includes(scopeId),
  );
  // What is held above is read as the tree is: which overrides would concern it is not known.
  if (inheritsFrom !== spot.inheritsFrom && left.length > 0) return null;
  const base = ground.without('subject', lifted);
  if (base === null) return null;
  const isAsWas = lifted.length === 0 && inheritsFrom === spot.inheritsFrom;
  const was = facts.subject.as.principal;
  const gives: Grant[] = isAsWas ? [] : regained(was, base, inheritsFrom, spot);
  if (!mayGiveBack(ground, base, inheritsFrom, changes)) return null;

  let { roles, grants } = base;
  for (const { role, scopeId } of of('ASSIGN_ROLE', changes)) {
    const there = withoutDisabled(role, left);
    if (there === null || !givesRole(ground.asker, role.id, spot.inheritsFrom, true)) return null;
    const given = grantsOf(there, role.dataAccess, [scopeId]);
    const held: HeldRole = { roleId: role.id, name: role.name, scopeIds: [scopeId] };
    roles = [...roles, held];
    grants = [...grants, ...given];
    gives.push(...given);
  }
  for (const { role } of of('CHANGE_REACH', changes)) {
    const there = withoutDisabled(role, left);
    const scopeIds = roles
      .filter(({ roleId }) => roleId === role.id)
      .flatMap((held) => held.scopeIds.filter((id) => inheritsFrom.includes(id)));
    if (there === null || scopeIds.length === 0) return null;
    const given = grantsOf(there, 'ALL_DATA', scopeIds);
    grants = [...grants, ...given];
    gives.push(...given);
  }
  // D21: by another way than a role that is disabled; of a permission that is, as soon as it is not.
  const inAllRoles = overrides.filter(({ roleId }) => roleId === null).map(({ id }) => id);
  const giver = ground.without('asker', inAllRoles);
  if (giver === null || !gives.every((one) => isHeld(giver, one, spot.inheritsFrom))) return null;

  const shared = of('SHARE_WITH_ROLE', changes).map(({ role }) => role.id);
  if (shared.some((id) => !roles.some(({ roleId }) => roleId === id))) return null;
  const moved =
    inheritsFrom === spot.inheritsFrom ? {} : anyRowAt(facts.policy, { ...spot, inheritsFrom });
  const bound = (facts.row.roleIds ?? []) as readonly string[];
  const opened = shared.length === 0 ? {} : { roleIds: [...bound, ...shared] };
  // The same for all that differ in the row alone.
  const isBase = roles === base.roles && grants === base.grants;
  return {
    principal: isBase ? base : { ...base, roles, grants },
    row: { ...facts.row, ...moved, ...opened },
    gives,
  };
}

/** Where the row would inherit from: itself first, and beyond each boundary whose type merges. */
function mergedAt({ spot, beyond }: Ground, changes: readonly Change[]): readonly string[] {
  const merging = of('MERGE_TYPE', changes).map(({ scopeTypeId }) => scopeTypeId);
  let { inheritsFrom } = spot;
  for (const { scopeTypeId, inheritsFrom: farther } of beyond) {
    if (!merging.includes(scopeTypeId)) break;
    inheritsFrom = [...inheritsFrom, ...farther];
  }
  return inheritsFrom;
}

/** What of the subject counts there that did not. */
function regained(
  was: Principal,
  is: Principal,
  inheritsFrom: readonly string[],
  spot: Spot,
): Grant[] {
  const counted = new Set(was.grants.filter((one) => countsAt(one, spot.inheritsFrom)).map(keyOf));
  return is.grants.filter((one) => countsAt(one, inheritsFrom) && !counted.has(keyOf(one)));
}

const keyOf = ({ resourceType, action, pattern, dataAccess }: Grant): string =>
  `${resourceType}:${action}:${pattern} ${dataAccess}`;

/** Of what counts on a condition nothing is promised, and roles are given back by who could give them. */
function mayGiveBack(
  { asker, mayAssign, facts, spot }: Ground,
  base: Principal,
  inheritsFrom: readonly string[],
  changes: readonly Change[],
): boolean {
  const was = facts.subject.as.principal;
  const isNew = changes.some(({ change }) => change === 'LIFT_OVERRIDE' || change === 'MERGE_TYPE');
  if (!isNew || asker.isPlatformAdmin) return true;
  const counted = (one: Principal, from: readonly string[]) =>
    one.conditional.filter((held) => countsAt(held, from)).length;
  if (counted(base, inheritsFrom) > counted(was, spot.inheritsFrom)) return false;
  return base.roles
    .filter((role) => countsAt(role, inheritsFrom))
    .every(
      ({ roleId }) =>
        was.roles.some((role) => role.roleId === roleId && countsAt(role, spot.inheritsFrom)) ||
        givesRole(asker, roleId, spot.inheritsFrom, mayAssign),
    );
}
