import type { Prisma } from '../data/generated/client.js';
import { databaseClock } from '../data/write/database-clock.js';
import { forbidden } from '../errors.js';
import type { Grant, GrantSwitch, Principal, Switched } from '../policy/principal.js';
import { DATA_ACCESS, PLATFORM_ROOT_ID } from '../policy/vocabulary.js';
import type { Session } from './session.js';
import { unexpired } from './unexpired.js';

/**
 * A permission with a reach that somebody would come to hold, at a scope that inherits from others: itself first. What it is
 * that they hold, where that is known: overrides that concern it concern them as well (D9).
 */
export interface Given extends Omit<Grant, 'scopeIds' | 'switches' | 'dataAccess'> {
  readonly dataAccess: string;
  readonly inheritsFrom: readonly string[];
  /** Absent or null: it counts on none (D11). */
  readonly condition?: unknown;
  readonly permissionId?: string;
  readonly roleId?: string;
}

/** A role that somebody would come to hold: what is bound to it opens with it (D6), whatever it permits. */
interface GivenRole {
  readonly roleId: string;
  readonly inheritsFrom: readonly string[];
}

/** What somebody would come to hold. */
export interface Holdings {
  readonly permissions: readonly Given[];
  readonly roles: readonly GivenRole[];
}

/**
 * D21: nobody gives what they do not hold there: permission, pattern and reach included, and roles that they neither
 * hold nor may assign there.
 *
 * @throws DomainError FORBIDDEN
 */
export function assertHeld(principal: Principal, { permissions, roles }: Holdings): void {
  if (principal.isPlatformAdmin) return;
  if (
    !permissions.every((one) => isHeld(principal, one)) ||
    !roles.every((one) => holdsOrAssigns(principal, one))
  ) {
    throw forbidden('more would be given than is held there (D21)');
  }
}

function holdsOrAssigns(
  { roles, grants }: Principal,
  { roleId, inheritsFrom }: GivenRole,
): boolean {
  const reaches = (held: Switched): boolean => isHeldThroughout(held, { inheritsFrom });
  return (
    roles.some(
      (role) => role.roleId === roleId && isHeldThroughout(role, { inheritsFrom, roleId }),
    ) ||
    grants.some(
      (grant) =>
        grant.resourceType === 'role' &&
        grant.action === 'assign' &&
        grant.pattern === '*' &&
        reaches(grant),
    )
  );
}

/** What counts on a condition is given on the same one by who holds it so; without one it is given on any (D11). */
function isHeld({ grants, conditional }: Principal, given: Given): boolean {
  if (grants.some((grant) => covers(grant, given))) return true;
  const { condition = null } = given;
  return (
    condition !== null &&
    conditional.some((grant) => covers(grant, given) && isSame(grant.condition, condition))
  );
}

/** As PostgreSQL writes it: whatever the order of names. */
const isSame = (one: unknown, other: unknown): boolean => written(one) === written(other);
const written = (json: unknown): string =>
  JSON.stringify(json, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );

function covers(grant: Grant, given: Given): boolean {
  return (
    grant.resourceType === given.resourceType &&
    grant.action === given.action &&
    (grant.pattern === '*' || grant.pattern === given.pattern) &&
    // A reach that this version does not know is nobody's to give.
    reachOf(given.dataAccess) >= 0 &&
    reachOf(grant.dataAccess) >= reachOf(given.dataAccess) &&
    isHeldThroughout(grant, given)
  );
}

/**
 * Whether what is held reaches a scope, and is on there and wherever the scope reaches: it is given for all of that.
 * INVARIANT: an override that concerns it and not what is given (D9) leaves somebody with more than the giver has.
 */
function isHeldThroughout(
  { scopeIds, switches = [] }: Switched,
  given: Pick<Given, 'inheritsFrom' | 'permissionId' | 'roleId'>,
): boolean {
  const { inheritsFrom } = given;
  if (!scopeIds.some((id) => inheritsFrom.includes(id))) return false;
  const [at] = inheritsFrom;
  return switches.every((one) => {
    if (inheritsFrom.includes(one.disabledAt)) {
      return one.liftedAt.some((id) => inheritsFrom.includes(id));
    }
    return at === undefined || !one.reachedFrom.includes(at) || isAlsoOf(one, given);
  });
}

/** Whether an override is of what is given, too. */
function isAlsoOf(
  { permissionId, roleId }: GrantSwitch,
  given: Pick<Given, 'permissionId' | 'roleId'>,
): boolean {
  return (
    (permissionId === null || permissionId === given.permissionId) &&
    (roleId === null || roleId === given.roleId)
  );
}

const reachOf = (dataAccess: string): number =>
  (DATA_ACCESS as readonly string[]).indexOf(dataAccess);

/** What a team holds, and so each of its members. */
export const heldByTeam = (session: Session, teamId: string): Promise<Holdings> =>
  heldBy(session, [{ teamId }]);

/** What a user holds, or would if they were active: themselves, and by their teams. */
export const heldByUser = (session: Session, userId: string): Promise<Holdings> =>
  heldBy(session, [{ userId }, { team: { members: { some: { userId } } } }]);

/**
 * What reaches the rows of who joins a team, and what theirs reaches of its members' (D7): each permission that any of them
 * holds with TEAM_DATA. Who brings them together must hold it there over all rows.
 */
export async function reachedByMates(
  session: Session,
  teamId: string,
  joining: readonly string[],
): Promise<Holdings> {
  const mates = { OR: [{ id: { in: [...joining] } }, { teams: { some: { teamId } } }] };
  const { permissions } = await heldBy(session, [
    { user: mates },
    { team: { members: { some: { user: mates } } } },
  ]);
  const wide = permissions.filter(({ dataAccess }) => dataAccess === 'TEAM_DATA');
  return { roles: [], permissions: wide.map((one) => ({ ...one, dataAccess: 'ALL_DATA' })) };
}

async function heldBy(
  { tx, principal }: Session,
  subjects: readonly Prisma.MembershipWhereInput[],
): Promise<Holdings> {
  // What has ended gives nothing (D48).
  const counts = unexpired(await databaseClock(tx));
  const held = await tx.roleAssignment.findMany({
    where: { ...counts, membership: { AND: [counts, { OR: [...subjects] }] } },
    select: {
      roleId: true,
      membership: { select: { scope: { select: { inheritsFrom: true, organizationId: true } } } },
      role: { select: { dataAccess: true, permissions: { select: { permission: true } } } },
    },
  });
  const at = held.map(({ membership, ...of }) => ({
    ...of,
    inheritsFrom: countingAt(principal, membership?.scope ?? null),
  }));
  return {
    roles: at.map(({ roleId, inheritsFrom }) => ({ roleId, inheritsFrom })),
    permissions: at.flatMap(({ roleId, role, inheritsFrom }) =>
      (role?.permissions ?? []).flatMap(({ permission }): Given[] => {
        if (permission === null) return [];
        const { id: permissionId, resourceType, action, condition } = permission;
        const pattern = permission.resourcePattern;
        const dataAccess = role?.dataAccess ?? '';
        const what = { resourceType, action, pattern, condition, permissionId, roleId };
        return [{ ...what, dataAccess, inheritsFrom }];
      }),
    ),
  };
}

/** Where what the principal holds counts at a scope: in an organization of others, within it alone (D4). */
function countingAt(
  principal: Principal,
  scope: {
    readonly organizationId: string | null;
    readonly inheritsFrom: readonly string[];
  } | null,
): readonly string[] {
  if (scope === null) return [];
  const { organizationId, inheritsFrom } = scope;
  const isOwn = organizationId === null || organizationId === principal.organizationId;
  return isOwn ? inheritsFrom : inheritsFrom.filter((id) => id !== PLATFORM_ROOT_ID);
}
