import { record, recordDenial } from '../audit/record.js';
import type { Row } from '../data/prisma/reader.js';
import {
  badUserInput,
  conflict,
  type DomainError,
  forbidden,
  notFound,
  unauthenticated,
} from '../errors.js';
import { isUuid } from '../policy/pattern.js';
import type { Principal } from '../policy/principal.js';
import { seenAs } from '../policy/seen-as.js';
import { ownPlace } from '../policy/situation.js';
import { oneOf } from '../query/filter.js';
import { type Context, createContext } from '../request/context.js';
import { isPermitted } from '../request/loaders.js';
import { rootOf } from '../request/place.js';
import type { GatewayParts, RequestFacts } from '../request/reading.js';

/** What seeing as somebody needs besides. */
export interface ViewingParts extends GatewayParts {
  /** A user with all that they hold now; null where they may not act (D18). Without it nobody is seen as. */
  readonly principalOf: ((userId: string) => Promise<Principal | null>) | undefined;
}

/**
 * The context of a request that is decided as somebody else (D21): for platform admins, and for holders of
 * `user:viewAs` on that user. It reads what they read, within the viewer's own tenancy and flags, and changes nothing.
 * Each is recorded, before anything is read, and so is each that is refused.
 *
 * INVARIANT: a user who may not be read is told from none by nothing: not by the answer, and not by the record (D14).
 *
 * @throws DomainError UNAUTHENTICATED, BAD_USER_INPUT, NOT_FOUND, FORBIDDEN; CONFLICT: the user may not act, and so sees nothing
 */
export async function contextAs(
  parts: ViewingParts,
  viewer: Principal,
  named: string,
  facts: RequestFacts,
): Promise<Context> {
  const { principalOf } = parts;
  if (viewer.kind === 'ANONYMOUS') throw unauthenticated(new Error('nobody sees as somebody'));
  if (!isUuid(named)) throw badUserInput('x-heimdall-view-as is no id of a user');
  if (principalOf === undefined) throw badUserInput('nobody can be seen as somebody else here');
  // Only who is a user themselves: a key is nobody whom the record could name for it.
  if (viewer.kind !== 'USER') throw forbidden();
  const userId = named.toLowerCase();
  const own = await createContext(parts, viewer, { ...facts, scopeHeader: null });
  try {
    const user = await readUser(own, userId);
    if (user === null) throw await refused(parts, viewer, userId, null, facts, notFound());
    const refuse = (error: DomainError) => refused(parts, viewer, userId, user, facts, error);
    if (!(await isPermitted('User', 'viewAs', user, own))) throw await refuse(forbidden());
    const viewed = await principalOf(userId);
    if (viewed === null) {
      throw await refuse(conflict('this user may not act, and so there is nothing to see'));
    }
    const seen = seenAs(viewed, viewer);
    if (seen === null) throw await refuse(forbidden());
    await record(parts.client, { ...entryOf(viewer, userId, user, facts), outcome: 'PERMITTED' });
    return await createContext(parts, seen, facts, viewer);
  } finally {
    own.release();
  }
}

function readUser(own: Context, userId: string): Promise<Row | null> {
  const where = oneOf('id', [userId]);
  return own.readerAt(own.place).first({ model: 'User', where, select: { columns: 'unsealed' } });
}

function entryOf(viewer: Principal, userId: string, user: Row | null, facts: RequestFacts) {
  const organizationId = (user?.organizationId ?? viewer.organizationId) as string | null;
  return {
    principal: viewer,
    place: organizationId === null ? ownPlace(viewer) : rootOf(organizationId, viewer),
    action: 'user:viewAs',
    resourceType: 'user',
    resourceId: userId,
    scopeId: null,
    organizationId,
    ...(facts.requestId === undefined ? {} : { requestId: facts.requestId }),
  };
}

/** Records a refusal, and is what is told of it. */
async function refused(
  { client }: ViewingParts,
  viewer: Principal,
  userId: string,
  user: Row | null,
  facts: RequestFacts,
  error: DomainError,
): Promise<DomainError> {
  const entry = { ...entryOf(viewer, userId, user, facts), reason: error.message };
  await recordDenial(client, entry, user === null ? 'NOT_FOUND' : 'FORBIDDEN');
  return error;
}
