import {
  type DataModel,
  fieldOf,
  relationOf,
  type ScalarShape,
  shapeOf,
} from '../../query/data-model.js';
import { EnforcementError } from '../../query/enforcement-error.js';
import type { Draft } from './draft.js';

/** A table under a name in a statement that is being written. */
export interface Table {
  readonly draft: Draft;
  readonly dataModel: DataModel;
  readonly model: string;
  readonly alias: string;
}

/** The table of a model, under a name of its own. */
export function tableOf(draft: Draft, dataModel: DataModel, model: string): Table {
  return { draft, dataModel, model, alias: draft.alias() };
}

/** `"form" t1`, as a FROM has it. */
export function from({ dataModel, model, alias }: Table): string {
  return `"${shapeOf(dataModel, model).table}" ${alias}`;
}

/** A column's shape. Throws on what is none. */
export function columnShape({ dataModel, model }: Table, name: string): ScalarShape {
  const field = fieldOf(dataModel, model, name);
  if (field.kind !== 'scalar') throw new EnforcementError(`${model}.${name} is no column`);
  return field;
}

/** A column, by the name that it has in the table. */
export function column(table: Table, name: string): string {
  return `${table.alias}."${columnShape(table, name).column}"`;
}

const TYPES: Readonly<Record<string, string>> = {
  String: 'text',
  Int: 'int',
  BigInt: 'bigint',
  Boolean: 'boolean',
  DateTime: 'timestamptz',
  Json: 'jsonb',
};

/** What a column holds, or each of its elements, as SQL calls it. Throws on a type that nothing here compares. */
export function typeOf(shape: Pick<ScalarShape, 'uuid' | 'type'>): string {
  const type = shape.uuid ? 'uuid' : TYPES[shape.type];
  if (type === undefined) throw new EnforcementError(`a column of type ${shape.type}`);
  return type;
}

/** How the rows that a relation leads to are found: which column there is equal to which column here. */
export interface Link {
  readonly model: string;
  readonly here: string;
  readonly there: string;
}

/** Throws on a relation that goes by more than one column. */
export function linkOf(dataModel: DataModel, model: string, relation: string): Link {
  const { type, from: own, to, inverse } = relationOf(dataModel, model, relation);
  if (own.length > 0) return { model: type, here: only(own), there: only(to) };
  const other = relationOf(dataModel, type, inverse);
  return { model: type, here: only(other.to), there: only(other.from) };
}

function only(names: readonly string[]): string {
  const [name, ...others] = names;
  if (name === undefined || others.length > 0) {
    throw new EnforcementError('a relation does not go by one column');
  }
  return name;
}
