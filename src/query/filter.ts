/** A value to compare with, of the kind that its column holds; a UUID and an enum are text. */
export type Operand = string | number | boolean | bigint | Date | Uint8Array;

/** How a column's value is compared. INVARIANT: none of these is about null, which `isNull` asks for. */
export type Test =
  /** Is one of these; none of no values. */
  | { readonly is: 'oneOf'; readonly values: readonly Operand[] }
  | { readonly is: 'equal' | 'less' | 'atMost' | 'greater' | 'atLeast'; readonly value: Operand }
  /** `folded`: ASCII letters in either case. */
  | {
      readonly is: 'contains' | 'startsWith' | 'endsWith';
      readonly text: string;
      readonly folded: boolean;
    }
  /** Of a column that holds a list: all, or some, of these are in it. */
  | { readonly is: 'hasAll' | 'hasSome'; readonly values: readonly Operand[] }
  | { readonly is: 'listEqual'; readonly values: readonly Operand[] }
  | { readonly is: 'empty'; readonly value: boolean }
  /** Of a JSON column, or what lies at a path in it. */
  | {
      readonly is: 'json';
      readonly how: JsonTest;
      readonly path?: readonly string[];
      readonly value: unknown;
    }
  /** Of a JSON column that is never missing: what lies at a path in it is one of these; nothing is none of them. */
  | { readonly is: 'at'; readonly path: readonly string[]; readonly values: readonly Scalar[] }
  /** The same: nothing lies there, or the JSON null. */
  | { readonly is: 'nothingAt'; readonly path: readonly string[] };

/** A JSON value that has no parts. */
export type Scalar = string | number | boolean;

export const JSON_TESTS = [
  'equals',
  'string_contains',
  'string_starts_with',
  'string_ends_with',
  'array_contains',
  'array_starts_with',
  'array_ends_with',
  'lt',
  'lte',
  'gt',
  'gte',
] as const;
export type JsonTest = (typeof JSON_TESTS)[number];

/**
 * Which rows are asked for. It says what the caller wants, and nothing of what the caller may. It has two values
 * (D45): a comparison with a missing value is false, and `not` is the exact complement.
 */
export type Filter =
  | { readonly op: 'all' }
  | { readonly op: 'and' | 'or'; readonly of: readonly Filter[] }
  | { readonly op: 'not'; readonly of: Filter }
  /**
   * A condition on one field, as a whole: what is negated inside of it is a part of the condition, and
   * Manage(read), which a management field needs, is asked for around it (D15).
   */
  | { readonly op: 'on'; readonly field: string; readonly of: Filter }
  | { readonly op: 'compare'; readonly field: string; readonly test: Test }
  | { readonly op: 'isNull'; readonly field: string }
  /** There is a related row, and it is so. */
  | { readonly op: 'is'; readonly relation: string; readonly of: Filter }
  /** Some, or every, row of a to-many relation is so. */
  | { readonly op: 'some' | 'every'; readonly relation: string; readonly of: Filter }
  /**
   * The to-one relation leads to a row of an id, and the column says a text, as one of these keys has both. INVARIANT: it is
   * no part of what is negated.
   */
  | {
      readonly op: 'keyed';
      readonly relation: string;
      readonly column: string;
      readonly keys: readonly NaturalKey[];
    };

/** What names a row without its id: the id of the row that it belongs to, and a text that is unique there. */
export interface NaturalKey {
  readonly of: string;
  readonly text: string;
}

export const ALL: Filter = Object.freeze({ op: 'all' });

export const both = (...of: readonly Filter[]): Filter => {
  const [first, ...others] = of;
  return first !== undefined && others.length === 0 ? first : { op: 'and', of };
};
export const either = (of: readonly Filter[]): Filter => ({ op: 'or', of });
export const not = (of: Filter): Filter => ({ op: 'not', of });
export const on = (field: string, of: Filter): Filter => ({ op: 'on', field, of });
export const compare = (field: string, test: Test): Filter => ({ op: 'compare', field, test });
export const isMissing = (field: string): Filter => ({ op: 'isNull', field });
export const is = (relation: string, of: Filter = ALL): Filter => ({ op: 'is', relation, of });
export const some = (relation: string, of: Filter = ALL): Filter => ({ op: 'some', relation, of });
export const every = (relation: string, of: Filter): Filter => ({ op: 'every', relation, of });

/** The rows with one of these ids, or of whatever column. */
export const oneOf = (field: string, values: readonly Operand[]): Filter =>
  compare(field, { is: 'oneOf', values });
