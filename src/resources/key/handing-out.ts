import {
  assertHeld,
  type Holdings,
  heldByKey,
  heldByTeam,
  heldByUser,
  overAllRows,
} from '../../commands/escalation.js';
import type { Session } from '../../commands/session.js';
import type { Watch } from '../../commands/writable.js';
import type { Row } from '../../data/prisma/reader.js';
import { badInput, forbidden } from '../../errors.js';
import { opensUses } from '../../policy/operations.js';

/** The two kinds of keys: they differ in who uses them, and in nothing here. */
export type KeyModel = 'ApiKey' | 'VirtualKey';

/**
 * What must not come of making or changing a key (D21, D42): it stays in its owner's organization, is never taken from
 * everybody, and nobody makes one do more than they could give.
 */
export const watchKey =
  (model: KeyModel): Watch =>
  async (session, before) =>
  async (after) => {
    if (before !== null && isNobodys(after) && !isNobodys(before)) {
      throw badInput([{ path: ['owner'], message: 'a key is transferred to somebody' }]);
    }
    if (before === null || isAnothers(before, after)) await assertAtHome(session, after);
    if (before === null || doesMore(before, after)) await assertMayHandOut(session, model, after);
  };

const isNobodys = ({ ownerId, teamId }: Row): boolean => ownerId === null && teamId === null;

const isAnothers = (before: Row, after: Row): boolean =>
  before.ownerId !== after.ownerId || before.teamId !== after.teamId;

/** Whether a change makes a key do, for whoever has its value, what it did not do before. */
function doesMore(before: Row, after: Row): boolean {
  const had = before.operations as readonly string[];
  const has = after.operations as readonly string[];
  return (
    has.some((one) => !had.includes(one)) ||
    isAnothers(before, after) ||
    (after.isActive === true && before.isActive !== true) ||
    endOf(after) > endOf(before)
  );
}

const endOf = ({ expiresAt }: Row): number =>
  expiresAt instanceof Date ? expiresAt.getTime() : Number.POSITIVE_INFINITY;

/** D18: with an owner or a team of another organization it could do nothing, and would only look as if it could. */
async function assertAtHome({ tx }: Session, key: Row): Promise<void> {
  const select = { organizationId: true } as const;
  const { ownerId, teamId, organizationId } = key;
  if (typeof ownerId === 'string') {
    const owner = await tx.user.findUnique({ where: { id: ownerId }, select });
    if (owner?.organizationId !== organizationId) throw notAtHome('owner');
  }
  if (typeof teamId === 'string') {
    const team = await tx.team.findUnique({ where: { id: teamId }, select });
    if (team?.organizationId !== organizationId) throw notAtHome('team');
  }
}

const notAtHome = (field: string): Error =>
  badInput([{ path: [field], message: 'a key is of its owner’s organization' }]);

/**
 * D21: who gets or gives the value of a key, has or gives all that it does. One's own is no more than one has; for
 * another's the giver must hold all that it does, and over all rows, since the other's own are not the giver's.
 *
 * @throws DomainError FORBIDDEN
 */
export async function assertMayHandOut(session: Session, model: KeyModel, key: Row): Promise<void> {
  const { principal } = session;
  // INVARIANT: what an execution may ends with its attempt (D30); a key would not.
  if (principal.execution !== undefined) throw forbidden('an execution hands out no keys');
  const operations = key.operations as readonly string[];
  const { operations: own } = principal;
  // INVARIANT: a key makes no key that is for more than it is itself.
  if (own !== null && !operations.every((one) => own.includes(one))) {
    throw forbidden('the key would be for more than the one that made it');
  }
  if (key.ownerId !== null && key.ownerId === principal.userId) return;
  if (key.ownerId !== null && principal.userId === null) {
    throw forbidden('who is no user makes no key for one');
  }
  const isMember =
    key.ownerId === null &&
    principal.teams.resolved &&
    principal.teams.ids.includes(String(key.teamId));
  const held = await heldBy(session, model, key);
  assertHeld(principal, asHandedOut(held, operations, isMember || isNobodys(key)));
}

function heldBy(session: Session, model: KeyModel, key: Row): Promise<Holdings> {
  if (typeof key.ownerId === 'string') return heldByUser(session, key.ownerId);
  if (typeof key.teamId === 'string') return heldByTeam(session, key.teamId);
  return heldByKey(session, model === 'ApiKey' ? { apiKeyId: key.id } : { virtualKeyId: key.id });
}

/** What of it a key does; as it is where it reaches no more rows for the key than for the giver. */
function asHandedOut(
  { permissions, roles }: Holdings,
  operations: readonly string[],
  asItIs: boolean,
): Holdings {
  const carried = permissions.filter(({ resourceType, action }) =>
    operations.includes(`${resourceType}:${action}`),
  );
  return {
    permissions: asItIs ? carried : carried.map(overAllRows),
    // What is bound to a role is used by who holds it (D6).
    roles: operations.some(opensUses) ? roles : [],
  };
}
