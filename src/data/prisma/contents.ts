import { rememberSize, sizeOf } from '../../limits/sizes.js';
import { type DataModel, relationOf, shapeOf } from '../../query/data-model.js';
import type { RelatedQuery, Selection } from '../../query/query.js';
import type { Row } from './row.js';

/** The columns of a model that may be of any length; `contentBytes` says how long they are in a row, all of them together. */
const CONTENTS: Readonly<Record<string, readonly string[]>> = {
  Organization: ['settings'],
  Scope: ['meta'],
  Permission: ['condition'],
  Form: ['fields', 'fixedParameters'],
  Workflow: ['parameters'],
  Agent: ['instructions'],
  App: ['bundle'],
  Config: ['value'],
  Execution: ['input', 'submitted', 'result', 'errorDetail', 'progress'],
  ExecutionLog: ['message', 'data'],
  Schedule: ['input'],
  Message: ['content', 'toolCall'],
};
const LENGTH = 'contentBytes';

/** The contents of a row by their columns, by the row's id. */
export type Contents = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/** The columns of the model that may be of any length, if its rows say how long they are. */
export function contentsOf(dataModel: DataModel, model: string): readonly string[] {
  return Object.hasOwn(shapeOf(dataModel, model).fields, LENGTH) ? (CONTENTS[model] ?? []) : [];
}

/** Those of them that are selected. */
function selected(dataModel: DataModel, model: string, { columns }: Selection): readonly string[] {
  if (columns === 'unsealed') return [];
  return contentsOf(dataModel, model).filter((name) => columns.includes(name));
}

/** Whether a selection reads contents, of its rows or of any that they lead to. */
export function readsContents(dataModel: DataModel, model: string, select: Selection): boolean {
  const { relations = {} } = select;
  if (selected(dataModel, model, select).length > 0) return true;
  return Object.entries(relations).some(([name, query]) =>
    readsContents(dataModel, relationOf(dataModel, model, name).type, query.select),
  );
}

/** The same selection with the length of a row's contents instead of them. */
export function withLengths(dataModel: DataModel, model: string, select: Selection): Selection {
  const { columns, relations = {} } = select;
  const contents = selected(dataModel, model, select);
  const lean =
    columns === 'unsealed' || contents.length === 0
      ? columns
      : [...columns.filter((name) => !contents.includes(name) && name !== 'id'), 'id', LENGTH];
  const nested = Object.entries(relations).map(([name, query]): [string, RelatedQuery] => {
    const { type } = relationOf(dataModel, model, name);
    return [name, { ...query, select: withLengths(dataModel, type, query.select) }];
  });
  return { ...select, columns: lean, relations: Object.fromEntries(nested) };
}

/** By model and id: how long the contents are that these rows, and those below them, lack. */
export function lengthsIn(
  dataModel: DataModel,
  model: string,
  select: Selection,
  rows: readonly Row[],
  found = new Map<string, Map<string, number>>(),
): Map<string, Map<string, number>> {
  for (const row of rows) {
    if (LENGTH in row) {
      const ofModel = found.get(model) ?? new Map<string, number>();
      found.set(model, ofModel.set(row.id, Number(row[LENGTH])));
    }
  }
  for (const [name, query] of Object.entries(select.relations ?? {})) {
    const { type } = relationOf(dataModel, model, name);
    lengthsIn(
      dataModel,
      type,
      query.select,
      rows.flatMap((row) => nestedIn(row, name)),
      found,
    );
  }
  return found;
}

/** Puts contents into rows; a row whose content is there no more has gone meanwhile, and is left out. */
export function withContents(
  dataModel: DataModel,
  model: string,
  select: Selection,
  rows: readonly Row[],
  contents: ReadonlyMap<string, Contents>,
): Row[] {
  const names = selected(dataModel, model, select);
  return rows.flatMap((row): Row[] => {
    const { [LENGTH]: length, ...whole } = row as Row & Record<string, unknown>;
    if (length !== undefined && names.length > 0) {
      const values = contents.get(model)?.get(row.id);
      if (values === undefined) return [];
      // Of several it is the length of all of them.
      if (contentsOf(dataModel, model).length === 1) {
        rememberSize(Object.values(values)[0], Number(length));
      }
      for (const name of names) whole[name] = values[name];
    }
    for (const [name, query] of Object.entries(select.relations ?? {})) {
      const { type, list } = relationOf(dataModel, model, name);
      const kept = withContents(dataModel, type, query.select, nestedIn(row, name), contents);
      Object.assign(whole, { [name]: list ? kept : (kept[0] ?? null) });
    }
    return [whole as Row];
  });
}

function nestedIn(row: Row, relation: string): Row[] {
  const nested = row[relation];
  if (Array.isArray(nested)) return nested as Row[];
  return typeof nested === 'object' && nested !== null ? [nested as Row] : [];
}

/** How many bytes rows take, those below them included. */
export function bytesOf(rows: readonly Row[]): number {
  let bytes = 0;
  for (const row of rows) {
    for (const value of Object.values(row)) {
      if (isRow(value)) bytes += bytesOf([value]);
      else if (Array.isArray(value) && isRow(value[0])) bytes += bytesOf(value as Row[]);
      else bytes += sizeOf(value);
    }
  }
  return bytes;
}

function isRow(value: unknown): value is Row {
  return (
    typeof value === 'object' && value !== null && typeof (value as Partial<Row>).id === 'string'
  );
}
