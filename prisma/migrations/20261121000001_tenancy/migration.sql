-- What holds for single rows and for references between them, whoever writes.
--
-- Every refusal of a rule is a check violation (SQLSTATE 23514), whose message begins with the
-- rule's number in the model.

-- --- Values ---------------------------------------------------------------------------------------

-- Access level, data access and permission mode stay open: a value that this version does not know
-- is stored, and read as "deny" (D6, D7) or as DEFINE (D8). Only PRIVATE outside of agents is refused.
ALTER TABLE "form" ADD CONSTRAINT "form_private_check" CHECK (access_level IS DISTINCT FROM 'PRIVATE');
ALTER TABLE "workflow" ADD CONSTRAINT "workflow_private_check" CHECK (access_level IS DISTINCT FROM 'PRIVATE');
ALTER TABLE "app" ADD CONSTRAINT "app_private_check" CHECK (access_level IS DISTINCT FROM 'PRIVATE');

ALTER TABLE "user" ADD CONSTRAINT "user_email_check" CHECK (email = lower(email));
ALTER TABLE "app" ADD CONSTRAINT "app_slug_empty_check" CHECK (slug <> '');
ALTER TABLE "scope" ADD CONSTRAINT "scope_meta_check" CHECK (jsonb_typeof(meta) = 'object');

-- A subject in a scope is exactly one subject.
ALTER TABLE "membership" ADD CONSTRAINT "membership_subject_check"
  CHECK (num_nonnulls(user_id, team_id, virtual_key_id, api_key_id) = 1);

-- D9.
ALTER TABLE "scope_override" ADD CONSTRAINT "scope_override_state_check"
  CHECK (state IN ('enabled', 'disabled'));
ALTER TABLE "scope_override" ADD CONSTRAINT "scope_override_target_check"
  CHECK (num_nonnulls(permission_id, role_id) > 0);

-- D16: a secret lives in its ciphertext alone.
ALTER TABLE "config" ADD CONSTRAINT "config_secret_check"
  CHECK ((type = 'SECRET') = (ciphertext IS NOT NULL) AND (type <> 'SECRET' OR value IS NULL));

-- D10: `*`, `owned`, `prefix/*` with one star, or no star at all.
ALTER TABLE "permission" ADD CONSTRAINT "permission_pattern_check" CHECK (
  resource_pattern = '*'
  OR (resource_pattern <> '' AND position('*' IN resource_pattern) = 0)
  OR (length(resource_pattern) > 2 AND right(resource_pattern, 2) = '/*'
      AND position('*' IN left(resource_pattern, -1)) = 0)
);

-- D10: `*` and `owned` mean something in a pattern, so nothing may be called that.
DO $$
DECLARE
  named record;
BEGIN
  FOR named IN
    SELECT table_name AS relation, column_name AS name FROM information_schema.columns
    WHERE table_schema = current_schema() AND column_name IN ('name', 'slug', 'key')
      AND table_name <> 'permission' ORDER BY 1, 2
  LOOP
    EXECUTE format('ALTER TABLE %1$I ADD CONSTRAINT %2$I CHECK (%3$I NOT IN (''*'', ''owned''))',
      named.relation, named.relation || '_' || named.name || '_check', named.name);
  END LOOP;
END $$;

-- One platform root, and it alone is without an organization and without a parent (D1).
ALTER TABLE "scope" ADD CONSTRAINT "scope_platform_root_check" CHECK (
  (parent_id IS NULL) = (id = '00000000-0000-7000-8000-000000000001')
  AND (organization_id IS NULL) = (id = '00000000-0000-7000-8000-000000000001')
);

-- The key of schema.prisma holds null for the built-in types, and nulls never collide.
CREATE UNIQUE INDEX "scope_type_built_in_name_key" ON "scope_type" (name) WHERE organization_id IS NULL;

-- --- Helpers --------------------------------------------------------------------------------------

CREATE FUNCTION heimdall_refuse(message text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = message;
END $$;
COMMENT ON FUNCTION heimdall_refuse(text) IS 'How every rule refuses: SQLSTATE 23514, the message begins with the D number';

CREATE FUNCTION heimdall_refused() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM heimdall_refuse(TG_ARGV[0]);
  RETURN NULL;
END $$;
COMMENT ON FUNCTION heimdall_refused() IS 'A trigger that refuses what its WHEN lets through';

CREATE FUNCTION heimdall_lock(organizations uuid[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  bucket integer;
BEGIN
  -- A transaction that keeps its first snapshot would wait for the lock and then not see what the
  -- one before it has written.
  IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
    RAISE EXCEPTION USING ERRCODE = 'invalid_transaction_state', MESSAGE =
      'names, scopes and assignments are written in READ COMMITTED transactions only';
  END IF;
  IF cardinality(organizations) > 0 AND array_position(organizations, NULL) IS NOT NULL THEN
    PERFORM pg_advisory_xact_lock(1212501837, 0);
    RETURN;
  END IF;
  PERFORM pg_advisory_xact_lock_shared(1212501837, 0);
  -- In one order, so that two statements do not wait for each other; in buckets, so that a bulk
  -- load over thousands of tenants does not run out of room for locks.
  FOR bucket IN
    SELECT DISTINCT 1 + (hashtext(o::text) & 255) FROM unnest(organizations) o ORDER BY 1
  LOOP
    PERFORM pg_advisory_xact_lock(1212501837, bucket);
  END LOOP;
END $$;
COMMENT ON FUNCTION heimdall_lock(uuid[]) IS
  'D2, D3, D8: one writer of an organization''s tree, names and assignments at a time, so that the kept columns and pairs see each other''s rows; null, the global tier, excludes all others';

CREATE FUNCTION heimdall_lock(organization uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM heimdall_lock(ARRAY[organization]);
END $$;
COMMENT ON FUNCTION heimdall_lock(uuid) IS 'heimdall_lock of one organization';

-- --- Identity and place of a row ------------------------------------------------------------------

CREATE FUNCTION heimdall_placed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  place record;
BEGIN
  SELECT organization_id INTO place FROM scope WHERE id = NEW.scope_id;
  IF FOUND AND place.organization_id IS DISTINCT FROM NEW.organization_id THEN
    PERFORM heimdall_refuse(format('D1: the organization of a %s must be that of its scope', TG_TABLE_NAME));
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION heimdall_placed() IS 'D1: a row belongs to the organization of its scope; it is checked, never guessed';

CREATE FUNCTION heimdall_reference() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  source_organization uuid;
  target_organization uuid;
BEGIN
  IF to_jsonb(NEW) ->> TG_ARGV[3] IS NULL THEN
    RETURN NULL;
  END IF;
  EXECUTE format('SELECT s.organization_id, t.organization_id FROM %I s, %I t WHERE s.id = $1 AND t.id = $2',
    TG_ARGV[0], TG_ARGV[2])
    INTO source_organization, target_organization
    USING (to_jsonb(NEW) ->> TG_ARGV[1])::uuid, (to_jsonb(NEW) ->> TG_ARGV[3])::uuid;
  IF target_organization IS NOT NULL AND target_organization IS DISTINCT FROM source_organization THEN
    PERFORM heimdall_refuse(format('D20: a %s must refer to a %s of its own organization or to a global one',
      TG_ARGV[0], TG_ARGV[2]));
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION heimdall_reference() IS
  'D20: a reference stays in the row''s organization or points to a global row; a global row points to global ones. Arguments: source table, its id column here, target table, its id column here';

DO $$
DECLARE
  t text;
  r text[];
BEGIN
  -- Whatever is derived from an id or an organization (paths, pairs, references) relies on these
  -- never changing. A user changes organizations by a platform admin's hand (D12).
  FOREACH t IN ARRAY ARRAY['organization', 'user', 'team', 'scope_type', 'scope', 'role', 'permission',
    'membership', 'scope_override', 'form', 'workflow', 'agent', 'app', 'config', 'virtual_key', 'api_key']
  LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OF id ON %I FOR EACH ROW
      WHEN (OLD.id <> NEW.id) EXECUTE FUNCTION heimdall_refused(%L)',
      t || '_0_id', t, 'D1: an id never changes');
    IF t NOT IN ('organization', 'user') THEN
      EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OF organization_id ON %I FOR EACH ROW
        WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id) EXECUTE FUNCTION heimdall_refused(%L)',
        t || '_0_organization', t, 'D1: the organization of a row never changes');
    END IF;
  END LOOP;

  FOREACH t IN ARRAY ARRAY['role', 'permission', 'membership', 'scope_override', 'form', 'workflow',
    'agent', 'app', 'config', 'virtual_key', 'api_key']
  LOOP
    EXECUTE format('CREATE TRIGGER %I AFTER INSERT OR UPDATE OF scope_id ON %I FOR EACH ROW
      EXECUTE FUNCTION heimdall_placed()', t || '_1_placed', t);
  END LOOP;

  -- table, source table, its id here, target table, its id here
  FOREACH r SLICE 1 IN ARRAY ARRAY[
    ['scope', 'scope', 'id', 'scope_type', 'type_id'],
    ['form', 'form', 'id', 'workflow', 'workflow_id'],
    ['agent_tool', 'agent', 'agent_id', 'workflow', 'workflow_id'],
    ['agent_delegate', 'agent', 'agent_id', 'agent', 'delegate_id'],
    ['form_role', 'form', 'form_id', 'role', 'role_id'],
    ['workflow_role', 'workflow', 'workflow_id', 'role', 'role_id'],
    ['agent_role', 'agent', 'agent_id', 'role', 'role_id'],
    ['app_role', 'app', 'app_id', 'role', 'role_id'],
    ['scope_override', 'scope_override', 'id', 'permission', 'permission_id'],
    ['scope_override', 'scope_override', 'id', 'role', 'role_id']]
  LOOP
    EXECUTE format('CREATE TRIGGER %I AFTER INSERT OR UPDATE OF %s ON %I FOR EACH ROW
      EXECUTE FUNCTION heimdall_reference(%L, %L, %L, %L)',
      r[1] || '_2_' || r[5], CASE r[3] WHEN 'id' THEN r[5] ELSE r[3] || ', ' || r[5] END, r[1],
      r[2], r[3], r[4], r[5]);
  END LOOP;
END $$;

-- --- Permission keys ------------------------------------------------------------------------------

CREATE FUNCTION heimdall_permission_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.key := NEW.resource_type || ':' || NEW.action || ':' || NEW.resource_pattern;
  RETURN NEW;
END $$;
COMMENT ON FUNCTION heimdall_permission_key() IS 'Model, section 2: the key of a permission says what it permits, whatever the client wrote';

CREATE TRIGGER permission_1_key BEFORE INSERT OR UPDATE OF key, resource_type, action, resource_pattern
  ON "permission" FOR EACH ROW EXECUTE FUNCTION heimdall_permission_key();

-- --- The record -----------------------------------------------------------------------------------

CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_entry"
  FOR EACH STATEMENT EXECUTE FUNCTION heimdall_refused('D19: the audit record is append-only');
