import type { Check } from '../commands/checks/check.js';
import type { SetBy } from '../commands/settings.js';

/** How a client sets a column. Without it only the gateway and the database do. */
export interface Setting {
  /** `update` unless it says otherwise. */
  readonly by?: SetBy;
  /** What a value may be, beyond what its type says. */
  readonly check?: Check;
  /** Platform admins alone set it (D12): ever, or once the row is there. */
  readonly admin?: 'always' | 'afterwards';
  /** It is said when the row is made, and stays. */
  readonly fixed?: true;
}

/** How a client sets a relation, by the ids of the rows that it leads to. */
export interface RelationSetting {
  readonly by?: SetBy;
  /** One of these actions on what is referred to; reading it is needed always. */
  readonly needs?: readonly string[];
  /** It can be changed, but not to nothing. */
  readonly required?: true;
  /** It is said when the row is made, and stays. */
  readonly fixed?: true;
  /** Only what is defined at the row's scope or above it can be linked (D8). */
  readonly defined?: 'there or above';
}

/** What may be done with a column or relation: see the constructors below. */
type Class = 'open' | 'shown' | 'managed' | 'sealed';

/** A column, as a resource declares it. Kind, nullability and keys come from the data model. */
export interface Column {
  readonly class: Class;
  readonly description: string;
  /** Lists can be sorted by it. */
  readonly sort: boolean;
  /** Lists can be filtered by it; of JSON, by what lies at a path in it, where that is said. */
  readonly filter: boolean;
  readonly paths: boolean;
  /** The closed vocabulary that it holds words of; any other is shown as none. */
  readonly values?: readonly string[];
  readonly set?: Setting;
  /** An id that is told although the row that it names may be hidden or gone (D44). */
  readonly told?: true;
}

export interface ColumnOptions {
  readonly told?: true;
  readonly sort?: true;
  readonly filter?: false;
  readonly paths?: true;
  readonly values?: readonly string[];
  readonly set?: Setting;
}

const column =
  (kind: Class) =>
  (
    description: string,
    { sort, filter, paths, values, set, told }: ColumnOptions = {},
  ): Column => ({
    class: kind,
    description,
    sort: sort === true,
    paths: paths === true,
    filter: filter !== false && (kind === 'open' || kind === 'managed'),
    ...(values === undefined ? {} : { values }),
    ...(set === undefined ? {} : { set }),
    ...(told === undefined ? {} : { told }),
  });

/** May be read, filtered and sorted by. INVARIANT: nothing is open unless it is declared so. */
export const open = column('open');
/** May be read, and nothing else. */
export const shown = column('shown');
/** May be read and filtered by with Manage(read) on the row (D15). */
export const forManagers = column('managed');
/** Never leaves the database, whoever asks. */
export const sealed = column('sealed');

/** A relation, as a resource declares it. Where it leads comes from the data model. */
export interface Relation {
  readonly class: 'open' | 'managed';
  readonly description: string;
  readonly filter: boolean;
  /** Of a relation that is kept in rows between: the relation on from those. */
  readonly far?: string;
  /** The column in which the database keeps the ids of the far rows (ADR 2). */
  readonly kept?: string;
  readonly set?: RelationSetting;
}

export interface RelationOptions {
  /** Needs Manage(read) on the row (D15). */
  readonly managed?: true;
  readonly filter?: false;
  readonly set?: RelationSetting;
}

function relation(description: string, { managed, filter, set }: RelationOptions): Relation {
  return {
    class: managed === true ? 'managed' : 'open',
    description,
    filter: filter !== false,
    ...(set === undefined ? {} : { set }),
  };
}

/** A relation to one row, or to many that name this one. */
export const related = (description: string, options: RelationOptions = {}): Relation =>
  relation(description, options);

/** A relation to many rows by rows between, which are read with whatever they lead to. */
export const through = (
  far: string,
  description: string,
  { kept, ...options }: RelationOptions & { readonly kept?: string } = {},
): Relation => ({
  ...relation(description, options),
  far,
  ...(kept === undefined ? {} : { kept }),
});
