import {
  assertHeld,
  CARRIES,
  type Carried,
  carriedBy,
  countingAt,
  outdoes,
} from '../../commands/escalation.js';
import type { Session } from '../../commands/session.js';
import { unexpired } from '../../commands/unexpired.js';
import type { Watch } from '../../commands/writable.js';
import type { Row } from '../../data/prisma/reader.js';
import { databaseClock } from '../../data/write/database-clock.js';
import { forbidden } from '../../errors.js';

/**
 * D21: what comes to be carried by a role, whoever changes it must hold with that reach where the role is defined, and
 * wherever it is held: a scope behind a boundary is not reached by what they hold above it.
 */
export const watchRole: Watch = async (session, before) => {
  const had = before === null ? [] : await carriedNow(session, before.id);
  return async (after) => {
    if (session.principal.isPlatformAdmin) return;
    const has = await carriedNow(session, after.id);
    // The same permission with the same reach, known or not, or a wider one: of its condition nothing can have changed.
    const isSameOrLess = (one: Carried, other: Carried): boolean =>
      other.permissionId === one.permissionId &&
      (other.dataAccess === one.dataAccess || outdoes(other, one));
    const gained = has.filter((one) => !had.some((other) => isSameOrLess(one, other)));
    if (gained.length > 0) await assertHeldWhereverItIs(session, after, gained);
  };
};

async function carriedNow({ tx }: Session, id: string): Promise<Carried[]> {
  return carriedBy(await tx.role.findUniqueOrThrow({ where: { id }, select: CARRIES }));
}

/** What is looked at in one statement. */
const AT_ONCE = 1_000;

async function assertHeldWhereverItIs(
  session: Session,
  role: Row,
  gained: readonly Carried[],
): Promise<void> {
  const { tx, principal } = session;
  const given = (inheritsFrom: readonly string[]) => ({
    roles: [],
    permissions: gained.map((one) => ({ ...one, roleId: role.id, inheritsFrom })),
  });
  const here = await session.findSpot(String(role.scopeId));
  if (here === null) throw forbidden('the role is defined nowhere');
  assertHeld(principal, given(countingAt(principal, here)));
  // Where it has ended it is held by nobody (D48).
  const counts = unexpired(await databaseClock(tx));
  for (let after: string | undefined; ; ) {
    const places = await tx.scope.findMany({
      where: {
        memberships: { some: { ...counts, roles: { some: { ...counts, roleId: role.id } } } },
        ...(after === undefined ? {} : { id: { gt: after } }),
      },
      orderBy: { id: 'asc' },
      take: AT_ONCE,
      select: { id: true, inheritsFrom: true, organizationId: true },
    });
    for (const place of places) {
      assertHeld(principal, given(countingAt(principal, place)));
    }
    if (places.length < AT_ONCE) return;
    after = places.at(-1)?.id;
  }
}
