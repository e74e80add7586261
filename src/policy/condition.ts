/**
 * What is left of a predicate once principal and place are known: a tree over the columns of one
 * row, the same for a list (`toPrismaWhere`) and for a check (`evaluate`).
 *
 * INVARIANT: the tree is monotone. There is no general negation, because in SQL a negated test of
 * a null column is neither true nor false; what has to be denied has a leaf of its own.
 */
export type Condition =
  | { readonly op: 'constant'; readonly value: boolean }
  | { readonly op: 'and'; readonly of: readonly Condition[] }
  | { readonly op: 'or'; readonly of: readonly Condition[] }
  /** Names the rule that the subtree stands for; read by `explain` alone. */
  | { readonly op: 'rule'; readonly rule: string; readonly text: string; readonly of: Condition }
  | { readonly op: 'equals'; readonly field: string; readonly value: string | boolean }
  | { readonly op: 'oneOf'; readonly field: string; readonly values: readonly string[] }
  | { readonly op: 'isNull'; readonly field: string }
  | { readonly op: 'notNull'; readonly field: string }
  /** An array column shares an element with the values. */
  | { readonly op: 'overlaps'; readonly field: string; readonly values: readonly string[] }
  | { readonly op: 'startsWith'; readonly field: string; readonly value: string }
  /** A to-one relation exists and its row satisfies the condition. */
  | { readonly op: 'related'; readonly relation: string; readonly of: Condition }
  /** Some row of a to-many relation satisfies the condition. */
  | { readonly op: 'someRelated'; readonly relation: string; readonly of: Condition }
  /** No row of a to-many relation satisfies the condition. */
  | { readonly op: 'noneRelated'; readonly relation: string; readonly of: Condition };

export const yes: Condition = { op: 'constant', value: true };
export const no: Condition = { op: 'constant', value: false };

export const and = (...of: Condition[]): Condition => ({ op: 'and', of });
export const or = (...of: Condition[]): Condition => ({ op: 'or', of });
export const rule = (name: string, text: string, of: Condition): Condition => ({
  op: 'rule',
  rule: name,
  text,
  of,
});
export const equals = (field: string, value: string | boolean): Condition => ({
  op: 'equals',
  field,
  value,
});
/** INVARIANT: an empty list of values matches nothing, never everything. */
export const oneOf = (field: string, values: readonly string[]): Condition => {
  const [first, ...others] = values;
  if (first === undefined) return no;
  return others.length === 0 ? equals(field, first) : { op: 'oneOf', field, values };
};
export const overlaps = (field: string, values: readonly string[]): Condition =>
  values.length === 0 ? no : { op: 'overlaps', field, values };
export const isNull = (field: string): Condition => ({ op: 'isNull', field });
export const notNull = (field: string): Condition => ({ op: 'notNull', field });
export const startsWith = (field: string, value: string): Condition => ({
  op: 'startsWith',
  field,
  value,
});
export const related = (relation: string, of: Condition): Condition => ({
  op: 'related',
  relation,
  of,
});
export const someRelated = (relation: string, of: Condition): Condition => ({
  op: 'someRelated',
  relation,
  of,
});
export const noneRelated = (relation: string, of: Condition): Condition => ({
  op: 'noneRelated',
  relation,
  of,
});

/**
 * The same condition without rule names, nested junctions and constants, so that the database gets
 * the smallest predicate. A constant is left only at the top.
 */
export function simplify(condition: Condition): Condition {
  switch (condition.op) {
    case 'rule':
      return simplify(condition.of);
    case 'and':
    case 'or':
      return simplifyJunction(condition.op, condition.of);
    case 'related':
    case 'someRelated': {
      const of = simplify(condition.of);
      // "Exists and satisfies no" is no; "exists and satisfies yes" still asks for existence.
      return isConstant(of, false) ? no : { ...condition, of };
    }
    case 'noneRelated': {
      const of = simplify(condition.of);
      return isConstant(of, false) ? yes : { ...condition, of };
    }
    default:
      return condition;
  }
}

function simplifyJunction(op: 'and' | 'or', of: readonly Condition[]): Condition {
  const absorbing = op === 'or';
  const kept: Condition[] = [];
  for (const part of of.map(simplify)) {
    if (isConstant(part, absorbing)) return part;
    if (isConstant(part, !absorbing)) continue;
    if (part.op === op) kept.push(...part.of);
    else kept.push(part);
  }
  const parts = op === 'or' ? mergeTests(kept) : kept;
  const [first, ...others] = parts;
  if (first === undefined) return absorbing ? no : yes;
  return others.length === 0 ? first : { op, of: parts };
}

const TESTS = { oneOf, overlaps };

/** Alternatives that test one column become one test: `a = x or a in (x, y)` is `a in (x, y)`. */
function mergeTests(alternatives: readonly Condition[]): readonly Condition[] {
  const merged = new Map<unknown, Condition>();
  for (const part of alternatives) {
    const test = testOf(part);
    const key = test === undefined ? part : `${test.op} ${test.field}`;
    const before = merged.get(key);
    if (test === undefined || before === undefined) {
      merged.set(key, part);
      continue;
    }
    const values = new Set([...(testOf(before)?.values ?? []), ...test.values]);
    merged.set(key, TESTS[test.op](test.field, [...values]));
  }
  return [...merged.values()];
}

/** A test of a column against values, as one of the two that can take more of them. */
function testOf(condition: Condition) {
  if (condition.op === 'oneOf' || condition.op === 'overlaps') return condition;
  if (condition.op !== 'equals' || typeof condition.value !== 'string') return undefined;
  return { op: 'oneOf' as const, field: condition.field, values: [condition.value] };
}

export function isConstant(condition: Condition, value: boolean): boolean {
  return condition.op === 'constant' && condition.value === value;
}
