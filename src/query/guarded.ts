import type { Residual } from '../policy/residual.js';
import type { NaturalKey, Test } from './filter.js';
import type { AggregateQuery, CountQuery, GroupQuery, OrderKey, Page, UniqueKey } from './query.js';

declare const guarded: unique symbol;

/**
 * INVARIANT: only `guard` makes these. What reads the database takes a guarded query and no other, so
 * that nothing is read that no policy has narrowed.
 */
export interface Guarded {
  readonly [guarded]: true;
}

/**
 * A filter in which every part that could tell of hidden rows is narrowed. Negations stand at its leaves
 * alone; residuals are the policies' own tests and are not narrowed in turn.
 */
export type GuardedFilter =
  | { readonly op: 'all' }
  | { readonly op: 'none' }
  | { readonly op: 'and' | 'or'; readonly of: readonly GuardedFilter[] }
  | { readonly op: 'residual'; readonly residual: Residual; readonly negated: boolean }
  | {
      readonly op: 'compare';
      readonly field: string;
      readonly test: Test;
      readonly negated: boolean;
    }
  | { readonly op: 'isNull'; readonly field: string; readonly negated: boolean }
  | {
      readonly op: 'is' | 'some';
      readonly relation: string;
      readonly of: GuardedFilter;
      readonly negated: boolean;
    }
  /** Never alone: beside `is` of the relation whose foreign key this is. */
  | {
      readonly op: 'keyed';
      readonly foreignKey: string;
      readonly column: string;
      readonly keys: readonly NaturalKey[];
    };

export interface GuardedSelection {
  readonly columns: readonly string[] | 'unsealed';
  /** What is left out of all columns. */
  readonly sealed: readonly string[];
  readonly relations: Readonly<Record<string, GuardedRelated>>;
  readonly counts: Readonly<
    Record<string, { readonly model: string; readonly where: GuardedFilter }>
  >;
}

export interface GuardedRelated {
  readonly model: string;
  readonly where: GuardedFilter;
  readonly order?: readonly OrderKey[];
  readonly page?: Page;
  readonly distinct?: readonly string[];
  readonly select: GuardedSelection;
}

export interface GuardedQuery extends Guarded, GuardedRelated {
  readonly unique?: UniqueKey;
}

type Narrowed<Q> = Guarded & Omit<Q, 'where'> & { readonly where: GuardedFilter };
export type GuardedCount = Narrowed<CountQuery>;
export type GuardedAggregate = Narrowed<AggregateQuery>;
export type GuardedGroups = Narrowed<GroupQuery>;
