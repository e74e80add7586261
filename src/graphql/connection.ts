import type { InterfaceRef, ObjectRef } from '@pothos/core';
import { badUserInput } from '../errors.js';
import type { Limits } from '../limits/limits.js';
import type { KeyValue, OrderKey, Page } from '../query/query.js';
import { builder } from './builder.js';
import { compareRows, decodeCursor, encodeCursor, reversed, type SortKey } from './keyset.js';
import type { Types } from './types.js';

export interface PageArgs {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

export interface PageInfoShape {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  /** Worked out only when asked for. */
  readonly startCursor: () => string | null;
  readonly endCursor: () => string | null;
}

interface PageShape<Row> {
  readonly edges: readonly { readonly cursor: () => string; readonly node: Row }[];
  readonly pageInfo: PageInfoShape;
}

export interface ConnectionShape<Row> {
  readonly page: () => PageShape<Row> | Promise<PageShape<Row>>;
  /** Asked for only when the field is selected. */
  readonly totalCount: () => Promise<number>;
}

/** Where a page comes from: one source a tier, each in the page's order. */
export interface PageSource<Row> {
  find(order: readonly OrderKey[], page: Page): Promise<Row[]>;
  count(): Promise<number>;
}

const PageInfo = builder.objectRef<PageInfoShape>('PageInfo').implement({
  description: 'Where a page stands in its list.',
  authScopes: { signedIn: true },
  directives: { shareable: true },
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage', {
      nullable: false,
      description: 'Whether rows follow; when paging backwards, whether `before` was given.',
    }),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage', {
      nullable: false,
      description: 'Whether rows precede; when paging forwards, whether `after` was given.',
    }),
    startCursor: t.string({
      nullable: true,
      description: 'The cursor of the first row.',
      resolve: (page) => page.startCursor(),
    }),
    endCursor: t.string({
      nullable: true,
      description: 'The cursor of the last row.',
      resolve: (page) => page.endCursor(),
    }),
  }),
});

/** The Relay connection of a type. */
export function connectionType<Row>(
  name: string,
  node: ObjectRef<Types, Row> | InterfaceRef<Types, Row>,
) {
  type Edge = PageShape<Row>['edges'][number];
  const EdgeRef = builder.objectRef<Edge>(`${name}Edge`).implement({
    description: `One of the rows of a page: a row of type ${name} and its cursor.`,
    authScopes: { signedIn: true },
    fields: (t) => ({
      cursor: t.string({
        nullable: false,
        description: 'Where this row stands; good for `after` and `before` in the same order.',
        resolve: (edge) => edge.cursor(),
      }),
      node: t.field({
        type: node,
        nullable: false,
        description: 'The row.',
        resolve: (edge) => edge.node as never,
      }),
    }),
  });
  return builder.objectRef<ConnectionShape<Row>>(`${name}Connection`).implement({
    description: `A page of a list of ${name} rows.`,
    authScopes: { signedIn: true },
    fields: (t) => ({
      edges: t.field({
        type: [EdgeRef],
        nullable: false,
        description: 'The rows with their cursors.',
        resolve: async (connection) => [...(await connection.page()).edges],
      }),
      pageInfo: t.field({
        type: PageInfo,
        nullable: false,
        description: 'Where this page stands.',
        resolve: async (connection) => (await connection.page()).pageInfo,
      }),
      totalCount: t.int({
        nullable: false,
        description: 'How many rows the whole list has. Counted only when asked for.',
        resolve: (connection) => connection.totalCount(),
      }),
    }),
  });
}

/** A page that is asked for, as the arguments say it. */
export interface AskedPage {
  readonly keys: readonly SortKey[];
  readonly backwards: boolean;
  readonly size: number;
  /** In which it is read: from the end, when paging backwards. */
  readonly order: readonly SortKey[];
  readonly beyond: KeyValue[] | undefined;
}

/** Reads the paging arguments. Throws BAD_USER_INPUT on ones that make no page. */
export function readPage(
  args: PageArgs,
  keys: readonly SortKey[],
  { pageSize, maxPageSize }: Limits,
): AskedPage {
  const given = (value: unknown): boolean => value !== undefined && value !== null;
  const backwards = given(args.last) || given(args.before);
  if (backwards && (given(args.first) || given(args.after))) {
    throw badUserInput('page forwards with first and after, or backwards with last and before');
  }
  const size = (backwards ? args.last : args.first) ?? pageSize;
  if (size < 0 || size > maxPageSize) {
    throw badUserInput(`a page has 0 to ${maxPageSize} rows`);
  }
  const cursor = backwards ? args.before : args.after;
  const beyond = given(cursor) ? decodeCursor(keys, cursor as string) : undefined;
  return { keys, backwards, size, order: backwards ? reversed(keys) : keys, beyond };
}

/** The page of these rows, which came in the order in which it is read; `more`: others follow in that order. */
export function pageOf<Row extends object>(
  { keys, backwards, beyond }: AskedPage,
  found: readonly Row[],
  more: boolean,
): PageShape<Row> {
  const rows = backwards ? found.toReversed() : found;
  const edges = rows.map((node) => ({
    node,
    cursor: () => encodeCursor(keys, node as Readonly<Record<string, unknown>>),
  }));
  const came = beyond !== undefined;
  return {
    edges,
    pageInfo: {
      hasNextPage: backwards ? came : more,
      hasPreviousPage: backwards ? more : came,
      startCursor: () => edges[0]?.cursor() ?? null,
      endCursor: () => edges.at(-1)?.cursor() ?? null,
    },
  };
}

/** The keys of an order in the words of a query. */
export const orderKeys = (keys: readonly SortKey[]): OrderKey[] =>
  keys.map(({ field, direction }) => ({ field, direction }));

/**
 * A page of a list by keyset. Every source gives its own first rows beyond the cursor, and the
 * page is the first of them all, so that page 1,000 costs what page 1 costs.
 */
export async function resolveConnection<Row extends object>(
  sources: readonly PageSource<Row>[],
  keys: readonly SortKey[],
  args: PageArgs,
  limits: Limits,
): Promise<ConnectionShape<Row>> {
  const asked = readPage(args, keys, limits);
  const { order, size, beyond } = asked;
  // One row more than the page has tells whether others follow.
  const wanted: Page = { take: size + 1, ...(beyond === undefined ? {} : { beyond }) };
  const by = orderKeys(order);
  const found = (await Promise.all(sources.map(({ find }) => find(by, wanted)))).flat();
  const sorted =
    sources.length > 1 ? found.sort(compareRows(order) as (a: Row, b: Row) => number) : found;
  const page = pageOf(asked, sorted.slice(0, size), sorted.length > size);
  return {
    page: () => page,
    totalCount: async () => {
      const counts = await Promise.all(sources.map((source) => source.count()));
      return counts.reduce((sum, count) => sum + count, 0);
    },
  };
}
