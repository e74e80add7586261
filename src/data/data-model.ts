/** What the enforcing client knows of the schema; the data itself is generated from it. */
export type DataModel = Readonly<Record<string, ModelShape>>;

export interface ModelShape {
  readonly table: string;
  /** The ways to name one row: field names by the name that Prisma gives the combination. */
  readonly uniques: Readonly<Record<string, readonly string[]>>;
  readonly fields: Readonly<Record<string, FieldShape>>;
}

export type FieldShape = ScalarShape | RelationShape;

export interface ScalarShape {
  readonly kind: 'scalar';
  readonly type: string;
  readonly list: boolean;
  readonly required: boolean;
  readonly column: string;
}

export interface RelationShape {
  readonly kind: 'relation';
  /** The model that it leads to. */
  readonly type: string;
  readonly list: boolean;
  readonly required: boolean;
  /** The foreign key's fields, on the side that has it. */
  readonly from: readonly string[];
}

/** What the Prisma client calls the delegate of a model. */
export function delegateName(model: string): string {
  return `${model.charAt(0).toLowerCase()}${model.slice(1)}`;
}
