-- D48: a membership, and a role on one, may end by itself. From that instant it counts for nothing, at the second and
-- everywhere; it is listed as expired until somebody takes it away.
--
-- The instant is the database's: `statement_timestamp()`, so that one statement is of one moment, and what waited for a
-- lock is decided by when it goes on and not, as by `now()`, by when its transaction began.
--
-- What reads `membership` or `role_assignment` and is *not* about what counts stays as it is: that what is assigned stays
-- assignable (D8) holds of what has ended too, because it can be prolonged; heimdall_vector and heimdall_platform_holders
-- name the organizations of what has ended as well, and so more than they need.
--
-- INVARIANT: no version is raised when the instant comes, since nothing is written then (20261128000000). That is sound as
-- long as a principal is read anew for each request. Whoever keeps one beside its vector keeps it until "validUntil" and no
-- longer: the next instant at which something that it holds ends.

ALTER TABLE "membership"
  ADD COLUMN "expires_at" TIMESTAMPTZ(3),
  ADD COLUMN "reason" TEXT COLLATE "C";
ALTER TABLE "role_assignment"
  ADD COLUMN "expires_at" TIMESTAMPTZ(3),
  ADD COLUMN "reason" TEXT COLLATE "C";
ALTER TABLE "membership" ADD CONSTRAINT "membership_reason_check" CHECK (char_length(reason) <= 1000);
ALTER TABLE "role_assignment" ADD CONSTRAINT "role_assignment_reason_check" CHECK (char_length(reason) <= 1000);
COMMENT ON COLUMN "membership"."expires_at" IS 'D48: from then on it counts for nothing, nor do the roles on it; null: for ever';
COMMENT ON COLUMN "role_assignment"."expires_at" IS 'D48: from then on it counts for nothing; null: as long as its membership';
SELECT heimdall_bound_moments(t::regclass) FROM unnest(ARRAY['membership', 'role_assignment']) t;

-- Why somebody holds something is no part of what they hold.
SELECT heimdall_registers_authority('membership', $$
  SELECT organization_id FROM changed
  UNION SELECT u.organization_id FROM changed c JOIN "user" u ON u.id = c.user_id
  UNION SELECT t.organization_id FROM changed c JOIN team t ON t.id = c.team_id
  UNION SELECT k.organization_id FROM changed c JOIN virtual_key k ON k.id = c.virtual_key_id
  UNION SELECT k.organization_id FROM changed c JOIN api_key k ON k.id = c.api_key_id $$,
  ignores => '{reason,governed_by,created_at}');
SELECT heimdall_registers_authority('role_assignment',
  'SELECT m.organization_id FROM changed c JOIN membership m ON m.id = c.membership_id',
  ignores => '{reason}');

-- As in 20261126000001, of what has not ended.
DROP FUNCTION heimdall_principal(uuid, text, text);
CREATE FUNCTION heimdall_principal(p_user_id uuid, p_issuer text, p_subject text)
RETURNS TABLE (
  "userId" text, "organizationId" text, "isPlatformAdmin" boolean, "isProvider" boolean,
  "teamIds" text[], roles jsonb, grants jsonb, "validUntil" text
)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
  me record;
  -- What is held, a role and a scope each, and the organizations of these scopes.
  held_roles uuid[];
  held_scopes uuid[];
  organizations uuid[];
  is_held_everywhere boolean;
  valid_until timestamptz;
  -- What overrides take from a permission: at this scope, in this role or (null) in all of them.
  off_scopes uuid[];
  off_roles uuid[];
  off_permissions uuid[];
BEGIN
  SELECT u.id, u.organization_id, u.is_platform_admin, o.is_provider,
    ARRAY(SELECT t.team_id FROM team_member t WHERE t.user_id = u.id) AS team_ids INTO me
  FROM "user" u JOIN organization o ON o.id = u.organization_id
  WHERE u.is_active AND o.is_active AND u.id = coalesce(p_user_id, (
    SELECT i.user_id FROM user_identity i
    WHERE i.issuer = p_issuer AND i.subject = p_subject));
  IF NOT FOUND THEN
    RETURN;
  END IF;

  SELECT array_agg(h.role_id), array_agg(h.scope_id), array_agg(DISTINCT h.organization_id),
    bool_or(h.organization_id IS NULL), min(h.ends_at)
  INTO held_roles, held_scopes, organizations, is_held_everywhere, valid_until
  FROM (
    -- By several ways it is held until the last of them ends, and for ever by one that does not.
    SELECT a.role_id, m.scope_id, s.organization_id,
      CASE WHEN bool_and(least(m.expires_at, a.expires_at) IS NOT NULL)
        THEN max(least(m.expires_at, a.expires_at)) END AS ends_at
    FROM (
      SELECT id, scope_id, expires_at FROM membership WHERE user_id = me.id
      UNION ALL
      SELECT id, scope_id, expires_at FROM membership WHERE team_id = ANY (me.team_ids)
    ) m
    JOIN role_assignment a ON a.membership_id = m.id
    JOIN role r ON r.id = a.role_id
    JOIN scope s ON s.id = m.scope_id AND r.scope_id = ANY (s.path)
    -- INVARIANT: from the instant itself it counts for nothing (D48). `least` passes over nulls.
    WHERE coalesce(least(m.expires_at, a.expires_at) > statement_timestamp(), true)
    GROUP BY a.role_id, m.scope_id, s.organization_id
  ) h;

  -- Few have any. Those that count are of the scope's own organization or at the platform root; of
  -- what is held at the platform root, all that there are.
  IF EXISTS (SELECT FROM scope_override WHERE organization_id = ANY (organizations) AND state <> 'enabled')
    OR EXISTS (SELECT FROM scope_override WHERE organization_id IS NULL AND state <> 'enabled')
    OR is_held_everywhere AND EXISTS (SELECT FROM scope_override WHERE state <> 'enabled')
  THEN
    SELECT array_agg(v.scope_id), array_agg(v.role_id), array_agg(v.permission_id)
    INTO off_scopes, off_roles, off_permissions
    FROM scope_override v
    WHERE v.state <> 'enabled' AND (v.role_id IS NULL OR v.role_id = ANY (held_roles))
      AND (is_held_everywhere OR v.organization_id IS NULL OR v.organization_id = ANY (organizations));

    WITH disabling AS MATERIALIZED (
      SELECT v.scope_id, v.role_id, v.permission_id
      FROM unnest(off_scopes, off_roles, off_permissions) v (scope_id, role_id, permission_id)
    ), place AS MATERIALIZED (
      SELECT DISTINCT h.scope_id FROM unnest(held_scopes) h (scope_id)
    ), disabled AS MATERIALIZED (
      -- Above or there.
      SELECT h.scope_id, v.role_id, v.permission_id
      FROM place h JOIN scope s ON s.id = h.scope_id CROSS JOIN LATERAL unnest(s.path) above (id)
      JOIN disabling v ON v.scope_id = above.id
      UNION
      -- Below or there.
      SELECT h.scope_id, v.role_id, v.permission_id
      FROM disabling v JOIN scope s ON s.id = v.scope_id CROSS JOIN LATERAL unnest(s.path) above (id)
      JOIN place h ON h.scope_id = above.id
    ), kept AS (
      SELECT h.role_id, h.scope_id FROM unnest(held_roles, held_scopes) h (role_id, scope_id)
      WHERE (h.role_id, h.scope_id) NOT IN (
        SELECT x.role_id, x.scope_id FROM disabled x
        WHERE x.permission_id IS NULL AND x.role_id IS NOT NULL)
    )
    SELECT k.roles, k.scopes, x.scopes, x.roles, x.permissions
    INTO held_roles, held_scopes, off_scopes, off_roles, off_permissions
    FROM (SELECT array_agg(role_id) AS roles, array_agg(scope_id) AS scopes FROM kept) k
    CROSS JOIN (
      SELECT array_agg(scope_id) AS scopes, array_agg(role_id) AS roles,
        array_agg(permission_id) AS permissions
      FROM disabled WHERE permission_id IS NOT NULL
    ) x;
  END IF;

  RETURN QUERY
  WITH kept AS MATERIALIZED (
    SELECT h.role_id, array_agg(h.scope_id ORDER BY h.scope_id) AS scope_ids
    FROM unnest(held_roles, held_scopes) h (role_id, scope_id)
    GROUP BY h.role_id
  ), carried AS (
    -- With the permission itself where an override takes it away somewhere.
    SELECT p.resource_type, p.action, p.resource_pattern, r.data_access, r.id AS role_id,
      CASE WHEN p.id IN (SELECT unnest(off_permissions)) THEN p.id END AS off_id
    FROM kept k
    JOIN role r ON r.id = k.role_id
    JOIN scope d ON d.id = r.scope_id
    JOIN role_permission rp ON rp.role_id = r.id
    JOIN permission p ON p.id = rp.permission_id AND p.scope_id = ANY (d.path)
    WHERE r.data_access IN ('OWN_DATA', 'TEAM_DATA', 'ALL_DATA') AND p.condition IS NULL
  ), granted AS (
    SELECT resource_type, action, resource_pattern, data_access,
      array_agg(role_id) AS role_ids, array_agg(off_id) AS off_ids
    FROM (SELECT * FROM carried
      ORDER BY resource_type, action, resource_pattern, data_access, role_id, off_id) c
    GROUP BY resource_type, action, resource_pattern, data_access
  ), alike AS MATERIALIZED (
    -- What the same roles carry is held at the same scopes.
    SELECT array_agg(g.resource_type) AS types, array_agg(g.action) AS actions,
      array_agg(g.resource_pattern) AS patterns, array_agg(g.data_access) AS reaches,
      to_jsonb(CASE WHEN cardinality(g.role_ids) = 1 AND g.off_ids[1] IS NULL THEN
        (SELECT k.scope_ids FROM kept k WHERE k.role_id = g.role_ids[1])
      ELSE
        (SELECT array_agg(DISTINCT s.id ORDER BY s.id)
        FROM unnest(g.role_ids, g.off_ids) c (role_id, off_id)
        JOIN kept k ON k.role_id = c.role_id
        CROSS JOIN LATERAL unnest(k.scope_ids) s (id)
        WHERE c.off_id IS NULL OR (
          (s.id, c.off_id) NOT IN (
            SELECT x.scope_id, x.permission_id
            FROM unnest(off_scopes, off_roles, off_permissions) x (scope_id, role_id, permission_id)
            WHERE x.role_id IS NULL)
          AND (s.id, c.role_id, c.off_id) NOT IN (
            SELECT x.scope_id, x.role_id, x.permission_id
            FROM unnest(off_scopes, off_roles, off_permissions) x (scope_id, role_id, permission_id)
            WHERE x.role_id IS NOT NULL)))
      END) AS scope_ids
    FROM granted g GROUP BY g.role_ids, g.off_ids
  )
  SELECT me.id::text, me.organization_id::text, me.is_platform_admin, me.is_provider,
    ARRAY(SELECT t.id::text FROM unnest(me.team_ids) t (id) ORDER BY t.id),
    (SELECT coalesce(to_jsonb(array_agg(jsonb_build_object(
        'roleId', k.role_id, 'name', r.name, 'scopeIds', k.scope_ids) ORDER BY k.role_id)), '[]')
      FROM kept k JOIN role r ON r.id = k.role_id),
    (SELECT coalesce(to_jsonb(array_agg(jsonb_build_object(
        'resourceType', g.type, 'action', g.action, 'pattern', g.pattern, 'dataAccess', g.reach,
        'scopeIds', a.scope_ids)
        ORDER BY g.type COLLATE "C", g.action COLLATE "C", g.pattern COLLATE "C", g.reach COLLATE "C")), '[]')
      FROM alike a
      CROSS JOIN LATERAL unnest(a.types, a.actions, a.patterns, a.reaches) g (type, action, pattern, reach)
      WHERE a.scope_ids IS NOT NULL),
    to_char(valid_until AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
END $$;

DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION heimdall_principal(uuid, text, text) SET search_path = %I, pg_temp', current_schema());
END $$;
