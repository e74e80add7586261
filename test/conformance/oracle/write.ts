import { CATALOG } from '../catalog.js';
import { ACTIONS } from '../world/built-in.js';
import {
  type CascadingType,
  type Named,
  PLATFORM,
  type Row,
  type TypeName,
  type World,
} from '../world/types.js';
import type {
  Batch,
  Change,
  ChangeMembers,
  Create,
  Delete,
  Move,
  NamedRow,
  SetConfig,
  Settings,
  Single,
  Write,
} from '../writing/write.js';
import { changed, newRow, versionOf, withSettings, worldWith } from './apply.js';
import { cover } from './coverage.js';
import { type Asking, may, mayRead, mayUse, RESOURCE } from './decide.js';
import { holdsWhatTheTeamHolds, isGivenAwayByName } from './escalation.js';
import { isMistaken, isSound } from './mistakes.js';
import { nearest } from './names.js';
import { type Place, placeNamed } from './place.js';
import { Tree, tenantOf } from './tree.js';

/** One row that was written. A new one has no id yet: it goes by a name of its own. */
export interface Written {
  /** What the record calls it (D19). */
  readonly action: string;
  readonly before: Row | null;
  readonly after: Row | null;
  /** Where it was done (D4): of what takes a scope, there. */
  readonly place: Place;
}

/** What a write must come to: nothing, with one of these codes; or all of it. */
export type Outcome =
  | { readonly refused: readonly string[] }
  | { readonly world: World; readonly written: readonly Written[] };

export const isRefused = (outcome: Outcome): outcome is { readonly refused: readonly string[] } =>
  'refused' in outcome;

const refuse = (...refused: string[]): Outcome => ({ refused });

/** What a new row is called until it is known what the gateway called it. */
const freshId = (index: number): string => `fresh ${index}`;

/** Decides a write by the model, and does it to the world. */
export function decideWrite(asking: Asking, write: Write): Outcome {
  if (asking.person.guise === 'anonymous' || asking.person.userId === null) {
    return refuse('UNAUTHENTICATED');
  }
  return write.kind === 'batch' ? all(asking, write) : single(asking, write, freshId(0));
}

/** All or none, one after the other. */
function all(asking: Asking, { items }: Batch): Outcome {
  let { world } = asking.tree;
  const written: Written[] = [];
  for (const [index, item] of items.entries()) {
    const outcome = single({ ...asking, tree: new Tree(world) }, item, freshId(index));
    if (isRefused(outcome)) {
      cover('§4 write: all of a batch is done', false);
      return outcome;
    }
    world = outcome.world;
    written.push(...outcome.written);
  }
  cover('§4 write: all of a batch is done', true);
  return { world, written };
}

/** Issue 11: nothing is written in an organization that is not active, whoever may act there. */
function single(asking: Asking, write: Single, fresh: string): Outcome {
  const outcome = decided(asking, write, fresh);
  if (isRefused(outcome)) return outcome;
  const inactive = outcome.written.some(({ before, after }) =>
    [before, after].some((row) => row !== null && isInactive(asking.tree, row)),
  );
  return cover('issue 11: the organization is active', !inactive) ? outcome : refuse('CONFLICT');
}

function isInactive(tree: Tree, row: Row): boolean {
  const tenant = tenantOf(row);
  return tenant !== null && tree.get('Organization', tenant).cells.isActive !== true;
}

function decided(asking: Asking, write: Single, fresh: string): Outcome {
  switch (write.kind) {
    case 'create':
      return create(asking, write, fresh);
    case 'setConfig':
      return setConfig(asking, write, fresh);
    case 'delete':
      return remove(asking, write);
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
  const lacked = ['create', ...neededBesides(set)].some((action) => !may(there, action, after));
  for (const action of neededBesides(set)) {
    cover(`D15 write: create sets what ${action} sets`, may(there, action, after));
  }
  if (lacked) return refuse('FORBIDDEN');
  return finish(there, 'create', null, after, set, []);
}

/** Whether somebody may make rows of a type at a place that they name. */
export function mayMake(asking: Asking, type: CascadingType, scope: Named): boolean {
  const place = placeNamed(asking.tree, asking.person, scope, asking.place);
  if (place === null) return false;
  const there = { ...asking, place };
  return may(there, 'create', proposed(there, type, {}, freshId(0)));
}

function proposed({ tree, person, place }: Asking, type: CascadingType, set: Settings, id: string) {
  const scope = spotOf(place);
  const organization = tree.get('Scope', scope).one.organization ?? null;
  return withSettings(newRow(type, id, { organization, scope }, person.userId), set);
}

/** The effective scope itself (D5). */
const spotOf = ({ covers, chain }: Place): string =>
  covers.kind === 'global' ? PLATFORM : (chain[0] as string);

/** D15: access level and bound roles by `share`, owner and team by `transfer`. */
function neededBesides(set: Settings): string[] {
  const parts = [
    ['share', ['accessLevel', 'roles']],
    ['transfer', ['owner', 'team']],
  ] as const;
  return parts.filter(([, names]) => names.some((name) => name in set)).map(([action]) => action);
}

/** The row that is named, if it may be written and is as it was seen. */
function found(asking: Asking, { type, id, version }: NamedRow, actions: readonly string[]) {
  const row = asking.tree.find(type, id.toLowerCase());
  if (!cover('D14 write: the row is there', row !== undefined && mayRead(asking, row))) {
    return 'NOT_FOUND';
  }
  if (row === undefined) return 'NOT_FOUND';
  const permitted = actions.every((action) => may(asking, action, row));
  if (!cover('§4 write: the row as it is may be written', permitted)) return 'FORBIDDEN';
  if (version === undefined) return row;
  const seen = version === versionOf(row);
  return cover('§2 write: the version seen is the current one', seen) ? row : 'CONFLICT';
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
  const after = changed(withSettings(before, set, unseen));
  if (
    ['name', 'key'].some((cell) => after.cells[cell] !== before.cells[cell]) &&
    !cover('D21 write: a new name gives nothing away', !isGivenAwayByName(asking, before, after))
  ) {
    // What it refers to may be told first.
    return refuse('FORBIDDEN', ...referring(asking, after, set));
  }
  return finish(asking, kind, before, after, set, [kind]);
}

/** Every action on a row that there is. */
function holdsAll(asking: Asking, row: Row): boolean {
  return (ACTIONS[RESOURCE[row.type]] ?? [])
    .filter((action) => action !== 'create')
    .every((action) => (action === 'read' ? mayRead(asking, row) : may(asking, action, row)));
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
  const permitted = needs.every((one) => may({ ...asking, tree: new Tree(world) }, one, after));
  if (needs.length > 0) cover('§4 write: the row as it becomes may be written', permitted);
  const mistakes = [
    ...(permitted ? [] : ['FORBIDDEN']),
    ...referring(asking, after, set),
    ...(['create', 'update'].includes(action) && !isWritable(before, after)
      ? ['BAD_USER_INPUT']
      : []),
  ];
  if (mistakes.length > 0) {
    // The database says both that a secret is none and that nothing is written there, and either first.
    const wasSecret = before?.cells.type === 'SECRET' && isInactive(asking.tree, after);
    return refuse(...mistakes, ...(wasSecret ? ['CONFLICT'] : []));
  }
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
    written: [{ action: `${RESOURCE[after.type]}:${action}`, before, after, place }],
  };
}

const isWritable = (before: Row | null, { type, cells }: Row): boolean =>
  type !== 'Config' ||
  cover(
    'D16 write: the value is of its type, and no secret',
    isSound(cells.type, cells.value) && before?.cells.type !== 'SECRET',
  );

/** D14: what may not be read is not there; D13: a delegate is used or updated by who names it. */
function referring(asking: Asking, after: Row, set: Settings): string[] {
  const { toOne, toMany } = CATALOG[after.type];
  const problems: string[] = [];
  for (const [part, given] of Object.entries(set)) {
    const to = toOne[part]?.to ?? toMany[part]?.to;
    if (to === undefined) continue;
    for (const named of Array.isArray(given) ? given : [given]) {
      if (named === null) continue;
      const id = String(named).toLowerCase();
      const target = asking.tree.find(to, id);
      const there = target !== undefined && mayRead(asking, target);
      if (!cover('D14 write: what is referred to is there', there)) problems.push('BAD_USER_INPUT');
      else if (part === 'delegates' && target !== undefined) {
        const mine = mayUse(asking, target) || may(asking, 'update', target);
        if (!cover('D13 write: a delegate may be used or updated', mine))
          problems.push('FORBIDDEN');
      }
    }
  }
  return problems;
}

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
  const needed = world.rows.some(
    (row) =>
      row.id !== before.id &&
      (row.one.workflow === before.id ||
        row.many.tools?.includes(before.id) ||
        row.many.delegates?.includes(before.id)),
  );
  if (!cover('D23 write: nothing needs what is deleted', !needed)) return refuse('CONFLICT');
  const action = `${RESOURCE[before.type]}:delete`;
  const { place } = asking;
  return {
    world: worldWith(world, before, null),
    written: [{ action, before, after: null, place }],
  };
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
