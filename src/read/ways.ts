import type { Policy } from '../policy/define-policy.js';
import { type Residual, valuesOf } from '../policy/residual.js';
import { organizationRootedAt } from '../policy/root-scope.js';
import type { ListPlan } from './plan.js';

/** By what the rows that somebody may see can be found one by one, where they are few among many. */
export type Way =
  /** A column says one of these: whose they are. */
  | { readonly by: 'column'; readonly field: string; readonly values: readonly string[] }
  /** They are open to everybody in an organization, or, null, wherever they are asked from. */
  | { readonly by: 'open'; readonly organizationId: string | null }
  /** They are nobody's, neither a person's nor a team's. */
  | { readonly by: 'unowned'; readonly organizationId: string | null }
  /** They are bound to one of these roles (D6). */
  | { readonly by: 'bound'; readonly roleIds: readonly string[] }
  /** They are at one of these scopes or below. */
  | { readonly by: 'below'; readonly scopeIds: readonly string[] };

/** How a part of a list finds the rows of who may see few. */
export interface Few {
  readonly ways: readonly Way[];
  /** Whether its page is found so, and whether its rows are counted so. */
  readonly page: boolean;
  readonly count: boolean;
}

/** By list, what is known of each of its parts. */
export type FewOf = ReadonlyMap<ListPlan, readonly (Few | undefined)[]>;

/** The columns that an index finds rows by (migration few_rows), and the word that is indexed of the access level. */
const OWNERSHIP = ['ownerId', 'createdById', 'teamId'];
const OPEN = 'AUTHENTICATED';

interface Found {
  readonly ways: readonly Way[];
  /** The less, the fewer rows are found so. */
  readonly rank: number;
}

/** Of which organization an enclosing condition says that the rows are; undefined: it says nothing. */
type Within = string | null | undefined;

/**
 * The ways to all rows that satisfy a residual, and to others as well; undefined: some of them are found only by looking at all.
 *
 * INVARIANT: each row that satisfies it is found by one of them. What is found is decided by the residual all the same: a way too
 * many shows nothing.
 */
export function waysTo(residual: Residual, policy: Policy): readonly Way[] | undefined {
  const { home, cascadesBy } = policy;
  if (home?.scope !== 'scopeId' || home.inherits.kind !== 'array' || cascadesBy === undefined) {
    return undefined;
  }
  return find(residual, undefined)?.ways;
}

function find(residual: Residual, within: Within): Found | undefined {
  switch (residual.op) {
    case 'constant':
      return residual.value ? undefined : { ways: [], rank: 0 };
    case 'rule':
      return find(residual.of, within);
    case 'or': {
      const all = residual.of.map((part) => find(part, within));
      return all.every((one) => one !== undefined)
        ? { ways: all.flatMap(({ ways }) => ways), rank: Math.max(...all.map(({ rank }) => rank)) }
        : undefined;
    }
    case 'and': {
      const own = withinOf(residual.of, within);
      const all = [unowned(residual.of, own), ...residual.of.map((part) => find(part, own))];
      return all.filter((one) => one !== undefined).sort((one, other) => one.rank - other.rank)[0];
    }
    case 'equals':
      if (typeof residual.value !== 'string') return undefined;
      if (residual.field === 'accessLevel' && residual.value === OPEN && within !== undefined) {
        return { ways: [{ by: 'open', organizationId: within }], rank: 3 };
      }
      return byColumn(residual.field, [residual.value]);
    case 'oneOf':
      return byColumn(residual.field, valuesOf(residual.operands));
    case 'overlaps':
      return overlapping(residual.field, valuesOf(residual.operands));
    case 'pairs': {
      const [first, second] = residual.fields;
      const { groups } = residual;
      return better(
        overlapping(first, [...new Set(groups.flatMap(({ firsts }) => firsts))]),
        overlapping(second, [...new Set(groups.flatMap(({ seconds }) => seconds))]),
      );
    }
    default:
      return undefined;
  }
}

const better = (one: Found | undefined, other: Found | undefined): Found | undefined =>
  one !== undefined && (other === undefined || one.rank <= other.rank) ? one : other;

/** What is at the root of an organization or below is all of it: whatever it is bound to is less. */
function overlapping(field: string, values: readonly string[]): Found | undefined {
  if (field === 'roleIds') return { ways: [{ by: 'bound', roleIds: values }], rank: 3 };
  if (field !== 'governedBy') return undefined;
  const rank = values.some((id) => organizationRootedAt(id) !== null) ? 4 : 2;
  return { ways: [{ by: 'below', scopeIds: values }], rank };
}

function unowned(parts: readonly Residual[], organizationId: Within): Found | undefined {
  const lacks = (field: string): boolean =>
    parts.some((part) => part.op === 'isNull' && part.field === field);
  if (organizationId === undefined || !lacks('ownerId') || !lacks('teamId')) return undefined;
  return { ways: [{ by: 'unowned', organizationId }], rank: 1 };
}

function byColumn(field: string, values: readonly string[]): Found | undefined {
  if (!OWNERSHIP.includes(field)) return undefined;
  return { ways: [{ by: 'column', field, values }], rank: 1 };
}

function withinOf(parts: readonly Residual[], outer: Within): Within {
  for (const part of parts) {
    if (!('field' in part) || part.field !== 'organizationId') continue;
    if (part.op === 'isNull') return null;
    if (part.op === 'equals' && typeof part.value === 'string') return part.value;
  }
  return outer;
}
