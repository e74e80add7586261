import { assertHeld, heldByTeam, reachedByMates } from '../../commands/escalation.js';
import { locate, type Named } from '../../commands/locate.js';
import { recordWrite } from '../../commands/record.js';
import type { Session } from '../../commands/session.js';
import type { Writable } from '../../commands/writable.js';
import type { Row } from '../../data/prisma/reader.js';
import { badInput, forbidden, type Issue } from '../../errors.js';
import { isUuid } from '../../policy/pattern.js';
import { oneOf } from '../../query/filter.js';
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
    change === 'add' ? await joining(session, given, before) : await readable(session, given);
  if (change === 'add') {
    assertHeld(session.principal, await heldByTeam(session, before.id));
    assertHeld(session.principal, await reachedByMates(session, before.id, userIds));
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

/** The users by these ids, each of the team's organization and the principal's to update. */
async function joining(session: Session, given: readonly string[], team: Row): Promise<string[]> {
  const rows = await usersOf(session, given);
  const own = rows.filter((row) => row.organizationId === team.organizationId);
  assertAll(given, own);
  const allowed = await session.permitting('User', 'update', rows);
  if (!rows.every(({ id }) => allowed.has(id))) {
    throw forbidden('update is not permitted on each of the users');
  }
  return rows.map(({ id }) => id);
}

/** The users by these ids, wherever they belong: who leaves is given nothing. */
async function readable(session: Session, given: readonly string[]): Promise<string[]> {
  const rows = await usersOf(session, given);
  assertAll(given, rows);
  return rows.map(({ id }) => id);
}

function usersOf(session: Session, given: readonly string[]): Promise<Row[]> {
  const ids = [...new Set(given.filter(isUuid).map((id) => id.toLowerCase()))];
  return session
    .readerAt(session.place)
    .find({ model: 'User', where: oneOf('id', ids), select: { columns: 'unsealed' } });
}

function assertAll(given: readonly string[], rows: readonly Row[]): void {
  const known = new Set(rows.map(({ id }) => id));
  const issues = given.flatMap((id, index): Issue[] =>
    known.has(id.toLowerCase())
      ? []
      : [{ path: ['users', index], message: 'there is no such resource' }],
  );
  if (issues.length > 0) throw badInput(issues);
}
