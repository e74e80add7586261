import { badUserInput } from '../errors.js';
import { isUuid } from '../policy/pattern.js';
import type { Place } from '../policy/situation.js';
import type { Context } from '../request/context.js';
import { resolvePlace } from '../request/place.js';
import { type Asked, type Decision, decided, NO_SUCH_SUBJECT } from './asked.js';
import { type Kind, kindOf, type Models } from './kinds.js';
import { placeAs, type Subject, subjectOf } from './subject.js';

/** A question as it is understood: what it is about, of whom, and where. */
export interface Prepared {
  readonly asked: Asked;
  readonly kind: Kind;
  readonly subject: Subject;
  /** As the asker acts there, and as the subject does. */
  readonly place: Place;
  readonly there: Place;
}

/**
 * Reads who is asked about and where, and refuses what is no question. What cannot be asked about is a decision already.
 *
 * @throws DomainError SCOPE_FORBIDDEN, BAD_USER_INPUT, FORBIDDEN
 */
export async function prepare(
  context: Context,
  models: Models,
  asked: Asked,
): Promise<Prepared | Decision> {
  const { policies } = context.decisionsAt(context.place);
  const kind = kindOf({ models, policies }, asked);
  assertSensible(kind, asked);
  const [place, subject] = await Promise.all([
    resolvePlace(context.principal, asked.scope, context.findScope, context.place),
    subjectOf(context, asked.subject),
  ]);
  if (subject === 'hidden') return decided('UNKNOWN', 'subject', NO_SUCH_SUBJECT);
  if (subject === 'idle') return decided('NO', 'subject', 'who is asked about may not act (D18)');
  const there = placeAs(subject, place, asked.scope !== undefined);
  if (there === null) return decided('NO', 'subject', 'who is asked about cannot act there (D4)');
  return { asked, kind, subject, place, there };
}

/** What is known of a row is not taken from a caller as well. */
function assertSensible({ own }: Kind, asked: Asked): void {
  const { resourceId = null } = asked;
  if (own && resourceId !== null && saidOf(asked).length > 0) {
    throw badUserInput('of a resource of the gateway nothing is taken from the caller but its id');
  }
}

/** What a caller can say of a resource, and the column that it would be of a row. */
export function columnsSaid(
  name: string | undefined,
  { resourceId, resourceName, attributes }: Asked,
): Record<string, unknown> {
  const id = resourceId ?? undefined;
  const named = resourceName ?? id;
  const said = {
    ...(name === undefined || named === undefined ? {} : { [name]: named }),
    ...Object.fromEntries(
      Object.entries({ id, ...attributes }).map(([key, one]) => [key, idOf(one)]),
    ),
  };
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
}

/** As the database writes it. */
const idOf = <T>(one: T): T | string => (isUuid(one) ? one.toLowerCase() : one);

export function saidOf({ resourceName, attributes }: Asked): string[] {
  const said = { ...(resourceName == null ? {} : { resourceName }), ...attributes };
  return Object.entries(said)
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name)
    .sort();
}
