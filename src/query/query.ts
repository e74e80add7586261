import type { Residual } from '../policy/residual.js';
import type { Filter, Operand } from './filter.js';

/** A column to sort by. Nulls come last going up and first going down unless it is said. */
export interface OrderKey {
  readonly field: string;
  /** The to-one relation whose row has the column, where it is not the row itself: one for all keys. */
  readonly via?: string;
  readonly direction: 'asc' | 'desc';
  readonly nulls?: 'first' | 'last';
}

export type KeyValue = string | number | boolean | null;

/** Which of the rows: so many, beyond a row with these values in the order's columns. */
export interface Page {
  /** Negative: the last ones. */
  readonly take?: number;
  readonly skip?: number;
  /** Only rows strictly after these values, one for each key of the order. */
  readonly beyond?: readonly KeyValue[];
  /** Begins at the row with this unique key; it is checked to be visible first (D14). */
  readonly cursor?: UniqueKey;
}

/** The values of a unique key, by the name that Prisma gives it. */
export type UniqueKey = Readonly<Record<string, Operand | Readonly<Record<string, Operand>>>>;

/** What of the rows is read: columns (`unsealed`: all but those), related rows, and their numbers. */
export interface Selection {
  readonly columns: readonly string[] | 'unsealed';
  readonly relations?: Readonly<Record<string, RelatedQuery>>;
  readonly counts?: Readonly<Record<string, Filter>>;
}

/** What is asked of related rows; their model is known by the relation. */
export interface RelatedQuery {
  readonly where?: Filter;
  readonly order?: readonly OrderKey[];
  readonly page?: Page;
  readonly distinct?: readonly string[];
  readonly select: Selection;
}

/** Which rows are asked for, besides what a filter can say. */
export interface Narrowing {
  /** Those of nobody, without an owner and a team, that the principal may give to somebody (D7). */
  readonly unowned?: true;
  /**
   * Those that these permit as well: another action, or what somebody else may (D14).
   * INVARIANT: they narrow what may be read, and never widen it.
   */
  readonly permitting?: readonly Residual[];
}

/** What is asked of the rows of a model, as data. Nobody has decided yet what of it is permitted. */
export interface Query extends RelatedQuery, Narrowing {
  readonly model: string;
  /** One row by a unique key, which `where` narrows. */
  readonly unique?: UniqueKey;
}

/** A number of rows. */
export interface CountQuery extends Narrowing {
  readonly model: string;
  readonly where?: Filter;
  readonly order?: readonly OrderKey[];
  readonly page?: Page;
  /** How many have a value in these columns; or how many rows there are. */
  readonly columns?: readonly string[];
}

export const FUNCTIONS = ['_count', '_sum', '_avg', '_min', '_max'] as const;
export type AggregateFunction = (typeof FUNCTIONS)[number];
/** By function the columns that it is of; `true`: of all rows. */
export type Aggregates = Readonly<{
  [F in AggregateFunction]?: true | readonly string[] | undefined;
}>;

/** Sums and the like over rows. */
export interface AggregateQuery extends Omit<CountQuery, 'columns'> {
  readonly functions: Aggregates;
}

/** The same by groups of rows. */
export interface GroupQuery extends Omit<CountQuery, 'columns' | 'order'> {
  readonly by: readonly string[];
  readonly functions: Aggregates;
  readonly having?: Having;
  readonly order: readonly GroupOrder[];
}

/** A test of a group: of a column, or of an aggregate of it, in the words of Prisma's literals. */
export type Having =
  | { readonly op: 'AND' | 'OR' | 'NOT'; readonly of: readonly Having[] }
  | { readonly op: 'all'; readonly of: readonly Having[] }
  | { readonly op: 'test'; readonly field: string; readonly test: unknown };

/** Groups in the order of a column, or of an aggregate of one. */
export type GroupOrder =
  | Omit<OrderKey, 'via'>
  | {
      readonly function: AggregateFunction;
      readonly field: string;
      readonly direction: 'asc' | 'desc';
    };
