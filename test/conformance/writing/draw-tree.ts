import { type Asking, may, mayRead, RESOURCE } from '../oracle/decide.js';
import { placeNamed } from '../oracle/place.js';
import { tenantOf } from '../oracle/tree.js';
import { nameSomewhere } from '../questions/places.js';
import type { Random } from '../questions/random.js';
import type { Session } from '../questions/session.js';
import { ACTIONS } from '../world/built-in.js';
import {
  type Cell,
  FUTURE,
  LATER,
  type Named,
  PAST,
  PLATFORM,
  type Row,
  rootOf,
  type TypeName,
} from '../world/types.js';
import { drawPlace, drawRow, nameRow } from './draw.js';
import { ABSENT } from './draw-settings.js';
import type {
  Batch,
  ChangePermissions,
  ChangeRoles,
  CreateScope,
  Delete,
  LinkTypes,
  MadeType,
  MoveScope,
  RemoveOverride,
  SetOverride,
  Settings,
  Single,
  Write,
} from './write.js';

type Made = Exclude<MadeType, 'Form' | 'Workflow' | 'Agent' | 'App' | 'Config'>;
const MADE = ['ScopeType', 'Role', 'Permission', 'Membership'] as const satisfies readonly Made[];

/** What somebody might change there of who may do what, and of where that is. */
export function drawTreeWrite(session: Session, random: Random): Write {
  switch (random.below(20)) {
    case 0:
    case 1:
      return drawScope(session, random);
    case 2:
      return drawScopes(session, random);
    case 3:
    case 4:
      return drawMove(session, random);
    case 5:
      return drawLinkedScopes(session, random);
    case 6:
    case 7:
      return drawDeletedScope(session, random);
    case 8:
      return drawLinks(session, random);
    case 9:
    case 10:
      return drawPermissions(session, random);
    case 11:
    case 12:
      return drawRoles(session, random);
    case 13:
    case 14:
      return drawOverride(session, random);
    case 15:
      return drawRemovedOverride(session, random);
    case 16:
      return drawBatch(session, random);
    default:
      return drawMade(session, random, random.one([...MADE, 'Scope', 'ScopeType', 'Role']));
  }
}

const KINDS = ['create', 'create', 'update', 'update', 'delete'] as const;
type Kind = (typeof KINDS)[number];

function drawMade(session: Session, random: Random, type: Made | 'Scope'): Single {
  if (type === 'Scope') return drawUpdate(session, random, type);
  return drawOf(session, random, type, random.one(KINDS));
}

function drawOf(session: Session, random: Random, type: Made, kind: Kind): Single {
  if (kind === 'update') return drawUpdate(session, random, type);
  if (kind === 'delete') {
    return { kind, ...nameRow(changeable(session.asking, random, type, 'delete'), type, random) };
  }
  const scope = drawPlace(session, random, type);
  return { kind, type, scope, set: drawNew(session, random, type, scope) };
}

function drawUpdate({ asking }: Session, random: Random, type: Made | 'Scope'): Single {
  const row = changeable(asking, random, type, 'update');
  return {
    kind: 'update',
    ...nameRow(row, type, random),
    set: drawChange(asking, random, type, row),
  };
}

/** A row to do something with. What is built in stays in every world after this one, and so is nothing to try that might be done. */
function changeable(asking: Asking, random: Random, type: TypeName, action: string): Row | null {
  const row = drawRow(asking, random, type, action);
  const { builtIn } = asking.tree.world;
  if (row === null || !builtIn.has(row.id) || !may(asking, action, row)) return row;
  const own = asking.tree.of(type).filter(({ id }) => !builtIn.has(id));
  return own.length > 0 ? random.one(own) : null;
}

const NAMES = ['a', 'a/b', 'b', 'fresh', 'fresh/x', 'one', 'two', 'three'];

function drawName(random: Random, taken: readonly Row[]): Cell {
  if (random.chance(0.03)) return random.one(['', ' a', '*', 'owned']);
  const names = taken.map(({ cells }) => cells.name ?? null).filter((name) => name !== null);
  return random.chance(0.15) && names.length > 0
    ? random.one(names)
    : `${random.one(NAMES)}${random.below(9)}`;
}

function drawNew(session: Session, random: Random, type: Made, scope: Named): Settings {
  const { asking } = session;
  const rows = asking.tree.of(type);
  switch (type) {
    case 'ScopeType':
      return { name: drawName(random, rows), permissionMode: drawMode(random) };
    case 'Role':
      return {
        name: drawName(random, rows),
        dataAccess: drawReach(random),
        ...(random.chance(0.6)
          ? { permissions: usable(asking, random, 'Permission', scope, 3) }
          : {}),
      };
    case 'Permission':
      return drawPermission(asking, random);
    case 'Membership': {
      const [user, team] = [
        drawSubject(asking, random, 'User'),
        drawSubject(asking, random, 'Team'),
      ];
      const who = random.chance(0.7) || team === null ? { user: user as string } : { team };
      return {
        ...(random.chance(0.03) ? {} : who),
        ...(random.chance(0.75) ? { roles: usable(asking, random, 'Role', scope, 2) } : {}),
        ...(random.chance(0.3) ? { expiresAt: drawEnd(random) } : {}),
      };
    }
  }
}

const drawMode = (random: Random): Cell => random.one(['DEFINE', 'MERGE', 'MERGE']);
const drawReach = (random: Random): Cell =>
  random.one(['ALL_DATA', 'ALL_DATA', 'OWN_DATA', 'TEAM_DATA']);
const drawEnd = (random: Random): string | null => random.one([PAST, FUTURE, FUTURE, LATER, null]);

/** Mostly of ours, now and then of another service's, or of none. */
function drawPermission({ tree }: Asking, random: Random): Settings {
  const resourceType = random.one([
    ...Object.keys(ACTIONS),
    'form',
    'form',
    'document',
    'Bad type',
  ]);
  const actions = ACTIONS[resourceType] ?? ['write'];
  const action = random.chance(0.05) ? 'fly' : random.one(actions);
  const patterns = ['*', '*', 'owned', 'a', 'a/*', 'fresh/*', random.one(tree.world.rows).id];
  const resourcePattern = random.chance(0.05) ? random.one(['a*', '/*', '']) : random.one(patterns);
  return {
    resourceType,
    action,
    ...(random.chance(0.8) ? { resourcePattern } : {}),
    ...(random.chance(0.3) ? { label: random.one(['one', null]) } : {}),
  };
}

function drawSubject(asking: Asking, random: Random, type: 'User' | 'Team'): string | null {
  const rows = asking.tree.of(type);
  const near = rows.filter((row) => mayRead(asking, row));
  const from = near.length > 0 && random.chance(0.9) ? near : rows;
  if (from.length === 0) return null;
  return random.chance(0.03) ? random.one(ABSENT) : random.one(from).id;
}

function drawChange(
  asking: Asking,
  random: Random,
  type: Made | 'Scope',
  row: Row | null,
): Settings {
  const rows = asking.tree.of(type);
  if (random.chance(0.03)) return {};
  switch (type) {
    case 'ScopeType':
      return random.chance(0.7)
        ? { permissionMode: flipped(row) }
        : { name: drawName(random, rows), permissionMode: drawMode(random) };
    case 'Scope':
      return random.chance(0.5)
        ? { name: random.chance(0.2) ? null : drawName(random, rows) }
        : { externalId: drawExternalId(asking, random) };
    case 'Role': {
      const scope = row?.one.scope ?? undefined;
      return random.one<() => Settings>([
        () => ({ name: drawName(random, rows) }),
        () => ({ dataAccess: drawReach(random) }),
        () => ({ description: random.one(['one', null]), dataAccess: drawReach(random) }),
        () => ({ permissions: usable(asking, random, 'Permission', scope, 3) }),
      ])();
    }
    case 'Permission':
      return { label: random.one(['one', 'two', null]) };
    case 'Membership':
      return { expiresAt: drawEnd(random) };
  }
}

const flipped = (row: Row | null): Cell =>
  row?.cells.permissionMode === 'MERGE' ? 'DEFINE' : 'MERGE';

function drawExternalId({ tree }: Asking, random: Random): Cell {
  const taken = tree.of('Scope').flatMap(({ cells }) => cells.externalId ?? []);
  if (random.chance(0.05)) return random.one([null, '']);
  return random.chance(0.15) && taken.length > 0 ? random.one(taken) : `x${random.below(99)}`;
}

/** Mostly what is defined there or above and is seen; the roles and permissions of the world before those built in. */
function usable(
  asking: Asking,
  random: Random,
  type: 'Role' | 'Permission',
  scope: Named,
  most: number,
): string[] {
  const place = placeNamed(asking.tree, asking.person, scope, asking.place);
  const at = place?.chain[0] ?? PLATFORM;
  const rows = asking.tree.of(type);
  const seen = rows.filter((row) => mayRead(asking, row));
  const near = seen.filter(({ one }) => asking.tree.path(at).includes(String(one.scope)));
  const made = near.filter(({ id }) => !asking.tree.world.builtIn.has(id));
  return Array.from({ length: 1 + random.below(most) }, () => {
    const chance = random.next();
    if (chance > 0.98) return random.one(ABSENT);
    const from = [made, near, near, seen, rows][Math.floor(chance * 5.2)] ?? near;
    return random.one(from.length > 0 ? from : rows).id;
  });
}

/** Mostly in a scope whose type may contain it, or by its external id. */
function drawScope(session: Session, random: Random): CreateScope {
  const { tree } = session.asking;
  const parent = drawParent(session, random, 'create');
  const above = tree.find('Scope', parent ?? '') ?? tree.of('Scope').at(-1);
  const type = tree.get('ScopeType', String(above?.one.type));
  const near = tree.of('ScopeType').filter(({ id }) => type.many.mayContain?.includes(id));
  const from = near.length > 0 && random.chance(0.85) ? near : tree.of('ScopeType');
  const named = random.chance(0.15) ? above?.cells.externalId : null;
  return {
    kind: 'createScope',
    type: 'Scope',
    of: random.chance(0.02) ? random.one(ABSENT) : random.one(from).id,
    ...(typeof named === 'string'
      ? { parent: undefined, parentExternalId: named }
      : { parent: random.chance(0.1) ? nameSomewhere(session, random) : (parent ?? undefined) }),
    set: {
      ...(random.chance(0.7) ? { name: drawName(random, tree.of('Scope')) } : {}),
      ...(random.chance(0.5) ? { externalId: drawExternalId(session.asking, random) } : {}),
    },
  };
}

/** Mostly a scope of their own organization in which they may make some. */
function drawParent({ asking }: Session, random: Random, action: string): string | null {
  const { tree, person } = asking;
  const scopes = tree.of('Scope').filter(({ id }) => id !== PLATFORM);
  const own = scopes.filter(({ one }) => one.organization === person.organizationId);
  const open = own.filter((scope) => may(asking, action, inside(scope)));
  const lists = [open, open, open, own, scopes].filter((some) => some.length > 0);
  return lists.length === 0 ? null : random.one(random.one(lists)).id;
}

/** Any scope that would be in this one. */
const inside = (parent: Row): Row => ({
  ...parent,
  id: 'any',
  one: { ...parent.one, parent: parent.id },
});

/** Mostly in one another, by external ids; now and then two of one name, or one in itself. */
function drawScopes(session: Session, random: Random): Batch {
  const { tree } = session.asking;
  const items: CreateScope[] = [];
  for (let at = 0; at <= random.below(3); at += 1) {
    const { parent, parentExternalId, ...drawn } = drawScope(session, random);
    const above = items.length > 0 && random.chance(0.6) ? random.one(items) : null;
    const near = above === null ? [] : (tree.find('ScopeType', above.of)?.many.mayContain ?? []);
    const externalId =
      items.length > 0 && random.chance(0.05)
        ? String(items[0]?.set.externalId)
        : `batch ${at}${random.below(9)}`;
    const named = random.chance(0.04) ? externalId : above?.set.externalId;
    const within =
      named === undefined
        ? { parent, ...(parentExternalId === undefined ? {} : { parentExternalId }) }
        : { parent: undefined, parentExternalId: String(named) };
    items.push({
      ...drawn,
      ...within,
      of: near.length > 0 ? random.one(near) : drawn.of,
      set: { ...drawn.set, externalId },
    });
  }
  const given = random.chance(0.5) ? items.reverse() : items;
  return { kind: 'batch', type: 'Scope', of: 'create', items: given };
}

function drawMove(session: Session, random: Random): MoveScope {
  const { asking } = session;
  const row = changeable(asking, random, 'Scope', 'move');
  return {
    kind: 'moveScope',
    ...nameRow(row, 'Scope', random),
    parent: drawTarget(session, random, row),
  };
}

/** Mostly a scope of the same organization whose type may contain it. */
function drawTarget({ asking }: Session, random: Random, row: Row | null): string {
  const { tree } = asking;
  if (random.chance(0.03)) return random.one(ABSENT);
  const scopes = tree.of('Scope');
  const own = scopes.filter((scope) => row !== null && tenantOf(scope) === tenantOf(row));
  const fits = own.filter(
    ({ id, one }) =>
      tree.get('ScopeType', String(one.type)).many.mayContain?.includes(String(row?.one.type)) &&
      !tree.path(id).includes(row?.id ?? ''),
  );
  const lists = [fits, fits, fits, own, scopes].filter((some) => some.length > 0);
  const { id, one } = random.one(random.one(lists));
  const isRoot = one.organization != null && id === rootOf(one.organization);
  return isRoot && random.chance(0.3) ? String(one.organization) : id;
}

function drawLinkedScopes(session: Session, random: Random): Batch {
  const items = Array.from({ length: 1 + random.below(2) }, (): MoveScope => {
    const { version: _, ...move } = drawMove(session, random);
    return move;
  });
  return { kind: 'batch', type: 'Scope', of: 'link', items };
}

function drawDeletedScope({ asking }: Session, random: Random): Delete {
  const row = changeable(asking, random, 'Scope', 'delete');
  const cascade = random.chance(0.6) ? { cascade: random.chance(0.85) } : {};
  return { kind: 'delete', ...nameRow(row, 'Scope', random), ...cascade };
}

/** A type of the world to be contained, mostly in one of its organization or a built-in one. */
function drawLinks({ asking }: Session, random: Random): LinkTypes {
  const { tree, person } = asking;
  const types = tree.of('ScopeType');
  const own = types.filter((type) => tenantOf(type) !== null);
  const kind = random.one(['link', 'link', 'unlink'] as const);
  const links = Array.from({ length: 1 + random.below(2) }, () => {
    const mine = own.filter((type) => may(asking, 'update', type));
    const children = [mine, mine, own, ...(person.isAdmin ? [] : [types])];
    const child = random.one(
      children.find((some) => some.length > 0 && random.chance(0.7)) ??
        (own.length > 0 ? own : types),
    );
    if (tenantOf(child) === null && person.isAdmin)
      return { parent: random.one(ABSENT), child: child.id };
    const near = types.filter((type) => [null, tenantOf(child)].includes(tenantOf(type)));
    const holding = types.filter(({ many }) => many.mayContain?.includes(child.id));
    const from = kind === 'unlink' && holding.length > 0 && random.chance(0.8) ? holding : near;
    // Who sees other tenants links to theirs now and then (D20).
    const foreign = types.filter((type) => ![null, tenantOf(child)].includes(tenantOf(type)));
    const lists = [random.chance(0.9) ? from : types];
    if (person.isAdmin && foreign.length > 0) lists.push(foreign);
    const parent = random.one(random.one(lists)).id;
    return { parent: random.chance(0.02) ? random.one(ABSENT) : parent, child: child.id };
  });
  return { kind, type: 'ScopeType', links };
}

function drawPermissions({ asking }: Session, random: Random): ChangePermissions {
  const kind = random.one(['attachPermissions', 'attachPermissions', 'detachPermissions'] as const);
  const row = changeable(asking, random, 'Role', 'update');
  const on = row?.many.permissions ?? [];
  const permissions =
    kind === 'detachPermissions' && on.length > 0 && random.chance(0.8)
      ? [random.one(on)]
      : usable(asking, random, 'Permission', row?.one.scope ?? undefined, 2);
  return { kind, ...nameRow(row, 'Role', random), permissions };
}

function drawRoles({ asking }: Session, random: Random): ChangeRoles {
  const kind = random.one(['assignRoles', 'assignRoles', 'unassignRoles'] as const);
  const row = changeable(asking, random, 'Membership', 'update');
  const on = row?.many.roles ?? [];
  const again = on.length > 0 && random.chance(kind === 'unassignRoles' ? 0.8 : 0.25);
  const roles = again
    ? [random.one(on)]
    : usable(asking, random, 'Role', row?.one.scope ?? undefined, 2);
  const ends = kind === 'assignRoles' && random.chance(0.5) ? { expiresAt: drawEnd(random) } : {};
  return { kind, ...nameRow(row, 'Membership', random), roles, ...ends };
}

/** Mostly of what is held near, or of what is disabled above already. */
function drawOverride(session: Session, random: Random): SetOverride {
  const { asking } = session;
  const { tree } = asking;
  const overrides = tree.of('ScopeOverride');
  const state = random.one(['ENABLED', 'ENABLED', 'DISABLED'] as const);
  const version = random.chance(0.05) ? { version: 1 } : {};
  if (overrides.length > 0 && random.chance(state === 'ENABLED' ? 0.85 : 0.2)) {
    const { one } = random.one(overrides);
    const below = tree.of('Scope').filter(({ id }) => tree.path(id).includes(String(one.scope)));
    return {
      kind: 'setOverride',
      type: 'ScopeOverride',
      scope: placeOf(random.one(below)),
      ...(one.role == null ? {} : { role: one.role }),
      ...(one.permission == null ? {} : { permission: one.permission }),
      state,
      ...version,
    };
  }
  const scope = drawPlace(session, random, 'Membership');
  const role = usable(asking, random, 'Role', scope, 1)[0] as string;
  const carried = tree.find('Role', role)?.many.permissions ?? [];
  const permission =
    carried.length > 0 && random.chance(0.8)
      ? random.one(carried)
      : (usable(asking, random, 'Permission', scope, 1)[0] as string);
  const of = random.one([{ role }, { permission }, { role, permission }]);
  return {
    kind: 'setOverride',
    type: 'ScopeOverride',
    scope,
    ...(random.chance(0.03) ? {} : of),
    state,
    ...version,
  };
}

const placeOf = ({ id }: Row): Named => (id === PLATFORM ? null : id);

function drawRemovedOverride({ asking }: Session, random: Random): RemoveOverride {
  const row = drawRow(asking, random, 'ScopeOverride', 'delete');
  return { kind: 'removeOverride', ...nameRow(row, 'ScopeOverride', random) };
}

function drawBatch(session: Session, random: Random): Batch {
  const of = random.one(['create', 'update', 'delete'] as const);
  const type = of === 'update' ? random.one([...MADE, 'Scope' as const]) : random.one(MADE);
  const items = Array.from({ length: 1 + random.below(2) }, () =>
    type === 'Scope' ? drawUpdate(session, random, type) : drawOf(session, random, type, of),
  );
  return { kind: 'batch', type, of, items };
}

/** The types of what is permitted of the tree. */
export const TREE_RESOURCES: readonly string[] = [
  ...MADE,
  'Scope' as const,
  'ScopeOverride' as const,
].map((type) => RESOURCE[type]);
