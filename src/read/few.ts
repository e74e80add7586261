import { commonsSql } from '../data/sql/draft.js';
import { filterSql } from '../data/sql/filter.js';
import { orderSql } from '../data/sql/order.js';
import { residualSql } from '../data/sql/residual.js';
import { from } from '../data/sql/table.js';
import { orderKeys } from '../graphql/connection.js';
import { type Arm, armsOf } from '../graphql/place-args.js';
import type { Limits } from '../limits/limits.js';
import type { Policy } from '../policy/define-policy.js';
import { and, type Residual } from '../policy/residual.js';
import type { Extent, Place } from '../policy/situation.js';
import type { GuardedFilter, GuardedQuery } from '../query/guarded.js';
import type { CountQuery, Query } from '../query/query.js';
import { usableOf } from '../query/usable.js';
import { candidates } from './candidates.js';
import type { ListPlan } from './plan.js';
import type { Scribe } from './scribe.js';
import { type Few, type FewOf, type Way, waysTo } from './ways.js';

/** A list, where it is asked for. */
export interface Asked {
  readonly model: string;
  readonly list: ListPlan;
  /** Only rows that may be used (D37). */
  readonly usable: boolean;
  readonly place: Place;
}

export type FewLimits = Pick<Limits, 'probedRows' | 'foundRows'>;

interface Part {
  readonly list: ListPlan;
  readonly index: number;
  readonly ways: readonly Way[];
}

/** What is asked before a statement is written: how many of the first rows may be seen, and whether all of them are few. */
export interface FewQuestion {
  readonly text: string;
  /** Reads what was answered. */
  readonly read: (answer: string) => FewOf;
}

/** The question about lists; undefined where rows are found only by looking at all. */
export function askFew(
  scribe: Scribe,
  lists: readonly Asked[],
  limits: FewLimits,
): FewQuestion | undefined {
  if (limits.foundRows === 0) return undefined;
  const parts: Part[] = [];
  const answers: string[] = [];
  for (const { place, ...asked } of lists) {
    const { model, list } = asked;
    const policy = scribe.decisionsAt(place).policy(model);
    armsOf(place, policy).forEach((arm, index) => {
      if (list.where !== undefined) scribe.charge(model, list.where, arm.place);
      const guarded = guardedArm(scribe, asked, arm);
      const found = waysOf(guarded.where, policy);
      if (found === undefined) return;
      const { name: _, isComplete } = candidates(scribe, policy, found.ways, limits.foundRows);
      const looked = lookSql(scribe, guarded, { list, extent: found.extent }, limits.probedRows);
      answers.push(`(${looked})`, `to_json(${isComplete})`);
      parts.push({ list, index, ways: found.ways });
    });
  }
  if (parts.length === 0) return undefined;
  const text = `${commonsSql(scribe.draft)}SELECT json_build_array(${answers.join(', ')})::text AS answer`;
  return { text, read: (answer) => readFew(parts, JSON.parse(answer), limits) };
}

/** What is asked of a part of a list. */
export function askedOf(
  scribe: Scribe,
  { model, list: { where }, usable }: Omit<Asked, 'place'>,
  arm: Arm,
): { readonly extent: Extent; readonly asked: CountQuery } {
  const extent: Extent = { kind: 'placed', tier: arm.tier };
  const narrowing = usable && usableOf(scribe.decisionsAt(arm.place), model, extent);
  return { extent, asked: { model, ...(where && { where }), ...narrowing } };
}

function guardedArm(scribe: Scribe, of: Omit<Asked, 'place'>, arm: Arm): GuardedQuery {
  const { extent, asked } = askedOf(scribe, of, arm);
  const query: Query = { ...asked, order: orderKeys(of.list.order), select: { columns: ['id'] } };
  return scribe.guard(query, arm.place, extent);
}

/** How many of the first rows there are, and how many of those may be seen. */
function lookSql(
  scribe: Scribe,
  { model, where }: GuardedQuery,
  { list, extent }: { readonly list: ListPlan; readonly extent: Residual },
  most: number,
): string {
  const inner = scribe.table(model);
  const outer = { ...inner };
  const first = `SELECT ${inner.alias}.* FROM ${from(inner)} WHERE ${residualSql(inner, extent)} ORDER BY ${orderSql(inner, orderKeys(list.order))} LIMIT ${most}`;
  return `SELECT json_build_array(count(*), count(*) FILTER (WHERE ${filterSql(outer, where)})) FROM (${first}) ${outer.alias}`;
}

function readFew(parts: readonly Part[], answer: unknown, { probedRows }: FewLimits): FewOf {
  const said = answer as readonly unknown[];
  const few = new Map<ListPlan, (Few | undefined)[]>();
  parts.forEach(({ list, index, ways }, at) => {
    const [there, seen] = said[2 * at] as [number, number];
    const all = few.get(list) ?? [];
    few.set(list, all);
    // A page that the first rows fill, or that has no others to look at, is read in its order.
    const isSparse = there >= probedRows && seen <= list.size;
    if (said[2 * at + 1] === true) all[index] = { ways, page: isSparse, count: true };
  });
  return few;
}

/** The ways to what satisfies a filter, by the policies' part of it, and the part of that which an index has in order. */
function waysOf(
  where: GuardedFilter,
  policy: Policy,
): { readonly ways: readonly Way[]; readonly extent: Residual } | undefined {
  const parts = where.op === 'and' ? where.of : [where];
  for (const part of parts) {
    if (part.op !== 'residual' || part.negated) continue;
    const ways = waysTo(part.residual, policy);
    if (ways !== undefined) return { ways, extent: extentOf(part.residual) };
  }
  return undefined;
}

function extentOf(residual: Residual): Residual {
  const parts = residual.op === 'and' ? residual.of : [residual];
  const placed = parts.filter(
    (part) =>
      (part.op === 'equals' || part.op === 'isNull') &&
      (part.field === 'organizationId' || part.field === 'scopeId'),
  );
  return placed.length === 0 ? { op: 'constant', value: true } : and(...placed);
}
