import type { Residual } from '../../policy/residual.js';
import { valuesOf } from '../../policy/residual.js';
import { Prisma } from '../generated/client.js';
import { escapeLike } from './like.js';
import { padded } from './padded.js';
import { pairNames } from './pair-names.js';

/** A Prisma `where` of whatever model. */
export type Where = { readonly [key: string]: unknown };

/**
 * INVARIANT: "nothing" is an empty list of ids. An empty OR inside an AND, or an undefined value,
 * would match every row (model §6.1). `key` is any required column of the model.
 */
export const nothing = (key: string): Where => ({ [key]: { in: [] } });

const written = new WeakMap<Residual, Where>();

/**
 * A simplified residual as a Prisma filter over unnarrowed relations; the same object each time. `key`
 * is a required column of the model, for "nothing". Throws on a residual that still has a constant
 * or an empty junction inside.
 */
export function residualWhere(residual: Residual, key = 'id'): Where {
  if (residual.op === 'constant') return residual.value ? {} : nothing(key);
  const known = written.get(residual) ?? compile(residual);
  written.set(residual, known);
  return known;
}

function compile(residual: Residual): Where {
  switch (residual.op) {
    case 'and':
      return { AND: compileAll(residual.of) };
    case 'or':
      return { OR: compileAll(residual.of) };
    case 'rule':
      return compile(residual.of);
    case 'equals':
      return { [residual.field]: { equals: residual.value } };
    case 'oneOf':
      return { [residual.field]: { in: padded(valuesOf(residual.operands)) } };
    case 'isNull':
      return { [residual.field]: { equals: null } };
    case 'notNull':
      return { [residual.field]: { not: null } };
    case 'overlaps':
      return { [residual.field]: { hasSome: [...valuesOf(residual.operands)] } };
    case 'disjoint':
      return { NOT: { [residual.field]: { hasSome: [...valuesOf(residual.operands)] } } };
    case 'pairs':
      return { [residual.kept]: { hasSome: pairNames(residual.groups) } };
    case 'startsWith':
      return { [residual.field]: { startsWith: escapeLike(residual.value) } };
    case 'compared': {
      const { field, how, value } = residual;
      return { [field]: { [OPERATORS[how]]: value } };
    }
    case 'atPath':
      return atPath(residual);
    case 'related':
      return { [residual.relation]: { is: inner(residual.of) } };
    case 'someRelated':
      return { [residual.relation]: { some: inner(residual.of) } };
    case 'noneRelated':
      return { [residual.relation]: { none: inner(residual.of) } };
    case 'constant':
      throw new Error('a constant inside a residual: simplify it first');
  }
}

const OPERATORS = {
  equal: 'equals',
  differ: 'not',
  less: 'lt',
  atMost: 'lte',
  greater: 'gt',
  atLeast: 'gte',
} as const;

/**
 * A test of what is at a path in JSON: that it is there and not null, beside which a comparison with nothing, which would be
 * neither true nor false, is no longer asked.
 */
function atPath({ field, path, how, value }: Extract<Residual, { op: 'atPath' }>): Where {
  const at = (test: object): Where => ({ [field]: { path: [...path], ...test } });
  const isThere = { NOT: at({ equals: Prisma.AnyNull }) };
  switch (how) {
    case 'present':
      return isThere;
    case 'equal':
      return { AND: [isThere, at({ equals: value })] };
    case 'differ':
      return { AND: [isThere, { NOT: at({ equals: value }) }] };
  }
}

/** INVARIANT: an empty list means the opposite in AND and in OR, and Prisma drops either (§6.1). */
function compileAll(parts: readonly Residual[]): Where[] {
  if (parts.length === 0) throw new Error('an empty junction: simplify it first');
  return parts.map(compile);
}

/** Under a relation "yes" asks for existence alone; `simplify` has removed every "no". */
function inner(residual: Residual): Where {
  if (residual.op === 'constant' && residual.value) return {};
  return compile(residual);
}
