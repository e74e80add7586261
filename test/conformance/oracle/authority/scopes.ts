import { OWNER, PLATFORM, type Row, type World, worldOf } from '../../world/types.js';
import type { CreateScope, Delete, MoveScope } from '../../writing/write.js';
import { changed, newRow, withSettings, worldWith } from '../apply.js';
import { cover } from '../coverage.js';
import { type Asking, may, mayRead, RESOURCE } from '../decide.js';
import { handsOut, heldAt } from '../giving.js';
import { isMistaken } from '../mistakes.js';
import { found, type Outcome, refuse, spotOf, type Written, writtenAs } from '../outcome.js';
import { personIn } from '../person.js';
import { placeNamed } from '../place.js';
import { Tree, tenantOf } from '../tree.js';
import { holdsAll } from './holding.js';
import { lifting } from './lifting.js';

/** Whether a scope is the root of an organization, or the platform's. */
const isRoot = ({ one }: Row): boolean => one.parent == null || one.parent === PLATFORM;

/** The scope, and all below it. */
const below = (tree: Tree, scopeId: string): Row[] =>
  tree.of('Scope').filter(({ id }) => tree.path(id).includes(scopeId));

/** What lives at any of these scopes, but scopes. */
const livingAt = (tree: Tree, scopes: readonly Row[]): Row[] => {
  const ids = new Set(scopes.map(({ id }) => id));
  return tree.world.rows.filter(
    ({ type, one }) => type !== 'Scope' && one.scope != null && ids.has(one.scope),
  );
};

/** D1, D8: in a scope whose type may contain its own, by who may make scopes there; of a DEFINE type its maker owns it. */
export function createScope(asking: Asking, write: CreateScope, fresh: string): Outcome {
  const { tree, person } = asking;
  const { parent, parentExternalId, set } = write;
  if (isMistaken('Scope', set)) return refuse('BAD_USER_INPUT');
  let named = parent;
  if (parentExternalId !== undefined) {
    const above = tree
      .of('Scope')
      .find(
        ({ cells, one }) =>
          cells.externalId === parentExternalId && one.organization === asking.place.organizationId,
      );
    const there = above !== undefined && mayRead(asking, above);
    if (!cover('D14 write: the parent is there by its external id', there)) {
      return refuse('BAD_USER_INPUT');
    }
    if (parent !== undefined) return refuse('BAD_USER_INPUT');
    named = above?.id;
  }
  const place = placeNamed(tree, person, named, asking.place);
  if (!cover('D4 write: the scope can be acted in', place !== null) || place === null) {
    return refuse('SCOPE_FORBIDDEN');
  }
  const there = { ...asking, place };
  const parentId = spotOf(place);
  const organization = tenantOf(tree.get('Scope', parentId));
  if (!cover('D1 write: a scope is in an organization', organization !== null)) {
    return refuse('BAD_USER_INPUT');
  }
  const typeId = write.of.toLowerCase();
  const one = { organization, parent: parentId, type: typeId };
  const row = withSettings({ ...newRow('Scope', fresh), one }, set);
  if (!cover('D8 write: a scope is made by a right at its parent', may(there, 'create', row))) {
    return refuse('FORBIDDEN');
  }
  const type = tree.find('ScopeType', typeId);
  if (!cover('D14 write: the type is there', type !== undefined && mayRead(there, type))) {
    return refuse('BAD_USER_INPUT');
  }
  const near = [null, organization].includes(tenantOf(type as Row));
  const problems = [
    ...(cover('D20 write: a type is of the organization, or built in', near)
      ? []
      : ['BAD_USER_INPUT']),
    ...(contains(tree, parentId, typeId) ? [] : ['BAD_USER_INPUT']),
    ...(isTakenThere(tree, row) ? ['CONFLICT'] : []),
  ];
  if (problems.length > 0) return refuse(...problems);
  const world = worldWith(tree.world, null, row);
  const written = [writtenAs('create', null, row, place)];
  const owner = ownerOf(there, type as Row, row);
  if (owner === null) return { world, written };
  return {
    world: worldWith(world, null, owner),
    written: [...written, writtenAs('create', null, owner, place)],
    told: [row.id],
  };
}

/** D8: who makes a DEFINE scope is its first owner, of a key its owner; platform admins at home alone, as they pass elsewhere (D12). */
function ownerOf({ person }: Asking, type: Row, scope: Row): Row | null {
  const { organization = null } = scope.one;
  const defines = type.cells.permissionMode !== 'MERGE';
  const { userId } = person;
  const owns =
    userId !== null && defines && (!person.isAdmin || organization === person.organizationId);
  if (!cover('D8 write: who makes a scope owns it', owns)) return null;
  const row = newRow('Membership', `${scope.id} owner`);
  return {
    ...row,
    one: { ...row.one, organization, scope: scope.id, user: userId },
    many: { roles: [OWNER] },
  };
}

/** D1. */
const contains = (tree: Tree, parentId: string, typeId: string): boolean => {
  const parent = tree.get('ScopeType', String(tree.get('Scope', parentId).one.type));
  return cover(
    'D1 write: the type of the parent contains its own',
    (parent.many.mayContain ?? []).includes(typeId),
  );
};

/** §2: an external id is unique in its organization, whoever sees it. */
export const isTakenThere = (tree: Tree, { id, cells, one }: Row): boolean =>
  !cover(
    '§2 write: the external id is free',
    cells.externalId == null ||
      tree
        .of('Scope')
        .every(
          (other) =>
            other.id === id ||
            other.one.organization !== one.organization ||
            other.cells.externalId !== cells.externalId,
        ),
  );

/** All or none, parents first; each as what was made before has made its maker. */
export function createScopes(
  asking: Asking,
  items: readonly CreateScope[],
  freshId: (index: number) => string,
): Outcome {
  const named = items.map(({ set }) => set.externalId);
  const twice = named.some((id, at) => id != null && named.indexOf(id) !== at);
  const order = parentsFirst(items);
  if (
    !cover(
      'D1 write: scopes of a batch are named once, and none is in itself',
      !twice && order !== null,
    )
  ) {
    return refuse('BAD_USER_INPUT');
  }
  // What is wrong in any of them is told before anything is done.
  if (items.some(({ set }) => isMistaken('Scope', set))) return refuse('BAD_USER_INPUT');
  let now = asking;
  const written: Written[] = [];
  for (const at of order ?? []) {
    const item = items[at] as CreateScope;
    const { parentExternalId, ...others } = item;
    const inside = parentExternalId === undefined ? -1 : named.indexOf(parentExternalId);
    const single = inside < 0 ? item : { ...others, parent: freshId(inside) };
    if (inside >= 0 && item.parent !== undefined) return refuse('BAD_USER_INPUT');
    const outcome = createScope(now, single, freshId(at));
    if ('refused' in outcome) return outcome;
    written.push(...outcome.written);
    now = renewed(now, outcome.world);
  }
  return { world: now.tree.world, written, told: items.map((_, at) => freshId(at)) };
}

/** The indexes of the items, each after the one that it is in; null where one is in itself. */
function parentsFirst(items: readonly CreateScope[]): number[] | null {
  const order: number[] = [];
  const place = (at: number, within: readonly number[]): boolean => {
    if (within.includes(at)) return false;
    if (order.includes(at)) return true;
    const named = items[at]?.parentExternalId;
    const above = items.findIndex(({ set }) => named !== undefined && set.externalId === named);
    if (above >= 0 && !place(above, [...within, at])) return false;
    order.push(at);
    return true;
  };
  return [...items.keys()].every((at) => place(at, [])) ? order : null;
}

/** Who asks, as they are in another world. */
export function renewed(asking: Asking, world: World): Asking {
  const { person } = asking;
  const now = personIn(world, person.who);
  const { authority: _, ...others } = asking;
  return { ...others, tree: new Tree(world), person: now ?? { ...person, held: [] } };
}

/** D8, D21: a scope is moved with all that is in it, by who may move all of it, and gives nobody what they could not give. */
export function moveScope(asking: Asking, write: MoveScope): Outcome {
  const { tree, person } = asking;
  const place = placeNamed(tree, person, write.parent, asking.place);
  if (!cover('D4 write: the scope can be acted in', place !== null) || place === null) {
    return refuse('SCOPE_FORBIDDEN');
  }
  const before = found(asking, write, ['move']);
  if (typeof before === 'string') return refuse(before);
  const parentId = spotOf(place);
  const misplaced =
    isRoot(before) ||
    tenantOf(tree.get('Scope', parentId)) !== tenantOf(before) ||
    tree.path(parentId).includes(before.id);
  if (!cover('D1 write: a scope stays in its organization, and out of itself', !misplaced)) {
    return refuse('BAD_USER_INPUT');
  }
  const after = changed({ ...before, one: { ...before.one, parent: parentId } });
  const world = worldWith(tree.world, before, after);
  const now = new Tree(world);
  const verdict = lifting(asking, now, below(tree, before.id));
  const problems = [
    ...(cover('D8 write: it may be made where it goes', may(asking, 'create', after))
      ? []
      : ['FORBIDDEN']),
    ...(contains(tree, parentId, String(before.one.type)) ? [] : ['BAD_USER_INPUT']),
    ...(takesAlong(asking, before, 'move', 'update') ? [] : ['FORBIDDEN']),
    ...(givesItself(asking, before, parentId) ? [] : ['FORBIDDEN']),
    ...(givesWhatEnters(asking, before, now) ? [] : ['FORBIDDEN']),
    ...(verdict === 'no' ? ['FORBIDDEN'] : []),
    ...(strands(tree, now, before) ? ['CONFLICT'] : []),
  ];
  const either = verdict === 'either';
  if (problems.length > 0) return refuse(...problems, ...(either ? ['FORBIDDEN'] : []));
  const written = [writtenAs('move', before, after, asking.place)];
  return { world, written, orForbidden: either };
}

/** D21: the right on every scope of a subtree, and on every row in it. */
function takesAlong(asking: Asking, top: Row, ofScopes: string, ofRows: string): boolean {
  const scopes = below(asking.tree, top.id);
  const all =
    scopes.every((row) => may(asking, ofScopes, row)) &&
    livingAt(asking.tree, scopes).every((row) => may(asking, ofRows, row));
  return cover(`D21 write: all of a subtree may be ${RESOURCE.Scope}:${ofScopes}`, all);
}

/** As a row at its parent it is given away like any other. */
function givesItself(asking: Asking, before: Row, parentId: string): boolean {
  const { tree } = asking;
  const reached = tree.inherits(String(before.one.parent));
  const others = tree.inherits(parentId).filter((id) => !reached.includes(id));
  return (
    others.length === 0 ||
    cover(
      'D21 write: who moves a scope to where others reach it holds all',
      holdsAll(asking, before),
    )
  );
}

/** What is held where it would newly inherit from is held in it, before, by who moves it. */
function givesWhatEnters(asking: Asking, before: Row, now: Tree): boolean {
  const { tree } = asking;
  const had = tree.inherits(before.id);
  const entered = now.inherits(before.id).filter((id) => !had.includes(id));
  return cover(
    'D21 write: who moves a scope below others holds what they do',
    heldAt(tree, entered).every((role) => handsOut(asking, role, before.id)),
  );
}

/** D8: what is needed in it is defined where it would no longer be. */
function strands(tree: Tree, now: Tree, top: Row): boolean {
  const scopes = below(tree, top.id).map(({ id }) => id);
  const stranded = tree.world.rows.some(({ type, one, many }) => {
    if (!scopes.includes(String(one.scope))) return false;
    const needed = type === 'Membership' ? many.roles : type === 'Role' ? many.permissions : [];
    const of = type === 'Membership' ? 'Role' : 'Permission';
    return (needed ?? []).some(
      (id) => !now.path(String(one.scope)).includes(String(tree.get(of, id).one.scope)),
    );
  });
  return !cover('D8 write: nothing in a moved scope is stranded', !stranded);
}

/** D21, D23: by itself where nothing lives in it; with all that does by who may delete each row of it. */
export function deleteScope(asking: Asking, write: Delete): Outcome {
  const { tree } = asking;
  const before = found(asking, write, ['delete']);
  if (typeof before === 'string') return refuse(before);
  if (!cover('D1 write: a root goes with its organization alone', !isRoot(before))) {
    return refuse('CONFLICT');
  }
  const scopes = below(tree, before.id);
  const rows = [...scopes, ...livingAt(tree, scopes)];
  if (write.cascade !== true) {
    if (!cover('D23 write: nothing lives in what is deleted', rows.length === 1)) {
      return refuse('CONFLICT');
    }
  } else {
    const problems = [
      ...(takesAlong(asking, before, 'delete', 'delete') ? [] : ['FORBIDDEN']),
      ...(isNeededOutside(tree, rows) ? ['CONFLICT'] : []),
    ];
    if (problems.length > 0) return refuse(...problems);
  }
  const gone = new Set(rows.map(({ id }) => id));
  const world = worldOf(
    tree.world.rows.filter(({ id }) => !gone.has(id)),
    tree.world,
  );
  return { world, written: [writtenAs('delete', before, null, asking.place)] };
}

/** D23: a form its workflow, an agent its tools and delegates, a row or an override its role, an override its permission. */
function isNeededOutside(tree: Tree, rows: readonly Row[]): boolean {
  const gone = new Set(rows.map(({ id }) => id));
  const needed = tree.world.rows.some(({ id, one, many }) => {
    if (gone.has(id)) return false;
    const { workflow, role, permission } = one;
    const { tools = [], delegates = [], roles = [] } = many;
    return [workflow, role, permission, ...tools, ...delegates, ...roles].some(
      (other) => other != null && gone.has(other),
    );
  });
  return !cover('D23 write: nothing outside needs what is in it', !needed);
}
