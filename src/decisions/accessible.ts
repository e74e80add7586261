import { badUserInput, notFound } from '../errors.js';
import type { Policy } from '../policy/define-policy.js';
import { no, type Residual } from '../policy/residual.js';
import { MANAGE } from '../policy/resolve.js';
import type { Place } from '../policy/situation.js';
import type { Context } from '../request/context.js';
import { resolvePlace } from '../request/place.js';
import type { Asked } from './asked.js';
import { inspected } from './inspected.js';
import { kindOf, type Models } from './kinds.js';
import { reachOf } from './reach-of.js';
import { placeAs, subjectOf } from './subject.js';

/** Which rows of a model to list: those in the place that these permit besides being read. */
export interface Accessible {
  readonly model: string;
  readonly policy: Policy;
  readonly place: Place;
  readonly permitting: readonly Residual[];
}

/**
 * The rows on which somebody may do something, of those that the asker may read; of somebody else, of those that the asker
 * manages and may ask about. A row is among them if and only if `check` says yes of it.
 *
 * @throws DomainError SCOPE_FORBIDDEN, BAD_USER_INPUT; NOT_FOUND: no such subject that may be read; FORBIDDEN
 */
export async function accessible(
  context: Context,
  models: Models,
  asked: Pick<Asked, 'action' | 'resourceType' | 'scope' | 'subject'>,
): Promise<Accessible> {
  const { action, scope } = asked;
  const { policies } = context.decisionsAt(context.place);
  const kind = kindOf({ models, policies }, asked);
  if (!kind.own) throw badUserInput('the gateway lists what it keeps itself');
  const { model, policy } = kind;
  const [place, subject] = await Promise.all([
    resolvePlace(context.principal, scope, context.findScope, context.place),
    subjectOf(context, asked.subject),
  ]);
  if (subject === 'hidden') throw notFound();
  const there = subject === 'idle' ? null : placeAs(subject, place, scope !== undefined);
  if (subject === 'idle' || there === null) return { model, policy, place, permitting: [no] };
  const theirs = subject.as.decisionsAt(reachOf(there));
  const ours = context.decisionsAt(reachOf(place));
  const permitting = subject.isAsker
    ? [ours.residual(model, action)]
    : [
        theirs.residual(model, 'read'),
        theirs.residual(model, action),
        ours.residual(model, MANAGE),
        inspected(ours, policy, action),
      ];
  return { model, policy, place, permitting };
}
