-- Each row that lives at a scope keeps the scopes whose grants reach it (D8): inherits(S) of its
-- scope. With the array on the row itself, "one of my grants reaches it" and "one of its roles is held
-- where it counts" are tests of the row's own columns, however many grants there are. A test through
-- the relation would join the scope once for each of them.

CREATE FUNCTION heimdall_governed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Waits for whoever changes the tree, and then sees it changed.
  PERFORM heimdall_lock(NEW.organization_id);
  SELECT inherits_from INTO NEW.governed_by FROM scope WHERE id = NEW.scope_id;
  NEW.governed_by := coalesce(NEW.governed_by, '{}');
  RETURN NEW;
END $$;
COMMENT ON FUNCTION heimdall_governed() IS
  'D8: who reaches a row is derived from the tree, never taken from a client; without its scope, which a foreign key refuses, nobody does';

CREATE FUNCTION heimdall_governed_anew() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  t text;
BEGIN
  IF NOT EXISTS (SELECT FROM new_rows n JOIN old_rows o USING (id)
      WHERE n.inherits_from IS DISTINCT FROM o.inherits_from) THEN
    RETURN NULL;
  END IF;
  FOREACH t IN ARRAY ARRAY['role', 'permission', 'membership', 'scope_override', 'form', 'workflow',
    'agent', 'app', 'config', 'virtual_key', 'api_key']
  LOOP
    EXECUTE format($sql$
      UPDATE %I r SET governed_by = n.inherits_from
      FROM new_rows n JOIN old_rows o USING (id)
      WHERE r.scope_id = n.id AND n.inherits_from IS DISTINCT FROM o.inherits_from
    $sql$, t);
  END LOOP;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION heimdall_governed_anew() IS
  'D8: after a move, a retype or a flipped mode, the rows at the scopes that inherit otherwise now';

DO $$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['role', 'permission', 'membership', 'scope_override', 'form', 'workflow',
    'agent', 'app', 'config', 'virtual_key', 'api_key']
  LOOP
    EXECUTE format($sql$ALTER TABLE %I ADD COLUMN governed_by uuid[] DEFAULT ARRAY[]::uuid[]$sql$, t);
    EXECUTE format('UPDATE %I r SET governed_by = s.inherits_from FROM scope s WHERE s.id = r.scope_id', t);
    EXECUTE format('CREATE TRIGGER %I BEFORE INSERT OR UPDATE OF scope_id, governed_by ON %I
      FOR EACH ROW EXECUTE FUNCTION heimdall_governed()', t || '_1_governed', t);
  END LOOP;
END $$;

CREATE TRIGGER scope_4_governed AFTER UPDATE ON "scope"
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION heimdall_governed_anew();
