import type { Prisma } from '../data/generated/client.js';
import type { Row } from '../data/prisma/reader.js';
import type { Values } from '../data/prisma/writer.js';
import { CONDITIONAL } from '../data/write/conditional.js';
import { databaseClock } from '../data/write/database-clock.js';
import { forbidden } from '../errors.js';
import { assertHeld, CARRIES, carriedBy, countingAt } from './escalation.js';
import { reaching } from './renaming.js';
import { type FoundSpot, isHeldOn, type Session } from './session.js';
import { unexpired } from './unexpired.js';
import { actionsOnRows, type Writable } from './writable.js';

/**
 * D21: permissions count on what conditions read of a row (D11), and so a new value can give a row away. Who changes it must
 * hold on the row whatever any such permission that is held there permits.
 *
 * @throws DomainError FORBIDDEN
 */
export async function assertValuesGiveNothing(
  session: Session,
  writable: Writable,
  before: Row,
  after: Values,
): Promise<void> {
  const { policy, model, resource } = writable;
  const { principal, tx, guarding } = session;
  const { speakable } = guarding.decisions.policy(model);
  const changed = Object.keys(speakable?.columns ?? {}).filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  if (changed.length === 0 || principal.isPlatformAdmin) return;
  const lacked: string[] = [];
  for (const action of actionsOnRows(writable)) {
    if (!(await isHeldOn(session, model, action, before))) lacked.push(action);
  }
  if (lacked.length === 0) return;
  // Of few types there are any.
  const conditional = { ...CONDITIONAL, resourceType: resource };
  if ((await tx.permission.findFirst({ where: conditional, select: { id: true } })) === null)
    return;
  const counts = unexpired(await databaseClock(tx));
  const scopeId = { in: reaching(policy, before) };
  const held = await tx.permission.findMany({
    where: {
      ...conditional,
      action: { in: lacked },
      roles: {
        some: {
          role: { assignments: { some: { ...counts, membership: { ...counts, scopeId } } } },
        },
      },
    },
    select: { condition: true },
  });
  const given = held.some(({ condition }) => {
    const text = JSON.stringify(condition);
    return changed.some((name) => text.includes(`"resource.${name}"`));
  });
  if (given) throw forbidden('a condition would give it away (D21)');
}

/**
 * D21: what conditions read of a scope, or of who asks, and changes, can make them true. Whoever changes it must hold without
 * any condition what is held there on one that reads it.
 *
 * @param among whose memberships, or those at which scopes, are concerned
 * @param read how conditions name what changes: `scope.`, `principal.teamIds`
 * @throws DomainError FORBIDDEN
 */
export async function assertConditionsGiveNothing(
  { tx, principal }: Session,
  among: Prisma.MembershipWhereInput,
  read: string,
  at?: Pick<FoundSpot, 'inheritsFrom' | 'organizationId'>,
): Promise<void> {
  if (principal.isPlatformAdmin) return;
  // Of few organizations there are any.
  if ((await tx.permission.findFirst({ where: CONDITIONAL, select: { id: true } })) === null)
    return;
  const counts = unexpired(await databaseClock(tx));
  const held = await tx.roleAssignment.findMany({
    where: {
      ...counts,
      membership: { AND: [counts, among] },
      role: { permissions: { some: { permission: CONDITIONAL } } },
    },
    select: {
      membership: { select: { scope: { select: { inheritsFrom: true, organizationId: true } } } },
      role: { select: CARRIES },
    },
  });
  const given = held.flatMap(({ membership, role }) => {
    const inheritsFrom = countingAt(principal, at ?? membership?.scope ?? null);
    return (role === null ? [] : carriedBy(role))
      .filter(({ condition = null }) => condition !== null && reads(condition, read))
      .map(({ condition: _any, ...one }) => ({ ...one, inheritsFrom }));
  });
  assertHeld(principal, { roles: [], permissions: given });
}

/** Whether a condition speaks of a value, as `var` names it, or of what begins so. */
const reads = (condition: unknown, name: string): boolean =>
  JSON.stringify(condition).includes(`"${name}`);

/** Whether any condition on rows of a type reads of the scope where they live: who moves one changes what it is true of. */
export async function readsScopes({ tx }: Session, resourceType: string): Promise<boolean> {
  const found = await tx.permission.findMany({
    where: { ...CONDITIONAL, resourceType },
    select: { condition: true },
  });
  return found.some(({ condition }) => reads(condition, 'scope.'));
}
