import { EnforcementError } from './enforcement-error.js';

/** What is known of the schema of the database; the data itself is generated from it. */
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
  /** Whether it holds an id, whose text is not the caller's to choose. */
  readonly uuid: boolean;
  /** Whether a row can be made without saying it. */
  readonly defaulted: boolean;
}

export interface RelationShape {
  readonly kind: 'relation';
  /** The model that it leads to. */
  readonly type: string;
  readonly list: boolean;
  readonly required: boolean;
  /** The foreign key's fields, on the side that has it. */
  readonly from: readonly string[];
  /** The fields of the other model that those name, on that side. */
  readonly to: readonly string[];
  /** The same relation from the other side. */
  readonly inverse: string;
}

/** The model's shape. Throws on a model that there is not. */
export function shapeOf(dataModel: DataModel, model: string): ModelShape {
  const shape = Object.hasOwn(dataModel, model) ? dataModel[model] : undefined;
  if (shape === undefined) throw new EnforcementError(`unknown model ${model}`);
  return shape;
}

/** A field's shape. INVARIANT: a name that the schema does not have is an error, never passed on. */
export function fieldOf(dataModel: DataModel, model: string, name: string): FieldShape {
  const { fields } = shapeOf(dataModel, model);
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (field === undefined) throw new EnforcementError(`unknown field ${model}.${name}`);
  return field;
}

/** A relation's shape; throws on anything else. */
export function relationOf(dataModel: DataModel, model: string, name: string): RelationShape {
  const field = fieldOf(dataModel, model, name);
  if (field.kind !== 'relation') throw new EnforcementError(`${model}.${name} is no relation`);
  return field;
}

/** A required column of the model: the first of its first unique key. */
export function keyOf(dataModel: DataModel, model: string): string {
  const [first] = Object.values(shapeOf(dataModel, model).uniques);
  const key = first?.[0];
  if (key === undefined) throw new EnforcementError(`the model ${model} has no key`);
  return key;
}
