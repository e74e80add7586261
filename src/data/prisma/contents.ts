import { rememberSize, sizeOf } from '../../limits/sizes.js';
import { type DataModel, relationOf, shapeOf } from '../../query/data-model.js';
import type { RelatedQuery, Selection } from '../../query/query.js';
import type { Row } from './row.js';

/** The column of a model that may be of any length; `contentBytes` says how long it is in a row. */
const CONTENTS: Readonly<Record<string, string>> = {
  Organization: 'settings',
  Scope: 'meta',
  Permission: 'condition',
  Form: 'fields',
  Workflow: 'parameters',
  Agent: 'instructions',
  App: 'bundle',
  Config: 'value',
};
const LENGTH = 'contentBytes';

/** The content of a row, by the row's id. */
export type Contents = ReadonlyMap<string, unknown>;

/** The column of the model that may be of any length, if its rows say how long it is. */
export function contentOf(dataModel: DataModel, model: string): string | undefined {
  return Object.hasOwn(shapeOf(dataModel, model).fields, LENGTH) ? CONTENTS[model] : undefined;
}

/** Whether a selection reads contents, of its rows or of any that they lead to. */
export function readsContents(dataModel: DataModel, model: string, select: Selection): boolean {
  const { columns, relations = {} } = select;
  const content = contentOf(dataModel, model);
  if (content !== undefined && columns !== 'unsealed' && columns.includes(content)) return true;
  return Object.entries(relations).some(([name, query]) =>
    readsContents(dataModel, relationOf(dataModel, model, name).type, query.select),
  );
}

/** The same selection with the length of each content instead of the content. */
export function withLengths(dataModel: DataModel, model: string, select: Selection): Selection {
  const { columns, relations = {} } = select;
  const content = contentOf(dataModel, model);
  const lean =
    columns === 'unsealed' || content === undefined || !columns.includes(content)
      ? columns
      : [...columns.filter((name) => name !== content && name !== 'id'), 'id', LENGTH];
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
  const content = contentOf(dataModel, model);
  return rows.flatMap((row): Row[] => {
    const { [LENGTH]: length, ...whole } = row as Row & Record<string, unknown>;
    if (length !== undefined && content !== undefined) {
      const ofModel = contents.get(model);
      if (ofModel?.has(row.id) !== true) return [];
      const value = ofModel.get(row.id);
      rememberSize(value, Number(length));
      Object.assign(whole, { [content]: value });
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
