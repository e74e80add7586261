import type { Prisma } from '../data/generated/client.js';
import { forbidden } from '../errors.js';
import type { Grant, Principal } from '../policy/principal.js';
import { DATA_ACCESS } from '../policy/vocabulary.js';
import type { Session } from './session.js';

/** What somebody would come to hold: a permission with a reach, at a scope that inherits from others. */
export interface Given extends Omit<Grant, 'scopeIds' | 'dataAccess'> {
  readonly dataAccess: string;
  readonly inheritsFrom: readonly string[];
}

/**
 * D21: nobody gives what they do not hold there: permission, pattern and reach included.
 *
 * @throws DomainError FORBIDDEN
 */
export function assertHeld(principal: Principal, given: readonly Given[]): void {
  if (principal.isPlatformAdmin) return;
  if (!given.every((one) => principal.grants.some((grant) => covers(grant, one)))) {
    throw forbidden('more would be given than is held there (D21)');
  }
}

function covers(grant: Grant, given: Given): boolean {
  return (
    grant.resourceType === given.resourceType &&
    grant.action === given.action &&
    (grant.pattern === '*' || grant.pattern === given.pattern) &&
    // A reach that this version does not know is nobody's to give.
    reachOf(given.dataAccess) >= 0 &&
    reachOf(grant.dataAccess) >= reachOf(given.dataAccess) &&
    grant.scopeIds.some((id) => given.inheritsFrom.includes(id))
  );
}

const reachOf = (dataAccess: string): number =>
  (DATA_ACCESS as readonly string[]).indexOf(dataAccess);

/** What a team holds, and so each of its members. */
export const heldByTeam = (session: Session, teamId: string): Promise<Given[]> =>
  heldBy(session, [{ teamId }]);

/** What a user holds, or would if they were active: themselves, and by their teams. */
export const heldByUser = (session: Session, userId: string): Promise<Given[]> =>
  heldBy(session, [{ userId }, { team: { members: { some: { userId } } } }]);

async function heldBy(
  { tx }: Session,
  subjects: readonly Prisma.MembershipWhereInput[],
): Promise<Given[]> {
  const held = await tx.roleAssignment.findMany({
    where: { membership: { OR: [...subjects] } },
    select: {
      membership: { select: { scope: { select: { inheritsFrom: true } } } },
      role: { select: { dataAccess: true, permissions: { select: { permission: true } } } },
    },
  });
  return held.flatMap(({ membership, role }) =>
    (role?.permissions ?? []).flatMap(({ permission }): Given[] => {
      if (permission === null) return [];
      const { resourceType, action, resourcePattern: pattern } = permission;
      const dataAccess = role?.dataAccess ?? '';
      const inheritsFrom = membership?.scope?.inheritsFrom ?? [];
      return [{ resourceType, action, pattern, dataAccess, inheritsFrom }];
    }),
  );
}
