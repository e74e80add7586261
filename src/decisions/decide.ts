import { DomainError, isDomainError } from '../errors.js';
import { evaluate, type Row } from '../policy/evaluate.js';
import type { Principal } from '../policy/principal.js';
import type { Context } from '../request/context.js';
import { type Asked, type Decision, decided, WHY_UNKNOWN } from './asked.js';
import { chargeChecks } from './charge.js';
import { decideRow } from './decide-row.js';
import { holdingAt, residualOf, rulesOf } from './inspected.js';
import type { Models } from './kinds.js';
import { columnsSaid, type Prepared, prepare, saidOf } from './prepare.js';
import { reasonOf } from './reason.js';
import { tierOf } from './shown-row.js';
import { anyRowAt, inspectsAt, spotOf } from './spot.js';

/**
 * Decides one question, by the very residuals that lists are narrowed by (D14).
 *
 * @throws DomainError SCOPE_FORBIDDEN, BAD_USER_INPUT; FORBIDDEN: somebody else whom one may not ask about
 */
export async function decide(context: Context, models: Models, asked: Asked): Promise<Decision> {
  const [decision] = await decideAll(context, models, [asked]);
  return decision as Decision;
}

/**
 * The same of many, in their order: a statement a type of resource, whatever their number, and one more for what
 * rows do not tell by themselves.
 *
 * @throws DomainError as of one; its path says which
 */
export async function decideAll(
  context: Context,
  models: Models,
  all: readonly Asked[],
): Promise<Decision[]> {
  return (await settleAll(context, models, all)).map((one, index) => {
    if (!(one instanceof DomainError)) return one;
    throw all.length > 1 ? one.within('checks', index) : one;
  });
}

/** The same, with what is wrong with a question in its place. */
export async function settleAll(
  context: Context,
  models: Models,
  all: readonly Asked[],
): Promise<(Decision | DomainError)[]> {
  chargeChecks(context, all.length);
  // Step by step for all of them, so that each step reads what all of them need at once.
  const prepared = await Promise.all(
    all.map((asked) => prepare(context, models, asked).catch(settled)),
  );
  const decisions = await Promise.all(
    prepared.map((one) => ('kind' in one ? decideOne(context, one).catch(settled) : one)),
  );
  for (const one of decisions) context.noteCheck(one instanceof DomainError ? one.code : one);
  return decisions;
}

/** INVARIANT: what cannot be answered now is no answer to any of the questions (D47). */
function settled(error: unknown): DomainError {
  if (isDomainError(error) && error.code !== 'UNAVAILABLE') return error;
  throw error;
}

function decideOne(context: Context, prepared: Prepared): Promise<Decision> {
  const { kind, asked } = prepared;
  const isRow = kind.own && asked.resourceId !== null && asked.resourceId !== undefined;
  return isRow
    ? decideRow(context, prepared).then(({ decision }) => decision)
    : decideAny(context, prepared);
}

/** On such a resource at a scope, of which nothing is known but where it is and what the asker says. */
async function decideAny(
  context: Context,
  { asked, kind: { policy, own }, subject, there }: Prepared,
): Promise<Decision> {
  const { as, isAsker } = subject;
  const spot = await spotOf(there, context);
  if (!isAsker && !inspectsAt(context, spot))
    return decided('UNKNOWN', 'hidden', WHY_UNKNOWN.hidden);
  const row: Row = {
    ...anyRowAt(policy, spot),
    ...(own && asked.action === 'create' ? madeBy(as.principal) : {}),
    ...columnsSaid(policy.name, asked),
  };
  const decisions = as.decisionsAt(there);
  const is = evaluate(residualOf(decisions, policy, asked.action), row);
  const { policies, principal } = decisions;
  const told = isAsker ? principal : holdingAt(principal, spot.inheritsFrom);
  const answer = is === 'yes' ? 'YES' : is === 'no' ? 'NO' : 'UNKNOWN';
  return {
    answer,
    by: is === 'unknown' ? 'missing' : 'policy',
    callersWord: saidOf(asked),
    reason: () =>
      is === 'unknown'
        ? WHY_UNKNOWN.missing
        : reasonOf(
            rulesOf(
              { policies, principal: told, place: there },
              policy,
              asked.action,
              tierOf(policy, row),
            ),
            row,
            is,
          ),
  };
}

/** Whoever makes a row of the gateway's is its maker and its owner; of what a team makes nobody is, and it is the team's (D22). */
const madeBy = ({ userId, teams }: Principal) => ({
  createdById: userId,
  ownerId: userId,
  teamId: userId === null && teams.resolved ? (teams.ids[0] ?? null) : null,
});
