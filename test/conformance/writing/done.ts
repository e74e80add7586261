import { isDeepStrictEqual } from 'node:util';
import type { Tree } from '../oracle/tree.js';
import type { Written } from '../oracle/write.js';
import { expectSame } from '../questions/difference.js';
import { columnsOf, LINKS, TABLES } from '../world/plant.js';
import type { Row, World } from '../world/types.js';
import type { Difference, Snapshot, Stored } from './snapshot.js';

/** Columns that the database keeps by itself, and the moment of a change. */
const DERIVED: readonly string[] = [
  'governed_by',
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
}

/** What was written, with the ids and the moments that the gateway gave to it. */
export function named(
  { world, written }: { readonly world: World; readonly written: readonly Written[] },
  before: Snapshot,
  after: Snapshot,
): Named {
  const ids = new Map<string, string>();
  for (const { before: was, after: is } of written) {
    if (was === null && is !== null) ids.set(is.id, idOf(is, before, after));
  }
  const settle = (row: Row | null): Row | null => (row === null ? null : settled(row, ids, after));
  const touched = new Set(written.map((one) => (one.after ?? one.before)?.id));
  return {
    world: {
      ...world,
      rows: world.rows.map((row) => (touched.has(row.id) ? (settle(row) as Row) : row)),
    },
    rows: written.map((one) => ({
      ...one,
      before: one.before === null ? null : withId(one.before, ids),
      after: settle(one.after),
    })),
    made: [...ids.values()],
  };
}

/** The new row of the table that is where this one should be, under its name. */
function idOf(row: Row, before: Snapshot, after: Snapshot): string {
  const table = TABLES[row.type];
  const name = row.type === 'Config' ? 'key' : 'name';
  const found = [...(after.get(table)?.values() ?? [])].find(
    (stored) =>
      !before.get(table)?.has(String(stored.id)) &&
      stored[name] === row.cells[name] &&
      stored.scope_id === row.one.scope,
  );
  return String(found?.id ?? row.id);
}

const withId = (row: Row, ids: ReadonlyMap<string, string>): Row => ({
  ...row,
  id: ids.get(row.id) ?? row.id,
});

function settled(row: Row, ids: ReadonlyMap<string, string>, after: Snapshot): Row {
  const own = withId(row, ids);
  const stored = after.get(TABLES[row.type])?.get(own.id);
  const moment = (column: string): string => new Date(String(stored?.[column] ?? 0)).toISOString();
  const times = { createdAt: moment('created_at'), updatedAt: moment('updated_at') };
  return { ...own, cells: { ...own.cells, ...times } };
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
    expectSame(`${title}: ${id} as it is stored`, without(is), {
      ...without(was ?? is),
      ...asStored(last.after),
    });
    if (type !== 'Team') {
      const reached = tree.inherits(String(last.after.one.scope));
      expectSame(`${title}: who reaches ${id}`, sorted(is?.governed_by), sorted(reached));
    }
    for (const [of, relation, table, near, far] of LINKS) {
      if (of !== type) continue;
      const linked = [...(after.get(table)?.values() ?? [])].filter((link) => link[near] === id);
      expectSame(
        `${title}: ${relation} of ${id}`,
        sorted(linked.map((link) => link[far])),
        sorted(last.after.many[relation] ?? []),
      );
    }
  }
  const others = found.filter((one) => !isPart(one, ids));
  expectSame(`${title}: nothing else is changed`, others, []);
}

/** Of the rows themselves, of what they are linked with, and of what the database keeps for lists. */
function isPart({ table, key, before, after }: Difference, ids: ReadonlySet<string>): boolean {
  if (table.endsWith('_shadow') || table === 'authority') return true;
  if (ids.has(key)) return true;
  const link = LINKS.find(([, , name]) => name === table);
  return link !== undefined && ids.has(String((after ?? before)?.[link[3]]));
}

const sorted = (ids: unknown): unknown[] => (Array.isArray(ids) ? [...ids].sort() : [ids]);

function without(stored: Stored | undefined): Stored {
  return Object.fromEntries(
    Object.entries(stored ?? {}).filter(([name]) => !DERIVED.includes(name)),
  );
}

function asStored(row: Row): Stored {
  const { updated_at: _, created_at: __, ...columns } = columnsOf(row) as Record<string, unknown>;
  return { ...columns, version: row.version };
}

/** Whether two rows are the same but for what no write has said. */
export const isSameRow = (one: Stored | undefined, other: Stored | undefined): boolean =>
  isDeepStrictEqual(without(one), without(other));
