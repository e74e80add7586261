import type { TypeName } from './world/types.js';

export type CellKind = 'text' | 'boolean' | 'date' | 'id' | readonly string[];

export interface CellFacts {
  readonly kind: CellKind;
  /** Needs Manage(read) on the row (D15). */
  readonly managed?: true;
  /** Some rows have none. */
  readonly nullable?: true;
  /** Whether the list can be sorted by it. */
  readonly order?: string;
}

interface RelationFacts {
  readonly to: TypeName;
  readonly managed?: true;
  /** Where it can be used; both unless told. */
  readonly only?: 'field';
}

interface ToManyFacts extends RelationFacts {
  /** A list and no connection. */
  readonly whole?: true;
  /** The relation of those rows that leads back, where it is they that say it. */
  readonly back?: string;
}

/** What the API offers of a type, as schema.graphql says it. */
export interface TypeFacts {
  readonly one: string;
  readonly many: string;
  readonly lookup?: { readonly field: string; readonly by: string };
  readonly cells: Readonly<Record<string, CellFacts>>;
  readonly toOne: Readonly<Record<string, RelationFacts>>;
  readonly toMany: Readonly<Record<string, ToManyFacts>>;
}

const name: CellFacts = { kind: 'text', order: 'NAME' };
const open: CellFacts = { kind: 'text' };
const maybe: CellFacts = { kind: 'text', nullable: true };
const flag: CellFacts = { kind: 'boolean' };
const times: Record<string, CellFacts> = {
  createdAt: { kind: 'date', order: 'CREATED_AT' },
  updatedAt: { kind: 'date', order: 'UPDATED_AT' },
};
const organization: RelationFacts = { to: 'Organization' };
const placed = { organization, scope: { to: 'Scope' } } as const;
const owned = {
  createdBy: { to: 'User', managed: true },
  owner: { to: 'User', managed: true },
  team: { to: 'Team', managed: true },
} as const;
const executable = {
  cells: {
    name,
    description: maybe,
    isActive: flag,
    accessLevel: {
      kind: ['AUTHENTICATED', 'ROLE_BASED', 'PRIVATE'],
      managed: true,
      nullable: true,
    },
    ...times,
  },
  toOne: { ...placed, ...owned },
  toMany: { roles: { to: 'Role', managed: true, whole: true } },
} as const;
/** What lies at a scope or in an organization: lists to follow, and not to filter by. */
const lies = (to: TypeName, back: string): ToManyFacts => ({ to, back, only: 'field' });
const byName = (field: string) => ({ field, by: 'name' });

export const CATALOG: Readonly<Record<TypeName, TypeFacts>> = {
  Form: {
    one: 'form',
    many: 'forms',
    lookup: byName('formByName'),
    ...executable,
    toOne: { ...executable.toOne, workflow: { to: 'Workflow' } },
  },
  Workflow: {
    one: 'workflow',
    many: 'workflows',
    lookup: byName('workflowByName'),
    ...executable,
    cells: { ...executable.cells, endpoint: { kind: 'text', managed: true } },
    toMany: {
      ...executable.toMany,
      forms: lies('Form', 'workflow'),
      agents: lies('Agent', 'tools'),
    },
  },
  Agent: {
    one: 'agent',
    many: 'agents',
    lookup: byName('agentByName'),
    ...executable,
    cells: { ...executable.cells, instructions: { kind: 'text', managed: true } },
    toMany: {
      ...executable.toMany,
      tools: { to: 'Workflow' },
      delegates: { to: 'Agent' },
      delegators: lies('Agent', 'delegates'),
    },
  },
  App: {
    one: 'app',
    many: 'apps',
    lookup: { field: 'appBySlug', by: 'slug' },
    ...executable,
    cells: { ...executable.cells, slug: { kind: 'text', order: 'SLUG' } },
  },
  Config: {
    one: 'config',
    many: 'configs',
    lookup: { field: 'configByKey', by: 'key' },
    cells: {
      key: { kind: 'text', order: 'KEY' },
      description: maybe,
      isActive: flag,
      isFinal: flag,
      type: { kind: ['STRING', 'NUMBER', 'BOOLEAN', 'JSON', 'SECRET'] },
      ...times,
    },
    toOne: { ...placed, ...owned },
    toMany: {},
  },
  Organization: {
    one: 'organization',
    many: 'organizations',
    cells: { name, domain: maybe, isActive: flag, isProvider: flag, ...times },
    toOne: { rootScope: { to: 'Scope', only: 'field' } },
    toMany: {
      scopes: lies('Scope', 'organization'),
      users: lies('User', 'organization'),
      teams: lies('Team', 'organization'),
    },
  },
  Scope: {
    one: 'scope',
    many: 'scopes',
    cells: { name: { ...name, nullable: true }, externalId: maybe, ...times },
    toOne: { organization, parent: { to: 'Scope' }, type: { to: 'ScopeType' } },
    toMany: {
      ancestors: { to: 'Scope', only: 'field', whole: true },
      children: { to: 'Scope', back: 'parent' },
      members: lies('Membership', 'scope'),
      roles: lies('Role', 'scope'),
      permissions: lies('Permission', 'scope'),
      forms: lies('Form', 'scope'),
      workflows: lies('Workflow', 'scope'),
      agents: lies('Agent', 'scope'),
      apps: lies('App', 'scope'),
      configs: lies('Config', 'scope'),
    },
  },
  ScopeType: {
    one: 'scopeType',
    many: 'scopeTypes',
    cells: { name, permissionMode: { kind: ['DEFINE', 'MERGE'] }, ...times },
    toOne: { organization },
    toMany: {
      mayContain: { to: 'ScopeType', only: 'field' },
      mayBeIn: lies('ScopeType', 'mayContain'),
    },
  },
  Role: {
    one: 'role',
    many: 'roles',
    cells: {
      name,
      description: maybe,
      dataAccess: { kind: ['OWN_DATA', 'TEAM_DATA', 'ALL_DATA'] },
      isSystem: flag,
      ...times,
    },
    toOne: placed,
    toMany: {
      permissions: { to: 'Permission' },
      holders: { ...lies('Membership', 'roles'), managed: true },
    },
  },
  Permission: {
    one: 'permission',
    many: 'permissions',
    cells: {
      key: { kind: 'text', order: 'KEY' },
      resourceType: open,
      action: open,
      resourcePattern: open,
      label: maybe,
      ...times,
    },
    toOne: placed,
    toMany: { roles: { to: 'Role', back: 'permissions' } },
  },
  Team: {
    one: 'team',
    many: 'teams',
    cells: { name, ...times },
    toOne: { organization, createdBy: { to: 'User', managed: true } },
    toMany: { members: { to: 'User' }, memberships: lies('Membership', 'team') },
  },
  User: {
    one: 'user',
    many: 'users',
    cells: {
      name,
      email: { kind: 'text', order: 'EMAIL' },
      isActive: flag,
      isPlatformAdmin: flag,
      ...times,
    },
    toOne: { organization },
    toMany: { teams: { to: 'Team', back: 'members' }, memberships: lies('Membership', 'user') },
  },
  Membership: {
    one: 'membership',
    many: 'memberships',
    cells: { ...times, expiresAt: { kind: 'date', nullable: true } },
    toOne: { scope: { to: 'Scope' }, user: { to: 'User' }, team: { to: 'Team' } },
    toMany: { roles: { to: 'Role' } },
  },
  ScopeOverride: {
    one: 'scopeOverride',
    many: 'scopeOverrides',
    cells: {
      state: { kind: ['ENABLED', 'DISABLED'] },
      ...times,
    },
    toOne: { ...placed, role: { to: 'Role' }, permission: { to: 'Permission' } },
    toMany: {},
  },
};
