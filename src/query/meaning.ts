/**
 * What a GraphQL field means in the database: it stands on the field, beside its resolver, as
 * `extensions.heimdall`. A field without one is read by nobody but its resolver.
 */
export interface Meaning {
  /** The columns of its row that it reads, those included by which it is decided in memory. */
  readonly reads: readonly string[];
  /** The columns that it reads of the rows which it leads to, whatever is selected of them. */
  readonly readsThere?: readonly string[];
  /** What it is, where that is more than the work of its resolver. */
  readonly is?: FieldMeaning;
}

export type FieldMeaning =
  | {
      readonly kind: 'column';
      readonly column: string;
      readonly managed: boolean;
      /** Null where another column says this word. */
      readonly unless?: Word;
    }
  /** Whether a column says a word. */
  | { readonly kind: 'says'; readonly word: Word }
  /** To-one, by the foreign key of the row. */
  | { readonly kind: 'one'; readonly relation: string; readonly managed: boolean }
  /**
   * To-many: the relation, and where it is kept in rows between, the relation on from there. `kept`: the
   * column in which the database keeps the ids of the far rows.
   */
  | {
      readonly kind: 'many';
      readonly relation: string;
      readonly far?: string;
      readonly kept?: string;
      readonly managed: boolean;
    }
  /** Whether the row permits an action. */
  | { readonly kind: 'permitted'; readonly action: string }
  /** Of the query's own fields: a row by its id, the rows of a list, the nearest row of a name. */
  | { readonly kind: 'row' | 'list'; readonly model: string }
  | { readonly kind: 'named'; readonly model: string; readonly column: string };

export interface Word {
  readonly column: string;
  readonly value: string;
}

/** The meaning on a field's extensions, if it has one. */
export function meaningOf(extensions: Readonly<Record<string, unknown>>): Meaning | undefined {
  return extensions.heimdall as Meaning | undefined;
}
