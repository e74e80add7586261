import type { Linking } from '../../commands/change-links.js';
import { assertConditionsGiveNothing } from '../../commands/conditions.js';
import { assertHeld, heldByTeam, overAllRows } from '../../commands/escalation.js';
import { assertMatesReachNothingElse } from '../../commands/mates.js';
import type { Session } from '../../commands/session.js';
import type { Links } from '../../commands/writable.js';
import type { Prisma } from '../../data/generated/client.js';
import type { Row } from '../../data/prisma/reader.js';
import { badInput, forbidden, type Issue } from '../../errors.js';

/** Changed by mutations of their own alone. */
const MEMBERS: Links = {
  join: 'TeamMember',
  near: 'teamId',
  far: 'userId',
  target: 'User',
  needs: [],
  definedAbove: false,
};

/**
 * Adds users to a team, or takes them out. To add one takes the permission to update the team and the user, and
 * everything that the team holds: its members hold it, too (D21).
 */
export function linkingOfMembers(given: readonly string[], change: 'link' | 'unlink'): Linking {
  const isJoining = change === 'link';
  return {
    action: isJoining ? 'addMembers' : 'removeMembers',
    ...{ part: 'members', input: 'users', by: MEMBERS, given, change },
    async guard(session, team, users) {
      if (isJoining) await assertTheirsToAdd(session, given, team, users);
      const userIds = users.map(({ id }) => id);
      // Who joins and who leaves: a condition may say either.
      await assertConditionsGiveNothing(session, ofUsers(userIds), 'principal.teamIds');
      if (!isJoining) return;
      assertHeld(session.principal, await heldByTeam(session, team.id));
      await assertMatesReachNothingElse(session, team.id, userIds);
      await assertKeysMayReach(session, team.id);
    },
  };
}

/** D42: a key of the team reaches the rows of whoever joins, for whoever has its value, were the team empty before. */
async function assertKeysMayReach(session: Session, teamId: string): Promise<void> {
  const { tx, principal } = session;
  const where = { teamId, ownerId: null, revokedAt: null };
  const keys = (await tx.apiKey.count({ where })) + (await tx.virtualKey.count({ where }));
  if (keys === 0) return;
  const { permissions } = await heldByTeam(session, teamId);
  assertHeld(principal, { roles: [], permissions: permissions.map(overAllRows) });
}

/** What users hold, by themselves and by the teams that they are in. */
const ofUsers = (ids: readonly string[]): Prisma.MembershipWhereInput => ({
  OR: [{ userId: { in: [...ids] } }, { team: { members: { some: { userId: { in: [...ids] } } } } }],
});

/** Each of the users is of the team's organization, and the principal's to update. */
async function assertTheirsToAdd(
  session: Session,
  given: readonly string[],
  team: Row,
  users: readonly Row[],
): Promise<void> {
  const strangers = users.filter((row) => row.organizationId !== team.organizationId);
  if (strangers.length > 0) throw notThere(given, strangers);
  const allowed = await session.permitting('User', 'update', users);
  if (!users.every(({ id }) => allowed.has(id))) {
    throw forbidden('update is not permitted on each of the users');
  }
}

/** Of another organization: for a team as if they were not there. */
function notThere(given: readonly string[], strangers: readonly Row[]): Error {
  const ids = strangers.map(({ id }) => id);
  return badInput(
    given.flatMap((id, index): Issue[] =>
      ids.includes(id.toLowerCase())
        ? [{ path: ['users', index], message: 'there is no such resource' }]
        : [],
    ),
  );
}

/** D21: a team that is no more, nobody is in: conditions may say that of who was. */
export async function assertNobodyGainsByLeaving(session: Session, teamId: string): Promise<void> {
  const members = await session.writer.linked('TeamMember', { teamId }, 'userId');
  await assertConditionsGiveNothing(session, ofUsers(members), 'principal.teamIds');
}
