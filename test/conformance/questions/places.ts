import { everything, type Place, placeNamed } from '../oracle/place.js';
import { type Named, PLATFORM, type Row } from '../world/types.js';
import type { Random } from './random.js';
import type { Session } from './session.js';

/** Where a root field is asked to act. */
export interface PlaceArgs {
  readonly scope?: string | null;
  readonly acrossOrganizations?: boolean;
  readonly includeShadowed?: boolean;
}

/** A place that somebody might name: nothing, nowhere, one's own, another's, none at all. */
export function nameSomewhere(session: Session, random: Random): Named {
  const { tree, person } = session.asking;
  const scopes = tree.of('Scope').filter((scope) => scope.id !== PLATFORM);
  const own = scopes.filter((scope) => scope.one.organization === person.organizationId);
  // An organization's id names its root as well as the root's own id does (D1).
  const called = ({ id, one: { parent, organization } }: Row): string =>
    parent === PLATFORM && random.chance(0.5) ? (organization as string) : id;
  switch (random.below(10)) {
    case 0:
    case 1:
    case 2:
      return undefined;
    case 3:
      return null;
    case 4:
    case 5:
    case 6:
      return own.length === 0 ? undefined : called(random.one(own));
    case 7:
    case 8:
      return called(random.one(scopes));
    default:
      return random.one([
        PLATFORM,
        '00000000-0000-7000-8000-00000000dead',
        'nowhere',
        random.one(tree.world.rows).id,
      ]);
  }
}

/** The place that the arguments mean, or the error that they are (D4). */
export function resolve(
  session: Session,
  args: PlaceArgs,
): Place | 'SCOPE_FORBIDDEN' | 'BAD_USER_INPUT' {
  const { tree, person, place } = session.asking;
  const named = 'scope' in args ? args.scope : undefined;
  if (args.acrossOrganizations === true) {
    if (named !== undefined) return 'BAD_USER_INPUT';
    return everything(tree, person, place) ?? 'SCOPE_FORBIDDEN';
  }
  return placeNamed(tree, person, named, place) ?? 'SCOPE_FORBIDDEN';
}
