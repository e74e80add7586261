import DataLoader from 'dataloader';
import { badUserInput, forbidden } from '../errors.js';
import { isUuid } from '../policy/pattern.js';
import { rootScopeId } from '../policy/root-scope.js';
import { canActAnywhere, ownPlace, type Place } from '../policy/situation.js';
import type { Context } from '../request/context.js';
import type { ReadingContext } from '../request/reading.js';
import { reachOf } from './reach-of.js';
import { inspectsAt } from './spot.js';

/** Of whom something is asked: what decides as they would, and whether that is the asker. */
export interface Subject {
  readonly as: ReadingContext;
  readonly isAsker: boolean;
}

/** `hidden`: nobody whom the asker may read (D14). `idle`: who may not act, and so may nothing (D18). */
export type FoundSubject = Subject | 'hidden' | 'idle';

const asked = new WeakMap<object, DataLoader<string, FoundSubject>>();

/**
 * Whoever is asked about: the asker, where nobody is named, or a user whom the asker may read, in an organization at whose root
 * the asker holds `permission:inspect`. All that a request asks about are read together.
 *
 * @throws DomainError FORBIDDEN: readable, and not to be asked about; BAD_USER_INPUT: too many
 */
export async function subjectOf(
  context: Context,
  named: { readonly userId: string } | null | undefined,
): Promise<FoundSubject> {
  const userId = named?.userId.toLowerCase();
  const { kind, userId: own } = context.principal;
  // A key is for less than its owner, and so is not asked instead.
  if (userId === undefined || (kind === 'USER' && userId === own)) {
    return { as: context, isAsker: true };
  }
  if (!isUuid(userId)) return 'hidden';
  // What is read after a write is read anew, and so are these.
  const known = asked.get(context.loaders) ?? subjectLoader(context);
  asked.set(context.loaders, known);
  return known.load(userId);
}

const counts = new WeakMap<object, number>();

/**
 * Counts those whose holdings a request reads besides the asker's. Throws BAD_USER_INPUT beyond the limit: each of them
 * is as dear as a credential.
 */
export function chargeSubjects({ loaders, limits: { subjects } }: Context, more: number): void {
  const count = (counts.get(loaders) ?? 0) + more;
  if (count > subjects) throw badUserInput(`a request asks about at most ${subjects} others`);
  counts.set(loaders, count);
}

function subjectLoader(context: Context): DataLoader<string, FoundSubject> {
  return new DataLoader<string, FoundSubject>(async (userIds) => {
    chargeSubjects(context, userIds.length);
    const place = reachOf(context.place);
    const rows = await context.loaders
      .columns('User', place, ['id', 'organizationId'])
      .loadMany(userIds);
    const answers = rows.map((row): FoundSubject | Error | null => {
      if (row instanceof Error) return row;
      if (row === null) return 'hidden';
      return inspectsOrganization(context, row.organizationId as string) ? null : forbidden();
    });
    const asking = userIds.filter((_, index) => answers[index] === null);
    const found = await context.readingAs(asking);
    return userIds.map((userId, index): FoundSubject | Error => {
      const answer = answers[index];
      if (answer !== null && answer !== undefined) return answer;
      const as = found.get(userId);
      return as === undefined ? 'idle' : { as, isAsker: false };
    });
  });
}

/** Whether the asker may ask about the people of an organization: by what is held at its root, acting there (D4). */
export function inspectsOrganization(context: ReadingContext, organizationId: string): boolean {
  const root = rootScopeId(organizationId);
  return inspectsAt(context, { scopeId: root, organizationId, inheritsFrom: [root] });
}

/**
 * The place that the asker named, as the subject acts in it; null where they cannot. Where none was named and the
 * asker's own is another organization, it is where the subject acts when they name none.
 */
export function placeAs(
  { as: { principal }, isAsker }: Subject,
  place: Place,
  isNamed: boolean,
): Place | null {
  if (isAsker) return place;
  const { organizationId } = principal;
  if (place.coverage.kind === 'global') return { ...place, organizationId };
  if (!isNamed && place.organizationId !== organizationId) return ownPlace(principal);
  const switched = place.organizationId !== organizationId;
  return switched && !canActAnywhere(principal) ? null : { ...place, switched };
}
