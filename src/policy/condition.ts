/** What a column holds, as conditions (D11) compare it. */
export type ConditionKind = 'text' | 'id' | 'number' | 'boolean' | 'date';

/** What conditions on rows of a model may speak of: its open columns, and the relation to its scope if it has one. */
export interface Speakable {
  readonly columns: Readonly<Record<string, ConditionKind>>;
  /** Of these, those that may hold nothing. */
  readonly nullable: readonly string[];
  readonly scope: string | null;
}

/** The columns of a scope that conditions may speak of, besides `meta`. */
export const SCOPE_COLUMNS = { id: 'id', externalId: 'text', name: 'text' } as const;

/** Of these, those that may hold nothing. */
export const NULLABLE_OF_SCOPES: readonly string[] = ['externalId', 'name'];

/** A value that hangs on the row. */
export type RowValue =
  | { readonly of: 'resource'; readonly column: string; readonly kind: ConditionKind }
  | { readonly of: 'scope'; readonly column: string; readonly kind: ConditionKind }
  /** The name of the type of the row's scope. */
  | { readonly of: 'scopeType'; readonly kind: 'text' }
  /** Whatever is at a path in the meta of the row's scope: of any type. */
  | { readonly of: 'meta'; readonly path: readonly string[]; readonly kind: 'json' };

export type Literal = string | number | boolean;

/** A value that is known before any row is. */
export type KnownValue =
  | { readonly of: 'literal'; readonly value: Literal; readonly kind: ConditionKind }
  | {
      readonly of: 'principal';
      readonly name: 'id' | 'organizationId' | 'kind';
      readonly kind: 'id' | 'text';
    }
  | { readonly of: 'context'; readonly name: 'now'; readonly kind: 'date' };

/** What a value can be among. */
export type KnownList =
  | { readonly of: 'list'; readonly values: readonly Literal[] }
  | { readonly of: 'principal'; readonly name: 'teamIds' };

export type Comparison = 'equal' | 'differ' | 'less' | 'atMost' | 'greater' | 'atLeast';

/**
 * A condition of a permission (D11) as a typed tree of our own. It has three values: a comparison with what is missing is
 * unknown, and a grant counts on `true` alone.
 */
export type Condition =
  | { readonly is: 'constant'; readonly value: boolean }
  | { readonly is: 'all' | 'any'; readonly of: readonly Condition[] }
  | { readonly is: 'not'; readonly of: Condition }
  | {
      readonly is: 'compared';
      readonly how: Comparison;
      readonly value: RowValue | KnownValue;
      readonly with: KnownValue;
    }
  | { readonly is: 'among'; readonly value: RowValue | KnownValue; readonly list: KnownList };

/** Every operator that is understood; others are refused when written, and grant nothing when stored. */
export const OPERATORS = [
  '==',
  '===',
  '!=',
  '!==',
  '<',
  '<=',
  '>',
  '>=',
  'in',
  'and',
  'or',
  '!',
  'var',
] as const;

/** Whether a value hangs on the row, rather than being known before. */
export function isOfRow(value: RowValue | KnownValue): value is RowValue {
  return value.of !== 'literal' && value.of !== 'principal' && value.of !== 'context';
}
