import type { Extent } from '../policy/situation.js';
import { fieldOf, relationOf, shapeOf } from './data-model.js';
import { EnforcementError } from './enforcement-error.js';
import { ALL as EVERYTHING } from './filter.js';
import { guardFilter } from './guard-filter.js';
import { checkFunctions, checkGroupOrder, checkHaving } from './guard-groups.js';
import type {
  GuardedAggregate,
  GuardedCount,
  GuardedFilter,
  GuardedGroups,
  GuardedQuery,
  GuardedRelated,
  GuardedSelection,
} from './guarded.js';
import { allOf, permitted } from './guarded-filter.js';
import {
  assertFollowed,
  assertOpenColumn,
  assertReadWith,
  type Guarding,
  visible,
} from './guarding.js';
import type {
  AggregateQuery,
  CountQuery,
  GroupQuery,
  OrderKey,
  Query,
  RelatedQuery,
  Selection,
  UniqueKey,
} from './query.js';

/**
 * The one place where policies meet a query: its rows are those that may be read in its extent, its
 * related rows those that may be read at all (D14), what it asks of management fields holds for
 * managers alone (D15), and what may not be sorted by, followed or selected is refused.
 *
 * @throws EnforcementError
 */
export function guard(guarding: Guarding, query: Query, extent: Extent): GuardedQuery {
  const { model, unique } = query;
  if (unique !== undefined) checkUnique(guarding, model, unique);
  return {
    ...related(guarding, model, query, root(guarding, query, extent)),
    ...(unique === undefined ? {} : { unique }),
  } as GuardedQuery;
}

/** The same of a number of rows. */
export function guardCount(guarding: Guarding, query: CountQuery, extent: Extent): GuardedCount {
  checkOrder(guarding, query.model, query.order ?? []);
  checkFunctions(guarding, query.model, { _count: query.columns });
  return { ...query, where: narrowed(guarding, query, extent) } as GuardedCount;
}

/** The same of sums and the like. */
export function guardAggregate(
  guarding: Guarding,
  query: AggregateQuery,
  extent: Extent,
): GuardedAggregate {
  checkOrder(guarding, query.model, query.order ?? []);
  checkFunctions(guarding, query.model, query.functions);
  return { ...query, where: narrowed(guarding, query, extent) } as GuardedAggregate;
}

/** The same of groups. */
export function guardGroups(guarding: Guarding, query: GroupQuery, extent: Extent): GuardedGroups {
  const { model, by, functions, having, order } = query;
  for (const name of by) assertOpenColumn(guarding, model, name, 'grouped by');
  checkFunctions(guarding, model, functions);
  if (having !== undefined) checkHaving(guarding, model, having);
  for (const one of order) checkGroupOrder(guarding, model, one);
  return { ...query, where: narrowed(guarding, query, extent) } as GuardedGroups;
}

function root(
  guarding: Guarding,
  { model, unowned, permitting = [] }: Pick<CountQuery, 'model' | 'unowned' | 'permitting'>,
  extent: Extent,
): GuardedFilter {
  const { decisions } = guarding;
  const read = permitted(decisions.residual(model, 'read', extent));
  return allOf(
    read,
    ...(unowned === undefined ? [] : [ofNobody(guarding, model, extent)]),
    ...permitting.map(permitted),
  );
}

/**
 * Rows without an owner and a team, for those alone who may give them to somebody.
 *
 * INVARIANT: whose a row is, is told to who manages it (D15), and nobody transfers what they do not manage.
 */
function ofNobody({ decisions }: Guarding, model: string, extent: Extent): GuardedFilter {
  if (decisions.policy(model).ownership !== 'owned') {
    throw new EnforcementError(`${model} has no owners`);
  }
  const missing = ['ownerId', 'teamId'].map(
    (field): GuardedFilter => ({ op: 'isNull', field, negated: false }),
  );
  return allOf(permitted(decisions.residual(model, 'transfer', extent)), ...missing);
}

function narrowed(guarding: Guarding, query: CountQuery, extent: Extent): GuardedFilter {
  const { model, where = EVERYTHING } = query;
  shapeOf(guarding.dataModel, model);
  return allOf(root(guarding, query, extent), guardFilter(guarding, model, where));
}

function related(
  guarding: Guarding,
  model: string,
  query: RelatedQuery,
  policy: GuardedFilter,
): GuardedRelated {
  const { where = EVERYTHING, order, page, distinct, select } = query;
  checkOrder(guarding, model, order ?? []);
  for (const name of distinct ?? []) assertOpenColumn(guarding, model, name, 'made distinct');
  if (page?.cursor !== undefined) checkUnique(guarding, model, page.cursor);
  return {
    model,
    where: allOf(policy, guardFilter(guarding, model, where)),
    ...(order === undefined ? {} : { order }),
    ...(page === undefined ? {} : { page }),
    ...(distinct === undefined ? {} : { distinct }),
    select: guardSelection(guarding, model, select),
  };
}

/** Every relation is narrowed to the rows that may be read, at any depth, counts included. */
function guardSelection(guarding: Guarding, model: string, select: Selection): GuardedSelection {
  const { dataModel, decisions } = guarding;
  const { columns, relations = {}, counts = {} } = select;
  if (columns !== 'unsealed') for (const name of columns) assertShown(guarding, model, name);
  return {
    columns,
    sealed: decisions.sealed(model),
    relations: Object.fromEntries(
      Object.entries(relations).map(([name, query]) => {
        const field = relationOf(dataModel, model, name);
        assertFollowed(guarding, model, name, field);
        return [name, related(guarding, field.type, query, visible(guarding, field.type))];
      }),
    ),
    counts: Object.fromEntries(
      Object.entries(counts).map(([name, where]) => {
        const field = relationOf(dataModel, model, name);
        if (!field.list) throw new EnforcementError(`${model}.${name} cannot be counted`);
        assertFollowed(guarding, model, name, field);
        const target = field.type;
        const narrow = allOf(visible(guarding, target), guardFilter(guarding, target, where));
        return [name, { model: target, where: narrow }];
      }),
    ),
  };
}

function assertShown({ dataModel, decisions }: Guarding, model: string, name: string): void {
  if (fieldOf(dataModel, model, name).kind !== 'scalar') {
    throw new EnforcementError(`${model}.${name} is no column`);
  }
  if (decisions.classOf(model, name) === 'sealed') {
    throw new EnforcementError(`${model}.${name} never leaves the database`);
  }
}

/**
 * Open columns of the row itself, or of a row without which this one is not read. An order by a management
 * field, by any other related row or by a count would tell about what is hidden (D15, model §6.4).
 */
function checkOrder(guarding: Guarding, model: string, order: readonly OrderKey[]): void {
  for (const { field, via } of order) {
    const of = via === undefined ? model : assertReadWith(guarding, model, via);
    assertOpenColumn(guarding, of, field, 'sorted by');
  }
  if (new Set(order.map(({ via }) => via)).size > 1) {
    throw new EnforcementError(`${model} cannot be sorted by columns of several rows`);
  }
}

function checkUnique(guarding: Guarding, model: string, unique: UniqueKey): void {
  const { uniques } = shapeOf(guarding.dataModel, model);
  for (const name of Object.keys(unique)) {
    const fields = Object.hasOwn(uniques, name) ? uniques[name] : undefined;
    if (fields === undefined) throw new EnforcementError(`${model} has no unique key ${name}`);
    for (const field of fields) assertOpenColumn(guarding, model, field, 'looked up by');
  }
}
