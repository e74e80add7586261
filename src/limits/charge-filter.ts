import { badUserInput } from '../errors.js';
import type { Limited, Limits } from './limits.js';

type Charge = 'terms' | 'values' | 'searches' | 'relations' | 'conditions';
type Spent = Record<Charge, number>;

const spent = new WeakMap<object, Spent>();
const charged = new WeakMap<object, WeakSet<object>>();

/**
 * Counts what a filter says, over all fields of a request: many aliases of one field can share a
 * variable. Throws BAD_USER_INPUT beyond the limits, before any of it reaches the database; a
 * filter of a few kilobytes would keep it busy for minutes.
 */
export function chargeFilter(request: Limited, where: unknown): void {
  charge(where, 1, spentOf(request), request.limits);
}

/**
 * Counts what a filter becomes once it is guarded, over all filters of a request. A filter of several
 * statements counts once. Throws BAD_USER_INPUT beyond the limits.
 */
export function chargeWeight(
  request: Limited,
  filter: object,
  weigh: () => { readonly relations: number; readonly conditions: number },
): void {
  const known = charged.get(request) ?? new WeakSet();
  charged.set(request, known);
  if (known.has(filter)) return;
  const { relations, conditions } = weigh();
  const sum = spentOf(request);
  const more = {
    ...sum,
    relations: sum.relations + relations,
    conditions: sum.conditions + conditions,
  };
  // INVARIANT: one that is refused is so for each of its statements, and takes nothing from the others.
  assertWithin(more, request.limits);
  spent.set(request, more);
  known.add(filter);
}

function spentOf(request: Limited): Spent {
  const sum = spent.get(request) ?? {
    terms: 0,
    values: 0,
    searches: 0,
    relations: 0,
    conditions: 0,
  };
  spent.set(request, sum);
  return sum;
}

function charge(value: unknown, depth: number, sum: Spent, limits: Limits): void {
  if (typeof value !== 'object' || value === null || value instanceof Date) return;
  if (depth > limits.filterDepth) throw badUserInput('the filter is nested too deeply');
  for (const [key, part] of Object.entries(value)) {
    if (Array.isArray(value) && typeof part !== 'object') sum.values += 1;
    else sum.terms += 1;
    if (key === 'contains') sum.searches += 1;
    assertWithin(sum, limits);
    charge(part, depth + 1, sum, limits);
  }
}

function assertWithin(sum: Spent, limits: Limits): void {
  const most: Spent = {
    terms: limits.filterTerms,
    values: limits.filterValues,
    searches: limits.filterSearches,
    relations: limits.filterRelations,
    conditions: limits.filterConditions,
  };
  for (const what of Object.keys(most) as Charge[]) {
    if (sum[what] > most[what]) {
      throw badUserInput(`the filters of a request take at most ${most[what]} ${what}`);
    }
  }
}
