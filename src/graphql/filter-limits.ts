import { badUserInput } from '../errors.js';

/** How much all filters of one request may ask for together. */
const MOST = {
  /** Columns compared and filters joined. Every one becomes a term of the statement. */
  terms: 200,
  /** Tests of related rows. Every one becomes a join or a subquery. */
  relations: 20,
  /** Values in lists. */
  values: 2_000,
} as const;

/** Levels of nested objects and lists; what compiles statements gives up at about 128. */
const DEEPEST = 40;

const RELATION_TESTS: readonly string[] = ['some', 'every', 'none', 'is'];

interface Spent {
  terms: number;
  relations: number;
  values: number;
}

const spent = new WeakMap<object, Spent>();

/**
 * Counts what a filter asks for, over all fields of a request: many aliases of one field can share a
 * variable. Throws BAD_USER_INPUT beyond the limits, before any of it reaches the database; a
 * filter of a few kilobytes would keep it busy for minutes.
 */
export function chargeFilter(request: object, where: unknown): void {
  const sum = spent.get(request) ?? { terms: 0, relations: 0, values: 0 };
  spent.set(request, sum);
  charge(where, 1, sum);
}

function charge(value: unknown, depth: number, sum: Spent): void {
  if (typeof value !== 'object' || value === null || value instanceof Date) return;
  if (depth > DEEPEST) throw badUserInput('the filter is nested too deeply');
  for (const [key, part] of Object.entries(value)) {
    if (Array.isArray(value) && typeof part !== 'object') sum.values += 1;
    else sum.terms += 1;
    if (RELATION_TESTS.includes(key)) sum.relations += 1;
    for (const limit of Object.keys(MOST) as (keyof Spent)[]) {
      if (sum[limit] > MOST[limit]) {
        throw badUserInput(`the filters of a request take at most ${MOST[limit]} ${limit}`);
      }
    }
    charge(part, depth + 1, sum);
  }
}
