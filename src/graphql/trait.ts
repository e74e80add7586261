import type { Home, Ownership } from '../policy/define-policy.js';
import type { Column, Relation } from './columns.js';
import type { AnyFields, FieldMap } from './type-fields.js';

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
