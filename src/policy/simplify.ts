import { implies } from './implies.js';
import { isConstant, no, type Operand, type Residual, yes } from './residual.js';

/**
 * The same residual without rule names, nested junctions and constants, and without what a wider
 * part covers, so that the database gets the smallest predicate. A constant is left only at the top.
 */
export function simplify(residual: Residual): Residual {
  switch (residual.op) {
    case 'rule':
      return simplify(residual.of);
    case 'and':
    case 'or':
      return simplifyJunction(residual.op, residual.of);
    case 'related':
    case 'someRelated': {
      const of = simplify(residual.of);
      // "Exists and satisfies no" is no; "exists and satisfies yes" still asks for existence.
      return isConstant(of, false) ? no : { ...residual, of };
    }
    case 'noneRelated': {
      const of = simplify(residual.of);
      return isConstant(of, false) ? yes : { ...residual, of };
    }
    default:
      return residual;
  }
}

function simplifyJunction(op: 'and' | 'or', of: readonly Residual[]): Residual {
  const absorbing = op === 'or';
  const kept: Residual[] = [];
  for (const part of of.map(simplify)) {
    if (isConstant(part, absorbing)) return part;
    if (isConstant(part, !absorbing)) continue;
    if (part.op === op) kept.push(...part.of);
    else kept.push(part);
  }
  const parts = withoutCovered(op, op === 'or' ? mergeTests(kept) : kept);
  const [first, ...others] = parts;
  if (first === undefined) return absorbing ? no : yes;
  return others.length === 0 ? first : { op, of: parts };
}

/** Each part is compared with each: of more the comparing would cost more than it saves. */
const MOST_COMPARED = 24;

/**
 * Of alternatives the wider one stays, of conjuncts the narrower: `a or (a and b)` is `a`, and so is
 * `a and (a or b)`. Of two that cover each other the first stays.
 */
function withoutCovered(op: 'and' | 'or', parts: readonly Residual[]): readonly Residual[] {
  if (parts.length < 2 || parts.length > MOST_COMPARED) return parts;
  const covers = (wide: Residual, narrow: Residual): boolean =>
    op === 'or' ? implies(narrow, wide) : implies(wide, narrow);
  return parts.filter((part, index) =>
    parts.every(
      (other, at) => at === index || !covers(other, part) || (at > index && covers(part, other)),
    ),
  );
}

/** Alternatives that test one column become one test: `a = x or a in (x, y)` is `a in (x, y)`. */
function mergeTests(alternatives: readonly Residual[]): readonly Residual[] {
  const merged = new Map<unknown, Residual>();
  for (const part of alternatives) {
    const test = testOf(part);
    const key = test === undefined ? part : `${test.op} ${test.field}`;
    const before = test === undefined ? undefined : merged.get(key);
    const known = before === undefined ? undefined : testOf(before);
    if (test === undefined || known === undefined) {
      merged.set(key, part);
      continue;
    }
    const operands = together([...known.operands, ...test.operands]);
    const [first] = operands;
    const single = operands.length === 1 && first?.values.length === 1 ? first : undefined;
    merged.set(
      key,
      single !== undefined && test.op === 'oneOf' && single.attribute === undefined
        ? { op: 'equals', field: test.field, value: single.values[0] as string }
        : { op: test.op, field: test.field, operands },
    );
  }
  return [...merged.values()];
}

/** Literals in one list, and each attribute once. */
function together(operands: readonly Operand[]): readonly Operand[] {
  const named = new Map<string, Operand>();
  const literals = new Set<string>();
  for (const one of operands) {
    if (one.attribute !== undefined) named.set(one.attribute, one);
    else for (const value of one.values) literals.add(value);
  }
  return [...(literals.size === 0 ? [] : [{ values: [...literals] }]), ...named.values()];
}

/** A test of a column against values, as one of the two that can take more of them. */
function testOf(residual: Residual) {
  if (residual.op === 'oneOf' || residual.op === 'overlaps') return residual;
  if (residual.op !== 'equals' || typeof residual.value !== 'string') return undefined;
  const { field, value, attribute } = residual;
  const operand: Operand =
    attribute === undefined ? { values: [value] } : { values: [value], attribute };
  return { op: 'oneOf' as const, field, operands: [operand] };
}
