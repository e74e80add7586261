import { demoId } from './demo-id.js';
import { PEOPLE, type PersonKey, TEAMS, type TeamKey } from './people.js';
import {
  ORGANIZATIONS,
  type OrganizationKey,
  SCOPE_TYPES,
  SCOPES,
  type ScopeKey,
  type ScopeTypeKey,
} from './places.js';
import { ROLES, type RoleKey } from './roles.js';

interface DemoIds {
  readonly organizations: Readonly<Record<OrganizationKey, string>>;
  readonly scopeTypes: Readonly<Record<ScopeTypeKey, string>>;
  readonly scopes: Readonly<Record<ScopeKey, string>>;
  readonly users: Readonly<Record<PersonKey, string>>;
  readonly teams: Readonly<Record<TeamKey, string>>;
  readonly roles: Readonly<Record<RoleKey, string>>;
}

/**
 * The ids of what has a name in the demo world, the same in every database. The id of an
 * organization's root scope follows from the organization's (D1); for a row there is `demoRowId`.
 */
export const DEMO_IDS: DemoIds = {
  organizations: idsOf('organization', ORGANIZATIONS),
  scopeTypes: idsOf('scopeType', SCOPE_TYPES),
  scopes: idsOf('scope', SCOPES),
  users: idsOf('user', PEOPLE),
  teams: idsOf('team', TEAMS),
  roles: idsOf('role', ROLES),
};

function idsOf<K extends string>(kind: string, table: Readonly<Record<K, unknown>>) {
  const keys = Object.keys(table) as K[];
  return Object.fromEntries(keys.map((key) => [key, demoId(kind, key)])) as Record<K, string>;
}
