import type { Disabled } from '../../data/system-queries.js';
import type { Row } from '../../policy/evaluate.js';
import type { Grant, Principal, Switched } from '../../policy/principal.js';
import { isOnAt } from '../../policy/switches.js';
import { DATA_ACCESS, type DataAccess, SYSTEM_ROLES } from '../../policy/vocabulary.js';
import { rootOf } from '../../request/place.js';
import type { ReadingContext } from '../../request/reading.js';

/** A role with what of it the asker may read. */
export interface RoleRow extends Row {
  readonly id: string;
  readonly name: string;
  readonly scopeId: string;
  readonly dataAccess: DataAccess;
  readonly permissions: readonly {
    readonly permissionId: string;
    readonly permission: PermissionRow | null;
  }[];
}

interface PermissionRow {
  readonly resourceType: string;
  readonly action: string;
  readonly resourcePattern: string;
  readonly contentBytes: number;
}

/** So many roles are tried; whoever has more of them is told of those that come first by name. */
const MOST_ROLES = 200;

/** The roles that the asker may read, of an organization and of the platform. */
export async function rolesOf(
  context: ReadingContext,
  organizationId: string,
): Promise<readonly RoleRow[]> {
  const place = rootOf(organizationId, context.principal);
  const permission = {
    select: { columns: ['resourceType', 'action', 'resourcePattern', 'contentBytes'] },
  };
  const query = {
    model: 'Role',
    order: [
      { field: 'name', direction: 'asc' },
      { field: 'id', direction: 'asc' },
    ],
    page: { take: MOST_ROLES },
    select: {
      columns: ['id', 'name', 'scopeId', 'dataAccess', 'organizationId', 'governedBy'],
      relations: {
        permissions: { select: { columns: ['permissionId'], relations: { permission } } },
      },
    },
  } as const;
  const tiers = (['tenant', 'global'] as const).map((tier) =>
    context.readerAt(place, { kind: 'placed', tier }).find(query),
  );
  return (await Promise.all(tiers)).flat() as unknown as RoleRow[];
}

/** What the asker may not read, or counts on a condition, they might not hold: nothing is promised of such a role. */
export const isWhollyKnown = ({ permissions }: RoleRow): boolean =>
  permissions.every(({ permission }) => permission !== null && permission.contentBytes === 0);

/**
 * What of a role would count there; null: nothing. What is lifted again by a nearer override is left out as well: nothing is
 * promised of it.
 */
export function withoutDisabled(role: RoleRow, disabled: readonly Disabled[]): RoleRow | null {
  const concerns = (one: Disabled, permissionId: string | null): boolean =>
    (one.roleId === null || one.roleId === role.id) && one.permissionId === permissionId;
  if (disabled.some((one) => concerns(one, null))) return null;
  const permissions = role.permissions.filter(
    ({ permissionId }) => !disabled.some((one) => concerns(one, permissionId)),
  );
  return { ...role, permissions };
}

/** INVARIANT: a permission with a condition gives nothing here: nobody has asked whether it holds (D11). */
export function grantsOf(
  { permissions }: RoleRow,
  dataAccess: DataAccess,
  scopeIds: readonly string[],
): Grant[] {
  return permissions.flatMap(({ permission }) => {
    if (permission === null || permission.contentBytes > 0) return [];
    const { resourceType, action, resourcePattern: pattern } = permission;
    return [{ resourceType, action, pattern, dataAccess, scopeIds }];
  });
}

type Given = Omit<Grant, 'scopeIds' | 'switches'>;

/** D21: nobody gives what they do not hold there. */
export function isHeld(giver: Principal, given: Given, inheritsFrom: readonly string[]): boolean {
  const reachOf = ({ dataAccess }: Given): number => DATA_ACCESS.indexOf(dataAccess);
  return (
    giver.isPlatformAdmin ||
    giver.grants.some(
      (grant) =>
        grant.resourceType === given.resourceType &&
        grant.action === given.action &&
        (grant.pattern === '*' || grant.pattern === given.pattern) &&
        reachOf(grant) >= reachOf(given) &&
        countsAt(grant, inheritsFrom),
    )
  );
}

/** Owner is given by owners alone, and a role that is regained by who holds it or may assign it there (D21). */
export function givesRole(
  { isPlatformAdmin, roles }: Principal,
  roleId: string,
  inheritsFrom: readonly string[],
  mayAssign: boolean,
): boolean {
  if (isPlatformAdmin) return true;
  if (roles.some((role) => role.roleId === roleId && countsAt(role, inheritsFrom))) return true;
  return mayAssign && roleId !== SYSTEM_ROLES.Owner;
}

export const countsAt = (held: Switched, inheritsFrom: readonly string[]): boolean =>
  held.scopeIds.some((id) => inheritsFrom.includes(id)) && isOnAt(held, inheritsFrom);
