import { ordered } from './ordered.js';
import { type PairGroup, type Residual, valuesOf } from './residual.js';

/** `unknown` where the row lacks a column or relation that the answer hangs on. */
export type Answer = 'yes' | 'no' | 'unknown';

export type Row = Readonly<Record<string, unknown>>;

/**
 * The residual on one row in memory, the same as what lists are narrowed by in the database. The row holds
 * the columns and relations that `factsFor` selects; one that is absent makes the answer unknown,
 * which whoever asks must take for no.
 */
export function evaluate(residual: Residual, row: Row): Answer {
  switch (residual.op) {
    case 'constant':
      return answer(residual.value);
    case 'rule':
      return evaluate(residual.of, row);
    case 'and':
      return junction(residual.of, row, 'no', 'yes');
    case 'or':
      return junction(residual.of, row, 'yes', 'no');
    case 'related':
      return onRelated(residual, row);
    case 'someRelated':
      return onSome(residual, row);
    case 'noneRelated':
      return negate(onSome(residual, row));
    case 'pairs':
      return onPairs(residual.groups, row[residual.fields[0]], row[residual.fields[1]]);
    default:
      return onColumn(residual, row[residual.field]);
  }
}

function onPairs(groups: readonly PairGroup[], first: unknown, second: unknown): Answer {
  if (!Array.isArray(first) || !Array.isArray(second)) return 'unknown';
  return answer(
    groups.some(
      ({ firsts, seconds }) =>
        firsts.some((one) => first.includes(one)) && seconds.some((one) => second.includes(one)),
    ),
  );
}

type ColumnTest = Extract<Residual, { field: string }>;

function onColumn(test: ColumnTest, value: unknown): Answer {
  if (value === undefined) return 'unknown';
  switch (test.op) {
    case 'equals':
      return answer(value === test.value);
    case 'oneOf':
      return answer(typeof value === 'string' && valuesOf(test.operands).includes(value));
    case 'isNull':
      return answer(value === null);
    case 'notNull':
      return answer(value !== null);
    case 'overlaps':
      return answer(
        Array.isArray(value) && value.some((item) => valuesOf(test.operands).includes(item)),
      );
    case 'disjoint':
      return answer(
        Array.isArray(value) && !value.some((item) => valuesOf(test.operands).includes(item)),
      );
    case 'compared':
      return answer(stands(test.isDate ? instant(value) : value, test.how, test.value));
    case 'atPath':
      return answer(stands(dig(value, test.path), test.how, test.value));
    case 'startsWith':
      return answer(typeof value === 'string' && value.startsWith(test.value));
  }
}

/** Of nothing there is nothing to be told: it neither equals a value nor differs from it (D11). */
function stands(
  found: unknown,
  how: Extract<Residual, { op: 'atPath' | 'compared' }>['how'],
  value: string | number | boolean,
): boolean {
  if (found === null || found === undefined) return false;
  switch (how) {
    case 'present':
      return true;
    case 'equal':
      return found === value;
    case 'differ':
      return found !== value;
    default:
      return ordered(found, how, value);
  }
}

/** A moment in the form that it is compared in. */
const instant = (value: unknown): unknown => (value instanceof Date ? value.toISOString() : value);

/** What is at a path of names in a JSON value; a list has no names. */
function dig(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, name) =>
      isRow(at) && !Array.isArray(at) && Object.hasOwn(at, name) ? at[name] : undefined,
    value,
  );
}

function onRelated(residual: { relation: string; of: Residual }, row: Row): Answer {
  const target = row[residual.relation];
  if (target === undefined) return 'unknown';
  return isRow(target) ? evaluate(residual.of, target) : 'no';
}

function onSome(residual: { relation: string; of: Residual }, row: Row): Answer {
  const targets = row[residual.relation];
  if (!Array.isArray(targets)) return 'unknown';
  const answers = targets.map((target) => (isRow(target) ? evaluate(residual.of, target) : 'no'));
  if (answers.includes('yes')) return 'yes';
  return answers.includes('unknown') ? 'unknown' : 'no';
}

function junction(of: readonly Residual[], row: Row, absorbing: Answer, neutral: Answer): Answer {
  let result = neutral;
  for (const part of of) {
    const one = evaluate(part, row);
    if (one === absorbing) return absorbing;
    if (one === 'unknown') result = 'unknown';
  }
  return result;
}

const answer = (value: boolean): Answer => (value ? 'yes' : 'no');

function negate(one: Answer): Answer {
  if (one === 'unknown') return 'unknown';
  return one === 'yes' ? 'no' : 'yes';
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null;
}
