-- Workers and executions that call back (D30, D31, D33, D34; issue 15).

-- --- What a lease needs besides -------------------------------------------------------------------

-- As long as its worker asked for: a heartbeat gives it as long again.
ALTER TABLE execution
  ADD COLUMN lease_seconds integer,
  ADD CONSTRAINT execution_lease_seconds_check CHECK (lease_seconds BETWEEN 15 AND 300);
-- The queue of each organization by itself: whoever claims takes of each in turn.
CREATE INDEX execution_claimed_from_idx ON execution (organization_id, (coalesce(not_before, created_at)), id)
  WHERE status = 'QUEUED';
CREATE INDEX execution_under_way_idx ON execution (organization_id) WHERE status IN ('RUNNING', 'CANCELLING');

-- --- Secrets that were handed to an execution -----------------------------------------------------

-- D31: what it was handed is left out of what it answers, even where the config was changed meanwhile. As the config had it: an
-- envelope that opens as that config's alone (D16).
CREATE TABLE execution_secret (
  execution_id uuid NOT NULL REFERENCES execution (id) ON DELETE CASCADE ON UPDATE CASCADE,
  config_id uuid NOT NULL,
  envelope text COLLATE "C" NOT NULL,
  envelope_hash text COLLATE "C" NOT NULL GENERATED ALWAYS AS (md5(envelope)) STORED,
  handed_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (execution_id, config_id, envelope_hash));
CREATE INDEX execution_secret_key_idx ON execution_secret (split_part(envelope, '.', 2));
SELECT heimdall_bound_moments('execution_secret');

-- --- Who works everywhere -------------------------------------------------------------------------

CREATE FUNCTION heimdall_works_everywhere(p_api_key_id uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT FROM api_key k
    JOIN organization o ON o.id = k.organization_id AND o.is_active AND o.is_provider
    CROSS JOIN LATERAL heimdall_holdings(ARRAY(
      SELECT m.id FROM membership m
      WHERE m.api_key_id = k.id AND m.scope_id = '00000000-0000-7000-8000-000000000001')) h
    CROSS JOIN LATERAL jsonb_array_elements(h.grants) g
    WHERE k.id = p_api_key_id AND k.owner_id IS NULL AND k.team_id IS NULL
      AND g ->> 'resourceType' = 'execution' AND g ->> 'action' = 'work' AND g ->> 'pattern' = '*'
      AND g ->> 'dataAccess' = 'ALL_DATA' AND NOT g ? 'condition' AND NOT g ? 'switches')
$$;
COMMENT ON FUNCTION heimdall_works_everywhere(uuid) IS
  'D34: whether a platform admin has given a provider''s key to work at the platform root, which reaches every place for that alone';

-- --- Who calls with an execution's token ----------------------------------------------------------

CREATE FUNCTION heimdall_execution_principal(p_execution_id uuid, p_attempt integer) RETURNS TABLE (
  "userId" text, "organizationId" text, "isPlatformAdmin" boolean, "isProvider" boolean,
  "teamIds" text[], roles jsonb, grants jsonb, "validUntil" text, "keyId" text, operations text[],
  "leaseHash" text, "launcherKind" text, "runsIn" text, chain text[], "isPrivileged" boolean,
  "carriesAdmin" boolean, "carriesProvider" boolean, cap text[]
)
LANGUAGE sql STABLE AS $$
  -- INVARIANT: whatever is not as it should be with the attempt, its lease, its launcher or either organization is nobody (D33).
  SELECT p."userId", p."organizationId", p."isPlatformAdmin", p."isProvider", p."teamIds", p.roles, p.grants, p."validUntil",
    p."keyId", p.operations, e.lease_hash, e.launcher_kind, e.organization_id::text,
    ARRAY(SELECT a::text FROM unnest(s.path) WITH ORDINALITY u (a, n)
      WHERE a <> '00000000-0000-7000-8000-000000000001' ORDER BY n),
    -- What a model says is nobody's word (D30).
    e.kind <> 'AGENT_RUN',
    -- INVARIANT: a bypass goes to no tenant's worker, which would have it with the token: to those alone that platform admins
    -- have let work everywhere (D34).
    b.trusted AND w.organization_id IS NULL,
    b.trusted AND (w.organization_id IS NULL OR w.organization_id::text = p."organizationId"),
    coalesce(w.operations, '{*}')
  FROM execution e
  JOIN organization o ON o.id = e.organization_id AND o.is_active
  JOIN scope s ON s.id = e.scope_id
  -- A worker whose key is no more has nothing of what it was handed.
  JOIN api_key k ON k.id = e.worker_key_id AND k.is_active AND k.revoked_at IS NULL
    AND (k.expires_at IS NULL OR k.expires_at > statement_timestamp())
  LEFT JOIN workflow w ON w.id = e.workflow_id
  CROSS JOIN LATERAL (SELECT e.kind <> 'AGENT_RUN' AND w.id IS NOT NULL AND heimdall_works_everywhere(k.id) AS trusted) b
  CROSS JOIN LATERAL heimdall_principal(
    CASE WHEN e.launcher_kind = 'USER' THEN e.created_by_id END, NULL, NULL,
    CASE WHEN e.launcher_kind = 'VIRTUAL_KEY' THEN e.launcher_key_id END,
    CASE WHEN e.launcher_kind = 'API_KEY' THEN e.launcher_key_id END) p
  WHERE e.id = p_execution_id AND e.attempt = p_attempt AND e.status IN ('RUNNING', 'CANCELLING')
    AND e.lease_expires_at > statement_timestamp() AND e.timeout_at > statement_timestamp()
$$;
COMMENT ON FUNCTION heimdall_execution_principal(uuid, integer) IS
  'D30, D33: the launcher of an attempt that may act, where it runs, and what of its launcher it has; no row, if it may not act. The cap is to be taken from what the launcher holds';

DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION heimdall_execution_principal(uuid, integer) SET search_path = %I, pg_temp', current_schema());
  EXECUTE format('ALTER FUNCTION heimdall_works_everywhere(uuid) SET search_path = %I, pg_temp', current_schema());
END $$;

CREATE FUNCTION heimdall_works_at(grants jsonb, governed_by uuid[]) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT EXISTS (
    SELECT FROM jsonb_array_elements(grants) g
    WHERE governed_by && ARRAY(SELECT jsonb_array_elements_text(g -> 'scopeIds')::uuid)
      -- Off where an override disables it, unless a nearer one lifts that (D9).
      AND NOT EXISTS (SELECT FROM jsonb_array_elements(coalesce(g -> 'switches', '[]')) s
        WHERE (s ->> 'disabledAt')::uuid = ANY (governed_by)
          AND NOT governed_by && ARRAY(SELECT jsonb_array_elements_text(s -> 'liftedAt')::uuid)))
$$;
COMMENT ON FUNCTION heimdall_works_at(jsonb, uuid[]) IS
  'D34: whether grants to work reach what lives at a scope that inherits from these';

-- --- What the reaper looks for --------------------------------------------------------------------

CREATE FUNCTION heimdall_executions_of_nobody() RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
  -- Each launcher is looked at once, however much they run.
  WITH running AS MATERIALIZED (
    SELECT e.id, e.launcher_kind, CASE WHEN e.launcher_kind = 'USER' THEN e.created_by_id ELSE e.launcher_key_id END AS launcher,
      o.is_active
    FROM execution e JOIN organization o ON o.id = e.organization_id WHERE e.status = 'RUNNING'
  ), idle AS (
    SELECT l.launcher_kind, l.launcher FROM (SELECT DISTINCT launcher_kind, launcher FROM running) l
    WHERE NOT EXISTS (SELECT FROM heimdall_principal(
      CASE WHEN l.launcher_kind = 'USER' THEN l.launcher END, NULL, NULL,
      CASE WHEN l.launcher_kind = 'VIRTUAL_KEY' THEN l.launcher END,
      CASE WHEN l.launcher_kind = 'API_KEY' THEN l.launcher END))
  )
  SELECT r.id FROM running r LEFT JOIN idle i USING (launcher_kind, launcher) WHERE NOT r.is_active OR i.launcher IS NOT NULL
$$;
COMMENT ON FUNCTION heimdall_executions_of_nobody() IS
  'D32: what runs though its launcher or its organization may not act any more';

CREATE FUNCTION heimdall_is_called_off(execution_id uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  WITH RECURSIVE above AS (
    SELECT p.id, p.parent_id, p.status FROM execution e JOIN execution p ON p.id = e.parent_id WHERE e.id = execution_id
    UNION ALL
    SELECT p.id, p.parent_id, p.status FROM above a JOIN execution p ON p.id = a.parent_id
  )
  SELECT EXISTS (SELECT FROM above WHERE status IN ('CANCELLING', 'CANCELLED', 'TIMED_OUT'))
$$;
COMMENT ON FUNCTION heimdall_is_called_off(uuid) IS 'D32: whether something above an execution was cancelled or timed out';

DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION heimdall_executions_of_nobody() SET search_path = %I, pg_temp', current_schema());
  EXECUTE format('ALTER FUNCTION heimdall_is_called_off(uuid) SET search_path = %I, pg_temp', current_schema());
  EXECUTE format('ALTER FUNCTION heimdall_works_at(jsonb, uuid[]) SET search_path = %I, pg_temp', current_schema());
END $$;
