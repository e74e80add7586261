import type { Row } from '../../data/prisma/reader.js';
import { raiseAuthority } from '../../data/write/authority.js';
import { badInput, forbidden, type Issue } from '../../errors.js';
import { isUuid } from '../../policy/pattern.js';
import { oneOf } from '../../query/filter.js';
import { guardWrite } from '../../query/guard-write.js';
import { recordWrite } from '../record.js';
import { isPermitted, type Session } from '../session.js';
import type { Writable } from '../writable.js';

/** That scopes of the one type may be in scopes of the other, by ids. */
export interface TypeLink {
  readonly parent: string;
  readonly child: string;
}

/**
 * Says which types may be in which, or no longer, all or none. Each takes `scopeType:update` on the child and on the parent;
 * a built-in parent is everybody's to build below (D8, D20).
 *
 * @returns the children, in the order of the input
 * @throws DomainError BAD_USER_INPUT, FORBIDDEN; CONFLICT: scopes rely on what is taken away
 */
export async function linkTypes(
  session: Session,
  writable: Writable,
  given: readonly TypeLink[],
  change: 'link' | 'unlink',
): Promise<Row[]> {
  const found = await lockedTypes(session, given);
  const links = given.map(({ parent, child }) => ({
    parent: found.get(parent.toLowerCase()) as Row,
    child: found.get(child.toLowerCase()) as Row,
  }));
  await assertMayLink(session, links);
  if (change === 'link') assertFits(links);
  const edge = ({ parent, child }: { parent: Row; child: Row }) => ({
    parentTypeId: parent.id,
    childTypeId: child.id,
  });
  if (change === 'link') {
    await assertNoCycle(session, links);
    await session.writer.link('ScopeTypeEdge', links.map(edge));
  } else {
    for (const one of links) await session.writer.unlink('ScopeTypeEdge', edge(one));
  }
  const after = new Map<string, Row>();
  for (const { child, parent } of links) {
    const before = after.get(child.id) ?? child;
    const write = guardWrite(session.guarding, 'ScopeType', child.id, 'update');
    const row = await session.writer.update(write, {});
    if (row === null) throw forbidden('update is not permitted on the type');
    after.set(child.id, row);
    // Which parent joined or left, and not all that are there.
    const [left, joined] = change === 'link' ? [[], [parent.id]] : [[parent.id], []];
    recordWrite(
      session,
      writable,
      change,
      { ...before, parents: left },
      { ...row, parents: joined },
    );
  }
  return links.map(({ child }) => after.get(child.id) as Row);
}

/** The types that are named, locked. INVARIANT: one that may not be read is none (D14). */
async function lockedTypes(session: Session, links: readonly TypeLink[]) {
  const named = links.flatMap(({ parent, child }) => [parent, child]).filter(isUuid);
  const where = oneOf('id', [...new Set(named.map((id) => id.toLowerCase()))]);
  const reader = session.readerAt(session.place);
  const seen = await reader.find({ model: 'ScopeType', where, select: { columns: ['id'] } });
  await session.writer.lock(
    'ScopeType',
    seen.map(({ id }) => id),
  );
  const rows = await reader.find({ model: 'ScopeType', where, select: { columns: 'unsealed' } });
  const found = new Map(rows.map((row) => [row.id, row]));
  const issues = links.flatMap((link, index) =>
    (['parent', 'child'] as const).flatMap((side): Issue[] =>
      found.has(link[side].toLowerCase())
        ? []
        : [{ path: ['links', index, side], message: 'there is no such resource' }],
    ),
  );
  if (issues.length > 0) throw badInput(issues);
  return found;
}

interface FoundLink {
  readonly parent: Row;
  readonly child: Row;
}

async function assertMayLink(session: Session, links: readonly FoundLink[]): Promise<void> {
  const { isPlatformAdmin } = session.principal;
  for (const { parent, child } of links) {
    // D8: what is built in is the platform's, and changes for everybody.
    if (child.organizationId === null && !isPlatformAdmin) {
      throw forbidden('a built-in type is changed by platform admins alone');
    }
    const needed = parent.organizationId === null ? [child] : [child, parent];
    for (const type of needed) {
      if (!(await isPermitted(session, 'ScopeType', 'update', type))) {
        throw forbidden('update is not permitted on both types');
      }
    }
  }
  // Of two that each add a part of a cycle, the second sees the first.
  const organizations = new Set(links.map(({ child }) => child.organizationId as string | null));
  for (const id of [...organizations].sort()) {
    if (id !== null) await raiseAuthority(session.tx, id);
  }
}

/** D20: types are of one organization, and a built-in one is in no other. */
function assertFits(links: readonly FoundLink[]): void {
  const issues = links.flatMap(({ parent, child }, index): Issue[] => {
    if (parent.organizationId === null || parent.organizationId === child.organizationId) return [];
    const message =
      child.organizationId === null
        ? 'a type of an organization contains no built-in one'
        : 'a type contains types of its own organization';
    return [{ path: ['links', index], message }];
  });
  if (issues.length > 0) throw badInput(issues);
}

/** No type is within itself, by whatever path. Throws BAD_USER_INPUT naming the link that would make it so. */
async function assertNoCycle({ tx }: Session, links: readonly FoundLink[]): Promise<void> {
  const ids = [...new Set(links.map(({ child }) => child.id))];
  // All that is below the children as it is.
  const edges = await tx.$queryRaw<{ parent: string; child: string }[]>`
    WITH RECURSIVE inside AS (
      SELECT unnest(${ids}::text[]::uuid[]) AS id
      UNION
      SELECT e.child_type_id FROM inside i JOIN scope_type_edge e ON e.parent_type_id = i.id
    )
    SELECT e.parent_type_id::text AS parent, e.child_type_id::text AS child
    FROM inside i JOIN scope_type_edge e ON e.parent_type_id = i.id`;
  const below = new Map<string, Set<string>>();
  const add = (parent: string, child: string): void => {
    below.set(parent, (below.get(parent) ?? new Set()).add(child));
  };
  for (const { parent, child } of edges) add(parent, child);
  for (const [index, { parent, child }] of links.entries()) {
    const seen = new Set([child.id]);
    for (const id of seen) for (const inner of below.get(id) ?? []) seen.add(inner);
    if (seen.has(parent.id)) {
      const message = 'the type would be within itself';
      throw badInput([{ path: ['links', index], message }]);
    }
    add(parent.id, child.id);
  }
}
