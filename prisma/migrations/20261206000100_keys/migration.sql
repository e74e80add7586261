-- Keys sign in (D18, D42; issue 14): what is kept of them besides, what may be done with them, and who acts by one.

-- The value before the last rotation works until then. Neither it nor the last use is part of what the key holds, but the hashes are
-- told to count: what is kept in memory of a key goes with them.
DO $$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['virtual_key', 'api_key'] LOOP
    EXECUTE format('ALTER TABLE %I ADD COLUMN rotated_at TIMESTAMPTZ(3), ADD COLUMN previous_hash TEXT COLLATE "C",
      ADD COLUMN previous_expires_at TIMESTAMPTZ(3), ADD COLUMN last_used_at TIMESTAMPTZ(3)', t);
    EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I CHECK ((previous_hash IS NULL) = (previous_expires_at IS NULL))',
      t, t || '_previous_check');
    PERFORM heimdall_bound_moments(t::regclass);
    PERFORM heimdall_registers_authority(t, 'SELECT organization_id FROM changed',
      ignores => '{name,governed_by,created_by_id,rotated_at,last_used_at,version,created_at,updated_at}',
      operations => '{UPDATE,DELETE}');
  END LOOP;
END $$;

SELECT heimdall_register_actions(k, ARRAY['transfer', 'rotate', 'revoke'], false)
FROM unnest(ARRAY['virtualKey', 'apiKey']) k;

-- As in 20261206000050, and of keys: by D42 with what their owner holds, or their team, or they themselves.
DROP FUNCTION heimdall_principal(uuid, text, text);
CREATE FUNCTION heimdall_principal(
  p_user_id uuid, p_issuer text, p_subject text, p_virtual_key_id uuid DEFAULT NULL, p_api_key_id uuid DEFAULT NULL
) RETURNS TABLE (
  "userId" text, "organizationId" text, "isPlatformAdmin" boolean, "isProvider" boolean,
  "teamIds" text[], roles jsonb, grants jsonb, "validUntil" text, "keyId" text, operations text[]
)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
  me record;
BEGIN
  IF p_virtual_key_id IS NULL AND p_api_key_id IS NULL THEN
    SELECT u.id, u.organization_id, u.is_platform_admin, o.is_provider,
      ARRAY(SELECT t.team_id FROM team_member t WHERE t.user_id = u.id) AS team_ids,
      NULL::uuid AS key_id, NULL::text[] AS operations, NULL::timestamptz AS expires_at,
      NULL::uuid AS own_virtual_key_id, NULL::uuid AS own_api_key_id INTO me
    FROM "user" u JOIN organization o ON o.id = u.organization_id
    WHERE u.is_active AND o.is_active AND u.id = coalesce(p_user_id, (
      SELECT i.user_id FROM user_identity i
      WHERE i.issuer = p_issuer AND i.subject = p_subject));
  ELSE
    -- INVARIANT: whatever is not as it should be with the key, its owner, its team or its organization is nobody (D42). It
    -- never carries its owner's platform-admin or provider bypass (D18).
    SELECT k.owner_id AS id, k.organization_id, false AS is_platform_admin, false AS is_provider,
      CASE WHEN k.owner_id IS NOT NULL THEN ARRAY(SELECT t.team_id FROM team_member t WHERE t.user_id = k.owner_id)
        WHEN k.team_id IS NOT NULL THEN ARRAY[k.team_id] ELSE '{}' END AS team_ids,
      k.id AS key_id, k.operations, k.expires_at,
      -- What is held by the key itself counts where nobody owns it.
      CASE WHEN num_nonnulls(k.owner_id, k.team_id) = 0 THEN p_virtual_key_id END AS own_virtual_key_id,
      CASE WHEN num_nonnulls(k.owner_id, k.team_id) = 0 THEN p_api_key_id END AS own_api_key_id INTO me
    FROM (
      SELECT id, organization_id, owner_id, team_id, operations, is_active, revoked_at, expires_at
      FROM virtual_key WHERE id = p_virtual_key_id AND p_api_key_id IS NULL
      UNION ALL
      SELECT id, organization_id, owner_id, team_id, operations, is_active, revoked_at, expires_at
      FROM api_key WHERE id = p_api_key_id AND p_virtual_key_id IS NULL
    ) k
    JOIN organization o ON o.id = k.organization_id AND o.is_active
    LEFT JOIN "user" u ON u.id = k.owner_id AND u.is_active AND u.organization_id = k.organization_id
    LEFT JOIN team t ON t.id = k.team_id AND t.organization_id = k.organization_id
    WHERE k.is_active AND k.revoked_at IS NULL AND coalesce(k.expires_at > statement_timestamp(), true)
      AND (k.owner_id IS NULL OR u.id IS NOT NULL) AND (k.team_id IS NULL OR t.id IS NOT NULL);
  END IF;
  IF NOT FOUND THEN
    RETURN;
  END IF;

  RETURN QUERY
  SELECT me.id::text, me.organization_id::text, me.is_platform_admin, me.is_provider,
    ARRAY(SELECT t.id::text FROM unnest(me.team_ids) t (id) ORDER BY t.id), h.roles, h.grants,
    to_char(least(h."validUntil"::timestamptz, me.expires_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    me.key_id::text, me.operations
  FROM heimdall_holdings(ARRAY(
    SELECT id FROM membership WHERE user_id = me.id
    UNION ALL
    SELECT id FROM membership WHERE team_id = ANY (me.team_ids)
    UNION ALL
    -- Inside its organization alone (D18).
    SELECT id FROM membership WHERE virtual_key_id = me.own_virtual_key_id AND organization_id = me.organization_id
    UNION ALL
    SELECT id FROM membership WHERE api_key_id = me.own_api_key_id AND organization_id = me.organization_id)) h;
END $$;

COMMENT ON FUNCTION heimdall_principal(uuid, text, text, uuid, uuid) IS
  'D18, D42: who acts and what they hold: a user, by id or by identity, or a key; no row, if they may not act. What a key is for (operations) is to be taken from that';

DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION heimdall_principal(uuid, text, text, uuid, uuid) SET search_path = %I, pg_temp', current_schema());
END $$;
