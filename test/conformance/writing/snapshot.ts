import type { Database } from '../../../src/data/clients.js';

/** A row as the database has it, whoever may see it. */
export type Stored = Readonly<Record<string, unknown>>;

/** All rows of all tables but the record, by table and by what tells one from another. */
export type Snapshot = ReadonlyMap<string, ReadonlyMap<string, Stored>>;

/** What is no part of any world: the record itself, answers and changes that are kept, and what was migrated. */
const APART =
  /^(audit_entry.*|idempotency_key|rate_limit|persisted_query|change|change_sweep|_.*)$/;

const statements = new WeakMap<Database, Promise<string>>();

/** Reads everything in one statement, so that it is all of one moment. */
export async function snapshot(database: Database): Promise<Snapshot> {
  const known = statements.get(database) ?? statementFor(database);
  statements.set(database, known);
  const found = await database.sql.query<{ table: string; row: Stored; xmin: string }>(await known);
  const tables = new Map<string, Map<string, Stored>>();
  for (const { table, row, xmin } of found) {
    const rows = tables.get(table) ?? new Map<string, Stored>();
    tables.set(table, rows.set(keyOf(row), { ...row, xmin }));
  }
  return tables;
}

async function statementFor({ sql }: Database): Promise<string> {
  const tables = await sql.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1`,
  );
  return tables
    .filter(({ name }) => !APART.test(name))
    .map(
      ({ name }) =>
        `SELECT '${name}' AS "table", to_jsonb(t) AS row, t.xmin::text AS xmin FROM "${name}" t`,
    )
    .join(' UNION ALL ');
}

/** Rows of join tables have no id: they are what they join. */
const keyOf = (row: Stored): string =>
  typeof row.id === 'string'
    ? row.id
    : Object.entries(row)
        .filter(([name]) => name.endsWith('_id'))
        .map(([, value]) => value)
        .join(' ');

/** One row that is not as it was. */
export interface Difference {
  readonly table: string;
  readonly key: string;
  readonly before: Stored | undefined;
  readonly after: Stored | undefined;
}

/** Whatever is not the same in two snapshots. */
export function differencesOf(before: Snapshot, after: Snapshot): Difference[] {
  const tables = new Set([...before.keys(), ...after.keys()]);
  return [...tables].flatMap((table) => {
    const [was, is] = [before.get(table) ?? new Map(), after.get(table) ?? new Map()];
    return [...new Set([...was.keys(), ...is.keys()])].flatMap((key): Difference[] => {
      const [one, other] = [was.get(key), is.get(key)];
      return text(one) === text(other) ? [] : [{ table, key, before: one, after: other }];
    });
  });
}

/** Which transaction wrote it last is no part of a row. */
function text(row: Stored | undefined): string {
  const { xmin: _, ...columns } = row ?? {};
  return JSON.stringify(columns);
}

/** An entry of the record, with the transaction that wrote it. */
export interface Entry {
  readonly xmin: string;
  readonly row: Stored;
}

/** The entries of the record in their order, but for so many of the first. */
async function entriesAfter({ sql }: Database, known: number): Promise<Entry[]> {
  return sql.query<Entry & Record<string, unknown>>(
    `SELECT xmin::text AS xmin, to_jsonb(e) AS row FROM audit_entry e ORDER BY id OFFSET ${known}`,
  );
}

/** What came of some work. */
export interface Effect {
  readonly before: Snapshot;
  readonly after: Snapshot;
  /** What was recorded meanwhile. */
  readonly entries: readonly Entry[];
}

/** Reads the database before and after each write in it, of which there are no others. */
export class Ledger {
  readonly #database: Database;
  #now: Snapshot;
  #entries: number;

  private constructor(database: Database, now: Snapshot, entries: number) {
    this.#database = database;
    this.#now = now;
    this.#entries = entries;
  }

  static async open(database: Database): Promise<Ledger> {
    const known = await entriesAfter(database, 0);
    return new Ledger(database, await snapshot(database), known.length);
  }

  /** What has changed since this was asked last. */
  async turn(): Promise<Effect> {
    const before = this.#now;
    const entries = await this.recorded();
    this.#now = await snapshot(this.#database);
    return { before, after: this.#now, entries };
  }

  /** What was recorded since this was asked last. */
  async recorded(): Promise<Entry[]> {
    const entries = await entriesAfter(this.#database, this.#entries);
    this.#entries += entries.length;
    return entries;
  }
}
