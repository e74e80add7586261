-- Authority by version (D18): whether what a principal holds is still what was read, told by comparing a
-- few versions, and a revocation ordered before or after each write, never in between.
--
-- `authority` has a version for each organization and one for the platform. A change of anything that
-- heimdall_principal reads raises the versions concerned, whoever writes. What a principal holds hangs on
-- the versions that heimdall_vector names, and *the same versions in a snapshot are the same authority*.
-- Versions are random: only equality counts, and counters repeat after a failover that lost commits.
--
-- INVARIANT: a change of what a principal holds raises one of the versions of the vector that the principal
-- had *before*. Why it holds:
--   - what is the user's own (activity, flags, identities, teams, memberships) raises the organization
--     of the user, or of the team, which are in the vector whatever is held;
--   - what a membership carries is of the membership's organization, which is in the vector with it, or
--     global, and the platform is in every vector;
--   - overrides count where they are and above; the platform root is above all, and who holds something
--     there is of an organization that an override anywhere raises.
-- Rows alone are no authority: a user, role, permission or scope that nobody holds yet raises nothing, and
-- nobody remembers that there was no such user.

CREATE TABLE "authority" (
    "organization_id" UUID NOT NULL,
    "version" UUID NOT NULL DEFAULT gen_random_uuid(),

    CONSTRAINT "authority_pkey" PRIMARY KEY ("organization_id")
);
COMMENT ON TABLE "authority" IS
  'D18: the version of what is held in an organization and by who belongs to it; the platform''s is that of its root scope''s id';

INSERT INTO "authority" (organization_id)
SELECT '00000000-0000-7000-8000-000000000001' UNION ALL SELECT id FROM organization;

-- --- Locks ----------------------------------------------------------------------------------------

CREATE FUNCTION heimdall_authority_buckets(organizations uuid[]) RETURNS integer[] LANGUAGE sql IMMUTABLE AS $$
  -- The platform is in every vector, and so alone in its bucket.
  SELECT coalesce(array_agg(DISTINCT CASE o WHEN '00000000-0000-7000-8000-000000000001' THEN 0
    ELSE 1 + get_byte(uuid_send(o), 15) END), '{}')
  FROM unnest(organizations) o WHERE o IS NOT NULL
$$;
COMMENT ON FUNCTION heimdall_authority_buckets(uuid[]) IS
  'Which of the 257 advisory locks are those of organizations: so few that a bulk change does not run out of room for locks';

CREATE FUNCTION heimdall_authority_held(mode text) RETURNS integer[] LANGUAGE sql STABLE AS $$
  SELECT coalesce(nullif(current_setting('heimdall.authority_' || mode, true), ''), '{}')::integer[]
$$;
COMMENT ON FUNCTION heimdall_authority_held(text) IS
  'The buckets that this transaction holds, `shared` or `exclusive`: kept in a setting, which is rolled back as the locks are, because to look into pg_locks costs more than to lock';

CREATE FUNCTION heimdall_lock_buckets(shared integer[], exclusive integer[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  bucket integer;
BEGIN
  -- In one order, so that no two transactions wait for each other.
  FOR bucket IN SELECT DISTINCT b FROM unnest(shared || exclusive) b ORDER BY b LOOP
    IF bucket = ANY (exclusive) THEN
      PERFORM pg_advisory_xact_lock(1212501838, bucket);
    ELSE
      PERFORM pg_advisory_xact_lock_shared(1212501838, bucket);
    END IF;
  END LOOP;
  PERFORM set_config('heimdall.authority_shared', (heimdall_authority_held('shared') || shared)::text, true);
  PERFORM set_config('heimdall.authority_exclusive',
    (heimdall_authority_held('exclusive') || exclusive)::text, true);
END $$;
COMMENT ON FUNCTION heimdall_lock_buckets(integer[], integer[]) IS
  'Takes the locks of buckets until the end of the transaction, and notes it';

CREATE FUNCTION heimdall_lock_authority(shared uuid[], exclusive uuid[] DEFAULT '{}') RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  wanted_exclusive integer[] := heimdall_authority_buckets(exclusive);
  wanted_shared integer[] := ARRAY(
    SELECT b FROM unnest(heimdall_authority_buckets(shared)) b WHERE b <> ALL (wanted_exclusive));
  held_exclusive integer[] := heimdall_authority_held('exclusive');
  held integer[] := heimdall_authority_held('shared') || held_exclusive;
BEGIN
  -- A transaction that keeps its first snapshot would wait for a revocation and then not see it.
  IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
    RAISE EXCEPTION USING ERRCODE = 'invalid_transaction_state', MESSAGE =
      'authority is locked in READ COMMITTED transactions only';
  END IF;
  IF held = '{}' THEN
    PERFORM heimdall_lock_buckets(wanted_shared, wanted_exclusive);
  ELSIF NOT (wanted_shared <@ held AND wanted_exclusive <@ held_exclusive) THEN
    RAISE EXCEPTION USING ERRCODE = 'HDA02', MESSAGE =
      'authority is locked in one step, and no lock is made stronger: begin the transaction anew';
  END IF;
END $$;
COMMENT ON FUNCTION heimdall_lock_authority(uuid[], uuid[]) IS
  'D18: orders this transaction before or after each change of authority in these organizations, until it ends. Shared: for who relies on authority; exclusive: for who changes it. What is read before, or by the same statement, may be older than what was waited for';

-- --- Versions -------------------------------------------------------------------------------------

CREATE FUNCTION heimdall_raise_authority(organizations uuid[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  raised uuid[] := ARRAY(
    SELECT DISTINCT coalesce(o, '00000000-0000-7000-8000-000000000001') FROM unnest(organizations) o);
  held_exclusive integer[] := heimdall_authority_held('exclusive');
  lacking integer[];
  command text := nullif(current_setting('heimdall.command', true), '');
BEGIN
  IF raised = '{}' THEN
    RETURN;
  END IF;
  lacking := ARRAY(
    SELECT b FROM unnest(heimdall_authority_buckets(raised)) b WHERE b <> ALL (held_exclusive));
  IF lacking <> '{}' THEN
    -- INVARIANT: who relies on authority holds a lock that excludes this one. The gateway's own commands
    -- take theirs first, or they would deadlock; SQL from elsewhere takes them here.
    IF command IS NOT NULL THEN
      RAISE EXCEPTION USING ERRCODE = 'HDA01', MESSAGE =
        format('%s changes authority in organizations that it has not locked for that', command),
        DETAIL = jsonb_build_object('command', command, 'organizations', ARRAY(
          SELECT o FROM unnest(raised) o
          WHERE NOT heimdall_authority_buckets(ARRAY[o]) <@ held_exclusive))::text;
    END IF;
    IF lacking && heimdall_authority_held('shared') THEN
      RAISE EXCEPTION USING ERRCODE = 'HDA02', MESSAGE =
        'authority is locked in one step, and no lock is made stronger: begin the transaction anew';
    END IF;
    PERFORM heimdall_lock_buckets('{}', lacking);
  END IF;
  UPDATE authority SET version = gen_random_uuid() WHERE organization_id = ANY (raised);
END $$;
COMMENT ON FUNCTION heimdall_raise_authority(uuid[]) IS
  'D18: gives organizations, and for null the platform, a new version. In a command of the gateway (the setting heimdall.command names it) they must be locked exclusively already';

CREATE FUNCTION heimdall_authority_anew() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM authority a WHERE a.organization_id <> '00000000-0000-7000-8000-000000000001'
    AND NOT EXISTS (SELECT FROM organization o WHERE o.id = a.organization_id);
  INSERT INTO authority (organization_id)
  SELECT '00000000-0000-7000-8000-000000000001' UNION ALL SELECT id FROM organization
  ON CONFLICT DO NOTHING;
  PERFORM heimdall_raise_authority(ARRAY(SELECT organization_id FROM authority));
END $$;
COMMENT ON FUNCTION heimdall_authority_anew() IS
  'Raises every version: to be called after authority was changed while triggers were disabled';

CREATE FUNCTION heimdall_authority_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO authority (organization_id) SELECT id FROM new_rows;
  ELSE
    DELETE FROM authority WHERE organization_id IN (SELECT id FROM old_rows);
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION heimdall_authority_kept() IS 'A version for each organization, as long as there is the organization';

-- ALWAYS, as below: a bulk load that skips triggers (session_replication_role) does not skip these.
CREATE TRIGGER organization_4_authority_insert AFTER INSERT ON "organization" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION heimdall_authority_kept();
ALTER TABLE "organization" ENABLE ALWAYS TRIGGER organization_4_authority_insert;
-- After everything that follows from the deletion has raised the version.
CREATE TRIGGER organization_9_authority_delete AFTER DELETE ON "organization" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION heimdall_authority_kept();
ALTER TABLE "organization" ENABLE ALWAYS TRIGGER organization_9_authority_delete;

-- --- What a principal is read from -----------------------------------------------------------------

CREATE TABLE "heimdall_authority_source" (
    "name" TEXT COLLATE "C" NOT NULL,
    "counts" TEXT[] COLLATE "C" NOT NULL,
    "ignores" TEXT[] COLLATE "C" NOT NULL,
    "operations" TEXT[] COLLATE "C" NOT NULL,
    "organizations" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "heimdall_authority_source_pkey" PRIMARY KEY ("name")
);
COMMENT ON TABLE "heimdall_authority_source" IS
  'D18: the tables that a principal is read from: which of their columns count, which operations raise the versions of organizations, and of which ones';

CREATE TRIGGER heimdall_authority_source_0_guard BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE
  ON "heimdall_authority_source" FOR EACH STATEMENT
  WHEN (current_setting('heimdall.registering', true) IS DISTINCT FROM 'on')
  EXECUTE FUNCTION heimdall_refused('D18: what authority is read from is written by migrations alone');

CREATE FUNCTION heimdall_registers_authority(
  relation text,
  organizations text,
  ignores text[] DEFAULT '{}',
  operations text[] DEFAULT '{INSERT,UPDATE,DELETE}'
) RETURNS void LANGUAGE plpgsql SET heimdall.registering = 'on' SET client_min_messages = 'warning' AS $$
DECLARE
  function_name text := 'heimdall_authority_of_' || relation;
  counts text[];
  listed text;
  operation text;
  trigger_name text;
BEGIN
  SELECT array_agg(a.attname::text ORDER BY a.attnum) FILTER (WHERE a.attname <> ALL (ignores))
  INTO counts FROM pg_attribute a
  WHERE a.attrelid = format('%I', relation)::regclass AND a.attnum > 0 AND NOT a.attisdropped;
  SELECT string_agg(format('%I', c), ', ') INTO listed FROM unnest(counts) c;

  -- A function for each table: its statements are planned once for a session.
  EXECUTE format($function$
    CREATE OR REPLACE FUNCTION %1$I() RETURNS trigger LANGUAGE plpgsql SET search_path = %4$I, pg_temp AS $body$
    BEGIN
      IF TG_OP = 'INSERT' THEN
        PERFORM heimdall_raise_authority(ARRAY(WITH changed AS (
          SELECT %2$s FROM new_rows) %3$s));
      ELSIF TG_OP = 'DELETE' THEN
        PERFORM heimdall_raise_authority(ARRAY(WITH changed AS (
          SELECT %2$s FROM old_rows) %3$s));
      ELSIF TG_OP = 'UPDATE' THEN
        -- As they were and as they are, unless nothing that counts is another.
        PERFORM heimdall_raise_authority(ARRAY(WITH changed AS (
          (SELECT %2$s FROM old_rows EXCEPT SELECT %2$s FROM new_rows)
          UNION ALL
          (SELECT %2$s FROM new_rows EXCEPT SELECT %2$s FROM old_rows)) %3$s));
      ELSE
        PERFORM heimdall_raise_authority(ARRAY(SELECT organization_id FROM authority));
      END IF;
      RETURN NULL;
    END $body$
  $function$, function_name, listed, organizations, current_schema());

  FOREACH operation IN ARRAY '{INSERT,UPDATE,DELETE,TRUNCATE}'::text[] LOOP
    trigger_name := relation || '_5_authority_' || lower(operation);
    EXECUTE format('DROP TRIGGER IF EXISTS %I ON %I', trigger_name, relation);
    CONTINUE WHEN operation <> ALL (operations || '{TRUNCATE}');
    EXECUTE format('CREATE TRIGGER %I AFTER %s ON %I %s FOR EACH STATEMENT EXECUTE FUNCTION %I()',
      trigger_name, operation, relation,
      CASE operation
        WHEN 'INSERT' THEN 'REFERENCING NEW TABLE AS new_rows'
        WHEN 'DELETE' THEN 'REFERENCING OLD TABLE AS old_rows'
        WHEN 'UPDATE' THEN 'REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows'
        ELSE '' END,
      function_name);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER %I', relation, trigger_name);
  END LOOP;

  INSERT INTO heimdall_authority_source (name, counts, ignores, operations, organizations)
  VALUES (relation, counts, ignores, operations, organizations)
  ON CONFLICT (name) DO UPDATE SET counts = EXCLUDED.counts, ignores = EXCLUDED.ignores,
    operations = EXCLUDED.operations, organizations = EXCLUDED.organizations;
  -- What changed while nobody watched is not known.
  PERFORM heimdall_authority_anew();
END $$;
COMMENT ON FUNCTION heimdall_registers_authority(text, text, text[], text[]) IS
  'D18: a change of a table raises the versions of organizations: those that a query over `changed` names, the rows before and after with the columns that count (null: the platform). Another call says it anew, and must when the table gets a column';

CREATE FUNCTION heimdall_platform_holders() RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
  SELECT u.organization_id FROM membership m JOIN "user" u ON u.id = m.user_id WHERE m.organization_id IS NULL
  UNION
  SELECT t.organization_id FROM membership m JOIN team t ON t.id = m.team_id WHERE m.organization_id IS NULL
$$;
COMMENT ON FUNCTION heimdall_platform_holders() IS
  'D9: the organizations of who is a member of the platform root, which is above every override: to be locked by who writes one';

SELECT heimdall_registers_authority('user', 'SELECT organization_id FROM changed',
  ignores => '{email,name,version,created_at,updated_at}', operations => '{UPDATE,DELETE}');
SELECT heimdall_registers_authority('user_identity',
  'SELECT u.organization_id FROM changed c JOIN "user" u ON u.id = c.user_id',
  ignores => '{created_at}', operations => '{UPDATE,DELETE}');
SELECT heimdall_registers_authority('organization', 'SELECT id FROM changed',
  ignores => '{name,domain,settings,content_bytes,version,created_at,updated_at}', operations => '{UPDATE,DELETE}');
SELECT heimdall_registers_authority('team', 'SELECT organization_id FROM changed',
  ignores => '{name,created_by_id,version,created_at,updated_at}', operations => '{DELETE}');
SELECT heimdall_registers_authority('team_member', $$
  SELECT u.organization_id FROM changed c JOIN "user" u ON u.id = c.user_id
  UNION SELECT t.organization_id FROM changed c JOIN team t ON t.id = c.team_id $$);
-- Where a scope is, and what it inherits: a type's flipped mode is seen here, too.
SELECT heimdall_registers_authority('scope', 'SELECT organization_id FROM changed',
  ignores => '{external_id,name,meta,content_bytes,home_id,governed_by,version,created_at,updated_at}', operations => '{UPDATE}');
SELECT heimdall_registers_authority('membership', $$
  SELECT organization_id FROM changed
  UNION SELECT u.organization_id FROM changed c JOIN "user" u ON u.id = c.user_id
  UNION SELECT t.organization_id FROM changed c JOIN team t ON t.id = c.team_id
  UNION SELECT k.organization_id FROM changed c JOIN virtual_key k ON k.id = c.virtual_key_id
  UNION SELECT k.organization_id FROM changed c JOIN api_key k ON k.id = c.api_key_id $$,
  ignores => '{governed_by,created_at}');
-- A membership's organization is in the vector of whoever has it.
SELECT heimdall_registers_authority('role_assignment',
  'SELECT m.organization_id FROM changed c JOIN membership m ON m.id = c.membership_id');
SELECT heimdall_registers_authority('role', 'SELECT organization_id FROM changed',
  ignores => '{description,governed_by,version,created_at,updated_at}', operations => '{UPDATE,DELETE}');
SELECT heimdall_registers_authority('permission', 'SELECT organization_id FROM changed',
  ignores => '{label,content_bytes,governed_by,version,created_at,updated_at}', operations => '{UPDATE,DELETE}');
SELECT heimdall_registers_authority('role_permission',
  'SELECT r.organization_id FROM changed c JOIN role r ON r.id = c.role_id');
SELECT heimdall_registers_authority('scope_override', $$
  SELECT organization_id FROM changed
  UNION SELECT h FROM heimdall_platform_holders() h WHERE EXISTS (SELECT FROM changed) $$,
  ignores => '{governed_by,version,created_at,updated_at}');
SELECT heimdall_registers_authority(k, 'SELECT organization_id FROM changed',
  ignores => '{name,governed_by,created_by_id,version,created_at,updated_at}', operations => '{UPDATE,DELETE}')
FROM unnest(ARRAY['virtual_key', 'api_key']) k;

-- --- What the authority of a principal hangs on ----------------------------------------------------

CREATE FUNCTION heimdall_vector(
  p_user_id uuid, p_virtual_key_id uuid DEFAULT NULL, p_api_key_id uuid DEFAULT NULL
) RETURNS TABLE ("organizationIds" text[], versions text[])
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
  -- A key carries what its owner holds, and a key of a team what the team does (D18).
  users uuid[] := ARRAY[p_user_id];
  teams uuid[];
  own uuid[];
  held uuid[];
BEGIN
  IF p_virtual_key_id IS NULL AND p_api_key_id IS NULL THEN
    SELECT array_agg(m.team_id) INTO teams FROM team_member m WHERE m.user_id = p_user_id;
  ELSE
    WITH k AS (
      SELECT organization_id, owner_id, team_id FROM virtual_key WHERE id = p_virtual_key_id
      UNION ALL
      SELECT organization_id, owner_id, team_id FROM api_key WHERE id = p_api_key_id
    )
    SELECT users || array_agg(k.owner_id), array_agg(k.organization_id),
      array_agg(k.team_id)
        || ARRAY(SELECT m.team_id FROM team_member m WHERE m.user_id = p_user_id OR m.user_id IN (SELECT owner_id FROM k))
    INTO users, own, teams FROM k;
  END IF;
  SELECT array_agg(DISTINCT m.organization_id) INTO held FROM (
    SELECT organization_id FROM membership WHERE user_id = ANY (users)
    UNION ALL SELECT organization_id FROM membership WHERE team_id = ANY (teams)
    UNION ALL SELECT organization_id FROM membership WHERE virtual_key_id = p_virtual_key_id
    UNION ALL SELECT organization_id FROM membership WHERE api_key_id = p_api_key_id
  ) m;
  RETURN QUERY
  -- An organization without a version, which only SQL without triggers can make, is another each time.
  SELECT array_agg(v.id::text ORDER BY v.id), array_agg(coalesce(a.version, gen_random_uuid())::text ORDER BY v.id)
  FROM (
    SELECT '00000000-0000-7000-8000-000000000001'::uuid AS id
    UNION SELECT u.organization_id FROM "user" u WHERE u.id = ANY (users)
    UNION SELECT t.organization_id FROM team t WHERE t.id = ANY (teams)
    UNION SELECT o FROM unnest(own || held) o WHERE o IS NOT NULL
  ) v
  LEFT JOIN authority a ON a.organization_id = v.id;
END $$;
COMMENT ON FUNCTION heimdall_vector(uuid, uuid, uuid) IS
  'D18: the organizations that what a user or a key holds hangs on, and their versions, as the calling statement sees them: the platform, those of the user or key, of its owner, of their teams and of all memberships';

CREATE FUNCTION heimdall_is_current(organizations uuid[], versions uuid[]) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT NOT EXISTS (
    SELECT FROM unnest(organizations, versions) v (o, n) LEFT JOIN authority a ON a.organization_id = v.o
    WHERE a.version IS DISTINCT FROM v.n)
$$;
COMMENT ON FUNCTION heimdall_is_current(uuid[], uuid[]) IS
  'D18: whether a vector is still what it was when it was read, and so what the principal holds';

-- Each finds its tables by itself, as in 20261126000100.
DO $$
DECLARE
  own regprocedure;
BEGIN
  FOR own IN
    SELECT p.oid FROM pg_proc p
    WHERE p.pronamespace = current_schema()::regnamespace AND p.proname LIKE 'heimdall\_%'
  LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', own, current_schema());
  END LOOP;
END $$;
