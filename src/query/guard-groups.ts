import { assertOpenColumn, type Guarding } from './guarding.js';
import type { Aggregates, GroupOrder, Having } from './query.js';

/** `_count`, `_sum`, `_avg`, `_min` and `_max`: of open columns, or of all rows. */
export function checkFunctions(guarding: Guarding, model: string, functions: Aggregates): void {
  for (const of of Object.values(functions)) {
    if (of === true || of === undefined) continue;
    for (const name of of) {
      if (name !== '_all') assertOpenColumn(guarding, model, name, 'aggregated');
    }
  }
}

/** The filter of groups: junctions over open columns. */
export function checkHaving(guarding: Guarding, model: string, having: Having): void {
  if (having.op === 'test') assertOpenColumn(guarding, model, having.field, 'grouped by');
  else for (const part of having.of) checkHaving(guarding, model, part);
}

/** The order of groups: open columns, or aggregates of them. */
export function checkGroupOrder(guarding: Guarding, model: string, order: GroupOrder): void {
  assertOpenColumn(guarding, model, order.field, 'sorted by');
}
