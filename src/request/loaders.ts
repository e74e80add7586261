import DataLoader from 'dataloader';
import { padded } from '../data/prisma/padded.js';
import type { Reader, Row } from '../data/prisma/reader.js';
import type { SystemQueries } from '../data/system-queries.js';
import type { Limits } from '../limits/limits.js';
import type { Answer } from '../policy/evaluate.js';
import type { Place } from '../policy/situation.js';
import { oneOf } from '../query/filter.js';
import type { Selection } from '../query/query.js';
import { columnsOf, type Operation } from './columns.js';
import { remember } from './remember.js';
import { placeOfRow, readIn } from './row-place.js';

/**
 * The loaders of one request: each gathers what the fields of a level ask for into one statement,
 * so that the number of statements does not depend on the number of rows.
 */
export interface Loaders {
  /** A row by id, or null when there is none that the principal may read there (D14). */
  row(model: string, place: Place, operation: Operation): DataLoader<string, Row | null>;
  /** What a row is related to: hidden rows are left out. */
  related(model: string, relations: Relations, place: Place): DataLoader<string, Row | null>;
  /** Whether a row that is readable permits an action besides reading, decided in the place. */
  permitted(model: string, action: string, place: Place, row: Row): boolean | Promise<boolean>;
  /** The id of the row that shadows a row in the place (D3). */
  shadowing(model: string, place: Place): DataLoader<string, string | null>;
}

type Relations = NonNullable<Selection['relations']>;

export interface LoaderSources {
  /** By reachable tenancy, decided in the place (D4). */
  readonly readerFrom: (place: Place) => Reader;
  readonly permits: (model: string, action: string, place: Place, row: Row) => Answer;
  readonly permitted: (
    model: string,
    action: string,
    place: Place,
    ids: readonly string[],
  ) => Promise<ReadonlySet<string>>;
  readonly findShadowing: SystemQueries['findShadowing'];
  readonly limits: Limits;
}

export function createLoaders({
  readerFrom,
  permits,
  permitted,
  findShadowing,
  limits,
}: LoaderSources): Loaders {
  const byPlace = new Map<string, Map<string, unknown>>();
  const loadersAt = remember((place: Place): Map<string, unknown> => {
    const key = placeKey(place);
    const known = byPlace.get(key) ?? new Map<string, unknown>();
    byPlace.set(key, known);
    return known;
  });

  function once<V>(
    place: Place,
    key: string,
    load: (ids: readonly string[]) => Promise<(id: string) => V>,
  ): DataLoader<string, V> {
    const known = loadersAt(place);
    const existing = known.get(key) as DataLoader<string, V> | undefined;
    if (existing !== undefined) return existing;
    const created = new DataLoader<string, V>(
      async (ids) => {
        const answer = await load(ids);
        return ids.map(answer);
      },
      // Longer lists of ids are asked for in several statements (model §6.9).
      { maxBatchSize: limits.batchIds },
    );
    known.set(key, created);
    return created;
  }

  const byIds = async (model: string, ids: readonly string[], select: Selection, place: Place) =>
    readerFrom(place).find({ model, where: oneOf('id', padded(ids)), select });

  return {
    row(model, place, operation) {
      const columns = columnsOf(model, operation);
      return once(place, `row ${model} ${columns.join()}`, async (ids) => {
        const rows = await byIds(model, ids, { columns }, place);
        readIn(rows, place);
        return byId(rows);
      });
    },
    related: (model, relations, place) =>
      once(place, `related ${model} ${JSON.stringify(relations)}`, async (ids) =>
        byId(await byIds(model, ids, { columns: ['id'], relations }, place)),
      ),
    permitted(model, action, place, row) {
      const known = permits(model, action, place, row);
      if (known !== 'unknown') return known === 'yes';
      const asked = once(place, `permitted ${model} ${action}`, async (ids) => {
        const allowed = await permitted(model, action, place, ids);
        return (id) => allowed.has(id);
      });
      return asked.load(row.id);
    },
    shadowing: (model, place) =>
      once(place, `shadowing ${model}`, async (ids) => {
        const { chain } = place;
        if (chain.length === 0) return () => null;
        const nearest = await findShadowing(model, ids, chain);
        return (id) => nearest.get(id) ?? null;
      }),
  };
}

/**
 * What of a place a row's answers hang on: where roles and grants count for global rows, and where
 * a nearer row of the same name shadows it.
 */
export function placeKey({ organizationId, switched, chain }: Place): string {
  return `${organizationId} ${switched} ${chain.join()}`;
}

function byId(rows: readonly Row[]): (id: string) => Row | null {
  const found = new Map(rows.map((row) => [row.id, row]));
  return (id) => found.get(id) ?? null;
}

/** Whether a row permits an action besides reading, decided where it was read. */
export function isPermitted(
  model: string,
  action: string,
  row: { readonly id: string },
  context: { readonly place: Place; readonly loaders: Loaders },
): boolean | Promise<boolean> {
  return context.loaders.permitted(model, action, placeOfRow(row, context), row as Row);
}
