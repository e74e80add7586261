-- A user and everything that they hold (D18), read at each request: by id, or by the name that an
-- identity provider has for them. No row: there is no such user, or the user or their organization is
-- not active.
--
-- A function, because planning the statement takes three times as long as running it, and its plan
-- does not hang on who asks. Sessions of the gateway plan anew each time, which their lists need.
--
-- INVARIANT: what is not understood grants nothing. A permission with a condition (D11), a role of
-- unknown reach (D7), and a role, permission or pair that an override above or below the place where
-- it is held does not leave enabled (D9) give no grant there; an assignment or a permission that is
-- not of this place or one above (D8) counts as absent.
CREATE FUNCTION heimdall_principal(p_user_id uuid, p_issuer text, p_subject text)
RETURNS TABLE (
  "userId" text, "organizationId" text, "isPlatformAdmin" boolean, "isProvider" boolean,
  "teamIds" text[], roles jsonb, grants jsonb
)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH me AS (
    SELECT u.id, u.organization_id, u.is_platform_admin, o.is_provider
    FROM "user" u JOIN organization o ON o.id = u.organization_id
    WHERE u.is_active AND o.is_active AND u.id = coalesce(p_user_id, (
      SELECT i.user_id FROM user_identity i
      WHERE i.issuer = p_issuer AND i.subject = p_subject))
  ), my_team AS (
    SELECT t.team_id AS id FROM team_member t WHERE t.user_id = (SELECT id FROM me)
  ), my_membership AS (
    SELECT m.id, m.scope_id FROM membership m WHERE m.user_id = (SELECT id FROM me)
    UNION
    SELECT m.id, m.scope_id FROM membership m WHERE m.team_id IN (SELECT id FROM my_team)
  ), assigned AS (
    SELECT DISTINCT a.role_id, m.scope_id
    FROM my_membership m JOIN role_assignment a ON a.membership_id = m.id
  ), held AS (
    SELECT a.role_id, r.name, r.data_access, r.scope_id AS defined_at,
      a.scope_id, s.path, s.organization_id
    FROM assigned a
    JOIN role r ON r.id = a.role_id
    JOIN scope s ON s.id = a.scope_id AND r.scope_id = ANY (s.path)
  ), place AS (
    SELECT DISTINCT h.scope_id, h.path, h.organization_id FROM held h
  ), disabled AS (
    -- Above or there; below, in the one organization that a subtree is in; below the platform root.
    SELECT h.scope_id AS held_at, v.role_id, v.permission_id
    FROM place h JOIN scope_override v ON v.scope_id = ANY (h.path) WHERE v.state <> 'enabled'
    UNION
    SELECT h.scope_id, v.role_id, v.permission_id
    FROM place h JOIN scope_override v ON v.organization_id = h.organization_id
    JOIN scope s ON s.id = v.scope_id AND h.scope_id = ANY (s.path) WHERE v.state <> 'enabled'
    UNION
    SELECT h.scope_id, v.role_id, v.permission_id
    FROM place h CROSS JOIN scope_override v
    WHERE h.organization_id IS NULL AND v.state <> 'enabled'
  ), kept AS (
    SELECT h.role_id, h.name, h.scope_id, h.data_access, h.defined_at FROM held h
    WHERE NOT EXISTS (SELECT FROM disabled x WHERE x.held_at = h.scope_id
      AND x.role_id = h.role_id AND x.permission_id IS NULL)
  ), kept_role AS (
    -- Each role once, however many memberships carry it.
    SELECT role_id, data_access, defined_at, array_agg(scope_id) AS scope_ids FROM kept
    WHERE data_access IN ('OWN_DATA', 'TEAM_DATA', 'ALL_DATA')
    GROUP BY role_id, data_access, defined_at
  ), granted AS (
    SELECT p.resource_type, p.action, p.resource_pattern AS pattern, k.data_access,
      s.id AS scope_id
    FROM kept_role k
    JOIN scope d ON d.id = k.defined_at
    JOIN role_permission rp ON rp.role_id = k.role_id
    JOIN permission p ON p.id = rp.permission_id AND p.scope_id = ANY (d.path)
    CROSS JOIN LATERAL unnest(k.scope_ids) s(id)
    WHERE p.condition IS NULL AND NOT EXISTS (SELECT FROM disabled x WHERE x.held_at = s.id
      AND x.permission_id = p.id AND coalesce(x.role_id, k.role_id) = k.role_id)
  )
  SELECT me.id::text, me.organization_id::text,
    me.is_platform_admin, me.is_provider,
    ARRAY(SELECT id::text FROM my_team ORDER BY id),
    (SELECT coalesce(jsonb_agg(to_jsonb(r) ORDER BY r."roleId"), '[]') FROM (
      SELECT role_id AS "roleId", name, array_agg(scope_id ORDER BY scope_id) AS "scopeIds"
      FROM kept GROUP BY role_id, name) r) AS roles,
    (SELECT coalesce(jsonb_agg(to_jsonb(g) ORDER BY g."resourceType" COLLATE "C",
        g.action COLLATE "C", g.pattern COLLATE "C", g."dataAccess" COLLATE "C"), '[]') FROM (
      SELECT resource_type AS "resourceType", action, pattern, data_access AS "dataAccess",
        array_agg(DISTINCT scope_id ORDER BY scope_id) AS "scopeIds"
      FROM granted GROUP BY resource_type, action, pattern, data_access) g) AS grants
  FROM me;
END $$;
