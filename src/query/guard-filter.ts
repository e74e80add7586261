import { fieldOf, type ScalarShape } from './data-model.js';
import { EnforcementError } from './enforcement-error.js';
import type { Filter, Test } from './filter.js';
import type { GuardedFilter } from './guarded.js';
import { ALL, allOf, anyOf, NONE } from './guarded-filter.js';
import { definitelyVisible, type Guarding, manages, visible } from './guarding.js';

/**
 * A caller's filter, narrowed so that it can tell nothing about hidden rows and management fields:
 * hidden rows do not exist for `some`, `every` and `is` (D14); a condition on a management field holds
 * only where the row may be managed, negated or not (D15).
 *
 * Negations are pushed down to the leaves for that, by De Morgan's laws, which hold in SQL's
 * three-valued logic too.
 */
export function guardFilter(
  guarding: Guarding,
  model: string,
  filter: Filter,
  negated = false,
): GuardedFilter {
  switch (filter.op) {
    case 'all':
      return negated ? NONE : ALL;
    case 'not':
      return guardFilter(guarding, model, filter.of, !negated);
    case 'and':
    case 'or': {
      const parts = filter.of.map((part) => guardFilter(guarding, model, part, negated));
      return (filter.op === 'and') !== negated ? allOf(...parts) : anyOf(parts);
    }
    case 'compare':
    case 'isNull':
      return guardField(
        guarding,
        model,
        filter.field,
        columnTest(guarding, model, filter, negated),
      );
    case 'is':
    case 'some':
    case 'every':
      return guardField(
        guarding,
        model,
        filter.relation,
        relationTest(guarding, model, filter, negated),
      );
  }
}

/** A test of a field, which needs Manage(read) where the field does. */
function guardField(
  guarding: Guarding,
  model: string,
  name: string,
  test: GuardedFilter,
): GuardedFilter {
  const fieldClass = guarding.decisions.classOf(model, name);
  if (fieldClass === 'open') return test;
  if (fieldClass === 'managed') return allOf(manages(guarding, model), test);
  throw new EnforcementError(`${model}.${name} cannot be filtered by`);
}

function columnTest(
  { dataModel }: Guarding,
  model: string,
  filter: Extract<Filter, { field: string }>,
  negated: boolean,
): GuardedFilter {
  const field = fieldOf(dataModel, model, filter.field);
  if (field.kind !== 'scalar') throw new EnforcementError(`${model}.${filter.field} is no column`);
  if (filter.op === 'isNull') {
    if (field.required) return negated ? ALL : NONE;
    return { op: 'isNull', field: filter.field, negated };
  }
  const { test } = filter;
  if (isOfNothing(test)) return negated ? ALL : NONE;
  return allOf(withValue(field, filter.field), {
    op: 'compare',
    field: filter.field,
    test,
    negated,
  });
}

/**
 * A comparison with a null column is neither true nor false, and would stay so under the NOT of a
 * relation around it; asking for a value first makes it false, negated or not.
 */
function withValue(field: ScalarShape, name: string): GuardedFilter {
  const hasNulls = !field.required && field.type !== 'Json';
  return hasNulls ? { op: 'isNull', field: name, negated: true } : ALL;
}

/** A list without values answers for a null column too. */
function isOfNothing(test: Test): boolean {
  return (test.is === 'oneOf' || test.is === 'hasSome') && test.values.length === 0;
}

function relationTest(
  guarding: Guarding,
  model: string,
  filter: Extract<Filter, { relation: string }>,
  negated: boolean,
): GuardedFilter {
  const { relation } = filter;
  const field = fieldOf(guarding.dataModel, model, relation);
  if (field.kind !== 'relation' || field.list !== (filter.op !== 'is')) {
    throw new EnforcementError(`${model}.${relation} cannot be asked for ${filter.op}`);
  }
  const target = field.type;
  switch (filter.op) {
    case 'is': {
      const of = allOf(
        definitelyVisible(guarding, target),
        guardFilter(guarding, target, filter.of),
      );
      return existence('is', relation, of, negated);
    }
    case 'some': {
      const of = allOf(visible(guarding, target), guardFilter(guarding, target, filter.of));
      return existence('some', relation, of, negated);
    }
    case 'every': {
      // Every visible row satisfies it: no visible row fails it.
      const failing = guardFilter(guarding, target, filter.of, true);
      return existence('some', relation, allOf(visible(guarding, target), failing), !negated);
    }
  }
}

function existence(
  op: 'is' | 'some',
  relation: string,
  of: GuardedFilter,
  negated: boolean,
): GuardedFilter {
  if (of.op === 'none') return negated ? ALL : NONE;
  return { op, relation, of, negated };
}
