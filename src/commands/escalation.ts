import type { Prisma } from '../data/generated/client.js';
import { databaseClock } from '../data/write/database-clock.js';
import { forbidden } from '../errors.js';
import { isFor } from '../policy/operations.js';
import type { Grant, GrantSwitch, Principal, Switched } from '../policy/principal.js';
import { ACTIONS, DATA_ACCESS, PLATFORM_ROOT_ID, SYSTEM_ROLES } from '../policy/vocabulary.js';
import type { Session } from './session.js';
import { unexpired } from './unexpired.js';

/** A permission with the reach of the role that carries it, and which it is, where that is known. */
export interface Carried extends Omit<Grant, 'scopeIds' | 'switches' | 'dataAccess'> {
  readonly dataAccess: string;
  /** Absent or null: it counts on none (D11). */
  readonly condition?: unknown;
  readonly permissionId?: string;
}

/** The same, as somebody would come to hold it: at a scope that inherits from others. */
export interface Given extends Carried {
  readonly inheritsFrom: readonly string[];
  /** The role that carries it: an override that concerns both concerns it as well (D9). */
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
  { roles, grants, operations }: Principal,
  { roleId, inheritsFrom }: GivenRole,
): boolean {
  // INVARIANT: a key uses what its owner's roles open, and gives none of them by holding it: it is for less (D18).
  const isHeldThere = roles.some(
    (role) =>
      operations === null &&
      role.roleId === roleId &&
      isHeldThroughout(role, { inheritsFrom, roleId }),
  );
  // INVARIANT: Owner gives what only other services know, and so nobody makes owners but owners.
  if (isHeldThere || roleId === SYSTEM_ROLES.Owner) return isHeldThere;
  return grants.some(
    (grant) =>
      grant.resourceType === 'role' &&
      grant.action === 'assign' &&
      grant.pattern === '*' &&
      // Roles are nobody's: who reaches their own rows alone assigns none (D7).
      grant.dataAccess === 'ALL_DATA' &&
      isHeldThroughout(grant, { inheritsFrom }),
  );
}

/** What counts on a condition is given on the same one by who holds it so; without one it is given on any (D11). */
function isHeld(principal: Principal, given: Given): boolean {
  const { grants, conditional } = principal;
  // INVARIANT: who works is handed the tokens of others, and so is made a worker by platform admins alone (D34).
  if (given.resourceType === 'execution' && given.action === 'work') return false;
  if (grants.some((grant) => covers(grant, given))) return true;
  if (isOwnedThere(principal, given)) return true;
  const { condition = null } = given;
  return (
    condition !== null &&
    conditional.some((grant) => covers(grant, given) && isSame(grant.condition, condition))
  );
}

/**
 * What is permitted on types that only other services know, nobody holds before somebody has given it: it is for the Owner of
 * the scope, who holds everything there.
 */
function isOwnedThere(principal: Principal, given: Given): boolean {
  const { roles } = principal;
  if (!isFor(principal, given.resourceType, given.action)) return false;
  if (Object.hasOwn(ACTIONS, given.resourceType)) return false;
  return roles.some((role) => role.roleId === SYSTEM_ROLES.Owner && isHeldThroughout(role, given));
}

/** As PostgreSQL writes it: whatever the order of names. */
const isSame = (one: unknown, other: unknown): boolean => written(one) === written(other);
const written = (json: unknown): string =>
  JSON.stringify(json, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );

const covers = (grant: Grant, given: Given): boolean =>
  outdoes(grant, given) && isHeldThroughout(grant, given);

/** Whether the one is of the other's pattern and reach, or of wider ones; of conditions nothing is said. */
export function outdoes(held: Carried, other: Carried): boolean {
  return (
    held.resourceType === other.resourceType &&
    held.action === other.action &&
    (held.pattern === '*' || held.pattern === other.pattern) &&
    // A reach that this version does not know is nobody's to give.
    reachOf(other.dataAccess) >= 0 &&
    reachOf(held.dataAccess) >= reachOf(other.dataAccess)
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

/** The same over all rows: whose the rows are that somebody else reaches by it is not the giver's to say (D7, D10, D11). */
export function overAllRows(given: Given): Given {
  const pattern = given.pattern === 'owned' ? '*' : given.pattern;
  return { ...given, pattern, dataAccess: 'ALL_DATA', condition: null };
}

/** What a key of nobody holds itself. */
export const heldByKey = (
  session: Session,
  key: { readonly virtualKeyId: string } | { readonly apiKeyId: string },
): Promise<Holdings> => heldBy(session, [key]);

/** What a user holds, or would if they were active: themselves, and by their teams. */
export const heldByUser = (session: Session, userId: string): Promise<Holdings> =>
  heldBy(session, [{ userId }, { team: { members: { some: { userId } } } }]);

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
      role: { select: CARRIES },
    },
  });
  return holdingsOf(
    held.map(({ membership, ...of }) => ({
      ...of,
      inheritsFrom: countingAt(principal, membership?.scope ?? null),
    })),
  );
}

/** What of a role says what it carries. */
export const CARRIES = {
  dataAccess: true,
  permissions: { select: { permission: true } },
} as const satisfies Prisma.RoleSelect;

type Carrying = Prisma.RoleGetPayload<{ select: typeof CARRIES }>;

/** A role that is held, or would be, at a scope that inherits from others. */
interface RoleAt {
  readonly roleId: string;
  readonly role: Carrying | null;
  readonly inheritsFrom: readonly string[];
}

/** What roles at scopes come to. */
export function holdingsOf(at: readonly RoleAt[]): Holdings {
  return {
    roles: at.map(({ roleId, inheritsFrom }) => ({ roleId, inheritsFrom })),
    permissions: at.flatMap(({ roleId, role, inheritsFrom }) =>
      (role === null ? [] : carriedBy(role)).map(
        (one): Given => ({ ...one, roleId, inheritsFrom }),
      ),
    ),
  };
}

/** What a role carries, of which each holder holds all where they hold the role. */
export function carriedBy({ dataAccess, permissions }: Carrying): Carried[] {
  return permissions.flatMap(({ permission }): Carried[] => {
    if (permission === null) return [];
    const { id: permissionId, resourceType, action, condition } = permission;
    const pattern = permission.resourcePattern;
    return [{ permissionId, resourceType, action, pattern, dataAccess, condition }];
  });
}

/** Where what the principal holds counts at a scope: in an organization of others, within it alone (D4). */
export function countingAt(
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
