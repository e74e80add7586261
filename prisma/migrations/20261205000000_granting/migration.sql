-- What granting by mutations needs of the database: memberships count their changes, what people hold is not deleted
-- from under them, and the system roles stay.

-- --- Memberships are edited (model, section 2) -----------------------------------------------------

ALTER TABLE "membership" ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1,
  ADD COLUMN "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;
SELECT heimdall_bound_moments('membership');
-- A new column joins what a principal is read from, unless it is said not to count.
SELECT heimdall_registers_authority('membership', $$
  SELECT organization_id FROM changed
  UNION SELECT u.organization_id FROM changed c JOIN "user" u ON u.id = c.user_id
  UNION SELECT t.organization_id FROM changed c JOIN team t ON t.id = c.team_id
  UNION SELECT k.organization_id FROM changed c JOIN virtual_key k ON k.id = c.virtual_key_id
  UNION SELECT k.organization_id FROM changed c JOIN api_key k ON k.id = c.api_key_id $$,
  ignores => '{governed_by,reason,version,created_at,updated_at}');

-- --- D23: what is held or bound is not deleted -----------------------------------------------------

CREATE FUNCTION heimdall_in_use() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  used boolean;
  user_table text;
BEGIN
  FOREACH user_table IN ARRAY TG_ARGV[1:] LOOP
    -- What is deleted by the same statement uses nothing any more.
    EXECUTE format('SELECT EXISTS (SELECT FROM %1$I link JOIN %2$I u ON u.id = link.%3$I WHERE link.%4$I = $1)',
      CASE user_table WHEN 'membership' THEN 'role_assignment' WHEN 'role' THEN 'role_permission' ELSE user_table || '_role' END,
      user_table, user_table || '_id', TG_ARGV[0]) INTO used USING OLD.id;
    IF used THEN
      RAISE EXCEPTION USING ERRCODE = 'foreign_key_violation', MESSAGE =
        format('D23: a %s that something uses is not deleted', TG_TABLE_NAME);
    END IF;
  END LOOP;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION heimdall_in_use() IS
  'D23: refuses to delete what rows of other tables use, by rows between. Arguments: the column of those, then the tables that use it';

-- A rule of mutations: whoever holds the database itself can take a role from everybody with it.
CREATE FUNCTION heimdall_is_command() RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT coalesce(current_setting('heimdall.command', true), '') <> ''
$$;
COMMENT ON FUNCTION heimdall_is_command() IS 'Whether this transaction is a command of the gateway';

-- Named to fire before the triggers of foreign keys, as those of 20261201000000_needed_rows are, and for the same reason.
CREATE TRIGGER "A0_role_in_use" AFTER DELETE ON "role" FOR EACH ROW WHEN (pg_trigger_depth() = 0 AND heimdall_is_command())
  EXECUTE FUNCTION heimdall_in_use('role_id', 'membership', 'form', 'workflow', 'agent', 'app');
CREATE TRIGGER "A0_permission_in_use" AFTER DELETE ON "permission" FOR EACH ROW WHEN (pg_trigger_depth() = 0 AND heimdall_is_command())
  EXECUTE FUNCTION heimdall_in_use('permission_id', 'role');

-- --- System roles -----------------------------------------------------------------------------------

INSERT INTO "role" (id, name, description, scope_id, data_access, is_system) VALUES
  ('00000000-0000-7000-8000-000000000024', 'Editor', 'Reads, and edits forms, workflows, agents, apps and configs; shares nothing',
    '00000000-0000-7000-8000-000000000001', 'ALL_DATA', true);

-- What Viewer reads as it is on this database, and what there is to edit.
INSERT INTO "role_permission" (role_id, permission_id)
SELECT '00000000-0000-7000-8000-000000000024', p.id FROM "permission" p
WHERE p.scope_id = '00000000-0000-7000-8000-000000000001' AND p.resource_pattern = '*' AND (
  (p.resource_type IN ('form', 'workflow', 'agent', 'app', 'config') AND p.action IN ('create', 'update', 'delete'))
  OR EXISTS (SELECT FROM "role_permission" v
    WHERE v.permission_id = p.id AND v.role_id = '00000000-0000-7000-8000-000000000023'));

CREATE TRIGGER role_1_system_stays BEFORE DELETE ON "role" FOR EACH ROW WHEN (OLD.is_system)
  EXECUTE FUNCTION heimdall_refused('D7: a system role is never deleted');
CREATE TRIGGER role_1_system BEFORE UPDATE OF is_system ON "role" FOR EACH ROW
  WHEN (OLD.is_system IS DISTINCT FROM NEW.is_system)
  EXECUTE FUNCTION heimdall_refused('D7: what is a system role, and what is none, never changes');

DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION heimdall_is_command() SET search_path = %I, pg_temp', current_schema());
  EXECUTE format('ALTER FUNCTION heimdall_in_use() SET search_path = %I, pg_temp', current_schema());
END $$;
