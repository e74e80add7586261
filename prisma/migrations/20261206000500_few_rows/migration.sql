-- The indexes by which few rows are found among many: those of somebody, of a team, and those that everybody may use.
-- Who may see a handful of a million rows is not to have all of them read in the order of a list (D6, D7, issue 13).
-- Deleting a user or a team looks for what is theirs, too.

CREATE FUNCTION heimdall_index_few(known heimdall_table) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  named text;
BEGIN
  IF known.cascades_by IS NULL THEN
    RETURN;
  END IF;
  IF known.is_owned THEN
    FOREACH named IN ARRAY '{owner_id,created_by_id,team_id}'::text[] LOOP
      EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON %I (%I, id) WHERE %I IS NOT NULL',
        known.name || '_few_' || named || '_idx', known.name, named, named);
    END LOOP;
  END IF;
  IF known.is_bound_to_roles THEN
    EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON %I (organization_id, id) WHERE access_level = ''AUTHENTICATED''',
      known.name || '_few_open_idx', known.name);
  END IF;
END $$;
COMMENT ON FUNCTION heimdall_index_few(heimdall_table) IS
  'D6, D7: gives a table that cascades the indexes by which the rows of one person or team, and those open to all, are found';

CREATE FUNCTION heimdall_indexed_few() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM heimdall_index_few(NEW);
  RETURN NULL;
END $$;
COMMENT ON FUNCTION heimdall_indexed_few() IS 'D6, D7: gives what is registered the indexes by which few rows are found';

CREATE TRIGGER heimdall_table_1_few AFTER INSERT OR UPDATE ON "heimdall_table"
  FOR EACH ROW EXECUTE FUNCTION heimdall_indexed_few();

-- Each finds its tables by itself, as in 20261126000100.
DO $$
DECLARE
  own text;
BEGIN
  FOREACH own IN ARRAY ARRAY['heimdall_index_few(heimdall_table)', 'heimdall_indexed_few()'] LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', own, current_schema());
  END LOOP;
END $$;

SELECT heimdall_index_few(t) FROM heimdall_table t;
