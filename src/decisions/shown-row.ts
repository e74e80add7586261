import { decidingColumns } from '../policy/deciding-columns.js';
import type { Decisions } from '../policy/decisions.js';
import type { Policy } from '../policy/define-policy.js';
import { evaluate, type Row } from '../policy/evaluate.js';
import { MANAGE } from '../policy/resolve.js';
import { TIERS, type Tier } from '../policy/situation.js';

/** The columns by which a row of a policy is decided, whatever is asked of it: the same for all that ask at once. */
export function allDecidingColumns(policy: Policy): readonly string[] {
  const actions = [...Object.keys(policy.actions), MANAGE];
  const columns = actions.flatMap((action) => decidingColumns(policy, action));
  return [...new Set(['id', ...placeColumns(policy), ...columns])].sort();
}

/**
 * What of a row its reader may know: all of it, of one that they manage, and else the open columns and where it lives (D15).
 *
 * INVARIANT: a reason is worked out on this, so that it tells nothing of what is withheld.
 */
export function shownRow(decisions: Decisions, model: string, row: Row): Row {
  if (evaluate(decisions.residual(model, MANAGE), row) === 'yes') return row;
  const policy = decisions.policy(model);
  const shown = new Set(['id', ...placeColumns(policy)]);
  return Object.fromEntries(
    Object.entries(row).filter(
      ([name]) => shown.has(name) || decisions.classOf(model, name) === 'open',
    ),
  );
}

/** Which half of its table a row is of. */
export function tierOf({ home }: Policy, row: Row): Tier {
  const [tenant, global] = TIERS;
  return home !== undefined && row[home.organization] === null ? global : tenant;
}

function placeColumns({ home }: Policy): readonly string[] {
  return home === undefined ? [] : [home.organization, home.scope, home.inherits.field];
}
