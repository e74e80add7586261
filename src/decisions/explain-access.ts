import { badUserInput } from '../errors.js';
import { type Explanation, explain } from '../policy/explain.js';
import type { Context } from '../request/context.js';
import { once } from '../request/remember.js';
import type { Asked, Decision } from './asked.js';
import { chargeChecks } from './charge.js';
import { decideRow } from './decide-row.js';
import { countingAt, type Effective } from './effective.js';
import type { Models } from './kinds.js';
import { type NearestMiss, nearestMisses } from './nearest-misses.js';
import { prepare } from './prepare.js';
import { spotOfRow } from './spot.js';

/** A decision about a row, with as much of how it came about as the asker may know. */
export interface Explained {
  readonly decision: Decision;
  /** The rules that decided, each with its answer; empty where nothing may be told. */
  readonly rules: () => readonly Explanation[];
  /** What the subject holds that is about the action, and counts where the row lives. */
  readonly derivation: () => Promise<readonly Effective[]>;
  readonly misses: () => Promise<readonly NearestMiss[]>;
}

/**
 * Why somebody may, or may not, do something with a row of the gateway's own.
 *
 * INVARIANT: it begins with the very decision that `check` answers, and tells of a hidden row what it tells of none (D14).
 *
 * @throws DomainError BAD_USER_INPUT, FORBIDDEN
 */
export async function explainAccess(
  context: Context,
  models: Models,
  asked: Asked & { readonly resourceId: string },
): Promise<Explained> {
  chargeChecks(context, EXPLAINING);
  const prepared = await prepare(context, models, asked);
  if (!('kind' in prepared)) return { decision: prepared, ...NOTHING };
  if (!prepared.kind.own) throw badUserInput('the gateway explains what it keeps itself');
  const { decision, facts } = await decideRow(context, prepared);
  if (facts === null) return { decision, ...NOTHING };
  const { action, resourceType } = asked;
  const spot = spotOfRow(facts.policy, facts.row);
  // What is global is decided by what is held elsewhere.
  const isTold = facts.subject.isAsker || spot.organizationId !== null;
  return {
    decision,
    rules: () => explain(facts.rules(), facts.shown, facts.row).because,
    derivation: once(async () =>
      isTold
        ? countingAt(
            context,
            facts.subject,
            spot,
            (grant) => grant.resourceType === resourceType && grant.action === action,
          )
        : [],
    ),
    misses: once(async () =>
      decision.answer === 'NO' ? nearestMisses(context, facts, spot, { action, resourceType }) : [],
    ),
  };
}

/** To explain one tries the roles of an organization, and so is as dear as many checks. */
const EXPLAINING = 20;

const NOTHING: Omit<Explained, 'decision'> = {
  rules: () => [],
  derivation: async () => [],
  misses: async () => [],
};
