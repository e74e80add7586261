import type { Policy } from '../policy/define-policy.js';
import type { Row } from '../policy/evaluate.js';
import { isUuid } from '../policy/pattern.js';
import type { Residual } from '../policy/residual.js';
import type { Place } from '../policy/situation.js';
import type { Context } from '../request/context.js';
import { type Decision, decided, NO_SUCH_RESOURCE, WHY_UNKNOWN } from './asked.js';
import { holdingAt, rulesOf } from './inspected.js';
import { inspectsRow } from './inspects-row.js';
import type { Prepared } from './prepare.js';
import { reachOf } from './reach-of.js';
import { reasonOf } from './reason.js';
import { allDecidingColumns, shownRow, tierOf } from './shown-row.js';
import { spotOfRow } from './spot.js';
import type { Subject } from './subject.js';

/** By what a row was decided, for who is to be told more than the answer. */
export interface Facts {
  readonly model: string;
  readonly policy: Policy;
  readonly row: Row & { readonly id: string };
  /** What of the row the asker may know (D15). */
  readonly shown: Row;
  readonly subject: Subject;
  /** Where the asker and where the subject act. */
  readonly here: Place;
  readonly where: Place;
  /** The deciding action as it stands in the policy. */
  readonly rules: () => Residual;
}

export interface DecidedRow {
  readonly decision: Decision;
  /** Null: nothing more may be told. */
  readonly facts: Facts | null;
}

/** Decides about a row of the gateway's own that the asker names. */
export async function decideRow(
  context: Context,
  { asked: { resourceId, action }, kind, subject, place, there }: Prepared,
): Promise<DecidedRow> {
  const { isAsker, as } = subject;
  const nowhere = {
    decision: decided(isAsker ? 'NO' : 'UNKNOWN', 'resource', NO_SUCH_RESOURCE),
    facts: null,
  };
  if (!kind.own || !isUuid(resourceId)) return nowhere;
  const { model, policy } = kind;
  const here = reachOf(place);
  const rows = context.loaders.columns(model, here, allDecidingColumns(policy));
  const row = await rows.load(resourceId.toLowerCase());
  context.acting.noteRow(policy, row);
  if (row === null) return nowhere;
  const decisions = context.decisionsAt(here);
  if (!isAsker && !(await inspectsRow(context, here, kind, action, row))) {
    return { decision: decided('UNKNOWN', 'hidden', WHY_UNKNOWN.hidden), facts: null };
  }
  const where = reachOf(there);
  const needs = isAsker ? [action] : ['read', action];
  const answers = await Promise.all(
    needs.map(async (need) => ({ need, is: await as.loaders.permitted(model, need, where, row) })),
  );
  const refused = answers.find(({ is }) => !is)?.need;
  const shown = isAsker ? shownRow(decisions, model, row) : row;
  const rules = () => {
    const { policies, principal } = as.decisionsAt(where);
    // INVARIANT: of somebody else nothing is told but what counts where the row is.
    const told = isAsker ? principal : holdingAt(principal, spotOfRow(policy, row).inheritsFrom);
    const deciding = { policies, principal: told, place: where };
    return rulesOf(deciding, policy, refused ?? action, tierOf(policy, row));
  };
  return {
    decision: {
      answer: refused === undefined ? 'YES' : 'NO',
      by: 'policy',
      callersWord: [],
      reason: () => reasonOf(rules(), shown, refused === undefined ? 'yes' : 'no'),
    },
    facts: { model, policy, row, shown, subject, here, where, rules },
  };
}
