import { fieldOf, relationOf } from './data-model.js';
import { EnforcementError } from './enforcement-error.js';
import { type Filter, is, type Test } from './filter.js';
import type { GuardedFilter } from './guarded.js';
import { ALL, allOf, anyOf, complement, NONE } from './guarded-filter.js';
import {
  assertOpenColumn,
  definitelyVisible,
  type Guarding,
  manages,
  visible,
} from './guarding.js';

/**
 * A caller's filter, narrowed so that it can tell nothing about hidden rows and management fields:
 * hidden rows do not exist for `some`, `every` and `is` (D14); a condition on a management field holds
 * only where the row may be managed (D15).
 *
 * INVARIANT: every part of it is yes or no and never unknown (D45). So negations can be pushed down to the leaves
 * by De Morgan's laws, and no null shows under a NOT.
 */
export function guardFilter(
  guarding: Guarding,
  model: string,
  filter: Filter,
  negated = false,
): GuardedFilter {
  return narrow(guarding, model, filter, negated, undefined);
}

/** `within`: the field whose condition this is a part of, which has been decided already. */
function narrow(
  guarding: Guarding,
  model: string,
  filter: Filter,
  negated: boolean,
  within: string | undefined,
): GuardedFilter {
  const field = (name: string, test: GuardedFilter): GuardedFilter =>
    name === within ? test : guardField(guarding, model, name, test, negated);
  switch (filter.op) {
    case 'all':
      return negated ? NONE : ALL;
    case 'not':
      return narrow(guarding, model, filter.of, !negated, within);
    case 'and':
    case 'or': {
      const parts = filter.of.map((part) => narrow(guarding, model, part, negated, within));
      return (filter.op === 'and') !== negated ? allOf(...parts) : anyOf(parts);
    }
    case 'on':
      return field(filter.field, narrow(guarding, model, filter.of, negated, filter.field));
    case 'compare':
    case 'isNull':
      return field(filter.field, columnTest(guarding, model, filter, negated));
    case 'is':
    case 'some':
    case 'every':
      return field(filter.relation, relationTest(guarding, model, filter, negated));
    case 'keyed':
      if (negated) throw new EnforcementError(`a key of ${model} cannot be negated`);
      return keyTest(guarding, model, filter);
  }
}

/**
 * A foreign key is no field that can be filtered by: it would tell of a row that is hidden. INVARIANT: it is compared only of
 * rows whose relation leads to one that may be read (D14).
 */
function keyTest(
  guarding: Guarding,
  model: string,
  { relation, column, keys }: Extract<Filter, { op: 'keyed' }>,
): GuardedFilter {
  assertOpenColumn(guarding, model, column, 'named by');
  const { list, from } = relationOf(guarding.dataModel, model, relation);
  const [foreignKey, ...others] = from;
  if (list || foreignKey === undefined || others.length > 0) {
    throw new EnforcementError(`${model}.${relation} is no part of a key`);
  }
  if (keys.length === 0) return NONE;
  const isThere = narrow(guarding, model, is(relation), false, undefined);
  return allOf(isThere, { op: 'keyed', foreignKey, column, keys });
}

/** A test of a field, which needs Manage(read) where the field does; its complement needs it, or lacks it. */
function guardField(
  guarding: Guarding,
  model: string,
  name: string,
  test: GuardedFilter,
  negated: boolean,
): GuardedFilter {
  const fieldClass = guarding.decisions.classOf(model, name);
  if (fieldClass === 'open') return test;
  if (fieldClass !== 'managed') {
    throw new EnforcementError(`${model}.${name} cannot be filtered by`);
  }
  const manager = manages(guarding, model);
  return negated ? anyOf([complement(manager), test]) : allOf(manager, test);
}

function columnTest(
  { dataModel }: Guarding,
  model: string,
  filter: Extract<Filter, { op: 'compare' | 'isNull' }>,
  negated: boolean,
): GuardedFilter {
  const name = filter.field;
  const field = fieldOf(dataModel, model, name);
  if (field.kind !== 'scalar') throw new EnforcementError(`${model}.${name} is no column`);
  if (filter.op === 'isNull') {
    if (field.required) return negated ? ALL : NONE;
    return { op: 'isNull', field: name, negated };
  }
  const { test } = filter;
  if (isOfNothing(test)) return negated ? ALL : NONE;
  if (negated && test.is === 'json' && (test.path !== undefined || test.how !== 'equals')) {
    throw new EnforcementError(
      `${model}.${name} cannot be negated, for what is not there is unknown`,
    );
  }
  const compared: GuardedFilter = { op: 'compare', field: name, test, negated };
  if (field.required) return compared;
  // A comparison with a missing value is false, and its complement is true.
  const missing: GuardedFilter = { op: 'isNull', field: name, negated: !negated };
  return negated ? anyOf([missing, compared]) : allOf(missing, compared);
}

/** A list without values, in which nothing is. */
function isOfNothing(test: Test): boolean {
  const ofValues = test.is === 'oneOf' || test.is === 'hasSome' || test.is === 'at';
  return ofValues && test.values.length === 0;
}

function relationTest(
  guarding: Guarding,
  model: string,
  filter: Extract<Filter, { op: 'is' | 'some' | 'every' }>,
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
