import { badUserInput, forbidden, notFound } from '../errors.js';
import { isUuid } from '../policy/pattern.js';
import type { Context } from '../request/context.js';
import { rootOf } from '../request/place.js';
import type { ReadingContext } from '../request/reading.js';
import { inspectsRow } from './inspects-row.js';
import { kindOf, type Models } from './kinds.js';
import { reachOf } from './reach-of.js';
import { allDecidingColumns } from './shown-row.js';
import { chargeSubjects, inspectsOrganization, placeAs } from './subject.js';

/** Those who may, of those that were looked at. */
export interface WithAccess {
  readonly userIds: readonly string[];
  /** Whether there are others who have not been looked at. */
  readonly hasMore: boolean;
  /** The last one looked at. */
  readonly endCursor: string | null;
}

export interface AskedOfAll {
  readonly action: string;
  readonly resourceType: string;
  readonly resourceId: string;
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

/** So many are read at once: for most rows the first of these fill a page. */
const AT_ONCE = 50;

/**
 * The users of a row's organization who may do something with it, of those that the asker may read, by their ids. Each is
 * decided by all that they hold, and so no more than `limits.subjects` are looked at; whoever wants the rest goes on
 * from the cursor.
 *
 * @throws DomainError NOT_FOUND: no such row that may be read; FORBIDDEN: not managed, or not to be asked about
 */
export async function subjectsWithAccess(
  context: Context,
  models: Models,
  { first, after, resourceId, ...asked }: AskedOfAll,
): Promise<WithAccess> {
  const { policies } = context.decisionsAt(context.place);
  const kind = kindOf({ models, policies }, asked);
  if (!kind.own) throw badUserInput('the gateway knows the resources that it keeps itself');
  const { pageSize, maxPageSize, subjects } = context.limits;
  const size = first ?? pageSize;
  if (size < 0 || size > maxPageSize) throw badUserInput(`a page has 0 to ${maxPageSize} rows`);
  if (after != null && !isUuid(after)) throw badUserInput('this is no cursor of the list');
  if (!isUuid(resourceId)) throw notFound();
  const { model, policy } = kind;
  const here = reachOf(context.place);
  const rows = context.loaders.columns(model, here, allDecidingColumns(policy));
  const row = await rows.load(resourceId.toLowerCase());
  context.acting.noteRow(policy, row);
  if (row === null) throw notFound();
  const ofRow = policy.home === undefined ? null : row[policy.home.organization];
  const organizationId = (ofRow as string | null) ?? context.place.organizationId;
  if (organizationId === null) return { userIds: [], hasMore: false, endCursor: null };
  const mayAsk =
    inspectsOrganization(context, organizationId) &&
    (await inspectsRow(context, here, kind, asked.action, row));
  if (!mayAsk) throw forbidden();

  const place = rootOf(organizationId, context.principal);
  const may = async (as: ReadingContext): Promise<boolean> => {
    const there = placeAs({ as, isAsker: false }, place, true);
    if (there === null) return false;
    const where = reachOf(there);
    const answers = ['read', asked.action].map((need) =>
      as.loaders.permitted(model, need, where, row),
    );
    return (await Promise.all(answers)).every(Boolean);
  };

  const found: string[] = [];
  let looked = 0;
  let last = after?.toLowerCase() ?? null;
  while (found.length < size && looked < subjects) {
    const take = Math.min(AT_ONCE, subjects - looked);
    const users = await usersAfter(context, organizationId, last, take + 1);
    const batch = users.slice(0, take);
    chargeSubjects(context, batch.length);
    const reading = await context.readingAs(batch);
    const answers = await Promise.all(
      batch.map(async (id) => {
        const as = reading.get(id);
        return as !== undefined && (await may(as));
      }),
    );
    for (const [index, id] of batch.entries()) {
      if (found.length === size) return { userIds: found, hasMore: true, endCursor: last };
      if (answers[index]) found.push(id);
      last = id;
    }
    looked += batch.length;
    if (users.length <= take) return { userIds: found, hasMore: false, endCursor: last };
  }
  return { userIds: found, hasMore: true, endCursor: last };
}

/** The next users of an organization that the asker may read. */
async function usersAfter(
  context: Context,
  organizationId: string,
  after: string | null,
  take: number,
): Promise<string[]> {
  const place = rootOf(organizationId, context.principal);
  const users = await context.readerAt(place, { kind: 'placed', tier: 'tenant' }).find({
    model: 'User',
    order: [{ field: 'id', direction: 'asc' }],
    page: { take, ...(after === null ? {} : { beyond: [after] }) },
    select: { columns: ['id'] },
  });
  return users.map(({ id }) => id);
}
