-- Who administers (D12, D18, issue 11): nothing is written in an organization that is not active, a provider
-- organization stays, and so does the last platform admin.
--
-- These are rules of the gateway's own commands (the setting heimdall.command names one), whatever mutation or
-- batch they are part of. Whoever holds the database itself can do all of it, as an operator must.
--
--   HDO01  the organization is not active
--   HDO02  the organization is not locked: the transaction begins anew with its lock (D18)
--   HDP01  nobody would be left who administers the platform
--   HDP02  a provider organization is neither deactivated nor deleted

-- --- What a command has not locked ------------------------------------------------------------------

-- As in 20261128000000, but which organizations they are is said in the message, too: Prisma keeps no DETAIL.
CREATE OR REPLACE FUNCTION heimdall_raise_authority(organizations uuid[]) RETURNS void LANGUAGE plpgsql AS $$
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
        format('%s changes authority in organizations that it has not locked for that: %s', command, ARRAY(
          SELECT o FROM unnest(raised) o
          WHERE NOT heimdall_authority_buckets(ARRAY[o]) <@ held_exclusive));
    END IF;
    IF lacking && heimdall_authority_held('shared') THEN
      RAISE EXCEPTION USING ERRCODE = 'HDA02', MESSAGE =
        'authority is locked in one step, and no lock is made stronger: begin the transaction anew';
    END IF;
    PERFORM heimdall_lock_buckets('{}', lacking);
  END IF;
  UPDATE authority SET version = gen_random_uuid() WHERE organization_id = ANY (raised);
END $$;

-- --- Organizations that are not active --------------------------------------------------------------

CREATE FUNCTION heimdall_assert_open(touched uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  -- INVARIANT: whoever deactivates one holds this lock exclusively, and so comes before all of this
  -- transaction or after it. The platform itself is always active.
  IF NOT heimdall_authority_buckets(ARRAY[touched])
      <@ (heimdall_authority_held('shared') || heimdall_authority_held('exclusive')) THEN
    RAISE EXCEPTION USING ERRCODE = 'HDO02', MESSAGE =
      format('what is written is in an organization that is not locked: %s', touched);
  END IF;
  IF NOT EXISTS (SELECT FROM organization WHERE id = touched AND is_active) THEN
    RAISE EXCEPTION USING ERRCODE = 'HDO01', MESSAGE = 'D18: nothing is written in an organization that is not active';
  END IF;
END $$;
COMMENT ON FUNCTION heimdall_assert_open(uuid) IS
  'D18: refuses a command that writes in an organization that is not active (HDO01), or that has not locked it (HDO02)';

CREATE FUNCTION heimdall_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.organization_id IS NOT NULL THEN
      PERFORM heimdall_assert_open(OLD.organization_id);
    END IF;
    RETURN OLD;
  END IF;
  IF NEW.organization_id IS NOT NULL THEN
    PERFORM heimdall_assert_open(NEW.organization_id);
  END IF;
  -- Users alone change organizations (D12).
  IF TG_OP = 'UPDATE' AND OLD.organization_id IS NOT NULL AND OLD.organization_id <> NEW.organization_id THEN
    PERFORM heimdall_assert_open(OLD.organization_id);
  END IF;
  RETURN NEW;
END $$;
COMMENT ON FUNCTION heimdall_written() IS 'D18: a row of an organization is written while that is active';

CREATE FUNCTION heimdall_keep_open(relation text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  -- What follows from another change (what is kept, what goes with its organization) has been decided with it.
  PERFORM heimdall_attach(relation, '_0_written', format('BEFORE INSERT OR UPDATE OR DELETE ON %I FOR EACH ROW
    WHEN (pg_trigger_depth() = 0 AND current_setting(''heimdall.command'', true) <> '''')
    EXECUTE FUNCTION heimdall_written()', relation));
END $$;
COMMENT ON FUNCTION heimdall_keep_open(text) IS 'D18: has a table of organizations'' rows written in active ones alone';

-- --- Rows of nobody ---------------------------------------------------------------------------------

CREATE FUNCTION heimdall_list_unowned(relation text) RETURNS void LANGUAGE plpgsql SET client_min_messages = 'warning' AS $$
BEGIN
  EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON %I (organization_id, id) WHERE owner_id IS NULL AND team_id IS NULL',
    relation || '_unowned_idx', relation);
END $$;
COMMENT ON FUNCTION heimdall_list_unowned(text) IS 'D7: an index of the few rows that are nobody''s';

-- --- Every table, and those to come -----------------------------------------------------------------

CREATE FUNCTION heimdall_table_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM heimdall_keep_open(NEW.name);
  IF NEW.is_owned THEN
    PERFORM heimdall_list_unowned(NEW.name);
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION heimdall_table_kept() IS 'D7, D18: gives what is registered what the tables that were there before have';

CREATE TRIGGER heimdall_table_1_kept AFTER INSERT OR UPDATE ON "heimdall_table"
  FOR EACH ROW EXECUTE FUNCTION heimdall_table_kept();

SELECT heimdall_keep_open(name) FROM heimdall_table;
SELECT heimdall_keep_open(t) FROM unnest(ARRAY['user', 'scope']) t;
SELECT heimdall_list_unowned(name) FROM heimdall_table WHERE is_owned;

-- --- Organizations themselves -----------------------------------------------------------------------

CREATE FUNCTION heimdall_organization_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'DELETE' AND NEW.is_provider AND NOT NEW.is_active
    OR TG_OP = 'UPDATE' AND OLD.is_provider AND OLD.is_active AND NOT NEW.is_active
    OR TG_OP = 'DELETE' AND OLD.is_provider THEN
    RAISE EXCEPTION USING ERRCODE = 'HDP02', MESSAGE =
      'D4: a provider organization is neither deactivated nor deleted';
  END IF;
  -- Of one that is not active nothing can be changed but that.
  IF TG_OP = 'DELETE' AND NOT OLD.is_active OR TG_OP = 'UPDATE' AND NOT OLD.is_active AND NOT NEW.is_active THEN
    RAISE EXCEPTION USING ERRCODE = 'HDO01', MESSAGE = 'D18: nothing is written in an organization that is not active';
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  RETURN NEW;
END $$;
COMMENT ON FUNCTION heimdall_organization_written() IS
  'D4, D18: providers stay, and an organization that is not active is changed by reactivating it';

CREATE TRIGGER organization_0_written BEFORE INSERT OR UPDATE OR DELETE ON "organization" FOR EACH ROW
  WHEN (current_setting('heimdall.command', true) <> '') EXECUTE FUNCTION heimdall_organization_written();

-- --- The last platform admin ------------------------------------------------------------------------

CREATE INDEX "user_platform_admin_idx" ON "user" ("organization_id") WHERE is_platform_admin AND is_active;

CREATE FUNCTION heimdall_admin_left() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Of two who each take one of the last two away, the second waits for the first and sees what it did.
  PERFORM pg_advisory_xact_lock(72707374);
  IF NOT EXISTS (
    SELECT FROM "user" u JOIN organization o ON o.id = u.organization_id
    WHERE u.is_platform_admin AND u.is_active AND o.is_active) THEN
    RAISE EXCEPTION USING ERRCODE = 'HDP01', MESSAGE = 'D12: nobody would be left who administers the platform';
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION heimdall_admin_left() IS
  'D12: a platform admin who can act is left, whichever way one goes: deleted, deactivated, no admin any more, or with their organization';

CREATE TRIGGER user_6_admin_update AFTER UPDATE ON "user" FOR EACH ROW
  WHEN (OLD.is_platform_admin AND OLD.is_active AND current_setting('heimdall.command', true) <> '' AND NOT (
    NEW.is_platform_admin AND NEW.is_active AND NEW.organization_id = OLD.organization_id))
  EXECUTE FUNCTION heimdall_admin_left();
CREATE TRIGGER user_6_admin_delete AFTER DELETE ON "user" FOR EACH ROW
  WHEN (OLD.is_platform_admin AND OLD.is_active AND current_setting('heimdall.command', true) <> '')
  EXECUTE FUNCTION heimdall_admin_left();
CREATE TRIGGER organization_6_admin AFTER UPDATE ON "organization" FOR EACH ROW
  WHEN (OLD.is_active AND NOT NEW.is_active AND current_setting('heimdall.command', true) <> '')
  EXECUTE FUNCTION heimdall_admin_left();

-- --- Seeing as somebody else (D21) ------------------------------------------------------------------

-- For owners alone: whoever sees as somebody reads what they read, in scopes that are walls to admins, too (D8).
SELECT heimdall_register_actions('user', ARRAY['viewAs']);
DELETE FROM "role_permission" WHERE role_id = '00000000-0000-7000-8000-000000000021'
  AND permission_id = (SELECT id FROM permission WHERE key = 'user:viewAs:*'
    AND scope_id = '00000000-0000-7000-8000-000000000001');
UPDATE "role" SET description = 'Everything, except deleting the organization and seeing as somebody else'
WHERE id = '00000000-0000-7000-8000-000000000021'
  AND description = 'Everything, except deleting the organization';

-- Each finds its tables by itself, as in 20261126000100.
DO $$
DECLARE
  own text;
BEGIN
  FOREACH own IN ARRAY ARRAY['heimdall_raise_authority(uuid[])', 'heimdall_assert_open(uuid)', 'heimdall_written()',
    'heimdall_keep_open(text)', 'heimdall_list_unowned(text)', 'heimdall_table_kept()',
    'heimdall_organization_written()', 'heimdall_admin_left()']
  LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', own, current_schema());
  END LOOP;
END $$;
