// What people hold: roles, what these permit, and who holds them where.
import type { DataAccess, SYSTEM_ROLES } from '../policy/vocabulary.js';
import type { PersonKey, TeamKey } from './people.js';
import type { PlaceKey } from './places.js';

interface DemoPermission {
  readonly at: PlaceKey;
  readonly label: string;
}

/** The permissions that the built-in ones do not cover, by key. */
export const PERMISSIONS = {
  'form:read:billing/*': { at: 'acme', label: 'Read billing forms' },
  'config:read:billing/*': { at: 'acme', label: 'Read billing settings' },
  'config:update:billing/*': { at: 'acme', label: 'Change billing settings' },
  'form:read:owned': { at: 'acme', label: 'Read forms that one owns' },
  'form:update:owned': { at: 'acme', label: 'Change forms that one owns' },
  'config:read:owned': { at: 'acme', label: 'Read settings that one owns' },
} as const satisfies Record<string, DemoPermission>;

const READ_RESOURCES = ['form', 'workflow', 'agent', 'app', 'config'].map(
  (type) => `${type}:read:*`,
);
const EDIT_RESOURCES = ['form', 'workflow', 'agent', 'app', 'config'].flatMap((type) =>
  ['read', 'create', 'update', 'delete'].map((action) => `${type}:${action}:*`),
);

interface DemoRole {
  readonly name: string;
  readonly at: PlaceKey;
  readonly dataAccess: DataAccess;
  readonly description: string;
  /** Keys of the permissions above and of the built-in ones. */
  readonly permits?: readonly string[];
}

export const ROLES = {
  operator: {
    name: 'Operator',
    at: 'platform',
    dataAccess: 'OWN_DATA',
    description: 'A global role: organizations give it to people of theirs',
  },
  financeApprover: {
    name: 'Finance Approver',
    at: 'acme',
    dataAccess: 'OWN_DATA',
    description: 'Uses what is bound to it; permits nothing',
  },
  releaseManager: {
    name: 'Release Manager',
    at: 'acme',
    dataAccess: 'OWN_DATA',
    description: 'Uses what is bound to it; held through a team',
  },
  deployer: {
    name: 'Deployer',
    at: 'acme',
    dataAccess: 'OWN_DATA',
    description: 'Defined for all of Acme, held at one project',
  },
  onCall: {
    name: 'On Call',
    at: 'backend',
    dataAccess: 'OWN_DATA',
    description: 'Defined at Backend, so usable there and below alone',
  },
  author: {
    name: 'Author',
    at: 'acme',
    dataAccess: 'OWN_DATA',
    description: 'Reads what its holder created or owns',
    permits: READ_RESOURCES,
  },
  teamLead: {
    name: 'Team Lead',
    at: 'acme',
    dataAccess: 'TEAM_DATA',
    description: "Reads what is its holder's, their teammates' or their teams'",
    permits: READ_RESOURCES,
  },
  auditor: {
    name: 'Auditor',
    at: 'acme',
    dataAccess: 'ALL_DATA',
    description: 'Reads everything',
    permits: READ_RESOURCES,
  },
  editor: {
    name: 'Editor',
    at: 'acme',
    dataAccess: 'ALL_DATA',
    description: 'Edits everything below the place where it is held',
    permits: EDIT_RESOURCES,
  },
  billingClerk: {
    name: 'Billing Clerk',
    at: 'acme',
    dataAccess: 'ALL_DATA',
    description: 'Whatever is called billing/…',
    permits: ['form:read:billing/*', 'config:read:billing/*', 'config:update:billing/*'],
  },
  keeper: {
    name: 'Keeper',
    at: 'acme',
    dataAccess: 'ALL_DATA',
    description: 'Whatever its holder owns',
    permits: ['form:read:owned', 'form:update:owned', 'config:read:owned'],
  },
  labEditor: {
    name: 'Editor',
    at: 'playground',
    dataAccess: 'ALL_DATA',
    description: 'Edits everything below the place where it is held, and shares nothing',
    permits: EDIT_RESOURCES,
  },
  receptionist: {
    name: 'Receptionist',
    at: 'playground',
    dataAccess: 'ALL_DATA',
    description: 'Keeps the list of people and teams',
    permits: ['user', 'team'].flatMap((type) => [`${type}:read:*`, `${type}:update:*`]),
  },
  globexFinanceApprover: {
    name: 'Finance Approver',
    at: 'globex',
    dataAccess: 'OWN_DATA',
    description: 'Has a namesake in Acme, and nothing else to do with it',
  },
  platformAdminByName: {
    name: 'Platform Admin',
    at: 'initech',
    dataAccess: 'ALL_DATA',
    description: 'Called like something that it is not',
  },
} as const satisfies Record<string, DemoRole>;

export type RoleKey = keyof typeof ROLES;
export type SystemRole = keyof typeof SYSTEM_ROLES;

type DemoMembership = {
  readonly at: PlaceKey;
  readonly holds: readonly (RoleKey | SystemRole)[];
} & ({ readonly person: PersonKey } | { readonly team: TeamKey });

export const MEMBERSHIPS: readonly DemoMembership[] = [
  { person: 'frigg', at: 'asgard', holds: ['Owner'] },
  { person: 'frigg', at: 'globex', holds: ['Viewer'] },
  { person: 'thor', at: 'asgard', holds: ['Member'] },
  { person: 'loki', at: 'asgard', holds: [] },

  { person: 'alice', at: 'acme', holds: ['Owner'] },
  { person: 'bob', at: 'acme', holds: ['Admin'] },
  { person: 'ivan', at: 'acme', holds: ['Admin'] },
  { person: 'mia', at: 'acme', holds: [] },
  { person: 'fiona', at: 'acme', holds: ['financeApprover'] },
  { person: 'otto', at: 'acme', holds: ['operator'] },
  { person: 'owen', at: 'acme', holds: ['author'] },
  { person: 'tess', at: 'acme', holds: ['teamLead'] },
  { person: 'alba', at: 'acme', holds: ['auditor'] },
  { person: 'paula', at: 'acme', holds: ['billingClerk'] },
  { person: 'oona', at: 'acme', holds: ['keeper'] },
  { person: 'erin', at: 'engineering', holds: ['editor'] },
  { person: 'sam', at: 'sales', holds: ['Viewer'] },
  { person: 'bella', at: 'backend', holds: ['deployer'] },
  { person: 'bella', at: 'backend-production', holds: ['onCall'] },
  { person: 'vera', at: 'compliance', holds: ['Owner'] },
  { team: 'releaseCrew', at: 'acme', holds: ['releaseManager'] },

  { person: 'gina', at: 'globex', holds: ['Owner'] },
  { person: 'gwen', at: 'globex', holds: ['globexFinanceApprover'] },
  { person: 'bill', at: 'initech', holds: ['Owner'] },
  { person: 'peter', at: 'initech', holds: ['platformAdminByName'] },
  { person: 'gavin', at: 'hooli', holds: ['Owner'] },

  { person: 'pia', at: 'playground', holds: ['Owner'] },
  { person: 'emil', at: 'lab', holds: ['labEditor'] },
  { person: 'rita', at: 'playground', holds: ['receptionist'] },
  { person: 'max', at: 'playground', holds: [] },
  { team: 'caretakers', at: 'playground', holds: ['Owner'] },
];
