import type { Condition } from './condition.js';
import { escapeLike } from './like.js';
import { padded } from './padded.js';

/** A Prisma `where` of whatever model; the data room knows which. */
export type Where = { readonly [key: string]: unknown };

/**
 * INVARIANT: "nothing" is an empty list of ids. An empty OR inside an AND, or an undefined value,
 * would match every row (model §6.1). `key` is any required column of the model.
 */
export const nothing = (key: string): Where => ({ [key]: { in: [] } });

/**
 * A simplified condition as a Prisma filter over unrewritten relations. `key` is a required column
 * of the model, for "nothing". Throws on a condition that still has a constant or an
 * empty junction inside.
 */
export function toPrismaWhere(condition: Condition, key = 'id'): Where {
  if (condition.op === 'constant') return condition.value ? {} : nothing(key);
  return compile(condition);
}

function compile(condition: Condition): Where {
  switch (condition.op) {
    case 'and':
      return { AND: compileAll(condition.of) };
    case 'or':
      return { OR: compileAll(condition.of) };
    case 'rule':
      return compile(condition.of);
    case 'equals':
      return { [condition.field]: { equals: condition.value } };
    case 'oneOf':
      return { [condition.field]: { in: padded(condition.values) } };
    case 'isNull':
      return { [condition.field]: { equals: null } };
    case 'notNull':
      return { [condition.field]: { not: null } };
    case 'overlaps':
      return { [condition.field]: { hasSome: [...condition.values] } };
    case 'startsWith':
      return { [condition.field]: { startsWith: escapeLike(condition.value) } };
    case 'related':
      return { [condition.relation]: { is: inner(condition.of) } };
    case 'someRelated':
      return { [condition.relation]: { some: inner(condition.of) } };
    case 'noneRelated':
      return { [condition.relation]: { none: inner(condition.of) } };
    case 'constant':
      throw new Error('a constant inside a condition: simplify it first');
  }
}

/** INVARIANT: an empty list means the opposite in AND and in OR, and Prisma drops either (§6.1). */
function compileAll(parts: readonly Condition[]): Where[] {
  if (parts.length === 0) throw new Error('an empty junction: simplify it first');
  return parts.map(compile);
}

/** Under a relation "yes" asks for existence alone; `simplify` has removed every "no". */
function inner(condition: Condition): Where {
  if (condition.op === 'constant' && condition.value) return {};
  return compile(condition);
}
