import { versionOf } from '../oracle/apply.js';
import { type Asking, may, mayRead, RESOURCE } from '../oracle/decide.js';
import { tenantOf } from '../oracle/tree.js';
import { mayMake } from '../oracle/write.js';
import { nameSomewhere } from '../questions/places.js';
import type { Random } from '../questions/random.js';
import type { Session } from '../questions/session.js';
import {
  CASCADING,
  type CascadingType,
  type Named,
  type Row,
  type TypeName,
} from '../world/types.js';
import { ABSENT, drawSettings, finals } from './draw-settings.js';
import type {
  Batch,
  ChangeMembers,
  Create,
  MadeType,
  NamedRow,
  Reveal,
  SetConfig,
  Single,
  Write,
} from './write.js';

const TYPES = Object.keys(CASCADING) as CascadingType[];

/** What somebody might write there: mostly what they may, and of that mostly what makes a difference. */
export function drawWrite(session: Session, random: Random): Write {
  switch (random.below(13)) {
    case 0:
    case 1:
      return drawSetConfig(session, random);
    case 2:
      return drawMembers(session, random);
    case 3:
      return drawBatch(session, random);
    case 4:
      return drawReveal(session, random);
    default:
      return drawSingle(session, random, drawType(session.asking, random));
  }
}

/** Mostly one of which they hold something to write by. */
function drawType({ tree, person }: Asking, random: Random): CascadingType {
  if (person.isAdmin || random.chance(0.2)) return random.one(TYPES);
  const held = person.held.flatMap(({ roleId }) => tree.get('Role', roleId).many.permissions ?? []);
  const resources = held.flatMap((id) => {
    const { resourceType, action } = tree.get('Permission', id).cells;
    return action === 'read' ? [] : [resourceType];
  });
  const types = TYPES.filter((type) => resources.includes(RESOURCE[type]));
  return random.one(types.length > 0 ? types : TYPES);
}

const KINDS = [
  'create',
  'create',
  'update',
  'update',
  'share',
  'transfer',
  'move',
  'delete',
] as const;

function drawSingle(session: Session, random: Random, type: CascadingType): Single {
  const kind = random.one(KINDS);
  // A config is not shared: it has no access level (D17).
  return drawOf(session, random, type, kind === 'share' && type === 'Config' ? 'update' : kind);
}

function drawOf(
  session: Session,
  random: Random,
  type: CascadingType,
  kind: (typeof KINDS)[number],
): Single {
  if (kind === 'create') return drawCreate(session, random, type);
  const { asking } = session;
  const row = drawRow(asking, random, type, kind === 'move' ? 'update' : kind);
  const given = nameRow(row, type, random);
  switch (kind) {
    case 'delete':
      return { kind, ...given };
    case 'move':
      return { kind, ...given, scope: drawTarget(session, random, row) };
    default:
      return { kind, ...given, set: drawSettings(asking, random, type, kind, row) };
  }
}

function drawCreate(session: Session, random: Random, type: CascadingType): Create {
  const scope = drawPlace(session, random, type);
  return { kind: 'create', type, scope, set: drawSettings(session.asking, random, type, 'create') };
}

/** Mostly where they may make one. */
export function drawPlace(session: Session, random: Random, type: MadeType): Named {
  const { asking } = session;
  if (random.chance(0.4)) return nameSomewhere(session, random);
  const scopes = asking.tree.of('Scope').map(({ id }) => id);
  const open = [undefined, null, ...scopes].filter((scope) => mayMake(asking, type, scope));
  return open.length > 0 ? random.one(open) : nameSomewhere(session, random);
}

/** Mostly one that they may do it with; else one that they see, or any, or none. */
export function drawRow(
  asking: Asking,
  random: Random,
  type: TypeName,
  action: string,
): Row | null {
  const rows = asking.tree.of(type);
  const chance = random.next();
  if (chance > 0.95 || rows.length === 0) return null;
  const mine = chance < 0.65 ? rows.filter((row) => may(asking, action, row)) : [];
  if (mine.length > 0) return random.one(mine);
  const seen = chance < 0.8 ? rows.filter((row) => mayRead(asking, row)) : [];
  return random.one(seen.length > 0 ? seen : rows);
}

/** By its id, in whatever case, and now and then by the version that it has, or had, or has not yet. */
export function nameRow<T extends TypeName>(
  row: Row | null,
  type: T,
  random: Random,
): NamedRow & { type: T } {
  if (row === null) return { type, id: random.one(ABSENT) };
  const id = random.chance(0.1) ? row.id.toUpperCase() : row.id;
  if (random.chance(0.6)) return { type, id };
  const version = versionOf(row) + random.one([0, 0, 0, -1, 1, 7]);
  return { type, id, version };
}

/** Mostly a scope of the row's own organization, by its own id or, of a root, by the organization's. */
function drawTarget(session: Session, random: Random, row: Row | null): string {
  const { tree } = session.asking;
  const scopes = tree.of('Scope');
  const own = scopes.filter((scope) => row !== null && tenantOf(scope) === tenantOf(row));
  const chosen = random.one(own.length > 0 && random.chance(0.75) ? own : scopes);
  const { organization } = chosen.one;
  const isRoot = organization !== null && tree.parent(chosen.one.parent ?? chosen.id) === null;
  if (random.chance(0.03)) return random.one(ABSENT);
  return isRoot && random.chance(0.4) ? String(organization) : chosen.id;
}

function drawSetConfig(session: Session, random: Random): SetConfig {
  const { asking } = session;
  const scope = random.chance(0.5) ? undefined : drawPlace(session, random, 'Config');
  const key = drawKey(asking, random, scope);
  const { key: _, owner: __, team: ___, ...set } = drawSettings(asking, random, 'Config', 'create');
  return { kind: 'setConfig', type: 'Config', scope, key, set };
}

/** Mostly a secret, and one that they may have told. */
function drawReveal({ asking }: Session, random: Random): Reveal {
  const secrets = asking.tree.of('Config').filter(({ cells }) => cells.type === 'SECRET');
  const theirs = secrets.filter((row) => may(asking, 'reveal', row));
  const lists = [theirs, theirs, secrets, asking.tree.of('Config')];
  const from = random.one(lists.filter((rows) => rows.length > 0).concat([[]]));
  const row = from.length > 0 ? random.one(from) : null;
  // It takes no version.
  const { type, id } = nameRow(row, 'Config', random);
  return { kind: 'reveal', type, id };
}

/** Mostly one that is there already: nearest to the scope, above it, reserved, or not theirs to change. */
function drawKey(asking: Asking, random: Random, scope: Named): string {
  const rows = asking.tree.of('Config');
  const others = rows.filter((row) => !may(asking, 'update', row));
  const there = rows.filter((row) => row.one.scope === scope);
  const near = [rows, others, there].filter((some) => some.length > 0);
  if (near.length === 0 || random.chance(0.2)) {
    return random.one(['a', 'a/b', 'fresh', 'fresh/x', 'a b']);
  }
  const chosen = random.one(near);
  return String(random.one([...chosen.map(({ cells }) => cells.key), ...finals(rows)]));
}

function drawMembers({ asking }: Session, random: Random): ChangeMembers {
  const kind = random.one(['addMembers', 'addMembers', 'removeMembers'] as const);
  const team = drawRow(asking, random, 'Team', 'update');
  const users = asking.tree.of('User');
  const near = users.filter((user) => team !== null && tenantOf(user) === tenantOf(team));
  const mine = near.filter((user) => may(asking, 'update', user));
  const from = [near, mine, mine, mine, users].filter((some) => some.length > 0);
  const given = random.some(random.one(from.length > 0 ? from : [users]), 2).map(({ id }) => id);
  const extra = random.chance(0.05) ? [random.one(ABSENT)] : [];
  return { kind, ...nameRow(team, 'Team', random), users: [...given, ...extra] };
}

function drawBatch(session: Session, random: Random): Batch {
  const type = drawType(session.asking, random);
  const of = random.one(['create', 'update', 'delete'] as const);
  const items = Array.from({ length: 1 + random.below(2) }, () =>
    drawOf(session, random, type, of),
  );
  return { kind: 'batch', type, of, items };
}
