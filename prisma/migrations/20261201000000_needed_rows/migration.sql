-- D23: what is referred to is not deleted from under it: a workflow that is an agent's tool, an agent that another one
-- delegates to. The foreign keys of the rows between cascade, as those rows go with either end when a whole
-- organization does; what is deleted by itself is refused here, as a foreign key would.

CREATE FUNCTION heimdall_needed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  needed boolean;
BEGIN
  -- Agents that are deleted by the same statement need nothing any more.
  EXECUTE format('SELECT EXISTS (SELECT FROM %I link JOIN agent ON agent.id = link.agent_id WHERE link.%I = $1)',
    TG_ARGV[0], TG_ARGV[1]) INTO needed USING OLD.id;
  IF needed THEN
    RAISE EXCEPTION USING ERRCODE = 'foreign_key_violation', MESSAGE =
      'D23: what something refers to is not deleted';
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION heimdall_needed() IS
  'D23: refuses to delete what an agent refers to. Arguments: the table between, its column that refers to the row';

DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION heimdall_needed() SET search_path = %I, pg_temp', current_schema());
END $$;

-- Triggers fire in the order of their names, and those of foreign keys begin with "RI": these come before, while the
-- rows between are there. INVARIANT: what an organization takes along is deleted by a trigger itself, and not asked.
CREATE TRIGGER "A0_workflow_needed" AFTER DELETE ON "workflow" FOR EACH ROW
  WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION heimdall_needed('agent_tool', 'workflow_id');
CREATE TRIGGER "A0_agent_needed" AFTER DELETE ON "agent" FOR EACH ROW
  WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION heimdall_needed('agent_delegate', 'delegate_id');
