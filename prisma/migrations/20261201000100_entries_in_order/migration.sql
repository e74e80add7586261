-- Entries of one statement sort as they were made (D19). heimdall_next_id() tells microseconds apart, and a fast machine
-- makes several entries of a batch within one: then chance decided which came first.

CREATE FUNCTION heimdall_next_id(ordinal bigint) RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
  -- Behind the moment and before the random part: twelve bits, and so the first 4,096 of a statement. The digit before
  -- says the variant, and would be any of four.
  SELECT (left(t.id, 19) || '8' || lpad(to_hex($1 % 4096), 3, '0') || right(t.id, 13))::uuid
  FROM (SELECT heimdall_next_id()::text AS id) t
$$;
COMMENT ON FUNCTION heimdall_next_id(bigint) IS
  'heimdall_next_id, for the rows of one statement: those of one microsecond sort by their numbers';

DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION heimdall_next_id(bigint) SET search_path = %I, pg_temp', current_schema());
END $$;
