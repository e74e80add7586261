-- D46: what is stored as a moment can be answered as one: finite, of the years 0001 to 9999. The
-- database takes 'infinity', years before Christ and beyond 9999; one such row would fail every list
-- that it is in. A database that holds one already is not migrated: the error names table and column.

CREATE FUNCTION heimdall_bound_moments(relation regclass) RETURNS void
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  found record;
BEGIN
  FOR found IN
    SELECT a.attname AS moment, c.relname || '_' || a.attname || '_moment_check' AS name
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped
      AND a.atttypid IN ('timestamptz'::regtype, 'timestamp'::regtype, 'date'::regtype)
    ORDER BY a.attnum
  LOOP
    CONTINUE WHEN EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = relation AND k.conname = found.name);
    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I CHECK (%3$I >= %4$L AND %3$I < %5$L)', relation, found.name,
      found.moment, '0001-01-01 00:00:00+00', '10000-01-01 00:00:00+00');
  END LOOP;
END $$;
COMMENT ON FUNCTION heimdall_bound_moments(regclass) IS
  'D46: gives every timestamp and date of a table a check that it is finite and of the years 0001 to 9999. The same call again changes nothing';

SELECT heimdall_bound_moments(c.oid::regclass) FROM pg_class c
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
  AND c.relname <> '_prisma_migrations'
ORDER BY c.relname;

CREATE FUNCTION heimdall_registered_moments() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  EXECUTE format('SELECT %I.heimdall_bound_moments($1)', TG_TABLE_SCHEMA)
  USING format('%I.%I', TG_TABLE_SCHEMA, NEW.name)::regclass;
  RETURN NULL;
END $$;

-- A table that is registered from now on is given them.
CREATE TRIGGER heimdall_table_1_moments AFTER INSERT OR UPDATE ON "heimdall_table"
  FOR EACH ROW EXECUTE FUNCTION heimdall_registered_moments();
