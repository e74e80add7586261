import type { DataModel } from '../../query/data-model.js';
import { fieldOf, shapeOf } from '../../query/data-model.js';
import type { GuardedWrite } from '../../query/guard-write.js';
import { Prisma } from '../generated/client.js';
import type { Transaction } from '../write/in-transaction.js';
import { delegateName } from './delegate.js';
import type { Row } from './reader.js';
import { whereOf } from './where.js';

export type Values = Readonly<Record<string, unknown>>;

/**
 * Changes rows in a transaction, one statement a call. It decides nothing: what it changes is named by
 * guarded writes, and what it adds is decided before and after by who adds it.
 */
export interface Writer {
  /** Locks rows against changes, in the order of their ids; those that are gone are none. */
  lock(model: string, ids: readonly string[]): Promise<void>;
  insert(model: string, values: Values): Promise<Row>;
  /** What was just written, for deciding on it, whoever may see it. */
  reread(model: string, id: string): Promise<Row>;
  /** The row after, its version counted on; null where it does not permit the write. */
  update(write: GuardedWrite, values: Values): Promise<Row | null>;
  /** Whether it permitted to be deleted. */
  remove(write: GuardedWrite): Promise<boolean>;
  /** Adds rows of a join table; what is there stays. */
  link(model: string, rows: readonly Values[]): Promise<void>;
  unlink(model: string, where: Values): Promise<void>;
  /** The values of a column of the rows of a join table, whoever may see what they name. */
  linked(model: string, where: Values, column: string): Promise<string[]>;
}

interface Delegate {
  create(args: object): Promise<Row>;
  findUniqueOrThrow(args: object): Promise<Row>;
  createMany(args: object): Promise<unknown>;
  updateManyAndReturn(args: object): Promise<Row[]>;
  deleteMany(args: object): Promise<{ readonly count: number }>;
  findMany(args: object): Promise<Readonly<Record<string, unknown>>[]>;
}

/** A writer within a transaction; `sealed` names the columns of a model that never leave the database. */
export function createWriter(
  tx: Transaction,
  dataModel: DataModel,
  sealed: (model: string) => readonly string[],
): Writer {
  const delegateOf = (model: string): Delegate => {
    shapeOf(dataModel, model);
    return (tx as unknown as Record<string, Delegate>)[delegateName(model)] as Delegate;
  };
  const omit = (model: string) => {
    const names = sealed(model);
    return names.length === 0
      ? {}
      : { omit: Object.fromEntries(names.map((name) => [name, true])) };
  };
  const target = ({ model, id, where }: GuardedWrite) => ({
    AND: [{ id }, whereOf(dataModel, model, where)],
  });
  return {
    async lock(model, ids) {
      const table = Prisma.raw(`"${shapeOf(dataModel, model).table}"`);
      await tx.$queryRaw`SELECT id FROM ${table} WHERE id = ANY (${[...ids].sort()}::uuid[])
        ORDER BY id FOR NO KEY UPDATE`;
    },
    insert: (model, values) =>
      delegateOf(model).create({ data: known(dataModel, model, values), ...omit(model) }),
    reread: (model, id) => delegateOf(model).findUniqueOrThrow({ where: { id }, ...omit(model) }),
    async update(write, values) {
      const { model } = write;
      const [row] = await delegateOf(model).updateManyAndReturn({
        where: target(write),
        data: { ...known(dataModel, model, values), ...edition(dataModel, model) },
        ...omit(model),
      });
      return row ?? null;
    },
    async remove(write) {
      return (await delegateOf(write.model).deleteMany({ where: target(write) })).count === 1;
    },
    async link(model, rows) {
      if (rows.length === 0) return;
      await delegateOf(model).createMany({ data: rows, skipDuplicates: true });
    },
    async unlink(model, where) {
      await delegateOf(model).deleteMany({ where });
    },
    async linked(model, where, column) {
      const rows = await delegateOf(model).findMany({ where, select: { [column]: true } });
      return rows.map((row) => String(row[column]));
    },
  };
}

/** INVARIANT: Prisma writes NaN as null and takes objects for operations: names and values are looked at first. */
function known(dataModel: DataModel, model: string, values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const field = fieldOf(dataModel, model, name);
      if (field.kind !== 'scalar') throw new Error(`${model}.${name} is no column`);
      if (value === undefined) throw new Error(`${model}.${name} has no value`);
      if (field.type !== 'Json') return [name, value];
      // Of a column that can be without one, null is no value; else it is the JSON null.
      if (value !== null) return [name, value];
      return [name, field.required ? Prisma.JsonNull : Prisma.DbNull];
    }),
  );
}

/** Each change of what counts its changes is counted. */
function edition(dataModel: DataModel, model: string): Values {
  return Object.hasOwn(shapeOf(dataModel, model).fields, 'version')
    ? { version: { increment: 1 } }
    : {};
}
