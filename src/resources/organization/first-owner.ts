import { createRow } from '../../commands/create-row.js';
import type { Session } from '../../commands/session.js';
import { changeOf } from '../../commands/settings.js';
import { makeOwner } from '../../commands/tree/own.js';
import { raiseAuthority } from '../../data/write/authority.js';
import { isDomainError } from '../../errors.js';
import { dynamicInput } from '../../graphql/comparisons.js';
import { settingFields, settingsOf } from '../../graphql/settings.js';
import { writableOf } from '../../graphql/writable-of.js';
import { rootScopeId } from '../../policy/root-scope.js';
import { rootOf } from '../../request/place.js';
import { user } from '../user/user.js';

const writable = writableOf(user);
const settings = settingsOf(user).filter(({ name }) => name === 'name' || name === 'email');

/** Who is to own a new organization. */
export const OwnerInput = dynamicInput(
  'OrganizationOwner',
  'A user who is invited into a new organization, and owns it.',
  (t) => settingFields(t, settings, true),
);

/**
 * Makes a user of a new organization, and an Owner of all of it (D8). Whoever may make users there is a platform admin, who
 * could give them anything (D12): nobody else holds a thing in an organization that has just been made.
 *
 * @throws DomainError FORBIDDEN, CONFLICT, BAD_USER_INPUT
 */
export async function createFirstOwner(
  session: Session,
  organizationId: string,
  owner: Readonly<Record<string, unknown>>,
): Promise<void> {
  await raiseAuthority(session.tx, organizationId);
  const there = session.at(rootOf(organizationId, session.principal));
  const scopeId = rootScopeId(organizationId);
  const found = await there.findSpot(scopeId);
  if (found === null) throw new Error('an organization was made without its root');
  const spot = { scopeId, ...found };
  try {
    const made = await createRow(there, writable, spot, changeOf(settings, owner), ['create']);
    await makeOwner(there, spot, made.id);
  } catch (error) {
    throw isDomainError(error) ? error.within('owner') : error;
  }
}
