import DataLoader from 'dataloader';
import { badUserInput, forbidden } from '../errors.js';
import { isUuid } from '../policy/pattern.js';
import { rootScopeId } from '../policy/root-scope.js';
import { canActAnywhere, ownPlace, type Place } from '../policy/situation.js';
import type { Context } from '../request/context.js';
import type { Holder, ReadingContext } from '../request/reading.js';
import type { SubjectName } from './asked.js';
import { reachOf } from './reach-of.js';
import { inspectsAt } from './spot.js';

/** Of whom something is asked: what decides as they would, and whether that is the asker. */
export interface Subject {
  readonly as: ReadingContext;
  readonly isAsker: boolean;
}

/** `hidden`: nobody whom the asker may read (D14). `idle`: who may not act, and so may nothing (D18). */
export type FoundSubject = Subject | 'hidden' | 'idle';

type SubjectLoaders = Readonly<Record<Holder, DataLoader<string, FoundSubject>>>;
const asked = new WeakMap<object, SubjectLoaders>();

/**
 * Whoever is asked about: the asker, where nobody is named, or a user or a team that the asker may read, in an organization at
 * whose root the asker holds `permission:inspect`. All that a request asks about are read together.
 *
 * @throws DomainError FORBIDDEN: readable, and not to be asked about; BAD_USER_INPUT: too many, or none or both are named
 */
export async function subjectOf(
  context: Context,
  named: SubjectName | null | undefined,
): Promise<FoundSubject> {
  const self = { as: context, isAsker: true } as const;
  if (named === null || named === undefined) return self;
  const { userId = null, teamId = null } = named;
  if ((userId === null) === (teamId === null)) {
    throw badUserInput('a subject is a user or a team: one of them is named');
  }
  const id = (userId ?? teamId ?? '').toLowerCase();
  const { kind, userId: own } = context.principal;
  // A key is for less than its owner, and so is not asked instead.
  if (userId !== null && kind === 'USER' && id === own) return self;
  if (!isUuid(id)) return 'hidden';
  // What is read after a write is read anew, and so are these.
  const known = asked.get(context.loaders) ?? subjectLoaders(context);
  asked.set(context.loaders, known);
  return known[userId === null ? 'Team' : 'User'].load(id);
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

const subjectLoaders = (context: Context): SubjectLoaders => ({
  User: subjectLoader(context, 'User'),
  Team: subjectLoader(context, 'Team'),
});

function subjectLoader(context: Context, model: Holder): DataLoader<string, FoundSubject> {
  return new DataLoader<string, FoundSubject>(async (ids) => {
    chargeSubjects(context, ids.length);
    const place = reachOf(context.place);
    const rows = await context.loaders
      .columns(model, place, ['id', 'organizationId'])
      .loadMany(ids);
    const answers = rows.map((row): FoundSubject | Error | null => {
      if (row instanceof Error) return row;
      if (row === null) return 'hidden';
      context.acting.note(row.organizationId as string | null);
      return inspectsOrganization(context, row.organizationId as string) ? null : forbidden();
    });
    const asking = ids.filter((_, index) => answers[index] === null);
    const found = await context.readingAs(asking, model);
    return ids.map((id, index): FoundSubject | Error => {
      const answer = answers[index];
      if (answer !== null && answer !== undefined) return answer;
      const as = found.get(id);
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
