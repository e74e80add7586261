import { assertLiteral, isPlainObject, listOf, type PlainObject, plainObject } from './plain.js';
import { EnforcementError, type Rules } from './rules.js';

/**
 * Checks `orderBy`: open columns of the row itself. An order by a management field, by a related
 * row or by a count would tell about what is hidden (D15, model §6.4).
 */
export function checkOrderBy(rules: Rules, model: string, orderBy: unknown): void {
  if (orderBy === undefined) return;
  for (const one of listOf(orderBy)) {
    for (const [name, direction] of Object.entries(plainObject(one, `an order of ${model}`))) {
      assertOpenColumn(rules, model, name, 'sorted by');
      assertDirection(model, name, direction);
    }
  }
}

export function checkDistinct(rules: Rules, model: string, distinct: unknown): void {
  if (distinct === undefined) return;
  for (const name of listOf(distinct)) assertOpenColumn(rules, model, name, 'made distinct');
}

/** `_count`, `_sum`, `_avg`, `_min` and `_max`: of open columns, or of all rows. */
export function checkAggregate(rules: Rules, model: string, wanted: unknown): void {
  if (wanted === undefined || wanted === true) return;
  for (const name of Object.keys(plainObject(wanted, `an aggregate of ${model}`))) {
    if (name !== '_all') assertOpenColumn(rules, model, name, 'aggregated');
  }
}

const AGGREGATES = ['_count', '_sum', '_avg', '_min', '_max'];

/** The order of groups: open columns, or aggregates of them. */
export function checkGroupOrder(rules: Rules, model: string, orderBy: unknown): void {
  if (orderBy === undefined) return;
  for (const one of listOf(orderBy)) {
    for (const [name, value] of Object.entries(plainObject(one, `an order of ${model}`))) {
      if (AGGREGATES.includes(name)) checkAggregate(rules, model, value);
      else checkOrderBy(rules, model, { [name]: value });
    }
  }
}

/** The filter of groups: junctions over open columns. */
export function checkHaving(rules: Rules, model: string, having: unknown): void {
  if (having === undefined) return;
  for (const [name, value] of Object.entries(plainObject(having, `having of ${model}`))) {
    if (name === 'AND' || name === 'OR' || name === 'NOT') {
      for (const part of listOf(value)) checkHaving(rules, model, part);
    } else {
      assertOpenColumn(rules, model, name, 'grouped by');
      assertLiteral(value, `${model}.${name}`);
    }
  }
}

export function assertOpenColumn(rules: Rules, model: string, name: unknown, verb: string): void {
  if (typeof name !== 'string') throw new EnforcementError(`${model} needs names of columns`);
  if (rules.field(model, name).kind !== 'scalar' || rules.classOf(model, name) !== 'open') {
    throw new EnforcementError(`${model}.${name} cannot be ${verb}`);
  }
}

function assertDirection(model: string, name: string, direction: unknown): void {
  const isWord = (value: unknown, words: readonly string[]): boolean =>
    typeof value === 'string' && words.includes(value);
  if (isWord(direction, ['asc', 'desc'])) return;
  if (isPlainObject(direction)) {
    const { sort, nulls, ...unknown }: PlainObject = direction;
    const known =
      isWord(sort, ['asc', 'desc']) && (nulls === undefined || isWord(nulls, ['first', 'last']));
    if (known && Object.keys(unknown).length === 0) return;
  }
  throw new EnforcementError(`unknown direction of ${model}.${name}`);
}
