import type { Row } from '../../world/types.js';
import type { LinkTypes } from '../../writing/write.js';
import { changed, worldWith } from '../apply.js';
import { cover } from '../coverage.js';
import { type Asking, may, mayRead } from '../decide.js';
import { handsOut, heldAt } from '../giving.js';
import type { Outcome, Written } from '../outcome.js';
import { refuse, writtenAs } from '../outcome.js';
import { Tree, tenantOf } from '../tree.js';
import { lifting } from './lifting.js';

/** D8: what is built in changes for everybody, and so by platform admins alone. */
export const changesBuiltIn = ({ person }: Asking, type: Row): boolean =>
  !person.isAdmin && !cover('D8 write: a type is the organization’s own', tenantOf(type) !== null);

/**
 * D21: what a flipped type lets into its scopes is held there, before, by who flips it; what it leaves behind could be
 * changed by them.
 */
export function mayFlip(asking: Asking, before: Row, after: Row) {
  const { tree, person } = asking;
  const now = new Tree(worldWith(tree.world, before, after));
  const scopes = tree.of('Scope').filter(({ one }) => one.type === before.id);
  const lets = scopes.every(({ id }) => {
    const entered = now.inherits(id).filter((above) => !tree.inherits(id).includes(above));
    return heldAt(tree, entered).every((role) => handsOut(asking, role, id));
  });
  if (person.isAdmin) return 'yes';
  if (!cover('D21 write: who lets in what is held above holds it', lets)) return 'no';
  return lifting(asking, now, tree.of('Scope'));
}

/** D1: which types may be in which; no type is within itself, and none of an organization contains what is built in. */
export function linkTypes(asking: Asking, { kind, links }: LinkTypes): Outcome {
  const { tree, person } = asking;
  const seen = (id: string): Row | undefined => {
    const type = tree.find('ScopeType', id.toLowerCase());
    return type !== undefined && mayRead(asking, type) ? type : undefined;
  };
  const pairs = links.flatMap(({ parent, child }) => {
    const [above, below] = [seen(parent), seen(child)];
    return above === undefined || below === undefined ? [] : [{ above, below }];
  });
  if (!cover('D14 write: what is referred to is there', pairs.length === links.length)) {
    return refuse('BAD_USER_INPUT');
  }
  const permitted = pairs.every(
    ({ above, below }) =>
      !changesBuiltIn(asking, below) &&
      [below, ...(tenantOf(above) === null ? [] : [above])].every((type) =>
        may(asking, 'update', type),
      ),
  );
  if (!cover('D8 write: both types may be updated', permitted) && !person.isAdmin) {
    return refuse('FORBIDDEN');
  }
  const problems: string[] = [];
  const written: Written[] = [];
  let { world } = tree;
  for (const { above, below } of pairs) {
    const now = new Tree(world);
    const [parent, child] = [now.get('ScopeType', above.id), now.get('ScopeType', below.id)];
    const contained = parent.many.mayContain ?? [];
    if (kind === 'link') {
      const near = [null, tenantOf(child)].includes(tenantOf(parent));
      if (!cover('D20 write: types of one organization are linked', near)) {
        problems.push('BAD_USER_INPUT');
      }
      if (!cover('D1 write: no type is within itself', !within(now, parent.id, child.id))) {
        problems.push('BAD_USER_INPUT');
      }
    } else if (
      !cover('D1 write: no scopes rely on what is unlinked', !isReliedOn(now, parent.id, child.id))
    ) {
      problems.push('CONFLICT');
    }
    const mayContain =
      kind === 'link'
        ? [...new Set([...contained, child.id])]
        : contained.filter((id) => id !== child.id);
    world = worldWith(world, parent, { ...parent, many: { ...parent.many, mayContain } });
    const before = new Tree(world).get('ScopeType', child.id);
    const after = changed(before);
    world = worldWith(world, before, after);
    written.push(writtenAs(kind, before, after, asking.place));
  }
  return problems.length > 0 ? refuse(...problems) : { world, written };
}

/** Whether the one is the other or below it. */
function within(tree: Tree, id: string, top: string): boolean {
  const seen = new Set([top]);
  for (const one of seen) {
    for (const inner of tree.get('ScopeType', one).many.mayContain ?? []) seen.add(inner);
  }
  return seen.has(id);
}

const isReliedOn = (tree: Tree, parentType: string, childType: string): boolean =>
  tree
    .of('Scope')
    .some(
      ({ one: { type, parent } }) =>
        type === childType && parent != null && tree.get('Scope', parent).one.type === parentType,
    );
