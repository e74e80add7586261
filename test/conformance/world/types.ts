/** The types of rows that a caller can ask for. */
export const TYPES = [
  'Organization',
  'User',
  'Team',
  'ScopeType',
  'Scope',
  'Role',
  'Permission',
  'Form',
  'Workflow',
  'Agent',
  'App',
  'Config',
  'Membership',
  'ScopeOverride',
] as const;
export type TypeName = (typeof TYPES)[number];

/** Executions are no part of what every world is drawn with, and no catalog has them: executions.test.ts launches them. */
export const EXECUTION = 'Execution' as TypeName;

/** The types whose rows cascade and shadow one another (D2), with the cell that names them. */
export const CASCADING = {
  Form: 'name',
  Workflow: 'name',
  Agent: 'name',
  App: 'slug',
  Config: 'key',
} as const satisfies Partial<Record<TypeName, string>>;
export type CascadingType = keyof typeof CASCADING;

export type Cell = string | number | boolean | null;

/** One row as plain data: what it says, what it points to, what points to it by a list. */
export interface Row {
  readonly type: TypeName;
  readonly id: string;
  /** Columns without meaning to the tree: texts, flags, times. */
  readonly cells: Readonly<Record<string, Cell>>;
  /** To-one references by the name of the relation; null where there is none. */
  readonly one: Readonly<Record<string, string | null>>;
  /** To-many references by the name of the relation. */
  readonly many: Readonly<Record<string, readonly string[]>>;
  /** How often it was changed, and one; absent: as it was planted. */
  readonly version?: number;
  /** Of a membership: when roles on it end, of those that do by themselves (D48). */
  readonly ends?: Readonly<Record<string, string>>;
}

/** A user, a team or a key in a scope, with the roles it has there. */
export interface Membership {
  readonly id: string;
  readonly scopeId: string;
  readonly userId: string | null;
  readonly teamId: string | null;
  readonly keyId: string | null;
  readonly roleIds: readonly string[];
  /** When it ends, if it does (D48). */
  readonly expiresAt: string | null;
  /** When roles on it end, of those that end before it may. */
  readonly ends: Readonly<Record<string, string>>;
}

/** Instants that are long over, and that none of these worlds sees. */
export const PAST = '2001-01-01T00:00:00.000Z';
export const FUTURE = '2201-01-01T00:00:00.000Z';
/** Later still. */
export const LATER = '2301-01-01T00:00:00.000Z';

/** What is switched at a scope (D9): a role, a permission, or the one in the other. */
export interface Override {
  readonly id: string;
  readonly scopeId: string;
  readonly roleId: string | null;
  readonly permissionId: string | null;
  readonly state: 'enabled' | 'disabled';
}

/** A key that signs in (D42). It lives at the root of its organization, and no world changes it. */
export interface Key {
  readonly id: string;
  readonly kind: 'API_KEY' | 'VIRTUAL_KEY';
  readonly organizationId: string;
  readonly ownerId: string | null;
  readonly teamId: string | null;
  /** What it is for: types and actions. */
  readonly operations: readonly string[];
  readonly isActive: boolean;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
}

/** Everything that is in the database, built-in rows included. */
export interface World {
  readonly rows: readonly Row[];
  /** Those of the rows that are memberships, and that are overrides. */
  readonly memberships: readonly Membership[];
  readonly overrides: readonly Override[];
  /** Built in by the migrations, and so not planted. */
  readonly builtIn: ReadonlySet<string>;
  /** Of a world that is only read none: there keys are people in a guise. */
  readonly keys: readonly Key[];
}

/** The world of these rows, and of what no row changes. */
export function worldOf(
  rows: readonly Row[],
  { builtIn, keys }: Pick<World, 'builtIn' | 'keys'>,
): World {
  const memberships = rows.flatMap(({ type, id, cells, one, many, ends = {} }): Membership[] => {
    if (type !== 'Membership') return [];
    const { scope, user = null, team = null, apiKey = null, virtualKey = null } = one;
    return [
      {
        id,
        scopeId: scope as string,
        userId: user,
        teamId: team,
        keyId: apiKey ?? virtualKey,
        roleIds: many.roles ?? [],
        expiresAt: (cells.expiresAt ?? null) as string | null,
        ends,
      },
    ];
  });
  const overrides = rows.flatMap(({ type, id, cells, one }): Override[] => {
    if (type !== 'ScopeOverride') return [];
    const { scope, role = null, permission = null } = one;
    const state = cells.state === 'ENABLED' ? 'enabled' : 'disabled';
    return [{ id, scopeId: scope as string, roleId: role, permissionId: permission, state }];
  });
  return { rows, memberships, overrides, builtIn, keys };
}

/** D1: a root scope's id is its organization's with the version digit 7 made an 8. */
export function rootOf(organizationId: string): string {
  const root = organizationId.replace(/^(.{8}-.{4})-7/, '$1-8');
  if (root === organizationId) throw new Error(`${organizationId} is no UUID of version 7`);
  return root;
}

/** A place as a caller writes it: nothing, the global tier, or a scope's id or an organization's (D4). */
export type Named = undefined | null | string;

export const PLATFORM = '00000000-0000-7000-8000-000000000001';
export const OWNER = '00000000-0000-7000-8000-000000000020';
export const TENANT_TYPE = '00000000-0000-7000-8000-000000000011';
