import { CATALOG } from '../catalog.js';
import { mayRead } from '../oracle/decide.js';
import { placeNamed } from '../oracle/place.js';
import type { Selection } from '../oracle/view.js';
import { type ListArgs, query } from '../questions/lists.js';
import type { Random } from '../questions/random.js';
import { everythingOf, listSelection, print } from '../questions/selections.js';
import { ask, type Session } from '../questions/session.js';
import {
  CASCADING,
  type CascadingType,
  type Named,
  PLATFORM,
  type Row,
  TYPES,
  type TypeName,
} from '../world/types.js';
import { wheresOf } from './wheres.js';

/** Called before each part of a sweep with what it is about. */
type About = (what: string) => void;

const PAGE = 10;

/**
 * Asks for everything there is: each type, field, order, filter and lookup. What there are too many
 * ways for is drawn, and less of it where somebody can read nothing.
 */
export async function sweep(session: Session, random: Random, about: About): Promise<void> {
  const places = somePlaces(session, random);
  const readable = new Map(TYPES.map((type) => [type, readableOf(session, type)]));
  about('viewer');
  await askViewer(session);
  for (const type of TYPES) {
    about(`${type} in full`);
    for (const scope of places) await page(session, type, { ...at(scope) }, fullSelection(type));
    about(`${type} across organizations`);
    await page(session, type, { acrossOrganizations: true }, { id: true });
    await sweepLists({ session, type, places, readable, random, about });
    about(`${type} by id`);
    await askById(session, type, random);
  }
  for (const place of places) {
    for (const type of Object.keys(CASCADING) as CascadingType[]) {
      about(`${CATALOG[type].lookup?.field}`);
      await askLookups(session, type, place);
    }
    about('scopeByExternalId');
    await askExternalIds(session, place);
  }
  about('all ids');
  await askAllIds(session);
}

/** Nothing named, the global tier, and a scope that they can act in if there is one. */
function somePlaces({ asking }: Session, random: Random): Named[] {
  const { tree, person, place } = asking;
  const scopes = tree.of('Scope').map((scope) => scope.id);
  const open = scopes.filter((id) => placeNamed(tree, person, id, place) !== null);
  const inner = open.filter((id) => tree.parent(id) !== PLATFORM);
  return [undefined, null, random.one([inner, open, scopes].find((some) => some.length > 0) ?? [])];
}

async function askViewer(session: Session): Promise<void> {
  await ask(
    session,
    `{ viewer { principal { kind label userId organizationId } organization { id name }
      roles isPlatformAdmin hasRole(name: "Owner") } }`,
  );
}

interface Sweeping {
  readonly session: Session;
  readonly type: TypeName;
  readonly places: readonly Named[];
  readonly readable: ReadonlyMap<TypeName, readonly Row[]>;
  readonly random: Random;
  readonly about: About;
}

/** Lists in all orders, and under tests of all that can be tested. */
async function sweepLists(sweeping: Sweeping): Promise<void> {
  const { session, type, places, readable, random, about } = sweeping;
  const { tree } = session.asking;
  // Every way to ask for nothing comes to the same: a few of them will do.
  const nothing = readable.get(type)?.length === 0;
  for (const field of ordersOf(type)) {
    if (nothing && random.chance(0.8)) continue;
    about(`${type} by ${field}`);
    const direction = random.one(['ASC', 'DESC'] as const);
    const shadowed = type in CASCADING && random.chance(0.3) ? { includeShadowed: true } : {};
    const args = { ...at(random.one(places)), ...shadowed, orderBy: [{ field, direction }] };
    await page(session, type, args, listSelection(type));
  }
  const rowsOf = (of: TypeName): readonly Row[] => {
    const found = readable.get(of) ?? [];
    return found.length > 0 && random.chance(0.9) ? found : tree.of(of);
  };
  for (const [name, where] of wheresOf(rowsOf, type, random)) {
    if (random.chance(nothing ? 0.9 : 0.4)) continue;
    about(`${type} where ${name}`);
    await page(session, type, { ...at(random.one(places)), where }, { id: true });
  }
}

/** By id or in a list: somewhere a list may still be without it. */
function readableOf({ asking }: Session, type: TypeName): Row[] {
  return asking.tree.of(type).filter((row) => mayRead(asking, row));
}

const at = (scope: Named): { scope?: string | null } => (scope === undefined ? {} : { scope });

async function page(
  session: Session,
  type: TypeName,
  args: ListArgs,
  selection: Selection,
): Promise<void> {
  await query(session, type, { ...args, first: PAGE }, selection);
}

function ordersOf(type: TypeName): string[] {
  return ['ID', ...Object.values(CATALOG[type].cells).flatMap(({ order }) => order ?? [])];
}

/** Every field of a type, and of the rows that it leads to all their cells. */
function fullSelection(type: TypeName): Selection {
  const { toOne, toMany } = CATALOG[type];
  const selection: Record<string, true | Selection> = { ...everythingOf(type) };
  if (isEdited(type)) selection.version = true;
  for (const [relation, { to }] of [...Object.entries(toOne), ...Object.entries(toMany)]) {
    selection[relation] = cellsOf(to);
  }
  if (type in CASCADING) selection.shadowedBy = cellsOf(type);
  if (type === 'App') selection.bundle = true;
  return selection;
}

function cellsOf(type: TypeName): Selection {
  const cells = Object.keys(CATALOG[type].cells).map((cell) => [cell, true] as const);
  return { id: true, ...Object.fromEntries(cells) };
}

/** A few rows of a type, each by itself and with everything. */
async function askById(session: Session, type: TypeName, random: Random): Promise<void> {
  const ids = session.asking.tree.of(type).map((row) => row.id);
  const some = ids.length === 0 ? [] : [random.one(ids), random.one(ids)];
  for (const id of some) {
    const source = `query ($id: ID!) { ${CATALOG[type].one}(id: $id) ${print(type, fullSelection(type))} }`;
    await ask(session, source, { id });
  }
}

/** Every name that a type has in the world, in one request. */
async function askLookups(session: Session, type: CascadingType, scope: Named): Promise<void> {
  const { field, by } = CATALOG[type].lookup as { field: string; by: string };
  const names = session.asking.tree.of(type).map((row) => String(row.cells[CASCADING[type]]));
  await askNames(session, field, by, [...new Set(names)], scope);
}

async function askExternalIds(session: Session, scope: Named): Promise<void> {
  const ids = session.asking.tree.of('Scope').flatMap((row) => row.cells.externalId ?? []);
  await askNames(session, 'scopeByExternalId', 'externalId', ids.map(String), scope);
}

async function askNames(
  session: Session,
  field: string,
  by: string,
  names: readonly string[],
  scope: Named,
): Promise<void> {
  if (names.length === 0) return;
  const given = scope === undefined ? '' : ', scope: $scope';
  const parts = names.map((_, index) => `n${index}: ${field}(${by}: $n${index}${given}) { id }`);
  const declared = names.map((_, index) => `$n${index}: String!`);
  if (scope !== undefined) declared.push('$scope: ID');
  const variables = Object.fromEntries(names.map((name, index) => [`n${index}`, name]));
  const source = `query (${declared.join(', ')}) { ${parts.join(' ')} }`;
  await ask(session, source, { ...variables, ...at(scope) });
}

/** `node`, `nodes` and `_entities` for every row of the world. */
async function askAllIds(session: Session): Promise<void> {
  const { rows, builtIn } = session.asking.tree.world;
  const ids = [...new Set(rows.map((row) => row.id))];
  for (let from = 0; from < ids.length; from += 200) {
    const some = ids.slice(from, from + 200);
    const cells = TYPES.map(
      (type) => `... on ${type} { ${type}: ${naming(type)} ${isEdited(type) ? 'version' : ''} }`,
    );
    const source = `query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ${cells.join(' ')} } }`;
    await ask(session, source, { ids: some });
  }
  // Each is found by itself, and of what is built in there is much of one kind.
  const few = ids.filter((id, index) => !builtIn.has(id) || index % 9 === 0);
  const each = few.map((id, index) => `n${index}: node(id: "${id}") { __typename id }`);
  await ask(session, `{ ${each.join(' ')} }`);
  const r = rows.map(({ type, id }) => ({ __typename: type, id }));
  const parts = TYPES.map((type) => `... on ${type} { id ${type}: ${naming(type)} createdAt }`);
  const source = `query ($r: [_Any!]!) { _entities(representations: $r) {
    __typename ${parts.join(' ')} } }`;
  await ask(session, source, { r });
}

function naming(type: TypeName): string {
  if (type === 'Membership') return 'createdAt';
  return type === 'Config' || type === 'Permission' ? 'key' : 'name';
}

/** What never changes counts no changes. */
const isEdited = (type: TypeName): boolean => type !== 'Membership';
