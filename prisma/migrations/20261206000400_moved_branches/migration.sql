-- What a moved branch costs grows with its scopes, and not with their square (D8, issue 12).

-- As in 20261126000000, but for how it is found out whether anything changed. A join that only has to find one row is
-- planned to look at few; where there is none, as when paths alone change, it compared each row with each: a branch of
-- 10,000 scopes took 20 seconds of that. The two sets are compared as sets, whatever plan a session keeps.
CREATE OR REPLACE FUNCTION heimdall_governed_anew() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  t text;
BEGIN
  IF NOT EXISTS (SELECT id, inherits_from FROM new_rows EXCEPT SELECT id, inherits_from FROM old_rows) THEN
    RETURN NULL;
  END IF;
  FOR t IN SELECT name FROM heimdall_table WHERE is_placed ORDER BY name LOOP
    EXECUTE format($sql$
      UPDATE %I r SET governed_by = n.inherits_from
      FROM new_rows n JOIN old_rows o USING (id)
      WHERE r.scope_id = n.id AND n.inherits_from IS DISTINCT FROM o.inherits_from
    $sql$, t);
  END LOOP;
  RETURN NULL;
END $$;

-- It finds its tables by itself, as in 20261126000100.
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION heimdall_governed_anew() SET search_path = %I, pg_temp', current_schema());
END $$;
