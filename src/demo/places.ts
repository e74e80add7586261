// Where things are: the tenants, the types of scope that one of them made, and the scopes.
import type { BUILT_IN_SCOPE_TYPES, PermissionMode } from '../policy/vocabulary.js';

interface DemoOrganization {
  readonly name: string;
  readonly domain: string;
  readonly isProvider?: true;
  readonly isInactive?: true;
}

export const ORGANIZATIONS = {
  asgard: { name: 'Asgard Services', domain: 'asgard.example', isProvider: true },
  acme: { name: 'Acme Corp', domain: 'acme.example' },
  globex: { name: 'Globex', domain: 'globex.example' },
  initech: { name: 'Initech', domain: 'initech.example' },
  hooli: { name: 'Hooli', domain: 'hooli.example', isInactive: true },
  // To write in; `npm run seed -- --reset-demo` puts it back.
  playground: { name: 'Playground', domain: 'playground.example' },
} as const satisfies Record<string, DemoOrganization>;

export type OrganizationKey = keyof typeof ORGANIZATIONS;

type BuiltInType = keyof typeof BUILT_IN_SCOPE_TYPES;

interface DemoScopeType {
  readonly name: string;
  readonly organization: OrganizationKey;
  readonly permissionMode: PermissionMode;
  /** The built-in types that may contain it, and those that it may contain. */
  readonly inside: readonly BuiltInType[];
  readonly contains: readonly BuiltInType[];
}

export const SCOPE_TYPES = {
  team: {
    name: 'Team',
    organization: 'acme',
    permissionMode: 'MERGE',
    inside: ['Tenant'],
    contains: ['Project'],
  },
  // The boundary: grants from outside end here, those of Acme's owner too (D8).
  vault: {
    name: 'Vault',
    organization: 'acme',
    permissionMode: 'DEFINE',
    inside: ['Tenant'],
    contains: ['Project'],
  },
} as const satisfies Record<string, DemoScopeType>;

export type ScopeTypeKey = keyof typeof SCOPE_TYPES;

interface DemoScope {
  readonly name: string;
  readonly type: BuiltInType | ScopeTypeKey;
  readonly organization: OrganizationKey;
  /** The scope that contains it; absent: the organization's root. */
  readonly parent?: string;
  readonly meta?: Readonly<Record<string, string | number | boolean>>;
}

/** Parents come before what is in them. The key is the scope's external id, too. */
export const SCOPES = {
  engineering: { name: 'Engineering', type: 'team', organization: 'acme', meta: { floor: 3 } },
  sales: { name: 'Sales', type: 'team', organization: 'acme', meta: { floor: 1 } },
  backend: {
    name: 'Backend',
    type: 'Project',
    organization: 'acme',
    parent: 'engineering',
    meta: { repository: 'acme/backend', critical: true },
  },
  frontend: { name: 'Frontend', type: 'Project', organization: 'acme', parent: 'engineering' },
  crm: { name: 'CRM', type: 'Project', organization: 'acme', parent: 'sales' },
  'backend-production': production('backend'),
  'backend-staging': staging('backend'),
  'frontend-production': production('frontend'),
  'frontend-staging': staging('frontend'),
  'crm-production': production('crm'),
  'crm-staging': staging('crm'),
  compliance: { name: 'Compliance', type: 'vault', organization: 'acme' },
  investigations: {
    name: 'Investigations',
    type: 'Project',
    organization: 'acme',
    parent: 'compliance',
  },
  springfield: { name: 'Springfield', type: 'Workspace', organization: 'globex' },
  reactor: { name: 'Reactor', type: 'Project', organization: 'globex', parent: 'springfield' },
  tps: { name: 'TPS', type: 'Project', organization: 'initech' },
  lab: { name: 'Lab', type: 'Project', organization: 'playground' },
  attic: { name: 'Attic', type: 'Project', organization: 'playground' },
} as const satisfies Record<string, DemoScope>;

export type ScopeKey = keyof typeof SCOPES;

/** Where a row can live: the platform root, an organization's root, or a scope in one. */
export type PlaceKey = 'platform' | OrganizationKey | ScopeKey;

/** The organization that a place belongs to; the platform root belongs to none. */
export function organizationOf(place: PlaceKey): OrganizationKey | null {
  if (place === 'platform') return null;
  return isScope(place) ? SCOPES[place].organization : place;
}

export function isScope(place: PlaceKey): place is ScopeKey {
  return Object.hasOwn(SCOPES, place);
}

function production<const P extends string>(parent: P) {
  return environment('production', parent);
}

function staging<const P extends string>(parent: P) {
  return environment('staging', parent);
}

function environment<const P extends string>(name: 'production' | 'staging', parent: P) {
  return {
    name,
    type: 'Environment',
    organization: 'acme',
    parent,
    meta: { protected: name === 'production' },
  } as const;
}
