-- D45: every text is compared, ordered and searched by its code points, whatever the database's own
-- collation is. A column that is not COLLATE "C" folds É with é where its neighbour does not, and
-- sorts by the rules of a country. A changed collation rewrites no row; indexes are made anew.

CREATE FUNCTION heimdall_text_by_code_points(relation regclass) RETURNS void
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  texts text[];
  numbers int2[];
  triggers text[];
  trigger_names text[];
  definition text;
BEGIN
  SELECT array_agg(format('ALTER COLUMN %I TYPE %s COLLATE "C"', a.attname, format_type(a.atttypid, a.atttypmod))),
    array_agg(a.attnum)
  INTO texts, numbers
  FROM pg_attribute a
  WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped
    AND a.attcollation NOT IN (0, '"C"'::regcollation);
  IF texts IS NULL THEN
    RETURN;
  END IF;
  -- PostgreSQL changes no column that a trigger names: such a trigger is made again as it was.
  SELECT array_agg(t.tgname), array_agg(pg_get_triggerdef(t.oid)) INTO trigger_names, triggers
  FROM pg_trigger t
  WHERE t.tgrelid = relation AND NOT t.tgisinternal AND EXISTS (SELECT FROM pg_depend d
    WHERE d.classid = 'pg_trigger'::regclass AND d.objid = t.oid
      AND d.refclassid = 'pg_class'::regclass AND d.refobjid = relation AND d.refobjsubid = ANY (numbers));
  FOREACH definition IN ARRAY coalesce(trigger_names, '{}') LOOP
    EXECUTE format('DROP TRIGGER %I ON %s', definition, relation);
  END LOOP;
  EXECUTE format('ALTER TABLE %s %s', relation, array_to_string(texts, ', '));
  FOREACH definition IN ARRAY coalesce(triggers, '{}') LOOP
    EXECUTE definition;
  END LOOP;
  -- What the planner knew of these columns is gone with their collation.
  IF (SELECT c.reltuples > 0 FROM pg_class c WHERE c.oid = relation) THEN
    EXECUTE format('ANALYZE %s', relation);
  END IF;
END $$;
COMMENT ON FUNCTION heimdall_text_by_code_points(regclass) IS
  'D45: gives every text column of a table COLLATE "C". The same call again changes nothing';

SELECT heimdall_text_by_code_points(c.oid::regclass) FROM pg_class c
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
  AND c.relname <> '_prisma_migrations'
ORDER BY c.relname;

CREATE FUNCTION heimdall_registered_text() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  EXECUTE format('SELECT %I.heimdall_text_by_code_points($1)', TG_TABLE_SCHEMA)
  USING format('%I.%I', TG_TABLE_SCHEMA, NEW.name)::regclass;
  RETURN NULL;
END $$;

-- A table that is registered from now on is given it; test/data/columns.test.ts looks at all others.
CREATE TRIGGER heimdall_table_1_text AFTER INSERT OR UPDATE ON "heimdall_table"
  FOR EACH ROW EXECUTE FUNCTION heimdall_registered_text();
