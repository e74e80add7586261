import type { FieldRef } from '@pothos/core';
import type { ChangeGuard, Keeping, RowCheck, Watch, Writable } from '../commands/writable.js';
import type { Home, Ownership, Policy } from '../policy/define-policy.js';
import type { ResourceType } from '../policy/vocabulary.js';
import type { Filter } from '../query/filter.js';
import type { FieldMeaning } from '../query/meaning.js';
import type { Context } from '../request/context.js';
import type { Column, Relation } from './columns.js';
import type { FieldBuilder, ModelName, Types } from './types.js';

/** Everything that is said once of a resource; the rest follows from it and the data model. */
export interface Resource<M extends ModelName = ModelName> {
  readonly model: M;
  /** What the vocabulary calls it. */
  readonly resource: ResourceType;
  readonly description: string;
  /** The words for one and many in descriptions. */
  readonly noun: string;
  readonly nouns: string;
  /** The root fields: one row by id, and the list. */
  readonly one: string;
  readonly many: string;
  /** The column by which lists are sorted, the greatest first, where nobody says how. */
  readonly latest?: string;
  readonly policy: Policy;
  readonly columns: ReadonlyMap<string, Column>;
  readonly relations: ReadonlyMap<string, Relation>;
  readonly traits: readonly Trait[];
  /** What is wrong with a row as it would be, that no single column shows. */
  readonly check?: RowCheck;
  /** How a row is kept, where that is not as it is set (D16). */
  readonly keeping?: Keeping;
  /** What a change of it needs beyond its action (D21). */
  readonly guard?: ChangeGuard;
  /** What must not come of making or changing it, whatever of it was set (D21). */
  readonly watch?: Watch;
  /** What is told where there is such a row already; of most, that their name is taken. */
  readonly taken?: string;
  readonly beforeDelete?: Writable['beforeDelete'];
  /** What names a row besides its id: the relation to what it belongs to, and the column that is unique there. */
  readonly naturalKey?: readonly [of: string, column: string];
  /** What people hold is read from its rows, so that to change one changes authority (D18). */
  readonly holdsAuthority?: true;
  /** Its rows are parts of those of another resource, which the vocabulary has. */
  readonly part?: true;
}

/** What several resources have in common: policy, columns, relations and fields, cut by concept. */
export interface Trait {
  readonly home?: Home;
  readonly ownership?: Ownership;
  /** The column that a permission's pattern compares besides the id (D10). */
  readonly naming?: string;
  /** The column by which rows are looked up through the cascade and shadow one another (D2). */
  readonly cascadesBy?: string;
  readonly columns: Readonly<Record<string, Column>>;
  readonly relations: Readonly<Record<string, Relation>>;
  /** What every type that has it shows. */
  readonly fields: (t: AnyFields) => FieldMap;
}

export type FieldMap = Record<string, FieldRef<Types, unknown>>;

/** The same whatever the model, for what several have in common. */
export interface AnyFields {
  readonly resource: Resource;
  readonly computed: FieldBuilder<{ readonly id: string }>['field'];
  column(name: string): FieldRef<Types, unknown>;
  one(name: string, told?: Told): FieldRef<Types, unknown>;
  many(name: string, told?: Told): FieldRef<Types, unknown>;
  permitted(action: string, description: string): FieldRef<Types, unknown>;
  rowById(model: ModelName, options: ById<{ readonly id: string }>): FieldRef<Types, unknown>;
}

export interface ById<Row> {
  readonly reads: readonly (keyof Row & string)[];
  /** What it is in the database. */
  readonly meaning?: FieldMeaning;
  readonly description: string;
  /** The id of the row that it leads to. */
  readonly idOf: (row: Row, context: Context) => string | null | Promise<string | null>;
}

export interface ByIds<Row> extends Omit<ById<Row>, 'idOf'> {
  readonly idsOf: (row: Row) => readonly string[];
}

export interface Listed<Row> extends Omit<ById<Row>, 'idOf'> {
  /** Which rows it lists, of those that the caller may read. */
  readonly where: (row: Row) => Filter;
}

export interface Told {
  /** Instead of what the resource says of it. */
  readonly description?: string;
  /** Why it is not to be used any more, and what is. */
  readonly deprecated?: string;
}
