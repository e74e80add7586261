import type { Session } from '../commands/session.js';
import { badUserInput, conflict, limitExceeded, unauthenticated } from '../errors.js';
import type { LauncherKind } from '../policy/vocabulary.js';

/** D33: so many may launch one another. */
const MOST_DEPTH = 10;
/** D33: and so many may there be below the first of them. */
const MOST_DESCENDANTS = 100;

/** Whose an execution is: as its columns have it. */
interface Launcher {
  readonly launcherKind: LauncherKind;
  readonly launcherKeyId: string | null;
  readonly createdById: string | null;
  readonly ownerId: string | null;
  readonly teamId: string | null;
}

const OF_LAUNCHER = {
  launcherKind: true,
  launcherKeyId: true,
  createdById: true,
  ownerId: true,
  teamId: true,
} as const;

/**
 * Who launches: the user or the key behind the session; for what an execution launches whoever launched that, and so the
 * launcher of its root (D33).
 *
 * @throws DomainError UNAUTHENTICATED: nobody who could be asked again what they may
 */
export async function launcherOf(
  { principal, tx }: Session,
  parentId: string | null,
): Promise<Launcher> {
  if (parentId !== null) {
    const parent = await tx.execution.findUnique({ where: { id: parentId }, select: OF_LAUNCHER });
    if (parent === null) throw unauthenticated(new Error('what launches is gone'));
    return parent as Launcher;
  }
  const { kind, keyId, userId, teams } = principal;
  if (kind === 'USER' && userId !== null) return launcher('USER', null, userId, null);
  if ((kind === 'API_KEY' || kind === 'VIRTUAL_KEY') && keyId !== null) {
    const isTeams = userId === null && teams.resolved;
    return launcher(kind, keyId, userId, isTeams ? (teams.ids[0] ?? null) : null);
  }
  throw unauthenticated(new Error(`a principal of kind ${kind} launches nothing`));
}

const launcher = (
  launcherKind: LauncherKind,
  launcherKeyId: string | null,
  userId: string | null,
  teamId: string | null,
): Launcher => ({ launcherKind, launcherKeyId, createdById: userId, ownerId: userId, teamId });

/**
 * The place of a child among those that launched one another; of what has no parent, nothing. The root is locked: it is
 * counted below it by one at a time, and who cancels it comes before or after.
 *
 * @throws DomainError LIMIT_EXCEEDED; CONFLICT: its parent or its root is to end; BAD_USER_INPUT: it would run elsewhere (D33)
 */
export async function childOf(
  { tx, writer }: Session,
  parentId: string | null,
  organizationId: string,
): Promise<{ parentId?: string; rootId?: string; depth?: number }> {
  if (parentId === null) return {};
  const { rootId } = await tx.execution.findUniqueOrThrow({
    where: { id: parentId },
    select: { rootId: true },
  });
  await writer.lock('Execution', [rootId]);
  const select = { status: true, depth: true, organizationId: true } as const;
  const parent = await tx.execution.findUniqueOrThrow({ where: { id: parentId }, select });
  const root = await tx.execution.findUniqueOrThrow({ where: { id: rootId }, select });
  if (parent.status !== 'RUNNING' || root.status === 'CANCELLING') {
    throw conflict('what launches it is to end');
  }
  if (parent.organizationId !== organizationId) {
    throw badUserInput('it runs in the organization of what launches it');
  }
  const depth = parent.depth + 1;
  if (depth > MOST_DEPTH) throw limitExceeded(`at most ${MOST_DEPTH} launch one another`);
  const descendants = (await tx.execution.count({ where: { rootId } })) - 1;
  if (descendants >= MOST_DESCENDANTS) {
    throw limitExceeded(`at most ${MOST_DESCENDANTS} are launched below one another`);
  }
  return { parentId, rootId, depth };
}
