import { badUserInput } from '../errors.js';
import { type Explanation, explain } from '../policy/explain.js';
import { rootScopeId } from '../policy/root-scope.js';
import { PLATFORM_ROOT_ID } from '../policy/vocabulary.js';
import type { Context } from '../request/context.js';
import type { Asked, Decision } from './asked.js';
import { decideRow, type Facts } from './decide-row.js';
import { countingAt, type Effective } from './effective.js';
import type { Models } from './kinds.js';
import { type NearestMiss, nearestMisses } from './nearest-misses.js';
import { prepare } from './prepare.js';
import type { Spot } from './spot.js';

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
  const prepared = await prepare(context, models, asked);
  if (!('kind' in prepared)) return { decision: prepared, ...NOTHING };
  if (!prepared.kind.own) throw badUserInput('the gateway explains what it keeps itself');
  const { decision, facts } = await decideRow(context, prepared);
  if (facts === null) return { decision, ...NOTHING };
  const { action, resourceType } = asked;
  const spot = spotOfRow(facts);
  return {
    decision,
    rules: () => explain(facts.rules(), facts.shown, facts.row).because,
    derivation: () =>
      countingAt(
        context,
        facts.subject,
        spot,
        (grant) => grant.resourceType === resourceType && grant.action === action,
      ),
    misses: async () =>
      decision.answer === 'NO' ? nearestMisses(context, facts, spot, action) : [],
  };
}

const NOTHING: Omit<Explained, 'decision'> = {
  rules: () => [],
  derivation: async () => [],
  misses: async () => [],
};

/** Where a row lives, as it says itself. */
function spotOfRow({ policy: { home }, row }: Facts): Spot {
  const organizationId = home === undefined ? null : (row[home.organization] as string | null);
  const scope = home === undefined ? null : row[home.scope];
  if (home === undefined || organizationId === null) {
    return { scopeId: PLATFORM_ROOT_ID, organizationId: null, inheritsFrom: [PLATFORM_ROOT_ID] };
  }
  if (home.inherits.kind === 'root') {
    const scopeId = rootScopeId(organizationId);
    return { scopeId, organizationId, inheritsFrom: [scopeId] };
  }
  const inheritsFrom = (row[home.inherits.field] ?? []) as readonly string[];
  return { scopeId: String(scope), organizationId, inheritsFrom };
}
