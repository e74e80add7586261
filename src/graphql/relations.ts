import type { GraphQLResolveInfo } from 'graphql';
import type { Row } from '../data/prisma/reader.js';
import { chargeAhead } from '../limits/bound-answers.js';
import type { Operation } from '../request/columns.js';
import type { Context } from '../request/context.js';
import { readable } from '../request/loaders.js';
import { placeOfRow } from '../request/row-place.js';
import { compareBytes } from './keyset.js';
import type { ModelName, RowOf } from './types.js';

interface Source {
  readonly id: string;
}

/** The row with this id, decided in the request's place: null where there is none to be read (D14). */
export async function loadRow<M extends ModelName>(
  model: M,
  id: string | null,
  context: Context,
  info: Operation,
): Promise<RowOf<M> | null> {
  if (id === null) return null;
  return (await context.loaders.row(model, context.place, info).load(id)) as RowOf<M> | null;
}

/** The row with this id, or null: one statement loads those of all rows of a level, each once. */
export function loadOne(
  model: string,
  id: unknown,
  source: Source,
  context: Context,
  info: Operation,
): Promise<Row | null> | null {
  if (id === undefined) throw new Error(`the key of a ${model} was not loaded`);
  if (typeof id !== 'string') return null;
  return context.loaders.row(model, placeOfRow(source, context), info).load(id);
}

/**
 * The rows whose ids the database keeps in an array column of the row (ADR 2), by name: one statement
 * loads those of all rows of a level, each once.
 */
export async function loadKept(
  model: string,
  ids: unknown,
  source: Source,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<Row[]> {
  if (!Array.isArray(ids)) throw new Error(`the keys of ${model} rows were not loaded`);
  return (await loadMany(model, ids, source, context, info)).sort(byName);
}

/** The rows with these ids that may be read, in the order of the ids. */
export async function loadMany(
  model: string,
  ids: readonly string[],
  source: Source,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<Row[]> {
  if (ids.length === 0) return [];
  const counted = chargeAhead(ids.length, context, info);
  const place = placeOfRow(source, context);
  return counted(readable(await context.loaders.row(model, place, info).loadMany(ids)));
}

function byName(a: Row, b: Row): number {
  return compareBytes(nameOf(a), nameOf(b)) || compareBytes(a.id, b.id);
}

const nameOf = (row: Row): string => String(row.name ?? row.key ?? '');
