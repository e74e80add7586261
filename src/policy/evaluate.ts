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
    case 'startsWith':
      return answer(typeof value === 'string' && value.startsWith(test.value));
  }
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
