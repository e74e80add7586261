import { fieldOf } from '../../query/data-model.js';
import type { Operand, Test } from '../../query/filter.js';
import type { GuardedFilter } from '../../query/guarded.js';
import { escapeLike } from '../prisma/like.js';
import { relatedSql, residualSql } from './residual.js';
import { column, columnShape, type Table, typeOf } from './table.js';

/** What no statement is written for: who asks for it is answered by the other path. */
export class NotWrittenError extends Error {
  override readonly name = 'NotWrittenError';
}

/** A guarded filter as a condition on a table's rows: yes or no of each of them, never unknown (D45). */
export function filterSql(table: Table, filter: GuardedFilter): string {
  switch (filter.op) {
    case 'all':
      return 'true';
    case 'none':
      return 'false';
    case 'and':
    case 'or': {
      const parts = filter.of.map((part) => filterSql(table, part));
      if (parts.length === 0) throw new Error('an empty junction');
      return `(${parts.join(filter.op === 'and' ? ' AND ' : ' OR ')})`;
    }
    case 'residual':
      return signed(residualSql(table, filter.residual), filter.negated);
    case 'compare':
      return signed(testSql(table, filter.field, filter.test), filter.negated);
    case 'isNull':
      return `${column(table, filter.field)} IS ${filter.negated ? 'NOT ' : ''}NULL`;
    case 'is':
    case 'some':
      return signed(
        relatedSql(table, filter.relation, (there) => filterSql(there, filter.of)),
        filter.negated,
      );
    case 'keyed':
      throw new NotWrittenError(`${table.model} by keys`);
  }
}

const signed = (condition: string, negated: boolean): string =>
  negated ? `NOT (${condition})` : condition;

const ORDERED = { equal: '=', less: '<', atMost: '<=', greater: '>', atLeast: '>=' } as const;

function testSql(table: Table, field: string, test: Test): string {
  const name = column(table, field);
  const shape = columnShape(table, field);
  const many = (values: readonly Operand[]): string =>
    table.draft.value(values.map(operand), `${typeOf(shape)}[]`);
  switch (test.is) {
    case 'oneOf':
      return `${name} = ANY (${many(test.values)})`;
    case 'contains':
    case 'startsWith':
    case 'endsWith': {
      const text = escapeLike(test.text);
      const pattern = `${test.is === 'startsWith' ? '' : '%'}${text}${test.is === 'endsWith' ? '' : '%'}`;
      return `${name} ${test.folded ? 'ILIKE' : 'LIKE'} ${table.draft.value(pattern, 'text')}`;
    }
    case 'hasAll':
      return `${name} @> ${many(test.values)}`;
    case 'hasSome':
      return `${name} && ${many(test.values)}`;
    case 'listEqual':
      return `${name} = ${many(test.values)}`;
    case 'empty':
      return `cardinality(${name}) ${test.value ? '=' : '>'} 0`;
    case 'at': {
      const values = test.values.map((value) => JSON.stringify(value));
      return `coalesce(${at(table, field, test.path)} = ANY (${table.draft.value(values, 'jsonb[]')}), false)`;
    }
    case 'nothingAt':
      return `coalesce(${at(table, field, test.path)} = 'null'::jsonb, true)`;
    case 'json':
      throw new NotWrittenError(`${table.model}.${field} is compared as a whole`);
    default:
      return `${name} ${ORDERED[test.is]} ${table.draft.value(operand(test.value), typeOf(shape))}`;
  }
}

function at(table: Table, field: string, path: readonly string[]): string {
  if (fieldOf(table.dataModel, table.model, field).required !== true) {
    throw new NotWrittenError(`${table.model}.${field} may be missing`);
  }
  return `(${column(table, field)} #> ${table.draft.value([...path], 'text[]')})`;
}

/** As the drivers take it. */
function operand(value: Operand): unknown {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) throw new NotWrittenError('bytes are compared');
  return value;
}
