-- D5: a final config is overridden nowhere below it, and none becomes final that is. The pairs of same-named
-- configs on one path are kept by the database (D3), and so the rule is about pairs: whatever makes one, a new
-- row, a new key, a scope that moves, is refused where the farther of the two is final.

CREATE FUNCTION heimdall_final_pair() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM new_rows pair JOIN config far ON far.id = pair.far_id WHERE far.is_final) THEN
    -- Of its own class, so that it is told as a conflict and not as a mistake.
    RAISE EXCEPTION USING ERRCODE = 'exclusion_violation', MESSAGE =
      'D5: a final config is not overridden below it';
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION heimdall_final_pair() IS 'D5: refuses a config that would override a final one';

CREATE FUNCTION heimdall_final_config() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Who adds a pair holds the same lock, so that one of the two sees the other.
  PERFORM heimdall_lock(ARRAY[NEW.organization_id]);
  IF EXISTS (SELECT FROM config_shadow pair WHERE pair.far_id = NEW.id) THEN
    RAISE EXCEPTION USING ERRCODE = 'exclusion_violation', MESSAGE =
      'D5: a config that is overridden below cannot be made final';
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION heimdall_final_config() IS 'D5: refuses to make a config final that is overridden';

DO $$
DECLARE
  own text;
BEGIN
  FOREACH own IN ARRAY ARRAY['heimdall_final_pair()', 'heimdall_final_config()'] LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', own, current_schema());
  END LOOP;
END $$;

CREATE TRIGGER config_shadow_4_final AFTER INSERT ON "config_shadow" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION heimdall_final_pair();
CREATE TRIGGER config_4_final AFTER UPDATE OF is_final ON "config" FOR EACH ROW
  WHEN (NEW.is_final AND NOT OLD.is_final) EXECUTE FUNCTION heimdall_final_config();
