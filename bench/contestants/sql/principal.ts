/** The scope of the platform, where grants reach global rows. */
const PLATFORM = `'00000000-0000-7000-8000-000000000001'::uuid`;

const REACHES = { all: 'ALL_DATA', team: 'TEAM_DATA', own: 'OWN_DATA' } as const;

/** What a statement may ask about. */
export type Resource = 'form' | 'workflow' | 'config' | 'role' | 'scope';

/**
 * The CTEs that read who asks, user $1: a row `me` of what the predicates beside this compare with,
 * and `held`, the roles and where they are held. No row: nobody that may ask.
 *
 * For each resource that the statement is about there are the scopes at which its rows may be read, or whatever
 * else is to be done with them, by reach, and whether global rows may. Overrides count as the gateway has it: what one does not leave
 * enabled, above or below, is not held.
 */
export function principal(resources: readonly Resource[], action = 'read'): string {
  const types = resources.map((resource) => `'${resource}'`).join(', ');
  return `held AS MATERIALIZED (
    SELECT DISTINCT r.id AS role_id, r.data_access, r.scope_id AS defined_at, s.id AS scope_id, s.path
    FROM (
      SELECT id, scope_id FROM membership WHERE user_id = $1
      UNION ALL
      SELECT m.id, m.scope_id FROM team_member t JOIN membership m ON m.team_id = t.team_id
      WHERE t.user_id = $1
    ) m
    JOIN role_assignment a ON a.membership_id = m.id
    JOIN role r ON r.id = a.role_id
    JOIN scope s ON s.id = m.scope_id AND r.scope_id = ANY (s.path)
    WHERE NOT EXISTS (
      SELECT FROM scope_override v JOIN scope at ON at.id = v.scope_id
      WHERE v.role_id = r.id AND v.permission_id IS NULL AND v.state <> 'enabled'
        AND (v.scope_id = ANY (s.path) OR s.id = ANY (at.path))
    )
  ), granted AS MATERIALIZED (
    SELECT p.resource_type, h.data_access, h.scope_id
    FROM held h
    JOIN role_permission rp ON rp.role_id = h.role_id
    JOIN permission p ON p.id = rp.permission_id
    JOIN scope d ON d.id = h.defined_at AND p.scope_id = ANY (d.path)
    WHERE p.action = '${action}' AND p.resource_type IN (${types})
      AND p.resource_pattern = '*' AND p.condition IS NULL
      AND NOT EXISTS (
        SELECT FROM scope_override v JOIN scope at ON at.id = v.scope_id
        WHERE v.permission_id = p.id AND coalesce(v.role_id, h.role_id) = h.role_id
          AND v.state <> 'enabled' AND (v.scope_id = ANY (h.path) OR h.scope_id = ANY (at.path))
      )
  ), reaching AS (
    SELECT ${resources.flatMap((resource) => Object.entries(REACHES).map(([name, reach]) => `array_agg(scope_id) FILTER (WHERE resource_type = '${resource}' AND data_access = '${reach}') AS ${resource}_${name}`)).join(',\n      ')},
      ${resources.map((resource) => `array_agg(scope_id) FILTER (WHERE resource_type = '${resource}' AND data_access IN ('ALL_DATA', 'TEAM_DATA', 'OWN_DATA')) AS ${resource}_any`).join(',\n      ')}
    FROM granted
  ), me AS MATERIALIZED (
    SELECT u.id, u.organization_id AS org, at.root, u.is_platform_admin AS admin,
      ARRAY(SELECT team_id FROM team_member WHERE user_id = $1) AS teams,
      ARRAY(SELECT x.user_id FROM team_member t JOIN team_member x ON x.team_id = t.team_id
        WHERE t.user_id = $1) AS mates,
      ARRAY(SELECT role_id FROM held) AS roles,
      ARRAY(SELECT role_id FROM held WHERE scope_id = at.root) AS root_roles,
      ${resources
        .map(
          (resource) => `coalesce(${PLATFORM} = ANY (${resource}_any), false) AS ${resource}_global,
      coalesce(at.root = ANY (${resource}_any), false) AS ${resource}_root`,
        )
        .join(',\n      ')},
      reaching.*
    FROM "user" u JOIN organization o ON o.id = u.organization_id
    CROSS JOIN LATERAL heimdall_root_scope_id(o.id) at (root) CROSS JOIN reaching
    WHERE u.id = $1 AND u.is_active AND o.is_active
  )`;
}

/** A column of the row `me`, which every statement calls p. */
export const my = (column: string): string => `p.${column}`;
