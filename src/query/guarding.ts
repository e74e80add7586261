import type { Decisions } from '../policy/decisions.js';
import { MANAGE } from '../policy/resolve.js';
import { REACHABLE } from '../policy/situation.js';
import { type DataModel, fieldOf, type RelationShape, relationOf } from './data-model.js';
import { definite } from './definite.js';
import { EnforcementError } from './enforcement-error.js';
import type { GuardedFilter } from './guarded.js';
import { permitted } from './guarded-filter.js';

/** What a query is guarded by: who decides, over which models. */
export interface Guarding {
  readonly dataModel: DataModel;
  readonly decisions: Decisions;
}

/** The rows of a model that may be read, reached from another row: by reachable tenancy (D4). */
export function visible({ decisions }: Guarding, model: string): GuardedFilter {
  return permitted(decisions.residual(model, 'read', REACHABLE));
}

/** The same, fit to stand under a NOT: to-one relations are joined, so a null would show there. */
export function definitelyVisible(guarding: Guarding, model: string): GuardedFilter {
  return definitely(guarding, model, 'read');
}

/** Manage(read) on a row of the model (D15), fit to stand under a NOT. */
export function manages(guarding: Guarding, model: string): GuardedFilter {
  return definitely(guarding, model, MANAGE);
}

function definitely({ dataModel, decisions }: Guarding, model: string, action: string) {
  return permitted(definite(dataModel, model, decisions.residual(model, action, REACHABLE)));
}

/** Throws unless the column is open: an order or a sum of another would tell what is hidden (D15). */
export function assertOpenColumn(
  { dataModel, decisions }: Guarding,
  model: string,
  name: string,
  verb: string,
): void {
  if (
    fieldOf(dataModel, model, name).kind !== 'scalar' ||
    decisions.classOf(model, name) !== 'open'
  ) {
    throw new EnforcementError(`${model}.${name} cannot be ${verb}`);
  }
}

/**
 * INVARIANT: only relations that the policy names are followed, and a required to-one relation
 * never is: Prisma takes no filter on it, so a hidden row would come through (§6.2).
 */
export function assertFollowed(
  { decisions }: Guarding,
  model: string,
  name: string,
  field: RelationShape,
): void {
  const fieldClass = decisions.classOf(model, name);
  if (fieldClass !== 'open' && fieldClass !== 'managed') {
    throw new EnforcementError(`${model}.${name} cannot be followed`);
  }
  if (!field.list && field.required) {
    throw new EnforcementError(`${model}.${name} is required and so cannot be narrowed`);
  }
}

/**
 * The model that a to-one relation leads to, whose row may be read wherever this one may: of a row
 * between two others, either. Throws on any other relation.
 *
 * INVARIANT: it goes by the policy, so that what such a row says tells nothing of hidden ones.
 */
export function assertReadWith(
  { dataModel, decisions }: Guarding,
  model: string,
  name: string,
): string {
  const { type, list } = relationOf(dataModel, model, name);
  const { read } = decisions.policy(model).actions;
  const parts = read.kind === 'allOf' ? read.of : [read];
  // Manage(read) is a part of read.
  if (list || !parts.some((part) => part.kind === 'via' && part.relation === name)) {
    throw new EnforcementError(`${model} cannot be sorted by what ${name} says`);
  }
  return type;
}
