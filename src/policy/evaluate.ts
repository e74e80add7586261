import type { Condition } from './condition.js';

/** `unknown` where the row lacks a column or relation that the answer hangs on. */
export type Answer = 'yes' | 'no' | 'unknown';

export type Row = Readonly<Record<string, unknown>>;

/**
 * The condition on one row in memory, the same as `toPrismaWhere` in the database. The row holds
 * the columns and relations that `factsFor` selects; one that is absent makes the answer unknown,
 * which whoever asks must take for no.
 */
export function evaluate(condition: Condition, row: Row): Answer {
  switch (condition.op) {
    case 'constant':
      return answer(condition.value);
    case 'rule':
      return evaluate(condition.of, row);
    case 'and':
      return junction(condition.of, row, 'no', 'yes');
    case 'or':
      return junction(condition.of, row, 'yes', 'no');
    case 'related':
      return onRelated(condition, row);
    case 'someRelated':
      return onSome(condition, row);
    case 'noneRelated':
      return negate(onSome(condition, row));
    default:
      return onColumn(condition, row[condition.field]);
  }
}

type ColumnTest = Extract<Condition, { field: string }>;

function onColumn(test: ColumnTest, value: unknown): Answer {
  if (value === undefined) return 'unknown';
  switch (test.op) {
    case 'equals':
      return answer(value === test.value);
    case 'oneOf':
      return answer(typeof value === 'string' && test.values.includes(value));
    case 'isNull':
      return answer(value === null);
    case 'notNull':
      return answer(value !== null);
    case 'overlaps':
      return answer(Array.isArray(value) && value.some((item) => test.values.includes(item)));
    case 'startsWith':
      return answer(typeof value === 'string' && value.startsWith(test.value));
  }
}

function onRelated(condition: { relation: string; of: Condition }, row: Row): Answer {
  const target = row[condition.relation];
  if (target === undefined) return 'unknown';
  return isRow(target) ? evaluate(condition.of, target) : 'no';
}

function onSome(condition: { relation: string; of: Condition }, row: Row): Answer {
  const targets = row[condition.relation];
  if (!Array.isArray(targets)) return 'unknown';
  const answers = targets.map((target) => (isRow(target) ? evaluate(condition.of, target) : 'no'));
  if (answers.includes('yes')) return 'yes';
  return answers.includes('unknown') ? 'unknown' : 'no';
}

function junction(of: readonly Condition[], row: Row, absorbing: Answer, neutral: Answer): Answer {
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
