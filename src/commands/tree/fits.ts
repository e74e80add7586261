import { badInput } from '../../errors.js';
import { oneOf } from '../../query/filter.js';
import type { Session } from '../session.js';
import type { Spot } from '../spot.js';

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
  { typeId: parentTypeId }: Spot,
): Promise<void> {
  if (await mayContain(session, parentTypeId, typeId)) return;
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

const contained = new WeakMap<object, Map<string, Promise<boolean>>>();

/** Asked once in a transaction: a batch has few types, and the database asks again of each scope. */
function mayContain({ tx }: Session, parentTypeId: string, childTypeId: string): Promise<boolean> {
  const known = contained.get(tx) ?? new Map<string, Promise<boolean>>();
  contained.set(tx, known);
  const key = `${parentTypeId} ${childTypeId}`;
  const asked =
    known.get(key) ??
    tx.scopeTypeEdge.count({ where: { parentTypeId, childTypeId } }).then((edges) => edges > 0);
  known.set(key, asked);
  return asked;
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
