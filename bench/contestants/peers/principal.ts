import { principal } from '../sql/principal.js';

/** Which rows of one type somebody may read, by the scopes at which that is granted. */
export interface Readable {
  readonly all: readonly string[];
  readonly team: readonly string[];
  readonly own: readonly string[];
  /** With any reach. */
  readonly any: readonly string[];
  /** Granted at the platform's root, where it counts for global rows. */
  readonly global: boolean;
  /** Granted at the root of the caller's organization, where it reads global configs and roles. */
  readonly root: boolean;
}

export const RESOURCES = ['form', 'workflow', 'config', 'role', 'scope'] as const;
export type Resource = (typeof RESOURCES)[number];

/** Who asks and what they hold. */
export interface Caller {
  readonly id: string;
  readonly organizationId: string;
  readonly rootScopeId: string;
  readonly isAdmin: boolean;
  readonly teamIds: readonly string[];
  /** Everybody in a team of the caller's. */
  readonly mateIds: readonly string[];
  /** Side by side: a role, and a scope at which it is held. */
  readonly heldRoleIds: readonly string[];
  readonly heldScopeIds: readonly string[];
  /** The roles that are held at the root of the organization. */
  readonly rootRoleIds: readonly string[];
  readonly readable: Readonly<Record<Resource, Readable>>;
}

const readableSql = (resource: Resource): string => `'${resource}', jsonb_build_object(
  'all', coalesce(to_jsonb(${resource}_all), '[]'), 'team', coalesce(to_jsonb(${resource}_team), '[]'),
  'own', coalesce(to_jsonb(${resource}_own), '[]'), 'any', coalesce(to_jsonb(${resource}_any), '[]'),
  'global', ${resource}_global, 'root', ${resource}_root)`;

/**
 * Reads a caller by user id, $1: one statement a request, as every system beside the gateway needs one,
 * and the same one as the floor's.
 */
const CALLER_SQL = `WITH ${principal([...RESOURCES])}
SELECT id, org AS "organizationId", root AS "rootScopeId", admin AS "isAdmin", teams AS "teamIds", mates AS "mateIds",
  ARRAY(SELECT role_id FROM held ORDER BY role_id, scope_id) AS "heldRoleIds",
  ARRAY(SELECT scope_id FROM held ORDER BY role_id, scope_id) AS "heldScopeIds",
  root_roles AS "rootRoleIds",
  jsonb_build_object(${RESOURCES.map(readableSql).join(', ')}) AS readable
FROM me`;

interface Queryable {
  query(config: { name: string; text: string; values: unknown[] }): Promise<{ rows: unknown[] }>;
}

/** Throws when nobody active has this id. */
export async function loadCaller(database: Queryable, userId: string | null): Promise<Caller> {
  const { rows } = await database.query({ name: 'caller', text: CALLER_SQL, values: [userId] });
  const [caller] = rows as Caller[];
  if (caller === undefined) throw new Error(`there is no active user ${userId}`);
  return caller;
}
