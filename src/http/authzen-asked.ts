import type { Asked } from '../decisions/asked.js';
import { badUserInput } from '../errors.js';
import { isUuid } from '../policy/pattern.js';
import { compare } from '../query/filter.js';
import { isText } from '../query/text.js';
import type { Context } from '../request/context.js';
import { models } from '../resources/decisions/models.js';
import type { Evaluation, ResourceEntity, SubjectEntity } from './authzen-request.js';

/** The type of subjects that the gateway knows. */
export const USER = 'user';

/** Names nobody, and so is answered as any user who may not be read (D14). */
const NOBODY = 'nobody';

/** Finds users by what AuthZEN calls them: an id, or an email. One statement an email, each asked once. */
export function subjectsBy(context: Context): (subject: SubjectEntity) => Promise<string> {
  const known = new Map<string, Promise<string>>();
  return ({ type, id }) => {
    if (type !== USER) return Promise.resolve(NOBODY);
    if (isUuid(id)) return Promise.resolve(id.toLowerCase());
    const email = String(id).toLowerCase();
    if (!isText(email)) return Promise.resolve(NOBODY);
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

async function byEmail(context: Context, email: string): Promise<string> {
  const { user } = context.oneself;
  const own = (await user()) as { readonly id: string; readonly email: string } | null;
  if (own?.email === email) return own.id;
  const where = compare('email', { is: 'equal', value: email });
  const reader = context.readerAt(context.place);
  const row = await reader.first({ model: 'User', where, select: { columns: ['id'] } });
  return row?.id ?? NOBODY;
}

/** A question of AuthZEN as one of ours. */
export async function askedOf(
  { subject, action, resource }: Evaluation,
  userIdOf: (subject: SubjectEntity) => Promise<string>,
): Promise<Asked> {
  const userId = await userIdOf(subject);
  return {
    action: action.name,
    ...(await resourceOf(resource, { ...subject, userId })),
    subject: { userId },
  };
}

/** What is said of a resource: of one of the gateway's own its id alone, of another's whatever it may be decided by. */
async function resourceOf(
  { type, id, properties = {} }: ResourceEntity,
  subject: SubjectEntity & { readonly userId: string },
): Promise<Omit<Asked, 'action'>> {
  const scope = scopeIn(properties);
  const asked = { resourceType: type, resourceId: id, ...(scope === undefined ? {} : { scope }) };
  if (models().has(type)) return asked;
  const { name, ownerID } = properties;
  const said: Readonly<Record<string, unknown>> = { ownerId: ownerID, ...properties };
  // Whoever calls the owner what they call the subject means the same user.
  const known = (value: unknown): value is string | null =>
    value === null || typeof value === 'string';
  const attributes: Record<string, string | null> = {};
  for (const one of ATTRIBUTES) {
    const value = said[one];
    if (known(value)) attributes[one] = value === subject.id ? subject.userId : value;
  }
  return { ...asked, resourceName: typeof name === 'string' ? name : null, attributes };
}

const ATTRIBUTES = ['ownerId', 'createdById', 'teamId'] as const;

/** Where it lives (D4), if that is said of it. */
export function scopeIn({ scope }: Readonly<Record<string, unknown>>): string | null | undefined {
  if (scope === undefined || scope === null || typeof scope === 'string') return scope;
  throw badUserInput('the scope of a resource is an id or null');
}
