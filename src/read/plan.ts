import type { VariableNode } from 'graphql';
import type { SortKey } from '../graphql/keyset.js';
import type { PlaceArgs } from '../graphql/place-args.js';
import type { Principal } from '../policy/principal.js';
import type { Filter } from '../query/filter.js';
import type { Called, Choice, Word } from '../query/meaning.js';
import type { KeyColumns, ToMany } from '../request/loaders.js';

/**
 * What a document asks for, in the words of the database: the shape of the answer, with a question at each of its
 * lists. Nobody has decided anything yet; every table of it is narrowed by `guard` when the statement is written.
 */
export interface Plan {
  readonly roots: readonly RootPlan[];
  /** By name, what the request says in the places that the text leaves open. */
  readonly inputs: ReadonlyMap<string, Input>;
  /** The variables that are said in such places, where they stand. */
  readonly open: ReadonlySet<VariableNode>;
}

/** What a request's variables say in such a place. Throws where they make another plan. */
export type Input = (variables: Readonly<Record<string, unknown>>) => unknown;

export type RootPlan = { readonly key: string } & (
  | { readonly is: 'typename'; readonly name: string }
  /** A row by its id, an input: null where that is none. */
  | { readonly is: 'row'; readonly id: string; readonly of: ObjectPlan }
  /** The nearest row of a name: the value of the column is an input. */
  | {
      readonly is: 'named';
      readonly at: PlaceArgs;
      readonly within: 'cascade' | 'organization';
      readonly column: string;
      readonly value: string;
      readonly of: ObjectPlan;
    }
  /** A row by its id, of whatever type. */
  | { readonly is: 'node'; readonly id: string; readonly of: readonly ObjectPlan[] }
  /** Rows by their ids, in their order: an input, null where one is none. */
  | { readonly is: 'nodes'; readonly ids: string; readonly of: readonly ObjectPlan[] }
  /** The same of ids with the types that they are of; and of natural keys, for the types that have one, where no id is said. */
  | {
      readonly is: 'entities';
      readonly types: string;
      readonly ids: string;
      readonly named: {
        readonly keys: ReadonlyMap<string, KeyColumns>;
        readonly of: string;
        readonly texts: string;
      };
      readonly of: readonly ObjectPlan[];
    }
  | { readonly is: 'principal'; readonly fields: readonly ToldField[] }
  | {
      readonly is: 'list';
      readonly at: PlaceArgs;
      readonly model: string;
      /** Only rows that may be used (D37). */
      readonly usable: boolean;
      readonly list: ListPlan;
    }
);

export interface ObjectPlan {
  readonly model: string;
  readonly fields: readonly FieldPlan[];
}

/** How a column's value stands in an answer. */
export type Written =
  | { readonly as: 'text' | 'id' | 'number' | 'boolean' | 'date' | 'json' | 'array' }
  /** Only these words, by their names in the API. */
  | {
      readonly as: 'word';
      readonly names: ReadonlyMap<string, string>;
      /** What another word counts as; left out, it is shown as none. */
      readonly otherwise?: string;
    };

export type FieldPlan = { readonly key: string } & (
  | { readonly is: 'typename'; readonly name: string }
  | {
      readonly is: 'column';
      readonly name: string;
      readonly column: string;
      readonly written: Written;
      readonly managed: boolean;
      /** Null where another column says this word. */
      readonly unless?: Word;
    }
  /** A column, the first of these of which everything is so. */
  | {
      readonly is: 'chosen';
      readonly name: string;
      readonly of: readonly Choice[];
      readonly otherwise: 'null' | 'withheld';
      readonly written: Written;
      readonly managed: boolean;
    }
  /** An object of the same row: `of` has its model, and the type's own name tells what is withheld. */
  | {
      readonly is: 'part';
      readonly name: string;
      readonly type: string;
      readonly missing: string;
      readonly managed: boolean;
      readonly of: ObjectPlan;
    }
  | { readonly is: 'root'; readonly of: ObjectPlan }
  /** Whether a column says a word. */
  | { readonly is: 'says'; readonly word: Word }
  | {
      readonly is: 'one';
      readonly name: string;
      readonly relation: string;
      readonly managed: boolean;
      readonly of: ObjectPlan;
    }
  | {
      readonly is: 'kept';
      readonly name: string;
      readonly column: string;
      /** By which its rows are sorted, before their ids. */
      readonly by: string | undefined;
      readonly managed: boolean;
      readonly of: ObjectPlan;
    }
  | {
      readonly is: 'page';
      readonly name: string;
      readonly relation: ToMany;
      readonly managed: boolean;
      readonly list: ListPlan;
    }
  | { readonly is: 'permitted'; readonly action: string }
  | { readonly is: 'ended'; readonly column: string }
  | { readonly is: 'shadowed' }
  | { readonly is: 'shadowedBy'; readonly of: ObjectPlan }
  | { readonly is: 'ids'; readonly column: string; readonly from: number; readonly of: ObjectPlan }
  | { readonly is: 'called'; readonly of: readonly Called[] }
);

/** What an object shows of its own row, its parts included. */
export const ownFields = ({ fields }: ObjectPlan): readonly FieldPlan[] =>
  fields.flatMap((field) => (field.is === 'part' ? [field, ...ownFields(field.of)] : [field]));

/** What is known of who asks. */
export type ToldField = { readonly key: string } & (
  | { readonly is: 'typename'; readonly name: string }
  | { readonly is: 'told'; readonly tell: (principal: Principal) => unknown }
  | { readonly is: 'principal'; readonly fields: readonly ToldField[] }
  /** Their own row; `isTold`: no more of it than everybody may know of themselves. */
  | { readonly is: 'oneself'; readonly isTold: boolean; readonly of: ObjectPlan }
);

/** A page of a list, and what of it is asked for. */
export interface ListPlan {
  readonly where: Filter | undefined;
  /** In which rows are read, and in which they are answered: the other way round when paging backwards. */
  readonly order: readonly SortKey[];
  readonly keys: readonly SortKey[];
  readonly backwards: boolean;
  readonly size: number;
  /** Of a page beyond a row: which of its values are missing, and under which name the others are inputs. */
  readonly beyond: { readonly missing: readonly boolean[]; readonly name: string } | undefined;
  readonly fields: readonly ConnectionField[];
}

export type ConnectionField = { readonly key: string } & (
  | { readonly is: 'typename'; readonly name: string }
  | { readonly is: 'edges'; readonly fields: readonly EdgeField[] }
  | { readonly is: 'pageInfo'; readonly fields: readonly PageInfoField[] }
  | { readonly is: 'totalCount' }
);

export type EdgeField = { readonly key: string } & (
  | { readonly is: 'typename'; readonly name: string }
  | { readonly is: 'cursor' }
  | { readonly is: 'node'; readonly of: ObjectPlan }
);

export type PageInfoField = { readonly key: string } & (
  | { readonly is: 'typename'; readonly name: string }
  | { readonly is: 'hasNextPage' | 'hasPreviousPage' | 'startCursor' | 'endCursor' }
);
