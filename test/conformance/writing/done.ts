import { isDeepStrictEqual } from 'node:util';
import type { Done, Written } from '../oracle/outcome.js';
import { homeOf, type Tree } from '../oracle/tree.js';
import { expectSame } from '../questions/difference.js';
import { columnsOf, LINKS, TABLES } from '../world/plant.js';
import { unseal } from '../world/seal.js';
import { type Row, TYPES, type TypeName, type World, worldOf } from '../world/types.js';
import type { Difference, Snapshot, Stored } from './snapshot.js';

/** Columns that the database keeps by itself, and the moment of a change. */
const DERIVED: readonly string[] = [
  'governed_by',
  'inherits_from',
  'path',
  'home_id',
  'role_ids',
  'usable_by',
  'content_bytes',
  'updated_at',
  'xmin',
];

interface Named {
  readonly world: World;
  readonly rows: readonly Written[];
  readonly made: readonly string[];
  /** What the answer is about, in its order. */
  readonly told: readonly string[];
}

/** What was written, with the ids and the moments that the gateway gave to it. */
export function named({ world, written, told }: Done, before: Snapshot, after: Snapshot): Named {
  const ids = new Map<string, string>();
  for (const { before: was, after: is } of written) {
    if (was === null && is !== null) ids.set(is.id, idOf(withIds(is, ids), ids, before, after));
  }
  const touched = new Set(written.map((one) => (one.after ?? one.before)?.id));
  const known = (row: Row): Row => (ids.size === 0 ? row : withIds(row, ids));
  const settle = (row: Row): Row => settled(known(row), after);
  const rowIds = written.map(({ before: was, after: is }) => (is ?? was)?.id ?? '');
  return {
    world: worldOf(
      world.rows.map((row) => (touched.has(row.id) ? settle(row) : known(row))),
      world,
    ),
    rows: written.map((one) => ({
      ...one,
      before: one.before === null ? null : known(one.before),
      after: one.after === null ? null : settle(one.after),
    })),
    made: [...ids.values()],
    told: (told ?? rowIds).map((id) => ids.get(id) ?? id),
  };
}

/** What tells a new row from the others of its table. */
const TOLD_BY: Partial<Record<TypeName, readonly string[]>> = {
  Config: ['key', 'scope_id'],
  ScopeType: ['name', 'organization_id'],
  Scope: ['name', 'external_id', 'parent_id', 'type_id'],
  Permission: ['key', 'scope_id'],
  Membership: ['user_id', 'team_id', 'scope_id'],
  ScopeOverride: ['role_id', 'permission_id', 'scope_id'],
};

/** The new row of the table that is where this one should be, under its name. */
function idOf(
  row: Row,
  known: ReadonlyMap<string, string>,
  before: Snapshot,
  after: Snapshot,
): string {
  const table = TABLES[row.type];
  const columns = columnsOf(row) as Stored;
  const taken = new Set(known.values());
  const found = [...(after.get(table)?.values() ?? [])].find(
    (stored) =>
      !before.get(table)?.has(String(stored.id)) &&
      !taken.has(String(stored.id)) &&
      (TOLD_BY[row.type] ?? ['name', 'scope_id']).every(
        (column) => stored[column] === columns[column],
      ),
  );
  return String(found?.id ?? row.id);
}

/** A row, and what it refers to, by the ids that the gateway gave. */
function withIds(row: Row, ids: ReadonlyMap<string, string>): Row {
  const known = (id: string): string => ids.get(id) ?? id;
  const map = <T, U>(of: Readonly<Record<string, T>>, change: (value: T) => U) =>
    Object.fromEntries(Object.entries(of).map(([name, value]) => [name, change(value)]));
  return {
    ...row,
    id: known(row.id),
    one: map(row.one, (id) => (id === null ? null : known(id))),
    many: map(row.many, (list) => list.map(known)),
  };
}

function settled(row: Row, after: Snapshot): Row {
  const stored = after.get(TABLES[row.type])?.get(row.id);
  const moment = (column: string): string => new Date(String(stored?.[column] ?? 0)).toISOString();
  const times = { createdAt: moment('created_at'), updatedAt: moment('updated_at') };
  return { ...row, cells: { ...row.cells, ...times } };
}

interface Doing {
  readonly tree: Tree;
  readonly rows: readonly Written[];
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly found: readonly Difference[];
}

/** Every row that was written is in the database as it should be, and no other row is changed. */
export function expectDone(title: string, { tree, rows, before, after, found }: Doing): void {
  const ids = new Set(rows.map((one) => String((one.after ?? one.before)?.id)));
  for (const id of ids) {
    const last = rows.filter((one) => (one.after ?? one.before)?.id === id).at(-1) as Written;
    const { type } = (last.after ?? last.before) as Row;
    const [was, is] = [before.get(TABLES[type])?.get(id), after.get(TABLES[type])?.get(id)];
    if (last.after === null) {
      expectSame(`${title}: ${id} is gone`, is, undefined);
      continue;
    }
    expectSame(`${title}: ${id} as it is stored`, opened(without(is)), {
      ...without(was ?? is),
      ...opened(asStored(last.after)),
    });
  }
  const others = found.filter((one) => !isPart(one, ids, tree));
  expectSame(`${title}: nothing else is changed`, others, []);
  expectKept(title, tree, after);
  expectLinked(title, tree, after);
}

/** Of the rows themselves, of what they are linked with, and of what the database keeps. */
function isPart(
  { table, key, before, after }: Difference,
  ids: ReadonlySet<string>,
  tree: Tree,
): boolean {
  if (/_shadow$|^authority$|^audit_place$/.test(table) || ids.has(key)) return true;
  if (LINKS.some(([, , name]) => name === table)) return true;
  const type = TYPES.find((one) => TABLES[one] === table);
  // What went along with something is compared with what is left.
  if (type !== undefined && after === undefined) return tree.find(type, key) === undefined;
  return before !== undefined && after !== undefined && isSameRow(before, after);
}

/** D1, D8: what the database keeps of the tree is as the tree, for every row; and there are no rows but the world's. */
function expectKept(title: string, tree: Tree, after: Snapshot): void {
  const expected: unknown[] = [];
  const kept: unknown[] = [];
  for (const type of TYPES) {
    const stored = after.get(TABLES[type]) ?? new Map<string, Stored>();
    expectSame(
      `${title}: there is each ${type} that is left`,
      sorted([...stored.keys()]),
      sorted(tree.of(type).map(({ id }) => id)),
    );
    for (const row of tree.of(type)) {
      const is = stored.get(row.id);
      if (is?.governed_by === undefined) continue;
      expected.push([row.id, sorted(tree.inherits(homeOf(row)))]);
      kept.push([row.id, sorted(is.governed_by)]);
      if (type !== 'Scope') continue;
      expected.push([tree.path(row.id), sorted(tree.inherits(row.id))]);
      kept.push([is.path, sorted(is.inherits_from)]);
    }
  }
  expectSame(`${title}: who reaches what`, kept, expected);
}

/** Rows between others are those that the world has, and on memberships they end when they should. */
function expectLinked(title: string, tree: Tree, after: Snapshot): void {
  for (const [type, relation, table, near, far] of LINKS) {
    const ends = table === 'role_assignment';
    const stored = [...(after.get(table)?.values() ?? [])].map((link) =>
      [link[near], link[far], ...(ends ? [momentOf(link.expires_at)] : [])].join(' '),
    );
    const expected = tree
      .of(type)
      .flatMap(({ id, many, ends: own = {} }) =>
        (many[relation] ?? []).map((to) => [id, to, ...(ends ? [own[to] ?? ''] : [])].join(' ')),
      );
    expectSame(`${title}: ${relation} of each ${type}`, sorted(stored), sorted(expected));
  }
}

const momentOf = (value: unknown): string =>
  typeof value === 'string' ? new Date(value).toISOString() : '';

const sorted = (ids: unknown): unknown[] => (Array.isArray(ids) ? [...ids].sort() : [ids]);

function without(stored: Stored | undefined): Stored {
  return Object.fromEntries(
    Object.entries(stored ?? {})
      .filter(([name]) => !DERIVED.includes(name))
      .map(([name, value]) => [name, name === 'expires_at' ? momentOf(value) : value]),
  );
}

function asStored(row: Row): Stored {
  const { updated_at: _, created_at: __, ...columns } = columnsOf(row) as Record<string, unknown>;
  const ends = 'expires_at' in columns ? { expires_at: momentOf(columns.expires_at) } : {};
  return { ...columns, ...ends, version: row.version };
}

/** With what a secret is set to in place of its envelope, which is never the same twice (D16). */
const opened = ({ ciphertext, ...others }: Stored): Stored =>
  typeof ciphertext === 'string'
    ? { ...others, ciphertext: unseal(String(others.id), ciphertext) }
    : { ...others, ...(ciphertext === undefined ? {} : { ciphertext }) };

/** Whether two rows are the same but for what no write has said. */
export const isSameRow = (one: Stored | undefined, other: Stored | undefined): boolean =>
  isDeepStrictEqual(without(one), without(other));
