import type { Asked, SubjectName } from '../decisions/asked.js';
import { badUserInput } from '../errors.js';
import { isUuid } from '../policy/pattern.js';
import { compare } from '../query/filter.js';
import { isText } from '../query/text.js';
import type { Context } from '../request/context.js';
import { models } from '../resources/decisions/models.js';
import type { Evaluation, ResourceEntity, SubjectEntity } from './authzen-request.js';

/** The types of subjects that the gateway knows. */
export const USER = 'user';
const TEAM = 'team';

/** Names nobody, and so is answered as any user who may not be read (D14). */
const NOBODY: SubjectName = { userId: 'nobody' };

/** Finds a subject by what AuthZEN calls it. */
export type FindSubject = (subject: SubjectEntity) => Promise<SubjectName>;

/** Finds teams by their ids, and users by an id or an email. One statement an email, each asked once. */
export function subjectsBy(context: Context): FindSubject {
  const known = new Map<string, Promise<SubjectName>>();
  return async ({ type, id }) => {
    if (type === TEAM) return { teamId: id };
    if (type !== USER) return NOBODY;
    if (isUuid(id)) return { userId: id.toLowerCase() };
    const email = String(id).toLowerCase();
    if (!isText(email)) return NOBODY;
    const asked = known.get(email);
    if (asked !== undefined) return asked;
    if (known.size >= context.limits.subjects) {
      throw badUserInput(`a request asks about at most ${context.limits.subjects} others`);
    }
    const found = byEmail(context, email);
    known.set(email, found);
    return found;
  };
}

async function byEmail(context: Context, email: string): Promise<SubjectName> {
  const { user } = context.oneself;
  const own = (await user()) as { readonly id: string; readonly email: string } | null;
  if (own?.email === email) return { userId: own.id };
  const where = compare('email', { is: 'equal', value: email });
  const reader = context.readerAt(context.place);
  const row = await reader.first({ model: 'User', where, select: { columns: ['id'] } });
  return row === null ? NOBODY : { userId: row.id };
}

/** A question of AuthZEN as one of ours. */
export async function askedOf(
  { subject, action, resource }: Evaluation,
  find: FindSubject,
): Promise<Asked> {
  const found = await find(subject);
  return {
    action: action.name,
    ...(await resourceOf(resource, { called: subject.id, ...found })),
    subject: found,
  };
}

/** What is said of a resource: of one of the gateway's own its id alone, of another's whatever it may be decided by. */
async function resourceOf(
  { type, id, properties = {} }: ResourceEntity,
  { called, userId, teamId }: SubjectName & { readonly called: string },
): Promise<Omit<Asked, 'action'>> {
  const scope = scopeIn(properties);
  const asked = { resourceType: type, resourceId: id, ...(scope === undefined ? {} : { scope }) };
  if (models().has(type)) return asked;
  const { name, ownerID } = properties;
  const said: Readonly<Record<string, unknown>> = { ownerId: ownerID, ...properties };
  // Whoever calls the owner what they call the subject means the same one.
  const known = (value: unknown): value is string | null =>
    value === null || typeof value === 'string';
  const attributes: Record<string, string | null> = {};
  for (const one of ATTRIBUTES) {
    const value = said[one];
    if (known(value)) attributes[one] = value === called ? (userId ?? teamId ?? value) : value;
  }
  return { ...asked, resourceName: typeof name === 'string' ? name : null, attributes };
}

const ATTRIBUTES = ['ownerId', 'createdById', 'teamId'] as const;

/** Where it lives (D4), if that is said of it. */
export function scopeIn({ scope }: Readonly<Record<string, unknown>>): string | null | undefined {
  if (scope === undefined || scope === null || typeof scope === 'string') return scope;
  throw badUserInput('the scope of a resource is an id or null');
}
