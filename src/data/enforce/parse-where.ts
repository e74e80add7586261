import {
  type DataModel,
  fieldOf,
  type RelationShape,
  type ScalarShape,
} from '../../query/data-model.js';
import { EnforcementError } from '../../query/enforcement-error.js';
import {
  both,
  compare,
  either,
  every,
  type Filter,
  is,
  isMissing,
  JSON_TESTS,
  type JsonTest,
  not,
  type Operand,
  on,
  some,
  type Test,
} from '../../query/filter.js';
import { assertKnown, assertLiteral, isPlainObject, listOf, plainObject } from './plain.js';

/** A Prisma `where` as a filter. Throws on what it does not know, and on undefined (model §6.1). */
export function parseWhere(dataModel: DataModel, model: string, where: unknown): Filter {
  const given = plainObject(where, `a filter of ${model}`);
  const again = (part: unknown): Filter => parseWhere(dataModel, model, part);
  const parts = Object.entries(given).map(([key, value]): Filter => {
    if (value === undefined)
      throw new EnforcementError(`${key} in a filter of ${model} is undefined`);
    switch (key) {
      case 'AND':
        return both(...listOf(value).map(again));
      case 'OR':
        if (!Array.isArray(value)) throw new EnforcementError('OR takes a list');
        return either(value.map(again));
      case 'NOT':
        // With a list: none of the parts holds.
        return both(...listOf(value).map((part) => not(again(part))));
      default:
        return parseField(dataModel, model, key, value);
    }
  });
  return both(...parts);
}

function parseField(dataModel: DataModel, model: string, name: string, value: unknown): Filter {
  const field = fieldOf(dataModel, model, name);
  const what = `${model}.${name}`;
  if (field.kind === 'scalar') {
    assertLiteral(value, what);
    return on(name, parseColumn(what, name, field, value));
  }
  const test = field.list
    ? parseToMany(dataModel, what, name, field, value)
    : parseToOne(dataModel, name, field, value);
  return on(name, test);
}

function parseColumn(what: string, name: string, field: ScalarShape, value: unknown): Filter {
  if (value === null) return isMissing(name);
  if (!isPlainObject(value)) return compare(name, equalTo(what, field, value));
  if (field.type === 'Json') return compare(name, jsonTest(what, value));
  const { mode, ...operators } = value;
  if (mode !== undefined && mode !== 'default' && mode !== 'insensitive') {
    throw new EnforcementError(`${what} has an unknown mode`);
  }
  const folded = mode === 'insensitive';
  return both(
    ...Object.entries(operators).map(([operator, operand]): Filter => {
      if (operator === 'not') {
        // The mode is the whole comparison's, also of what is negated in it.
        const test = folded && isPlainObject(operand) ? { ...operand, mode } : operand;
        if (folded && !isPlainObject(operand)) {
          throw new EnforcementError(`${what} takes no mode for not`);
        }
        return not(parseColumn(what, name, field, test));
      }
      if (operand === null && operator === 'equals') return isMissing(name);
      if (operator === 'notIn')
        return not(compare(name, operatorTest(what, field, 'in', operand, folded)));
      return compare(name, operatorTest(what, field, operator, operand, folded));
    }),
  );
}

function equalTo(what: string, field: ScalarShape, value: unknown): Test {
  if (field.type === 'Json') return { is: 'json', how: 'equals', value };
  return field.list
    ? { is: 'listEqual', values: operands(what, value) }
    : { is: 'equal', value: operand(what, value) };
}

const COMPARED = { lt: 'less', lte: 'atMost', gt: 'greater', gte: 'atLeast' } as const;

function operatorTest(
  what: string,
  field: ScalarShape,
  operator: string,
  value: unknown,
  folded: boolean,
): Test {
  switch (operator) {
    case 'contains':
    case 'startsWith':
    case 'endsWith':
      if (typeof value !== 'string') throw new EnforcementError(`${what} is compared with no text`);
      return { is: operator, text: value, folded };
    case 'has':
      return { is: 'hasAll', values: [operand(what, value)] };
    case 'hasEvery':
      return { is: 'hasAll', values: operands(what, value) };
    case 'hasSome':
      return { is: 'hasSome', values: operands(what, value) };
    case 'isEmpty':
      if (typeof value !== 'boolean') throw new EnforcementError(`${what} is empty or it is not`);
      return { is: 'empty', value };
    default:
      break;
  }
  // Prisma would hand these to LIKE as they are, wildcards included (model §6.4).
  if (folded) throw new EnforcementError(`${what} takes no mode for ${operator}`);
  switch (operator) {
    case 'equals':
      return equalTo(what, field, value);
    case 'in':
      return { is: 'oneOf', values: operands(what, value) };
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return { is: COMPARED[operator], value: operand(what, value) };
    default:
      throw new EnforcementError(`${what} cannot be compared by ${operator}`);
  }
}

function jsonTest(what: string, given: Record<string, unknown>): Test {
  const { path, ...tests } = given;
  const [[how, value] = [], ...others] = Object.entries(tests);
  if (others.length > 0 || !(JSON_TESTS as readonly unknown[]).includes(how)) {
    throw new EnforcementError(`${what} needs one test that is known`);
  }
  if (path === undefined) return { is: 'json', how: how as JsonTest, value };
  if (!Array.isArray(path) || path.some((key) => typeof key !== 'string')) {
    throw new EnforcementError(`the path in ${what} is a list of keys`);
  }
  return { is: 'json', how: how as JsonTest, path, value };
}

function operands(what: string, value: unknown): Operand[] {
  if (!Array.isArray(value)) throw new EnforcementError(`${what} needs a list`);
  return value.map((one) => operand(what, one));
}

function operand(what: string, value: unknown): Operand {
  const isOperand =
    ['string', 'number', 'boolean', 'bigint'].includes(typeof value) ||
    value instanceof Date ||
    value instanceof Uint8Array;
  if (!isOperand) throw new EnforcementError(`${what} is compared with no value`);
  return value as Operand;
}

function parseToMany(
  dataModel: DataModel,
  what: string,
  name: string,
  { type }: RelationShape,
  value: unknown,
): Filter {
  const test = plainObject(value, what);
  assertKnown(test, ['some', 'every', 'none'], what);
  const parts = Object.entries(test).map(([quantifier, inner]): Filter => {
    const of = parseWhere(dataModel, type, inner);
    if (quantifier === 'every') return every(name, of);
    return quantifier === 'some' ? some(name, of) : not(some(name, of));
  });
  if (parts.length === 0) throw new EnforcementError(`${what} needs some, every or none`);
  return both(...parts);
}

function parseToOne(
  dataModel: DataModel,
  name: string,
  { type }: RelationShape,
  value: unknown,
): Filter {
  const isTest = (inner: unknown): Filter =>
    inner === null ? not(is(name)) : is(name, parseWhere(dataModel, type, inner));
  if (!isPlainObject(value) || !('is' in value || 'isNot' in value)) return isTest(value);
  assertKnown(value, ['is', 'isNot'], name);
  return both(
    ...Object.entries(value).map(([key, inner]) =>
      key === 'is' ? isTest(inner) : not(isTest(inner)),
    ),
  );
}
