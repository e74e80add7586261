import type { Residual } from '../policy/residual.js';
import type { GuardedFilter } from './guarded.js';

export const ALL: GuardedFilter = Object.freeze({ op: 'all' });
export const NONE: GuardedFilter = Object.freeze({ op: 'none' });

/**
 * All of the filters, each once: what lets everything pass is left out, and what asks twice for
 * Manage(read), of two management fields (D15), asks for it once.
 */
export function allOf(...filters: readonly GuardedFilter[]): GuardedFilter {
  const kept = new Set<GuardedFilter>();
  for (const filter of filters) {
    if (filter.op === 'none') return NONE;
    if (filter.op === 'and') for (const part of filter.of) kept.add(part);
    else if (filter.op !== 'all') kept.add(filter);
  }
  const [first, ...others] = kept;
  if (first === undefined) return ALL;
  return others.length === 0 ? first : { op: 'and', of: [...kept] };
}

/** Any of the filters. INVARIANT: no alternative is "nothing", never "everything" (§6.1). */
export function anyOf(filters: readonly GuardedFilter[]): GuardedFilter {
  const kept = filters.filter(({ op }) => op !== 'none');
  if (kept.some(({ op }) => op === 'all')) return ALL;
  const [first, ...others] = kept;
  if (first === undefined) return NONE;
  return others.length === 0 ? first : { op: 'or', of: kept };
}

const nodes = new WeakMap<Residual, GuardedFilter>();

/** INVARIANT: the same object for the same residual, so that `allOf` finds it again. */
export function permitted(residual: Residual): GuardedFilter {
  if (residual.op === 'constant') return residual.value ? ALL : NONE;
  const known =
    nodes.get(residual) ?? Object.freeze({ op: 'residual' as const, residual, negated: false });
  nodes.set(residual, known);
  return known;
}

const complements = new WeakMap<GuardedFilter, GuardedFilter>();

/** The rows that do not permit it. INVARIANT: of a definite residual alone, for NOT unknown is unknown (§6.1). */
export function complement(filter: GuardedFilter): GuardedFilter {
  if (filter.op === 'all') return NONE;
  if (filter.op === 'none') return ALL;
  if (filter.op !== 'residual') throw new Error('only a residual has a complement');
  const known = complements.get(filter) ?? Object.freeze({ ...filter, negated: true });
  complements.set(filter, known);
  return known;
}
