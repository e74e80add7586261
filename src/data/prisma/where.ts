import { type DataModel, keyOf, relationOf } from '../../query/data-model.js';
import type { Test } from '../../query/filter.js';
import type { GuardedFilter } from '../../query/guarded.js';
import { Prisma } from '../generated/client.js';
import { escapeLike } from './like.js';
import { padded } from './padded.js';
import { nothing, residualWhere, type Where } from './residual-where.js';

/** A guarded filter in Prisma's words. */
export function whereOf(dataModel: DataModel, model: string, filter: GuardedFilter): Where {
  const inner = (one: GuardedFilter): Where => whereOf(dataModel, model, one);
  switch (filter.op) {
    case 'all':
      return {};
    case 'none':
      return nothing(keyOf(dataModel, model));
    case 'and': {
      const apart = filter.of.filter(isExistence).length > JOINED_AT_MOST;
      const part = (one: GuardedFilter): Where =>
        apart && isExistence(one)
          ? { OR: [inner(one), nothing(keyOf(dataModel, model))] }
          : inner(one);
      return { AND: filter.of.map(part).flatMap(conjuncts) };
    }
    case 'or':
      return { OR: filter.of.map(inner) };
    case 'residual':
      return signed(residualWhere(filter.residual, keyOf(dataModel, model)), filter.negated);
    case 'compare': {
      const { field, test, negated } = filter;
      if (test.is === 'at' || test.is === 'nothingAt') return atPath(field, test, negated);
      return signed({ [field]: testOf(test) }, negated);
    }
    case 'isNull':
      return { [filter.field]: filter.negated ? { not: null } : null };
    case 'is': {
      const { type } = relationOf(dataModel, model, filter.relation);
      const is = { [filter.relation]: { is: whereOf(dataModel, type, filter.of) } };
      return signed(is, filter.negated);
    }
    case 'some': {
      const { type } = relationOf(dataModel, model, filter.relation);
      const of = whereOf(dataModel, type, filter.of);
      return { [filter.relation]: { [filter.negated ? 'none' : 'some']: of } };
    }
    case 'keyed':
      return keyedWhere(filter);
  }
}

/** One alternative for each row that keys belong to. */
function keyedWhere({ foreignKey, column, keys }: GuardedFilter & { op: 'keyed' }): Where {
  const texts = new Map<string, string[]>();
  for (const { of, text } of keys) texts.set(of, [...(texts.get(of) ?? []), text]);
  const alternatives = [...texts].map(
    ([of, all]): Where => ({ [foreignKey]: of, [column]: { in: padded(all) } }),
  );
  return { OR: padded(alternatives) };
}

/**
 * So many tests that some related row exists are joined by PostgreSQL, in an order that it looks for among all
 * tables of all of them: twelve took seconds to plan, and nothing to execute. Of more, each is an
 * alternative to nothing, which it plans as a subquery of its own.
 */
const JOINED_AT_MOST = 2;

function isExistence(filter: GuardedFilter): boolean {
  return filter.op === 'some' && !filter.negated;
}

/** Both of the filters. */
export function bothWheres(one: Where, other: Where): Where {
  const parts = [...conjuncts(one), ...conjuncts(other)];
  const [first, ...others] = parts;
  if (first === undefined) return {};
  return others.length === 0 ? first : { AND: parts };
}

function conjuncts(where: Where): readonly Where[] {
  const keys = Object.keys(where);
  if (keys.length === 0) return [];
  return keys.length === 1 && Array.isArray(where.AND) ? (where.AND as Where[]) : [where];
}

const signed = (where: Where, negated: boolean): Where => (negated ? { NOT: where } : where);

/**
 * Of what lies at a path in JSON. INVARIANT: a test of what is not there is unknown to the database, and so is its
 * negation: that nothing is there is asked besides (D45).
 */
function atPath(field: string, test: Test & { is: 'at' | 'nothingAt' }, negated: boolean): Where {
  const at = (equals: unknown): Where => ({ [field]: { path: [...test.path], equals } });
  const missing = at(Prisma.DbNull);
  if (test.is === 'nothingAt') {
    const isNull = at(Prisma.JsonNull);
    return negated ? { AND: [{ NOT: missing }, { NOT: isNull }] } : { OR: [missing, isNull] };
  }
  const isOne: Where = { OR: test.values.map(at) };
  return negated ? { OR: [missing, { NOT: isOne }] } : isOne;
}

const ORDERED = {
  equal: 'equals',
  less: 'lt',
  atMost: 'lte',
  greater: 'gt',
  atLeast: 'gte',
} as const;

function testOf(test: Exclude<Test, { is: 'at' | 'nothingAt' }>): object {
  switch (test.is) {
    case 'oneOf':
      return { in: [...test.values] };
    case 'contains':
    case 'startsWith':
    case 'endsWith':
      return {
        [test.is]: escapeLike(test.text),
        ...(test.folded ? { mode: 'insensitive' } : {}),
      };
    case 'hasAll':
      return { hasEvery: [...test.values] };
    case 'hasSome':
      return { hasSome: [...test.values] };
    case 'listEqual':
      return { equals: [...test.values] };
    case 'empty':
      return { isEmpty: test.value };
    case 'json': {
      const { how, path, value } = test;
      return { ...(path === undefined ? {} : { path: [...path] }), [how]: value };
    }
    default:
      return { [ORDERED[test.is]]: test.value };
  }
}
