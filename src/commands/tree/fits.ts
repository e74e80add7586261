import { badInput } from '../../errors.js';
import { oneOf } from '../../query/filter.js';
import type { Session } from '../session.js';

/** How many scopes there are at most from the root of an organization down, both ends counted. */
const MOST_DEEP = 32;

/**
 * D1: which type may be in which is said by the organization. The error names both, if both may be read.
 *
 * @throws DomainError BAD_USER_INPUT
 */
export async function assertContains(
  session: Session,
  typeId: string,
  parentId: string,
): Promise<void> {
  const { tx } = session;
  const parent = await tx.scope.findUnique({ where: { id: parentId }, select: { typeId: true } });
  const parentTypeId = parent?.typeId ?? parentId;
  const edge = await tx.scopeTypeEdge.count({ where: { parentTypeId, childTypeId: typeId } });
  if (edge > 0) return;
  const ids = [typeId, parentTypeId];
  const found = await session
    .readerAt(session.place)
    .find({ model: 'ScopeType', where: oneOf('id', ids), select: { columns: ['id', 'name'] } });
  const [inner, outer] = ids.map((id) => found.find((one) => one.id === id)?.name);
  const message =
    inner === undefined || outer === undefined
      ? 'a scope of this type cannot be in a scope of that one'
      : `a scope of the type ${inner} cannot be in one of the type ${outer}`;
  throw badInput([{ path: ['parent'], message }]);
}

/**
 * Refuses a tree that would be too deep: `path` is the new parent's, with the platform root, and `height` how many
 * levels of scopes come below it.
 *
 * @throws DomainError BAD_USER_INPUT
 */
export function assertShallow(path: readonly string[], height: number): void {
  if (path.length - 1 + height <= MOST_DEEP) return;
  const message = `scopes are at most ${MOST_DEEP} deep, the root counted`;
  throw badInput([{ path: ['parent'], message }]);
}
