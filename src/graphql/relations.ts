import type { ObjectRef } from '@pothos/core';
import { dataModel } from '../data/generated-data-model.js';
import type { SchemaShape } from './builder.js';
import type { Operation } from './columns.js';
import type { Context } from './context.js';
import type { Row } from './delegate.js';
import { compareBytes } from './keyset.js';
import { placeOfRow, readIn } from './row-place.js';

type Types = PothosSchemaTypes.ExtendDefaultTypes<SchemaShape>;
type Selected = Record<string, unknown>;

/** What a relation means in the database; kept on the GraphQL field as an extension. */
export interface RelationMeaning {
  readonly model: string;
  /** The path of Prisma relations from the row to the related one. */
  readonly path: readonly string[];
}

interface RelationOptions {
  readonly description: string;
  /** Needs Manage(read) on the row (D15). */
  readonly managed?: boolean;
}

/**
 * A to-one relation: null when there is none that the caller may read (D15). The row knows the id,
 * so that one statement loads the targets of all rows of a level, each once.
 */
export function toOne<Target extends { readonly id: string }>(
  model: string,
  relation: string,
  type: ObjectRef<Types, Target>,
  options: RelationOptions,
) {
  const field = dataModel[model]?.fields[relation];
  const foreignKey = field?.kind === 'relation' ? field.from[0] : undefined;
  if (field === undefined || foreignKey === undefined) {
    throw new Error(`${model}.${relation} is no to-one relation`);
  }
  return {
    type,
    nullable: true as const,
    ...common(model, [relation], options),
    resolve: (
      row: { readonly id: string },
      _args: object,
      context: Context,
      info: Operation,
    ): Promise<Target | null> | null => {
      const id = (row as Row)[foreignKey];
      if (id === undefined) throw new Error(`${model}.${foreignKey} was not loaded`);
      if (typeof id !== 'string') return null;
      const place = placeOfRow(row, context);
      return context.loaders.row(field.type, place, info).load(id) as Promise<Target | null>;
    },
  };
}

/** A to-many relation: the related rows that the caller may read, by name. */
export function toMany<Target extends { readonly id: string }>(
  model: string,
  path: readonly string[],
  type: ObjectRef<Types, Target>,
  options: RelationOptions,
) {
  return many(model, path, type, options, (row, target, context, info) =>
    load(context, model, path, context.columnsOf(target, info).select, row),
  );
}

/**
 * A to-many relation whose ids the database keeps in an array column of the row (ADR 2), so that one
 * statement loads the targets of all rows of a level, each once: those the caller may read, by name.
 */
export function toManyKept<Target extends { readonly id: string }>(
  model: string,
  path: readonly string[],
  column: string,
  type: ObjectRef<Types, Target>,
  options: RelationOptions,
) {
  return many(model, path, type, options, async (row, target, context, info) => {
    const ids = (row as Row)[column];
    if (!Array.isArray(ids)) throw new Error(`${model}.${column} was not loaded`);
    if (ids.length === 0) return [];
    const place = placeOfRow(row, context);
    return readable(await context.loaders.row(target, place, info).loadMany(ids));
  });
}

/** What both kinds of to-many relations are; `find` has the related rows of one row. */
function many<Target extends { readonly id: string }>(
  model: string,
  path: readonly string[],
  type: ObjectRef<Types, Target>,
  options: RelationOptions,
  find: (
    row: { readonly id: string },
    target: string,
    context: Context,
    info: Operation,
  ) => Promise<Row[]>,
) {
  const target = targetOf(model, path);
  return {
    type: [type] as [typeof type],
    // A field that may be refused has to be nullable, or the refusal would take the row with it.
    nullable: options.managed === true,
    ...common(model, path, options),
    resolve: async (
      row: { readonly id: string },
      _args: object,
      context: Context,
      info: Operation,
    ): Promise<Target[]> => {
      const found = await find(row, target, context, info);
      return found.sort(byName) as unknown as Target[];
    },
  };
}

/** The rows that were found; an error of loading any of them is one of the whole. */
export function readable(found: readonly (Row | null | Error)[]): Row[] {
  return found.flatMap((one) => {
    if (one instanceof Error) throw one;
    return one === null ? [] : [one];
  });
}

/** The model at the end of a path of relations. Throws on a path that the data do not have. */
function targetOf(model: string, path: readonly string[]): string {
  return path.reduce((at, relation) => {
    const field = dataModel[at]?.fields[relation];
    if (field?.kind !== 'relation') throw new Error(`${at}.${relation} is no relation`);
    return field.type;
  }, model);
}

function common(model: string, path: readonly string[], { description, managed }: RelationOptions) {
  const meaning: RelationMeaning = { model, path };
  return {
    description,
    extensions: { heimdall: meaning },
    ...(managed === true ? { authScopes: managedBy(model) } : {}),
  };
}

/** The auth scope of a management field: Manage(read) on its row (D15). */
export function managedBy(model: string) {
  return (row: { readonly id: string }) => ({ manages: { model, row } });
}

async function load(
  context: Context,
  model: string,
  path: readonly string[],
  leaf: object,
  row: { readonly id: string },
): Promise<Row[]> {
  const place = placeOfRow(row, context);
  const parent = await context.loaders.related(model, selectOf(path, leaf), place).load(row.id);
  const targets = parent === null ? [] : follow(parent, path);
  readIn(targets, place);
  return targets;
}

function selectOf([relation, ...rest]: readonly string[], leaf: object): object {
  return relation === undefined ? leaf : { [relation]: { select: selectOf(rest, leaf) } };
}

function follow(row: Selected, path: readonly string[]): Row[] {
  const [relation, ...rest] = path;
  if (relation === undefined) return [row as Row];
  const next = row[relation];
  const rows = Array.isArray(next) ? next : [next];
  return rows
    .filter((one): one is Selected => typeof one === 'object' && one !== null)
    .flatMap((one) => follow(one, rest));
}

function byName(a: Row, b: Row): number {
  return (
    compareBytes(String(a.name ?? a.key ?? ''), String(b.name ?? b.key ?? '')) ||
    compareBytes(a.id, b.id)
  );
}
