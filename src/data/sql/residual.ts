import { type Residual, valuesOf } from '../../policy/residual.js';
import { pairNames } from '../prisma/pair-names.js';
import { alternatives, startsWithAny } from './alternatives.js';
import { literal } from './draft.js';
import { column, columnShape, from, linkOf, type Table, tableOf, typeOf } from './table.js';

/**
 * A simplified residual as a condition on a table's rows. The policies' own words stand in the text, whatever
 * somebody holds is bound, lists as arrays: so that who holds alike is asked for by the same text.
 */
export function residualSql(table: Table, residual: Residual): string {
  switch (residual.op) {
    case 'constant':
      return residual.value ? 'true' : 'false';
    case 'and':
      return joined(
        residual.of.map((part) => residualSql(table, part)),
        ' AND ',
      );
    case 'or':
      return joined(
        alternatives(table, residual.of, (part) => residualSql(table, part)),
        ' OR ',
      );
    case 'rule':
      return residualSql(table, residual.of);
    case 'equals':
      return equals(table, residual);
    case 'oneOf':
      return `${column(table, residual.field)} = ANY (${list(table, residual.field, valuesOf(residual.operands))})`;
    case 'isNull':
      return `${column(table, residual.field)} IS NULL`;
    case 'notNull':
      return `${column(table, residual.field)} IS NOT NULL`;
    case 'overlaps':
      return `${column(table, residual.field)} && ${list(table, residual.field, valuesOf(residual.operands))}`;
    case 'disjoint':
      return `NOT (${column(table, residual.field)} && ${list(table, residual.field, valuesOf(residual.operands))})`;
    case 'pairs':
      return `${column(table, residual.kept)} && ${list(table, residual.kept, pairNames(residual.groups))}`;
    case 'startsWith':
      return startsWithAny(table, residual.field, [residual.value]);
    case 'compared':
      return compared(table, residual);
    case 'atPath':
      return atPath(table, residual);
    case 'related':
    case 'someRelated':
      return relatedSql(table, residual.relation, (there) => residualSql(there, residual.of));
    case 'noneRelated':
      return `NOT ${relatedSql(table, residual.relation, (there) => residualSql(there, residual.of))}`;
  }
}

/** Whether a related row is so: a probe that the planner cannot make a join of, which would read all of them. */
export function relatedSql(
  table: Table,
  relation: string,
  condition: (there: Table) => string,
): string {
  const link = linkOf(table.dataModel, table.model, relation);
  const there = tableOf(table.draft, table.dataModel, link.model);
  const on = `${column(there, link.there)} = ${column(table, link.here)}`;
  return `coalesce((SELECT true FROM ${from(there)} WHERE ${on} AND ${condition(there)} LIMIT 1), false)`;
}

/** INVARIANT: an empty list means the opposite in AND and in OR (§6.1). */
function joined(parts: readonly string[], by: ' AND ' | ' OR '): string {
  if (parts.length === 0) throw new Error('an empty junction: simplify it first');
  return `(${parts.join(by)})`;
}

const WORD = /^\w+$/;

function equals(table: Table, { field, value, attribute }: Residual & { op: 'equals' }): string {
  const shape = columnShape(table, field);
  const name = column(table, field);
  if (typeof value === 'boolean') return value ? name : `NOT ${name}`;
  const isOurs = attribute === undefined && !shape.uuid && WORD.test(value);
  return `${name} = ${isOurs ? literal(value) : table.draft.value(value, typeOf(shape))}`;
}

function list(table: Table, field: string, values: readonly string[]): string {
  return table.draft.value([...values], `${typeOf(columnShape(table, field))}[]`);
}

const OPERATORS = {
  equal: '=',
  differ: '<>',
  less: '<',
  atMost: '<=',
  greater: '>',
  atLeast: '>=',
} as const;

function compared(table: Table, residual: Residual & { op: 'compared' }): string {
  const { field, how, value, isDate } = residual;
  const type = isDate ? 'timestamptz' : typeof value === 'number' ? 'numeric' : typeof value;
  const place = table.draft.value(
    value,
    type === 'string' ? typeOf(columnShape(table, field)) : type,
  );
  return `${column(table, field)} ${OPERATORS[how]} ${place}`;
}

/** INVARIANT: what is not there is unknown to the database: it is told as no (D11). */
function atPath(table: Table, { field, path, how, value }: Residual & { op: 'atPath' }): string {
  const at = `(${column(table, field)} #> ${table.draft.value([...path], 'text[]')})`;
  const isThere = `coalesce(${at} <> 'null'::jsonb, false)`;
  if (how === 'present') return isThere;
  const other = table.draft.value(JSON.stringify(value), 'jsonb');
  if (how === 'equal') return `coalesce(${at} = ${other}, false)`;
  return `(${isThere} AND ${at} <> ${other})`;
}
