import type { Where } from '../../policy/to-prisma-where.js';
import type { FieldShape, RelationShape } from '../data-model.js';
import { assertKnown, assertLiteral, isPlainObject, listOf, plainObject } from './plain.js';
import { allOf, EnforcementError, type Rules } from './rules.js';

/**
 * A caller's filter, rewritten so that it can tell nothing about hidden rows and management
 * fields: hidden rows do not exist for `some`, `every`, `none`, `is` and `isNot` (D14); a condition
 * on a management field holds only where the row may be managed, negated or not (D15).
 *
 * Negations are pushed down to the leaves for that, by De Morgan's laws, which hold in SQL's
 * three-valued logic too.
 */
export function rewriteWhere(rules: Rules, model: string, where: unknown): Where {
  return allOf(...terms(rules, model, where, false));
}

/** The same for NOT where. */
function rewriteNegated(rules: Rules, model: string, where: unknown): Where {
  return anyOf(rules, model, terms(rules, model, where, true));
}

/** The parts of a filter; all of them must hold, or, of a negated one, any. */
function terms(rules: Rules, model: string, where: unknown, negated: boolean): Where[] {
  const filter = plainObject(where, `a filter of ${model}`);
  return Object.entries(filter).map(([key, value]) => {
    if (value === undefined)
      throw new EnforcementError(`${key} in a filter of ${model} is undefined`);
    switch (key) {
      case 'AND':
        return junction(rules, model, listOf(value), 'and', negated);
      case 'OR':
        if (!Array.isArray(value)) throw new EnforcementError('OR takes a list');
        return junction(rules, model, value, 'or', negated);
      case 'NOT':
        return nor(rules, model, listOf(value), negated);
      default:
        return leaf(rules, model, key, value, negated);
    }
  });
}

function junction(
  rules: Rules,
  model: string,
  of: readonly unknown[],
  op: 'and' | 'or',
  negated: boolean,
): Where {
  const rewrite = negated ? rewriteNegated : rewriteWhere;
  const parts = of.map((part) => rewrite(rules, model, part));
  return (op === 'and') !== negated ? allOf(...parts) : anyOf(rules, model, parts);
}

/** NOT with a list: none of the parts holds. */
function nor(rules: Rules, model: string, of: readonly unknown[], negated: boolean): Where {
  return negated
    ? anyOf(
        rules,
        model,
        of.map((part) => rewriteWhere(rules, model, part)),
      )
    : allOf(...of.map((part) => rewriteNegated(rules, model, part)));
}

/** INVARIANT: no alternative is "nothing", said outright; an empty OR can match every row (§6.1). */
function anyOf(rules: Rules, model: string, parts: readonly Where[]): Where {
  if (parts.some((part) => Object.keys(part).length === 0)) return {};
  const [first, ...others] = parts;
  if (first === undefined) return rules.nothing(model);
  return others.length === 0 ? first : { OR: parts };
}

function leaf(rules: Rules, model: string, name: string, value: unknown, negated: boolean): Where {
  const field = rules.field(model, name);
  const fieldClass = rules.classOf(model, name);
  if (fieldClass !== 'open' && fieldClass !== 'managed') {
    throw new EnforcementError(`${model}.${name} cannot be filtered by`);
  }
  const test =
    field.kind === 'relation'
      ? relationTest(rules, `${model}.${name}`, name, field, value)
      : scalarTest(`${model}.${name}`, name, value);
  const signed = allOf(definiteness(field, name, value), negated ? { NOT: test } : test);
  return fieldClass === 'managed' ? allOf(rules.managedWhere(model), signed) : signed;
}

/**
 * A comparison with a null column is neither true nor false, and would stay so under the NOT of a
 * relation around it; asking for a value first makes it false, negated or not.
 */
function definiteness(field: FieldShape, name: string, value: unknown): Where {
  const hasNulls = field.kind === 'scalar' && !field.required && field.type !== 'Json';
  return hasNulls && !isDefinite(value) ? { [name]: { not: null } } : {};
}

/** A test for null itself, and a list without values, answer for a null column too. */
function isDefinite(value: unknown): boolean {
  if (value === null) return true;
  const operands = isPlainObject(value) ? Object.values(value) : [value];
  return operands.every((one) => one === null || (Array.isArray(one) && one.length === 0));
}

function scalarTest(what: string, name: string, value: unknown): Where {
  assertLiteral(value, what);
  return { [name]: value };
}

function relationTest(
  rules: Rules,
  what: string,
  name: string,
  field: RelationShape,
  value: unknown,
): Where {
  return field.list
    ? toManyTest(rules, what, name, field.type, plainObject(value, what))
    : toOneTest(rules, name, field.type, value);
}

function toManyTest(
  rules: Rules,
  what: string,
  name: string,
  target: string,
  test: Record<string, unknown>,
): Where {
  assertKnown(test, ['some', 'every', 'none'], what);
  const visible = rules.nestedWhere(target);
  const parts = Object.entries(test).map(([quantifier, inner]): Where => {
    if (quantifier === 'every') {
      // Every visible row satisfies it: no visible row fails it.
      return { [name]: { none: allOf(visible, rewriteNegated(rules, target, inner)) } };
    }
    return { [name]: { [quantifier]: allOf(visible, rewriteWhere(rules, target, inner)) } };
  });
  if (parts.length === 0) throw new EnforcementError(`${what} needs some, every or none`);
  return allOf(...parts);
}

function toOneTest(rules: Rules, name: string, target: string, value: unknown): Where {
  const exists = (inner: Where): Where => ({
    [name]: { is: allOf(rules.definiteWhere(target), inner) },
  });
  const isTest = (inner: unknown): Where =>
    inner === null ? { NOT: exists({}) } : exists(rewriteWhere(rules, target, inner));
  if (!isPlainObject(value) || !('is' in value || 'isNot' in value)) return isTest(value);
  assertKnown(value, ['is', 'isNot'], name);
  return allOf(
    ...Object.entries(value).map(
      ([key, inner]): Where => (key === 'is' ? isTest(inner) : { NOT: isTest(inner) }),
    ),
  );
}
