import type { Row } from '../data/prisma/reader.js';
import type { NaturalKey } from '../query/filter.js';
import type { Operation } from './columns.js';
import type { Context } from './context.js';
import type { KeyColumns } from './loaders.js';

type Named = Pick<Context, 'acting' | 'decisionsAt' | 'loaders' | 'place'>;

/** A row that a request names by its id; null where there is none that may be read. Whose it is, is noted (D19). */
export async function loadNamed(
  model: string,
  id: string,
  { acting, decisionsAt, loaders, place: own }: Named,
  info: Operation,
  place = own,
): Promise<Row | null> {
  const policy = decisionsAt(place).policy(model);
  const row = await loaders.row(model, place, info, acting.columns(policy)).load(id);
  acting.noteRow(policy, row);
  return row;
}

/** The same by its natural key. */
export async function loadKeyed(
  model: string,
  columns: KeyColumns,
  key: NaturalKey,
  { acting, decisionsAt, loaders, place }: Named,
  info: Operation,
): Promise<Row | null> {
  const policy = decisionsAt(place).policy(model);
  const row = await loaders.keyed(model, columns, place, info, acting.columns(policy)).load(key);
  acting.noteRow(policy, row);
  return row;
}
