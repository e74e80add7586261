import type { ChangeGuard, Keeping, RowCheck, Watch, Writable } from '../commands/writable.js';
import { definePolicy, type Home, type Ownership, type Policy } from '../policy/define-policy.js';
import type { Predicate } from '../policy/predicate.js';
import type { ACTIONS, ResourceType } from '../policy/vocabulary.js';
import type { Column, Relation } from './columns.js';
import type { Resource, Trait } from './declared.js';
import { register } from './registry.js';
import type { ColumnName, ModelName, RelationName } from './types.js';

/** Total over what the vocabulary permits on the type; `use` and `launched` are no permissions, and decided besides. */
type Actions<R extends ResourceType> = Readonly<
  Record<(typeof ACTIONS)[R][number], Predicate> & {
    read?: Predicate;
    use?: Predicate;
    launched?: Predicate;
  }
>;

export interface Declaration<M extends ModelName, R extends ResourceType> {
  /** What the vocabulary calls it. */
  readonly resource: R;
  readonly description: string;
  readonly noun: string;
  /** Unless it is the noun with an s. */
  readonly nouns?: string;
  /** The root field of the list, unless it is that of one with an s. */
  readonly many?: string;
  /** Lists are sorted by this column, the greatest first, where nobody says how. */
  readonly latest?: ColumnName<M>;
  readonly traits?: readonly Trait[];
  readonly columns?: Readonly<Partial<Record<ColumnName<M>, Column>>>;
  readonly relations?: Readonly<Partial<Record<RelationName<M>, Relation>>>;
  readonly actions: Actions<R>;
  /** What an execution may do besides with the rows in the chain of its place, and global ones (D30). */
  readonly privilege?: readonly (typeof ACTIONS)[R][number][];
  /** What its fields for managers need, where that is no part of reading it (D15). */
  readonly managing?: Predicate;
  /** Where its rows live, unless a trait says so. */
  readonly home?: Home;
  readonly ownership?: Ownership;
  /** The column that a permission's pattern compares besides the id (D10). */
  readonly name?: ColumnName<M>;
  /** What names a row besides its id, for federation: the relation to what it belongs to, and the column that is unique there. */
  readonly naturalKey?: readonly [of: RelationName<M>, column: ColumnName<M>];
  /** Whether a read grant at the organization's root also reads global rows (D8). */
  readonly readsGlobalRows?: true;
  /** What is wrong with a row as it would be, that no single column shows. */
  readonly check?: RowCheck;
  /** How a row is kept, where that is not as it is set (D16). */
  readonly keeping?: Keeping;
  /** What a change of it needs beyond its action (D21). */
  readonly guard?: ChangeGuard;
  /** What must not come of making or changing it, whatever of it was set (D21). */
  readonly watch?: Watch;
  /** What is told where there is such a row already; of most, that their name is taken. */
  readonly taken?: string;
  /** What deleting it takes along needs (D21). */
  readonly beforeDelete?: Writable['beforeDelete'];
  /** What people hold is read from its rows, so that to change one changes authority (D18). */
  readonly holdsAuthority?: true;
  /** Its rows are parts of those of another resource, which the vocabulary has. */
  readonly part?: true;
}

/**
 * Declares a resource: the one place that says what it is and who may do what with it. Throws on a
 * declaration that contradicts itself.
 */
export function resource<M extends ModelName, R extends ResourceType>(
  model: M,
  declaration: Declaration<M, R>,
): Resource<M> {
  const { description, noun, nouns = `${noun}s`, traits = [], actions } = declaration;
  const columns = merged<Column>(
    model,
    traits.map((trait) => trait.columns),
    declaration.columns,
  );
  const relations = merged<Relation>(
    model,
    traits.map((trait) => trait.relations),
    declaration.relations,
  );
  const ofClass = (name: Column['class']): string[] =>
    [...columns, ...relations].filter(([, one]) => one.class === name).map(([field]) => field);
  const pick = <K extends keyof Trait>(key: K) => lastOf(traits.map((trait) => trait[key]));
  const policy = definePolicy(model, {
    resource: declaration.resource,
    ...defined({
      home: declaration.home ?? pick('home'),
      ownership: declaration.ownership ?? pick('ownership'),
      name: declaration.name ?? pick('naming'),
      cascadesBy: pick('cascadesBy'),
      readsGlobalRows: declaration.readsGlobalRows,
      managing: declaration.managing,
      privilege: declaration.privilege,
    }),
    actions: actions as Policy['actions'],
    fields: {
      open: ofClass('open'),
      managed: ofClass('managed'),
      sealed: ofClass('sealed'),
      told: [...columns].filter(([, { told }]) => told).map(([field]) => field),
    },
  });
  const one = `${model.charAt(0).toLowerCase()}${model.slice(1)}`;
  const made: Resource<M> = {
    model,
    resource: declaration.resource,
    description,
    noun,
    nouns,
    one,
    many: declaration.many ?? `${one}s`,
    ...(declaration.latest === undefined ? {} : { latest: declaration.latest }),
    policy,
    columns,
    relations,
    traits,
    ...defined({
      check: declaration.check,
      keeping: declaration.keeping,
      guard: declaration.guard,
      watch: declaration.watch,
      taken: declaration.taken,
      naturalKey: declaration.naturalKey,
      beforeDelete: declaration.beforeDelete,
      holdsAuthority: declaration.holdsAuthority,
      part: declaration.part,
    }),
  };
  register(made);
  return made;
}

/** What traits and the declaration itself say; it may say anew what a trait has said. */
function merged<T>(
  model: string,
  parts: readonly Readonly<Record<string, T>>[],
  own: Readonly<Partial<Record<string, T>>> = {},
): ReadonlyMap<string, T> {
  const all = new Map<string, T>();
  for (const part of parts) {
    for (const [name, one] of Object.entries(part)) {
      if (all.has(name)) throw new Error(`two traits of ${model} declare ${name}`);
      all.set(name, one);
    }
  }
  for (const [name, one] of Object.entries(own)) if (one !== undefined) all.set(name, one);
  return all;
}

function lastOf<T>(values: readonly (T | undefined)[]): T | undefined {
  return values.filter((value) => value !== undefined).at(-1);
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function defined<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as Defined<T>;
}
