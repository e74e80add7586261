import type { Order } from './ordered.js';

/**
 * What is left of a policy once its principal and place are put in: a tree over the columns of one row,
 * the same for a list and for a check. It is data; the data room writes it in a database's words.
 *
 * INVARIANT: the tree is monotone. There is no general negation, because in SQL a negated test of
 * a null column is neither true nor false; what has to be denied has a leaf of its own.
 */
export type Residual =
  | { readonly op: 'constant'; readonly value: boolean }
  | { readonly op: 'and'; readonly of: readonly Residual[] }
  | { readonly op: 'or'; readonly of: readonly Residual[] }
  /** Names the rule that the subtree stands for; read by `explain` alone. */
  | { readonly op: 'rule'; readonly rule: string; readonly text: string; readonly of: Residual }
  | {
      readonly op: 'equals';
      readonly field: string;
      readonly value: string | boolean;
      readonly attribute?: Attribute;
    }
  | { readonly op: 'oneOf'; readonly field: string; readonly operands: readonly Operand[] }
  | { readonly op: 'isNull'; readonly field: string }
  | { readonly op: 'notNull'; readonly field: string }
  /** An array column shares an element with the values. */
  | { readonly op: 'overlaps'; readonly field: string; readonly operands: readonly Operand[] }
  /** An array column shares no element with the values. */
  | { readonly op: 'disjoint'; readonly field: string; readonly operands: readonly Operand[] }
  /** Some pair has its first in the one array column and its second in the other. */
  | {
      readonly op: 'pairs';
      readonly fields: readonly [string, string];
      /** The column in which the database keeps a name of each pair of the two. */
      readonly kept: string;
      readonly groups: readonly PairGroup[];
    }
  | { readonly op: 'startsWith'; readonly field: string; readonly value: string }
  /** A column that has a value stands so to another one. */
  | {
      readonly op: 'compared';
      readonly field: string;
      readonly how: 'equal' | 'differ' | Order;
      readonly value: string | number | boolean;
      /** It holds moments, and the value is one in ISO 8601. */
      readonly isDate: boolean;
    }
  /** What is at a path in a JSON column is there and not null, and stands so to a value. */
  | {
      readonly op: 'atPath';
      readonly field: string;
      readonly path: readonly string[];
      readonly how: 'present' | 'equal' | 'differ';
      readonly value: string | number | boolean;
    }
  /** A to-one relation exists and its row satisfies the residual. */
  | { readonly op: 'related'; readonly relation: string; readonly of: Residual }
  /** Some row of a to-many relation satisfies the residual. */
  | { readonly op: 'someRelated'; readonly relation: string; readonly of: Residual }
  /** No row of a to-many relation satisfies the residual. */
  | { readonly op: 'noneRelated'; readonly relation: string; readonly of: Residual };

/**
 * What the principal or the place calls a value that a row is compared with. A statement can bind it by
 * this name, so that its text is the same for every principal; without a name it is a literal.
 */
export type Attribute = `principal.${string}` | `place.${string}`;

/** Values with what they are called, if they are no literals. */
export interface Operand {
  readonly values: readonly string[];
  readonly attribute?: Attribute;
}

/** All pairs of one of `firsts` with one of `seconds`. */
export interface PairGroup {
  readonly firsts: readonly string[];
  readonly seconds: readonly string[];
}

export const yes: Residual = Object.freeze({ op: 'constant', value: true });
export const no: Residual = Object.freeze({ op: 'constant', value: false });

export const and = (...of: Residual[]): Residual => ({ op: 'and', of });
export const or = (...of: Residual[]): Residual => ({ op: 'or', of });
export const rule = (name: string, text: string, of: Residual): Residual => ({
  op: 'rule',
  rule: name,
  text,
  of,
});
export const equals = (
  field: string,
  value: string | boolean,
  attribute?: Attribute,
): Residual => ({ op: 'equals', field, value, ...(attribute === undefined ? {} : { attribute }) });

/** INVARIANT: an empty list of values matches nothing, never everything. */
export const oneOf = (
  field: string,
  values: readonly string[],
  attribute?: Attribute,
): Residual => {
  const [first, ...others] = values;
  if (first === undefined) return no;
  if (others.length === 0 && attribute === undefined) return equals(field, first);
  return { op: 'oneOf', field, operands: [operand(values, attribute)] };
};
export const overlaps = (
  field: string,
  values: readonly string[],
  attribute?: Attribute,
): Residual =>
  values.length === 0 ? no : { op: 'overlaps', field, operands: [operand(values, attribute)] };
export const disjoint = (field: string, values: readonly string[]): Residual =>
  values.length === 0 ? yes : { op: 'disjoint', field, operands: [operand(values, undefined)] };
export const pairs = (
  fields: readonly [string, string],
  kept: string,
  given: readonly PairGroup[],
): Residual => {
  const groups = given.filter(({ firsts, seconds }) => firsts.length > 0 && seconds.length > 0);
  const [first, ...others] = groups;
  if (first === undefined) return no;
  if (others.length > 0) return { op: 'pairs', fields, kept, groups };
  return and(overlaps(fields[0], first.firsts), overlaps(fields[1], first.seconds));
};
export const isNull = (field: string): Residual => ({ op: 'isNull', field });
export const notNull = (field: string): Residual => ({ op: 'notNull', field });
export const startsWith = (field: string, value: string): Residual => ({
  op: 'startsWith',
  field,
  value,
});
export const compared = (
  field: string,
  how: 'equal' | 'differ' | Order,
  value: string | number | boolean,
  isDate = false,
): Residual =>
  how === 'equal' && typeof value !== 'number' && !isDate
    ? equals(field, value)
    : { op: 'compared', field, how, value, isDate };
export const atPath = (
  field: string,
  path: readonly string[],
  how: 'present' | 'equal' | 'differ',
  value: string | number | boolean,
): Residual => ({ op: 'atPath', field, path, how, value });
export const related = (relation: string, of: Residual): Residual => ({
  op: 'related',
  relation,
  of,
});
export const someRelated = (relation: string, of: Residual): Residual => ({
  op: 'someRelated',
  relation,
  of,
});
export const noneRelated = (relation: string, of: Residual): Residual => ({
  op: 'noneRelated',
  relation,
  of,
});

function operand(values: readonly string[], attribute: Attribute | undefined): Operand {
  return attribute === undefined ? { values } : { values, attribute };
}

/** All values of some operands, each once. */
export function valuesOf(operands: readonly Operand[]): readonly string[] {
  const [first, ...others] = operands;
  if (first !== undefined && others.length === 0) return first.values;
  return [...new Set(operands.flatMap(({ values }) => values))];
}

export function isConstant(residual: Residual, value: boolean): boolean {
  return residual.op === 'constant' && residual.value === value;
}
