-- What memberships carry is worked out by one function, whoever has them: a user, by themselves and by their teams, or a team
-- alone, of which can be asked what it permits (issue 12).

-- As heimdall_principal did in 20261202000200, of these memberships; and as it would be without some overrides, for telling what
-- to lift one would give.
CREATE FUNCTION heimdall_holdings(p_membership_ids uuid[], p_without uuid[] DEFAULT '{}')
RETURNS TABLE (roles jsonb, grants jsonb, "validUntil" text)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
  -- What is held, a role and a scope each, and the organizations of these scopes.
  held_roles uuid[];
  held_scopes uuid[];
  organizations uuid[];
  valid_until timestamptz;
  -- What overrides disable, a switch each, as who decides reads it.
  switches jsonb[];
  -- Where they concern what is held: at this scope, of this role or (null) any, of this permission or (null) any, by this
  -- switch; `off_whole`, wherever what is held at the scope reaches.
  off_scopes uuid[];
  off_roles uuid[];
  off_permissions uuid[];
  off_switches integer[];
  off_whole boolean[];
BEGIN
  SELECT array_agg(h.role_id), array_agg(h.scope_id), array_agg(DISTINCT h.organization_id),
    min(h.ends_at)
  INTO held_roles, held_scopes, organizations, valid_until
  FROM (
    -- By several ways it is held until the last of them ends, and for ever by one that does not.
    SELECT a.role_id, m.scope_id, s.organization_id,
      CASE WHEN bool_and(least(m.expires_at, a.expires_at) IS NOT NULL)
        THEN max(least(m.expires_at, a.expires_at)) END AS ends_at
    FROM (SELECT id, scope_id, expires_at FROM membership WHERE id = ANY (p_membership_ids)) m
    JOIN role_assignment a ON a.membership_id = m.id
    JOIN role r ON r.id = a.role_id
    JOIN scope s ON s.id = m.scope_id AND r.scope_id = ANY (s.path)
    -- INVARIANT: from the instant itself it counts for nothing (D48). `least` passes over nulls.
    WHERE coalesce(least(m.expires_at, a.expires_at) > statement_timestamp(), true)
    GROUP BY a.role_id, m.scope_id, s.organization_id
  ) h;

  -- Few have any. What is held in an organization is concerned by its own overrides; by the platform's, what is held at the
  -- platform's root, and at a root for the global rows that are read from there (D8).
  IF EXISTS (SELECT FROM scope_override WHERE organization_id = ANY (organizations) AND state <> 'enabled')
    OR EXISTS (SELECT FROM scope_override WHERE organization_id IS NULL AND state <> 'enabled')
  THEN
    WITH written AS MATERIALIZED (
      SELECT v.scope_id, v.role_id, v.permission_id, v.state <> 'enabled' AS is_off, s.inherits_from,
        concat_ws(' ', coalesce(v.role_id::text, '-'), coalesce(v.permission_id::text, '-')) AS target
      FROM scope_override v JOIN scope s ON s.id = v.scope_id
      WHERE (v.organization_id IS NULL OR v.organization_id = ANY (organizations))
        AND (v.role_id IS NULL OR v.role_id = ANY (held_roles)) AND v.id <> ALL (p_without)
    ), switch AS MATERIALIZED (
      SELECT row_number() OVER (ORDER BY v.scope_id, v.target)::integer AS n,
        v.scope_id, v.role_id, v.permission_id, v.inherits_from,
        -- Below it, and not beyond a scope that inherits nothing: nothing that reaches there is disabled by this one.
        array_agg(e.scope_id ORDER BY e.scope_id) FILTER (WHERE e.scope_id IS NOT NULL) AS lifted
      FROM written v
      LEFT JOIN written e ON e.target = v.target AND NOT e.is_off
        AND e.scope_id <> v.scope_id AND v.scope_id = ANY (e.inherits_from)
      WHERE v.is_off
      GROUP BY v.scope_id, v.target, v.role_id, v.permission_id, v.inherits_from
    ), place AS MATERIALIZED (
      SELECT s.id, s.inherits_from, s.parent_id
      FROM scope s WHERE s.id IN (SELECT unnest(held_scopes))
    ), concerns AS (
      -- It disables from a scope on that what is held reaches,
      SELECT h.id, w.n, false AS whole
      FROM switch w CROSS JOIN LATERAL unnest(w.inherits_from) above (id) JOIN place h ON h.id = above.id
      UNION ALL
      -- or all that it reaches, unless that is lifted somewhere.
      SELECT h.id, w.n, w.lifted IS NULL
      FROM place h CROSS JOIN LATERAL unnest(h.inherits_from) above (id) JOIN switch w ON w.scope_id = above.id
      UNION ALL
      SELECT h.id, w.n, false
      FROM switch w JOIN place h ON h.parent_id = w.scope_id
      WHERE w.scope_id = '00000000-0000-7000-8000-000000000001'
    ), off AS (
      SELECT c.id, c.n, bool_or(c.whole) AS whole FROM concerns c GROUP BY c.id, c.n
    )
    SELECT array_agg(o.id ORDER BY o.n), array_agg(w.role_id ORDER BY o.n), array_agg(w.permission_id ORDER BY o.n),
      array_agg(o.n ORDER BY o.n), array_agg(o.whole ORDER BY o.n),
      (SELECT array_agg(jsonb_build_object(
          'disabledAt', z.scope_id, 'reachedFrom', z.inherits_from, 'liftedAt', coalesce(z.lifted, '{}'),
          'permissionId', z.permission_id, 'roleId', z.role_id) ORDER BY z.n) FROM switch z)
    INTO off_scopes, off_roles, off_permissions, off_switches, off_whole, switches
    FROM off o JOIN switch w ON w.n = o.n;
  END IF;

  RETURN QUERY
  WITH held AS MATERIALIZED (
    SELECT h.role_id, h.scope_id FROM unnest(held_roles, held_scopes) h (role_id, scope_id)
  ), off AS MATERIALIZED (
    SELECT x.scope_id, x.role_id, x.permission_id, x.switch, x.whole
    FROM unnest(off_scopes, off_roles, off_permissions, off_switches, off_whole)
      x (scope_id, role_id, permission_id, switch, whole)
  ), kept AS MATERIALIZED (
    -- Roles where no override concerns them.
    SELECT h.role_id, array_agg(h.scope_id ORDER BY h.scope_id) AS scope_ids
    FROM held h
    WHERE (h.role_id, h.scope_id) NOT IN (
      SELECT x.role_id, x.scope_id FROM off x WHERE x.permission_id IS NULL AND x.role_id IS NOT NULL)
    GROUP BY h.role_id
  ), carried AS MATERIALIZED (
    -- With the permission itself where an override concerns it somewhere.
    SELECT p.resource_type, p.action, p.resource_pattern, r.data_access, p.condition, r.id AS role_id, p.id AS permission_id,
      CASE WHEN p.id IN (SELECT unnest(off_permissions)) THEN p.id END AS off_id
    FROM (SELECT DISTINCT role_id FROM held) k
    JOIN role r ON r.id = k.role_id
    JOIN scope d ON d.id = r.scope_id
    JOIN role_permission rp ON rp.role_id = r.id
    JOIN permission p ON p.id = rp.permission_id AND p.scope_id = ANY (d.path)
    WHERE r.data_access IN ('OWN_DATA', 'TEAM_DATA', 'ALL_DATA')
  ), granted AS (
    SELECT resource_type, action, resource_pattern, data_access, condition,
      array_agg(role_id) AS role_ids, array_agg(off_id) AS off_ids
    FROM (SELECT * FROM carried
      ORDER BY resource_type, action, resource_pattern, data_access, condition, role_id, off_id) c
    GROUP BY resource_type, action, resource_pattern, data_access, condition
  ), alike AS MATERIALIZED (
    -- What the same roles carry is held at the same scopes.
    SELECT array_agg(g.resource_type) AS types, array_agg(g.action) AS actions,
      array_agg(g.resource_pattern) AS patterns, array_agg(g.data_access) AS reaches, array_agg(g.condition) AS conditions,
      to_jsonb(CASE WHEN cardinality(g.role_ids) = 1 AND g.off_ids[1] IS NULL THEN
        (SELECT k.scope_ids FROM kept k WHERE k.role_id = g.role_ids[1])
      ELSE
        (SELECT array_agg(DISTINCT s.id ORDER BY s.id)
        FROM unnest(g.role_ids, g.off_ids) c (role_id, off_id)
        JOIN kept k ON k.role_id = c.role_id
        CROSS JOIN LATERAL unnest(k.scope_ids) s (id)
        WHERE c.off_id IS NULL OR (
          (s.id, c.off_id) NOT IN (
            SELECT x.scope_id, x.permission_id FROM off x
            WHERE x.role_id IS NULL AND x.permission_id IS NOT NULL)
          AND (s.id, c.role_id, c.off_id) NOT IN (
            SELECT x.scope_id, x.role_id, x.permission_id FROM off x
            WHERE x.role_id IS NOT NULL AND x.permission_id IS NOT NULL)))
      END) AS scope_ids
    FROM granted g GROUP BY g.role_ids, g.off_ids
  ), concerned AS (
    -- What a role carries where an override of the role, of the permission or of the pair concerns it.
    SELECT c.resource_type, c.action, c.resource_pattern, c.data_access, c.condition, c.role_id, c.permission_id,
      x.scope_id, x.switch, x.whole
    FROM off x JOIN carried c ON c.role_id = x.role_id
    WHERE x.permission_id IS NULL
    UNION ALL
    SELECT c.resource_type, c.action, c.resource_pattern, c.data_access, c.condition, c.role_id, c.permission_id,
      x.scope_id, x.switch, x.whole
    FROM off x JOIN carried c ON c.permission_id = x.permission_id
    WHERE x.role_id IS NULL OR x.role_id = c.role_id
  ), switched AS (
    SELECT c.resource_type, c.action, c.resource_pattern, c.data_access, c.condition, c.scope_id,
      array_agg(DISTINCT c.switch ORDER BY c.switch) AS by
    FROM concerned c JOIN held h ON h.role_id = c.role_id AND h.scope_id = c.scope_id
    GROUP BY c.resource_type, c.action, c.resource_pattern, c.data_access, c.condition, c.role_id, c.permission_id, c.scope_id
    HAVING NOT bool_or(c.whole)
  ), switched_roles AS (
    SELECT o.role_id, array_agg(o.scope_id ORDER BY o.scope_id) AS scope_ids, o.by
    FROM (
      SELECT h.role_id, h.scope_id, array_agg(x.switch ORDER BY x.switch) AS by
      FROM off x JOIN held h ON h.role_id = x.role_id AND h.scope_id = x.scope_id
      WHERE x.permission_id IS NULL
      GROUP BY h.role_id, h.scope_id
      HAVING NOT bool_or(x.whole)
    ) o GROUP BY o.role_id, o.by
  )
  SELECT
    (SELECT coalesce(to_jsonb(array_agg(k.says ORDER BY k.role_id, k.by NULLS FIRST)), '[]')
      FROM (
        SELECT k.role_id, NULL::integer[] AS by,
          jsonb_build_object('roleId', k.role_id, 'name', r.name, 'scopeIds', k.scope_ids) AS says
        FROM kept k JOIN role r ON r.id = k.role_id
        UNION ALL
        SELECT k.role_id, k.by, jsonb_build_object('roleId', k.role_id, 'name', r.name, 'scopeIds', k.scope_ids,
          'switches', ARRAY(SELECT switches[n] FROM unnest(k.by) n ORDER BY n))
        FROM switched_roles k JOIN role r ON r.id = k.role_id
      ) k),
    (SELECT coalesce(to_jsonb(array_agg(CASE WHEN g.condition IS NULL THEN g.says
          ELSE g.says || jsonb_build_object('condition', g.condition) END
        ORDER BY g.type COLLATE "C", g.action COLLATE "C", g.pattern COLLATE "C", g.reach COLLATE "C",
          g.condition NULLS FIRST, g.by NULLS FIRST)), '[]')
      FROM (
        SELECT g.type, g.action, g.pattern, g.reach, g.condition, NULL::integer[] AS by, jsonb_build_object(
          'resourceType', g.type, 'action', g.action, 'pattern', g.pattern, 'dataAccess', g.reach,
          'scopeIds', a.scope_ids) AS says
        FROM alike a
        CROSS JOIN LATERAL unnest(a.types, a.actions, a.patterns, a.reaches, a.conditions)
          g (type, action, pattern, reach, condition)
        WHERE a.scope_ids IS NOT NULL
        UNION ALL
        SELECT s.resource_type, s.action, s.resource_pattern, s.data_access, s.condition, s.by, jsonb_build_object(
          'resourceType', s.resource_type, 'action', s.action, 'pattern', s.resource_pattern,
          'dataAccess', s.data_access, 'scopeIds', array_agg(DISTINCT s.scope_id ORDER BY s.scope_id),
          'switches', ARRAY(SELECT switches[n] FROM unnest(s.by) n ORDER BY n))
        FROM switched s
        GROUP BY s.resource_type, s.action, s.resource_pattern, s.data_access, s.condition, s.by
      ) g),
    to_char(valid_until AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
END $$;

COMMENT ON FUNCTION heimdall_holdings(uuid[], uuid[]) IS
  'What these memberships carry now: roles and grants where they are held, with the overrides that concern them (D8, D9), and until when (D48); or would without some of these overrides';

CREATE OR REPLACE FUNCTION heimdall_principal(p_user_id uuid, p_issuer text, p_subject text)
RETURNS TABLE (
  "userId" text, "organizationId" text, "isPlatformAdmin" boolean, "isProvider" boolean,
  "teamIds" text[], roles jsonb, grants jsonb, "validUntil" text
)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
  me record;
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

  RETURN QUERY
  SELECT me.id::text, me.organization_id::text, me.is_platform_admin, me.is_provider,
    ARRAY(SELECT t.id::text FROM unnest(me.team_ids) t (id) ORDER BY t.id), h.roles, h.grants, h."validUntil"
  FROM heimdall_holdings(ARRAY(
    SELECT id FROM membership WHERE user_id = me.id
    UNION ALL
    SELECT id FROM membership WHERE team_id = ANY (me.team_ids))) h;
END $$;

-- D42: nobody is behind a team; it holds what its memberships carry, and reaches what its members share. No bypass of anybody's.
CREATE FUNCTION heimdall_team_principal(p_team_id uuid)
RETURNS TABLE ("teamId" text, "organizationId" text, roles jsonb, grants jsonb, "validUntil" text)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT t.id::text, t.organization_id::text, h.roles, h.grants, h."validUntil"
  FROM team t JOIN organization o ON o.id = t.organization_id
  CROSS JOIN LATERAL heimdall_holdings(ARRAY(SELECT id FROM membership WHERE team_id = t.id)) h
  WHERE t.id = p_team_id AND o.is_active;
END $$;

DO $$
DECLARE
  signature text;
BEGIN
  FOREACH signature IN ARRAY ARRAY['heimdall_holdings(uuid[], uuid[])', 'heimdall_principal(uuid, text, text)', 'heimdall_team_principal(uuid)'] LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', signature, current_schema());
  END LOOP;
END $$;
