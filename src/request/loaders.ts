import DataLoader from 'dataloader';
import { takingTurns } from '../data/prisma/in-turn.js';
import { padded } from '../data/prisma/padded.js';
import type { Reader, Row } from '../data/prisma/reader.js';
import type { SystemQueries } from '../data/system-queries.js';
import { badUserInput } from '../errors.js';
import type { Limits } from '../limits/limits.js';
import type { Answer } from '../policy/evaluate.js';
import type { Place } from '../policy/situation.js';
import { type Filter, type NaturalKey, oneOf } from '../query/filter.js';
import type { OrderKey, Page, RelatedQuery, Selection } from '../query/query.js';
import { columnsOf, type Operation } from './columns.js';
import { remember } from './remember.js';
import { placeOfRow, readIn } from './row-place.js';

/**
 * The loaders of one request: each gathers what the fields of a level ask for into one statement,
 * so that the number of statements does not depend on the number of rows.
 */
export interface Loaders {
  /**
   * A row by id, or null when there is none that the principal may read there (D14); with columns besides
   * those that the operation's fields read.
   */
  row(
    model: string,
    place: Place,
    operation: Operation,
    besides?: readonly string[],
  ): DataLoader<string, Row | null>;
  /** The same with these columns, whatever the operation reads. */
  columns(model: string, place: Place, columns: readonly string[]): DataLoader<string, Row | null>;
  /** A row by its natural key, or null when there is none that the principal may read there (D14). */
  keyed(
    model: string,
    key: KeyColumns,
    place: Place,
    operation: Operation,
    besides?: readonly string[],
  ): { load(key: NaturalKey): Promise<Row | null> };
  /** A page of what a row is related to, of those that may be read. */
  page(
    relation: ToMany,
    question: PageQuestion,
    place: Place,
    operation: Operation,
  ): DataLoader<string, Related>;
  /** How many rows a row is related to, of those that may be read. */
  count(model: string, relation: string, where: Filter, place: Place): DataLoader<string, number>;
  /** Whether a row that is readable permits an action besides reading, decided in the place. */
  permitted(model: string, action: string, place: Place, row: Row): boolean | Promise<boolean>;
  /** The id of the row that shadows a row in the place (D3). */
  shadowing(model: string, place: Place): DataLoader<string, string | null>;
}

/** A to-many relation: to rows of a model, or to rows between and on from there. */
export interface ToMany {
  readonly model: string;
  readonly relation: string;
  /** Of rows between: the relation on. */
  readonly far?: string;
  /** The column of the related rows that has the id of the row that it leads to in the end. */
  readonly farId: string;
  readonly target: string;
}

/** Of what natural keys of a model are made: the relation to the row that one belongs to, its foreign key, and the text. */
export interface KeyColumns {
  readonly relation: string;
  readonly foreignKey: string;
  readonly column: string;
}

/** What is asked of a page of related rows. */
export interface PageQuestion {
  readonly where: Filter;
  readonly order: readonly OrderKey[];
  readonly beyond?: Page['beyond'];
  readonly size: number;
  /** Columns that the rows are read with, whatever the operation's fields read. */
  readonly besides: readonly string[];
  /** Columns of the rows between that are told with those that they lead to. */
  readonly linked?: readonly string[];
}

export interface Related {
  readonly rows: readonly Row[];
  /** Of each of them the row between, as far as it was asked for. */
  readonly links: readonly Row[];
  /** Whether others follow in this order. */
  readonly more: boolean;
}

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
    // Longer lists of ids are asked for in several statements (model §6.9).
    maxBatchSize = limits.batchIds,
  ): DataLoader<string, V> {
    const known = loadersAt(place);
    const existing = known.get(key) as DataLoader<string, V> | undefined;
    if (existing !== undefined) return existing;
    const created = new DataLoader<string, V>(
      async (ids) => {
        const answer = await load(ids);
        return ids.map(answer);
      },
      { maxBatchSize },
    );
    known.set(key, created);
    return created;
  }

  const paged = pagesOf(limits);
  const byIds = async (model: string, ids: readonly string[], select: Selection, place: Place) =>
    readerFrom(place).find({ model, where: oneOf('id', padded(ids)), select });

  const rowsIn = async (
    place: Place,
    model: string,
    where: Filter,
    columns: readonly string[],
  ): Promise<Row[]> => {
    const rows = await readerFrom(place).find({ model, where, select: { columns } });
    readIn(rows, place);
    return rows;
  };

  const columnLoader: Loaders['columns'] = (model, place, columns) =>
    once(place, `row ${model} ${columns.join()}`, async (ids) => {
      return byId(await rowsIn(place, model, oneOf('id', padded(ids)), columns));
    });
  const rowLoader: Loaders['row'] = (model, place, operation, besides = []) =>
    columnLoader(model, place, withColumns(columnsOf(model, operation), besides));

  return {
    row: rowLoader,
    columns: columnLoader,
    keyed(model, { relation, foreignKey, column }, place, operation, besides = []) {
      const needed = [...new Set([foreignKey, column, ...besides])];
      const columns = withColumns(columnsOf(model, operation), needed);
      const loader = once(place, `keyed ${model} ${columns.join()}`, async (names) => {
        const where: Filter = { op: 'keyed', relation, column, keys: names.map(keyNamed) };
        const rows = await rowsIn(place, model, where, columns);
        const nameOf = (row: Row): string =>
          nameOfKey({ of: row[foreignKey] as string, text: row[column] as string });
        const found = new Map(rows.map((row) => [nameOf(row), row]));
        return (name) => found.get(name) ?? null;
      });
      return { load: (key) => loader.load(nameOfKey(key)) };
    },
    page(relation, question, place, operation) {
      const { model, relation: name, farId, target } = relation;
      const { where, order, beyond, size, besides, linked = [] } = question;
      // One more than the page has tells whether others follow.
      const page = { take: size + 1, ...(beyond === undefined ? {} : { beyond }) };
      const query: RelatedQuery = { where, order, page, select: { columns: [farId, ...linked] } };
      const select = { columns: ['id'], relations: { [name]: query } };
      const rowsOf = rowLoader(target, place, operation, besides);
      const inTurn = takingTurns();
      const readPages = async (ids: readonly string[]) => {
        paged.assertMore();
        const found = byId(await byIds(model, ids, select, place));
        const linksOf = new Map(ids.map((id) => [id, (found(id)?.[name] ?? []) as readonly Row[]]));
        for (const one of linksOf.values()) paged.add(one.length);
        // Each once, whatever lists it is on.
        const farOf = (link: Row): string => link[farId] as string;
        const wanted = new Set(
          [...linksOf.values()].flatMap((one) => one.slice(0, size).map(farOf)),
        );
        const read = byId(readable(await rowsOf.loadMany([...wanted])));
        return (id: string): Related => {
          const all = linksOf.get(id) ?? [];
          const links = all.slice(0, size).filter((link) => read(farOf(link)) !== null);
          const rows = links.flatMap((link) => read(farOf(link)) ?? []);
          return { rows, links, more: all.length > size };
        };
      };
      return once(
        place,
        `page ${model} ${name} ${JSON.stringify(question)}`,
        (ids) => inTurn(() => readPages(ids)),
        // As many rows a statement as a page of the usual length has for so many ids.
        Math.ceil(limits.batchIds * Math.min(1, limits.pageSize / (size + 1))),
      );
    },
    count: (model, relation, where, place) =>
      once(place, `count ${model} ${relation} ${JSON.stringify(where)}`, async (ids) => {
        const select = { columns: ['id'], counts: { [relation]: where } };
        const of = byId(await byIds(model, ids, select, place));
        return (id) => (of(id)?._count as Record<string, number> | undefined)?.[relation] ?? 0;
      }),
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

const nameOfKey = ({ of, text }: NaturalKey): string => `${of} ${text}`;

/** INVARIANT: an id has no space. */
function keyNamed(name: string): NaturalKey {
  const end = name.indexOf(' ');
  return { of: name.slice(0, end), text: name.slice(end + 1) };
}

/**
 * What of a place a row's answers hang on: where roles and grants count for global rows, and where
 * a nearer row of the same name shadows it.
 */
export function placeKey({ organizationId, switched, chain }: Place): string {
  return `${organizationId} ${switched} ${chain.join()}`;
}

/** The rows that were found; an error of loading any of them is one of the whole. */
export function readable(found: readonly (Row | null | Error)[]): Row[] {
  return found.flatMap((one) => {
    if (one instanceof Error) throw one;
    return one === null ? [] : [one];
  });
}

function withColumns(columns: readonly string[], besides: readonly string[]): readonly string[] {
  return besides.every((one) => columns.includes(one))
    ? columns
    : [...new Set([...columns, ...besides])].sort();
}

/**
 * Counts the rows of all nested pages of a request. Each is at least a field of the answer: what cannot be
 * answered is not read either. Pages are short, but their number is that of the rows around them.
 */
function pagesOf({ answerFields }: Limits) {
  let rows = 0;
  return {
    add(more: number): void {
      rows += more;
    },
    assertMore(): void {
      if (rows > answerFields) {
        throw badUserInput(`an answer has at most ${answerFields} fields: ask for shorter pages`);
      }
    },
  };
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
