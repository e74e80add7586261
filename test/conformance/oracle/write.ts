import {
  CASCADING,
  type Named,
  type Row,
  type TypeName,
  type World,
  worldOf,
} from '../world/types.js';
import type {
  Batch,
  Change,
  ChangeMembers,
  Create,
  CreateScope,
  Delete,
  MadeType,
  Move,
  Reveal,
  SetConfig,
  Settings,
  Single,
  Write,
} from '../writing/write.js';
import { changed, newRow, withSettings, worldWith } from './apply.js';
import { finishOfTree, isOfTree } from './authority/finish.js';
import { holdsAll } from './authority/holding.js';
import { removeOverride, setOverride } from './authority/overrides.js';
import { changePermissions, changeRoles } from './authority/roles.js';
import { changesBuiltIn, linkTypes } from './authority/scope-types.js';
import { createScope, createScopes, deleteScope, moveScope, renewed } from './authority/scopes.js';
import { cover } from './coverage.js';
import { type Asking, may, mayRead, RESOURCE } from './decide.js';
import { holdsWhatTheTeamHolds, isGivenAwayByName } from './escalation.js';
import { isMistaken, isSound } from './mistakes.js';
import { nearest } from './names.js';
import {
  found,
  freshId,
  isRefused,
  type Outcome,
  refuse,
  spotOf,
  type Written,
  writtenAs,
} from './outcome.js';
import { placeNamed } from './place.js';
import { isInactive, referring } from './references.js';
import { encoded, reveal, revealed, tellsSecret } from './secrets.js';
import { Tree, tenantOf } from './tree.js';

/** Decides a write by the model, and does it to the world. */
export function decideWrite(asking: Asking, write: Write): Outcome {
  if (asking.person.guise === 'anonymous') return refuse('UNAUTHENTICATED');
  return write.kind === 'batch' ? all(asking, write) : single(asking, write, freshId(0));
}

/** All or none. */
function all(asking: Asking, batch: Batch): Outcome {
  const [first] = batch.items;
  const outcome =
    first?.kind === 'createScope'
      ? whereActive(asking, createScopes(asking, batch.items as CreateScope[], freshId))
      : oneByOne(asking, batch);
  cover('§4 write: all of a batch is done', !isRefused(outcome));
  return outcome;
}

/** One after the other; where scopes are moved, each as who moves them has become by the one before. */
function oneByOne(asking: Asking, { items, of }: Batch): Outcome {
  let now = asking;
  const written: Written[] = [];
  let orForbidden = false;
  for (const [index, item] of items.entries()) {
    const outcome = single(now, item, freshId(index));
    if (isRefused(outcome)) return orForbidden ? refuse(...outcome.refused, 'FORBIDDEN') : outcome;
    written.push(...outcome.written);
    orForbidden ||= outcome.orForbidden === true;
    const { world } = outcome;
    const authority = now.authority ?? asking.tree;
    now = of === 'link' ? renewed(now, world) : { ...now, tree: new Tree(world), authority };
  }
  return { world: now.tree.world, written, orForbidden };
}

const single = (asking: Asking, write: Single, fresh: string): Outcome =>
  // What is told is not written.
  write.kind === 'reveal'
    ? reveal(asking, write)
    : whereActive(asking, decided(asking, write, fresh));

/** Issue 11: nothing is written in an organization that is not active, whoever may act there. */
function whereActive(asking: Asking, outcome: Outcome): Outcome {
  if (isRefused(outcome)) return outcome;
  const inactive = outcome.written.some(({ before, after }) =>
    [before, after].some((row) => row !== null && isInactive(asking.tree, row)),
  );
  if (cover('issue 11: the organization is active', !inactive)) return outcome;
  return refuse('CONFLICT', ...(outcome.orForbidden === true ? ['FORBIDDEN'] : []));
}

function decided(asking: Asking, write: Exclude<Single, Reveal>, fresh: string): Outcome {
  switch (write.kind) {
    case 'create':
      return create(asking, write, fresh);
    case 'setConfig':
      return setConfig(asking, write, fresh);
    case 'delete':
      return write.type === 'Scope' ? deleteScope(asking, write) : remove(asking, write);
    case 'createScope':
      return createScope(asking, write, fresh);
    case 'moveScope':
      return moveScope(asking, write);
    case 'link':
    case 'unlink':
      return linkTypes(asking, write);
    case 'attachPermissions':
    case 'detachPermissions':
      return changePermissions(asking, write);
    case 'assignRoles':
    case 'unassignRoles':
      return changeRoles(asking, write);
    case 'setOverride':
      return setOverride(asking, write, fresh);
    case 'removeOverride':
      return removeOverride(asking, write);
    case 'move':
      return move(asking, write);
    case 'addMembers':
    case 'removeMembers':
      return changeMembers(asking, write);
    default:
      return change(asking, write);
  }
}

/** D5: at the effective scope itself; who made it owns it. */
function create(asking: Asking, { type, scope, set }: Create, fresh: string): Outcome {
  if (isMistaken(type, set)) return refuse('BAD_USER_INPUT');
  const place = placeNamed(asking.tree, asking.person, scope, asking.place);
  if (!cover('D4 write: the scope can be acted in', place !== null) || place === null) {
    return refuse('SCOPE_FORBIDDEN');
  }
  const there = { ...asking, place };
  const after = proposed(there, type, set, fresh);
  const besides = type in CASCADING ? neededBesides(set) : [];
  const lacked = ['create', ...besides].some((action) => !may(there, action, after));
  for (const action of besides) {
    cover(`D15 write: create sets what ${action} sets`, may(there, action, after));
  }
  if (lacked) return refuse('FORBIDDEN');
  return finish(there, 'create', null, after, set, []);
}

/** Whether somebody may make rows of a type at a place that they name. */
export function mayMake(asking: Asking, type: MadeType, scope: Named): boolean {
  const place = placeNamed(asking.tree, asking.person, scope, asking.place);
  if (place === null) return false;
  const there = { ...asking, place };
  return may(there, 'create', proposed(there, type, {}, freshId(0)));
}

function proposed({ tree, person, place }: Asking, type: MadeType, set: Settings, id: string) {
  const scope = spotOf(place);
  const organization = tree.get('Scope', scope).one.organization ?? null;
  const row = newRow(type, id, { organization, scope }, person.userId);
  // D22: what a key of a team makes is the team's.
  const team = person.guise === 'key' && person.userId === null ? person.teamIds?.[0] : undefined;
  const made =
    'team' in row.one && type in CASCADING ? { ...row.one, team: team ?? null } : row.one;
  return encoded(null, withSettings({ ...row, one: made }, set), set);
}

/** D15: access level and bound roles by `share`, owner and team by `transfer`. */
function neededBesides(set: Settings): string[] {
  const parts = [
    ['share', ['accessLevel', 'roles']],
    ['transfer', ['owner', 'team']],
  ] as const;
  return parts.filter(([, names]) => names.some((name) => name in set)).map(([action]) => action);
}

/** §4: permitted on the row as it is and as it becomes. */
function change(asking: Asking, write: Change): Outcome {
  const { kind, type, set } = write;
  if (isMistaken(type, set) || Object.keys(set).length === 0) return refuse('BAD_USER_INPUT');
  const before = found(asking, write, [kind]);
  if (typeof before === 'string') return refuse(before);
  // D21: what is given away is the giver's.
  if (
    kind === 'transfer' &&
    !cover('D21 write: who transfers holds all', holdsAll(asking, before))
  ) {
    return refuse('FORBIDDEN');
  }
  const unseen = (type: TypeName, id: string) => !mayRead(asking, asking.tree.get(type, id));
  const after = changed(encoded(before, withSettings(before, set, unseen), set));
  if (type === 'ScopeType' && changesBuiltIn(asking, before)) return refuse('FORBIDDEN');
  if (
    ['name', 'key'].some((cell) => after.cells[cell] !== before.cells[cell]) &&
    !cover('D21 write: a new name gives nothing away', !isGivenAwayByName(asking, before, after))
  ) {
    // What it refers to may be told first.
    return refuse('FORBIDDEN', ...referring(asking, after, set));
  }
  return finish(asking, kind, before, after, set, [kind]);
}

/** D21: to where more grants reach it, it is moved by who holds all. */
function move(asking: Asking, write: Move): Outcome {
  const { tree, person } = asking;
  const place = placeNamed(tree, person, write.scope, asking.place);
  if (!cover('D4 write: the scope can be acted in', place !== null) || place === null) {
    return refuse('SCOPE_FORBIDDEN');
  }
  const before = found(asking, write, ['update']);
  if (typeof before === 'string') return refuse(before);
  const scope = spotOf(place);
  const stays = tenantOf(before) === tenantOf(tree.get('Scope', scope));
  if (!cover('D20 write: a row stays in its organization', stays)) return refuse('BAD_USER_INPUT');
  const from = tree.inherits(before.one.scope as string);
  const to = tree.inherits(scope);
  const others = to.filter((id) => !from.includes(id));
  // D9: what disabled something where it was gives that back.
  const leaves = tree.world.overrides.some(
    ({ scopeId, state }) => state === 'disabled' && from.includes(scopeId) && !to.includes(scopeId),
  );
  if (
    (others.length > 0 || leaves) &&
    !cover('D21 write: who moves it to where others reach holds all', holdsAll(asking, before))
  ) {
    return refuse('FORBIDDEN');
  }
  const after = changed({ ...before, one: { ...before.one, scope } });
  return finish(asking, 'move', before, after, {}, ['create']);
}

function finish(
  asking: Asking,
  action: string,
  before: Row | null,
  after: Row,
  set: Settings,
  needs: readonly string[],
): Outcome {
  const world = worldWith(asking.tree.world, before, after);
  if (isOfTree(after)) return finishOfTree(asking, action, before, after, set, needs);
  const permitted = needs.every((one) => may({ ...asking, tree: new Tree(world) }, one, after));
  if (needs.length > 0) cover('§4 write: the row as it becomes may be written', permitted);
  const mistakes = [
    ...(permitted ? [] : ['FORBIDDEN']),
    ...referring(asking, after, set),
    ...(['create', 'update'].includes(action) && !isWritable(before, after, set)
      ? ['BAD_USER_INPUT']
      : []),
    ...(givesToNobody(action, after) ? ['FORBIDDEN'] : []),
  ];
  const tells = before !== null && tellsSecret(before, after, set);
  if (tells && !cover('D16 write: who has it shown may reveal it', may(asking, 'reveal', before))) {
    mistakes.push('FORBIDDEN');
  }
  if (mistakes.length > 0) return refuse(...mistakes);
  const conflicts = [
    ...(cover('D14 write: the name is free', !isTaken(world, after)) ? [] : ['CONFLICT']),
    ...(cover('D20 write: what is referred to is near', !leavesItsTenant(asking.tree, after))
      ? []
      : ['BAD_USER_INPUT']),
    ...(after.type === 'Config' &&
    !cover('D5 write: no final config is overridden', !overridesFinal(world, after))
      ? ['CONFLICT']
      : []),
  ];
  // The database may as well say first that nothing is written there.
  if (conflicts.length > 0) {
    return refuse(...conflicts, ...(isInactive(asking.tree, after) ? ['CONFLICT'] : []));
  }
  const { place } = asking;
  return {
    world,
    written: [
      ...(tells ? [revealed(before, place)] : []),
      { action: `${RESOURCE[after.type]}:${action}`, before, after, place },
    ],
  };
}

/** Of what is said of its value or its type: what else there is stays as it is, whatever it is. */
function isWritable(before: Row | null, { type, cells }: Row, set: Settings): boolean {
  if (type !== 'Config') return true;
  if (before !== null && !('value' in set) && cells.type === before.cells.type) return true;
  const value = cells.type === 'SECRET' ? cells.secret : cells.value;
  return cover('D16 write: the value is of its type', isSound(cells.type, value));
}

/** D15, D40: what is made, or given away, comes to be nobody's. */
function givesToNobody(action: string, after: Row): boolean {
  if (!['create', 'transfer'].includes(action)) return false;
  return !cover('D40 write: what is made or given is somebody’s', isSomebodys(after));
}

/** Whether it has a creator, an owner or a team, of the types whose rows have any. */
const isSomebodys = ({ type, one }: Row): boolean =>
  !(type in CASCADING) || [one.createdBy, one.owner, one.team].some((id) => id != null);

/** D20, of all that a row refers to but people. */
function leavesItsTenant(tree: Tree, row: Row): boolean {
  const targets: (readonly [TypeName, readonly string[]])[] = [
    ['Workflow', [row.one.workflow ?? [], row.many.tools ?? []].flat()],
    ['Agent', row.many.delegates ?? []],
    ['Role', row.many.roles ?? []],
  ];
  return targets.some(([type, ids]) =>
    ids.some((id) => {
      const tenant = tenantOf(tree.find(type, id) ?? row);
      return tenant !== null && tenant !== tenantOf(row);
    }),
  );
}

/** §2: names are unique in their place; D14: a hidden row has its own, too. */
function isTaken({ rows }: World, { type, id, cells, one }: Row): boolean {
  return rows.some(
    (other) =>
      other.type === type &&
      other.id !== id &&
      other.one.scope === one.scope &&
      (type === 'Config' ? ['key'] : ['name', 'slug']).some(
        (cell) => cells[cell] !== undefined && other.cells[cell] === cells[cell],
      ),
  );
}

/** D5: a final config above this one, or this one final and another below. */
function overridesFinal(world: World, row: Row): boolean {
  const tree = new Tree(world);
  const isBelow = (below: Row, above: Row): boolean =>
    tree
      .path(below.one.scope as string)
      .slice(1)
      .includes(above.one.scope as string);
  return tree
    .of('Config')
    .filter((other) => other.id !== row.id && other.cells.key === row.cells.key)
    .some(
      (other) =>
        (other.cells.isFinal === true && isBelow(row, other)) ||
        (row.cells.isFinal === true && isBelow(other, row)),
    );
}

/** D23: what something else needs is not deleted. */
function remove(asking: Asking, write: Delete): Outcome {
  const before = found(asking, write, ['delete']);
  if (typeof before === 'string') return refuse(before);
  const { world } = asking.tree;
  const { id, type } = before;
  const needed = world.rows.some(
    (row) =>
      row.id !== id &&
      (row.one.workflow === id ||
        (type === 'ScopeType' && row.one.type === id) ||
        ['tools', 'delegates', 'roles', 'permissions'].some((part) =>
          row.many[part]?.includes(id),
        )),
  );
  const isSystem = before.cells.isSystem === true;
  if (!cover('D23 write: nothing needs what is deleted', !needed && !isSystem)) {
    return refuse('CONFLICT');
  }
  return {
    world: without(world, before),
    written: [writtenAs('delete', before, null, asking.place)],
  };
}

/** What is said of a row goes with it: overrides of it, and which types may contain it. */
function without(world: World, { id }: Row): World {
  const rows = world.rows.flatMap((row) => {
    if (row.id === id || [row.one.role, row.one.permission].includes(id)) return [];
    const { mayContain } = row.many;
    if (mayContain?.includes(id) !== true) return [row];
    const many = { ...row.many, mayContain: mayContain.filter((one) => one !== id) };
    return [{ ...row, many }];
  });
  return worldOf(rows, world);
}

/** D5: the nearest one there is; the scope's own if it is said outright. */
function setConfig(asking: Asking, write: SetConfig, fresh: string): Outcome {
  const { scope, key } = write;
  const set = { ...write.set, key };
  if (isMistaken('Config', set)) return refuse('BAD_USER_INPUT');
  const { tree, person } = asking;
  const place = placeNamed(tree, person, scope, asking.place);
  if (!cover('D4 write: the scope can be acted in', place !== null) || place === null) {
    return refuse('SCOPE_FORBIDDEN');
  }
  const there = { ...asking, place };
  const spot = spotOf(place);
  const outright = scope !== undefined;
  const near = nearest(tree, 'Config', key, outright ? [spot] : place.chain, !outright);
  const make = (): Outcome => create(asking, { kind: 'create', type: 'Config', scope, set }, fresh);
  if (!cover('D5 write: there is a config of this key', near !== null) || near === null) {
    return make();
  }
  const mine = mayRead(there, near) && may(there, 'update', near);
  if (cover('D5 write: the nearest one may be changed', mine)) {
    return change(there, { kind: 'update', type: 'Config', id: near.id, set: write.set });
  }
  // Who could not make one either learns nothing of what there is (D14).
  if (!may(there, 'create', proposed(there, 'Config', set, fresh))) return refuse('FORBIDDEN');
  if (cover('D5 write: a farther one stops it', near.one.scope !== spot)) {
    return refuse('CASCADE_WRITE_FORBIDDEN');
  }
  return refuse(mayRead(there, near) ? 'FORBIDDEN' : 'CONFLICT');
}

/** D21: by who may update the team and the user, and holds what the team does. */
function changeMembers(asking: Asking, write: ChangeMembers): Outcome {
  const before = found(asking, write, ['update']);
  if (typeof before === 'string') return refuse(before);
  const { tree } = asking;
  const adds = write.kind === 'addMembers';
  const problems = write.users.flatMap((id) => {
    const user = tree.find('User', id.toLowerCase());
    // Who leaves is given nothing, and may belong anywhere.
    const fits = user !== undefined && (!adds || tenantOf(user) === tenantOf(before));
    const there = user !== undefined && mayRead(asking, user) && fits;
    if (!cover('D14 write: the user is there', there) || user === undefined) {
      return ['BAD_USER_INPUT'];
    }
    if (!adds) return [];
    return cover('D21 write: the user may be updated', may(asking, 'update', user))
      ? []
      : ['FORBIDDEN'];
  });
  if (
    adds &&
    !cover(
      'D21 write: who adds holds what the team does',
      holdsWhatTheTeamHolds(
        asking,
        before,
        write.users.map((id) => id.toLowerCase()),
      ),
    )
  ) {
    problems.push('FORBIDDEN');
  }
  const given = write.users.map((id) => id.toLowerCase());
  const members = before.many.members ?? [];
  const after = changed({
    ...before,
    many: {
      ...before.many,
      members: adds
        ? [...new Set([...members, ...given])]
        : members.filter((id) => !given.includes(id)),
    },
  });
  const world = worldWith(tree.world, before, after);
  const kept = may({ ...asking, tree: new Tree(world) }, 'update', after);
  if (!cover('§4 write: the row as it becomes may be written', kept)) problems.push('FORBIDDEN');
  if (problems.length > 0) return refuse(...problems);
  const written = [{ action: `team:${write.kind}`, before, after, place: asking.place }];
  return { world, written };
}
