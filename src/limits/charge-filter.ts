import { badUserInput } from '../errors.js';
import type { Limited, Limits } from './limits.js';

const RELATION_TESTS: readonly string[] = ['some', 'every', 'none', 'is'];

type Charge = 'terms' | 'relations' | 'values';
type Spent = Record<Charge, number>;

const spent = new WeakMap<object, Spent>();

/**
 * Counts what a filter asks for, over all fields of a request: many aliases of one field can share a
 * variable. Throws BAD_USER_INPUT beyond the limits, before any of it reaches the database; a
 * filter of a few kilobytes would keep it busy for minutes.
 */
export function chargeFilter(request: Limited, where: unknown): void {
  const sum = spent.get(request) ?? { terms: 0, relations: 0, values: 0 };
  spent.set(request, sum);
  charge(where, 1, sum, request.limits);
}

function charge(value: unknown, depth: number, sum: Spent, limits: Limits): void {
  if (typeof value !== 'object' || value === null || value instanceof Date) return;
  if (depth > limits.filterDepth) throw badUserInput('the filter is nested too deeply');
  for (const [key, part] of Object.entries(value)) {
    if (Array.isArray(value) && typeof part !== 'object') sum.values += 1;
    else sum.terms += 1;
    if (RELATION_TESTS.includes(key)) sum.relations += 1;
    assertWithin(sum, limits);
    charge(part, depth + 1, sum, limits);
  }
}

function assertWithin(sum: Spent, limits: Limits): void {
  const most: Spent = {
    terms: limits.filterTerms,
    relations: limits.filterRelations,
    values: limits.filterValues,
  };
  for (const what of Object.keys(most) as Charge[]) {
    if (sum[what] > most[what]) {
      throw badUserInput(`the filters of a request take at most ${most[what]} ${what}`);
    }
  }
}
