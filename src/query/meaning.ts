import type { Principal } from '../policy/principal.js';

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
      /** What a word counts as that this version does not know. */
      readonly otherwise?: string;
    }
  /** The column of the first of these of which everything is so; of none, null, which may be told to be withheld. */
  | {
      readonly kind: 'chosen';
      readonly managed: boolean;
      readonly of: readonly Choice[];
      readonly otherwise: 'null' | 'withheld';
    }
  /** An object made of columns of the row itself; null where one of them is missing. */
  | { readonly kind: 'part'; readonly managed: boolean; readonly missing: string }
  /** The root scope of the organization that the row is. */
  | { readonly kind: 'root' }
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
  /** Whether the moment in a column has come, by the database's clock. */
  | { readonly kind: 'ended'; readonly column: string }
  /** The nearest row of the same name that shadows the row in its place (D3), or whether there is one. */
  | { readonly kind: 'shadowed' | 'shadowedBy' }
  /** The rows of the same model whose ids are in an array column, in their order, from an index on. */
  | { readonly kind: 'ids'; readonly column: string; readonly from: number }
  /** The first of these that is said. */
  | { readonly kind: 'called'; readonly of: readonly Called[] }
  /** Of the query's own fields: a row by its id, the rows of a list. */
  | { readonly kind: 'row' | 'list'; readonly model: string }
  /** The nearest row of a name through the cascade (D2); or the one of the organization that is acted in. */
  | {
      readonly kind: 'named';
      readonly model: string;
      readonly column: string;
      readonly within: 'cascade' | 'organization';
    }
  /** A row, or rows, by id, of whatever type. */
  | { readonly kind: 'node' | 'nodes' }
  /** What is known of who asks: an object, or a value in it. */
  | { readonly kind: 'principal' }
  | { readonly kind: 'told'; readonly tell: Tell }
  /** The row of the caller themselves, of which these columns are told to them whatever they may read. */
  | { readonly kind: 'oneself'; readonly model: string; readonly columns: readonly string[] };

/** What a field says of who asks; undefined: that alone does not tell. */
export type Tell = (principal: Principal, args: Readonly<Record<string, unknown>>) => unknown;

/** A text: of a column, of the row that a relation leads to if that may be read, or as it stands. */
export type Called =
  | { readonly column: string }
  /** `ofRoots`: only of the root scope of an organization. */
  | { readonly relation: string; readonly column: string; readonly ofRoots?: true }
  | { readonly word: string };

/** A column, and what has to be so of its row. */
export interface Choice {
  readonly column: string;
  readonly when: readonly Condition[];
}

export type Condition =
  /** Nothing is there. */
  | { readonly missing: string }
  /** A column says another word. */
  | { readonly isNot: Word }
  | { readonly permits: string }
  /** The row that a relation leads to may be read. */
  | { readonly reads: string };

export interface Word {
  readonly column: string;
  readonly value: string;
}

/** The meaning on a field's extensions, if it has one. */
export function meaningOf(extensions: Readonly<Record<string, unknown>>): Meaning | undefined {
  return extensions.heimdall as Meaning | undefined;
}
