import { listed } from '../../commands/change.js';
import { assertConditionsGiveNothing } from '../../commands/conditions.js';
import { assertHeld, heldByTeam, overAllRows, reachedByMates } from '../../commands/escalation.js';
import { locate, type Named } from '../../commands/locate.js';
import { recordWrite } from '../../commands/record.js';
import type { Session } from '../../commands/session.js';
import type { Writable } from '../../commands/writable.js';
import type { Prisma } from '../../data/generated/client.js';
import type { Row } from '../../data/prisma/reader.js';
import { badInput, forbidden, type Issue } from '../../errors.js';
import { guardWrite } from '../../query/guard-write.js';

/**
 * Adds users to a team, or takes them out. To add one takes the permission to update the team and the user, and
 * everything that the team holds: its members hold it, too (D21).
 *
 * @throws DomainError NOT_FOUND, FORBIDDEN, CONFLICT, BAD_USER_INPUT
 */
export async function changeMembers(
  session: Session,
  writable: Writable,
  named: Named,
  given: readonly string[],
  change: 'add' | 'remove',
): Promise<Row> {
  const before = await locate(session, 'Team', named, 'update');
  const userIds =
    change === 'add'
      ? await joining(session, given, before)
      : (await listed(session, 'User', given, ['users'])).map(({ id }) => id);
  // Who joins and who leaves: a condition may say either.
  await assertConditionsGiveNothing(session, ofUsers(userIds), 'principal.teamIds');
  if (change === 'add') {
    assertHeld(session.principal, await heldByTeam(session, before.id));
    assertHeld(session.principal, await reachedByMates(session, before.id, userIds));
    await assertKeysMayReach(session, before.id);
    await session.writer.link(
      'TeamMember',
      userIds.map((userId) => ({ teamId: before.id, userId })),
    );
  } else {
    await session.writer.unlink('TeamMember', { teamId: before.id, userId: { in: userIds } });
  }
  const write = guardWrite(session.guarding, 'Team', before.id, 'update');
  const after = await session.writer.update(write, {});
  if (after === null) throw forbidden('update is not permitted on the team');
  const action = change === 'add' ? 'addMembers' : 'removeMembers';
  // Who joined or left, and not all that are there.
  const [joined, left] = change === 'add' ? [userIds, []] : [[], userIds];
  const sides = [
    { ...before, members: left },
    { ...after, members: joined },
  ] as const;
  recordWrite(session, writable, action, ...sides);
  return after;
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

/** The users by these ids, each of the team's organization and the principal's to update. */
async function joining(session: Session, given: readonly string[], team: Row): Promise<string[]> {
  const rows = await listed(session, 'User', given, ['users']);
  const strangers = rows.filter((row) => row.organizationId !== team.organizationId);
  if (strangers.length > 0) throw notThere(given, strangers);
  const allowed = await session.permitting('User', 'update', rows);
  if (!rows.every(({ id }) => allowed.has(id))) {
    throw forbidden('update is not permitted on each of the users');
  }
  return rows.map(({ id }) => id);
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
