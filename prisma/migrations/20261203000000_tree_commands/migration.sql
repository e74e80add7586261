-- What commands that write the tree rely on (D1, D8, D21, issue 12): which type may be in which, how deep scopes are, and
-- a whole subtree that goes at once.

-- --- Which type may contain which -------------------------------------------------------------------

-- A rule of the gateway's own commands (the setting heimdall.command names one), as those of 20261201000000_admin_life
-- are: whoever holds the database itself may have types that nest in themselves, and has had.
CREATE FUNCTION heimdall_edge_fits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  parent_organization uuid;
  child_organization uuid;
BEGIN
  SELECT organization_id INTO parent_organization FROM scope_type WHERE id = NEW.parent_type_id;
  SELECT organization_id INTO child_organization FROM scope_type WHERE id = NEW.child_type_id;
  IF parent_organization IS NOT NULL AND child_organization IS NULL THEN
    PERFORM heimdall_refuse('D1: a type of an organization cannot contain a built-in one');
  END IF;
  -- Of two that together would make a cycle, the second waits here and sees the first.
  PERFORM heimdall_lock(child_organization);
  IF EXISTS (
    WITH RECURSIVE inside AS (
      SELECT NEW.child_type_id AS id
      UNION
      SELECT e.child_type_id FROM inside i JOIN scope_type_edge e ON e.parent_type_id = i.id
    )
    SELECT FROM inside WHERE id = NEW.parent_type_id) THEN
    PERFORM heimdall_refuse('D1: no type is within itself');
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION heimdall_edge_fits() IS
  'D1: commands add no containment that leads back to its own beginning, and none of a built-in type in one of an organization';

CREATE TRIGGER scope_type_edge_3_fits AFTER INSERT ON "scope_type_edge" FOR EACH ROW
  WHEN (current_setting('heimdall.command', true) <> '') EXECUTE FUNCTION heimdall_edge_fits();

-- As in 20261121000002, but of the class of what is still needed: it is told as a conflict and not as a mistake.
CREATE OR REPLACE FUNCTION heimdall_edge_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM heimdall_lock((SELECT max(organization_id::text) FROM scope_type
    WHERE id IN (OLD.parent_type_id, OLD.child_type_id))::uuid);
  IF EXISTS (SELECT FROM scope c JOIN scope p ON p.id = c.parent_id
      WHERE c.type_id = OLD.child_type_id AND p.type_id = OLD.parent_type_id) THEN
    RAISE EXCEPTION USING ERRCODE = 'foreign_key_violation', MESSAGE =
      'D1: scopes of these types are still in each other';
  END IF;
  RETURN NULL;
END $$;

-- The code knows these by their ids, and the tree hangs on them (src/policy/vocabulary.ts).
CREATE TRIGGER scope_type_1_built_in BEFORE DELETE ON "scope_type" FOR EACH ROW
  WHEN (OLD.id IN ('00000000-0000-7000-8000-000000000010', '00000000-0000-7000-8000-000000000011',
    '00000000-0000-7000-8000-000000000012', '00000000-0000-7000-8000-000000000013',
    '00000000-0000-7000-8000-000000000014'))
  EXECUTE FUNCTION heimdall_refused('D1: a built-in type stays');

-- --- How deep scopes are ----------------------------------------------------------------------------

-- A path ends at the platform root, which is not counted. What is deeper already stays, and gets no deeper.
CREATE TRIGGER scope_6_depth_insert AFTER INSERT ON "scope" FOR EACH ROW
  WHEN (cardinality(NEW.path) > 33)
  EXECUTE FUNCTION heimdall_refused('D1: scopes are at most 32 deep, the root counted');
CREATE TRIGGER scope_6_depth_update AFTER UPDATE ON "scope" FOR EACH ROW
  WHEN (cardinality(NEW.path) > 33 AND cardinality(NEW.path) > cardinality(OLD.path))
  EXECUTE FUNCTION heimdall_refused('D1: scopes are at most 32 deep, the root counted');

-- --- A subtree that goes at once --------------------------------------------------------------------

CREATE FUNCTION heimdall_delete_subtree(top uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  gone uuid[] := ARRAY(SELECT id FROM scope WHERE path @> ARRAY[top]);
  kind record;
  parts text[] := '{}';
  needed boolean;
BEGIN
  -- What is bound elsewhere to a role within would be bound to one less, and an override elsewhere be gone: the
  -- foreign keys of rows between cascade, and so nobody else would say no.
  SELECT EXISTS (
    SELECT FROM scope_override o
    LEFT JOIN role r ON r.id = o.role_id LEFT JOIN permission p ON p.id = o.permission_id
    WHERE o.scope_id <> ALL (gone) AND (r.scope_id = ANY (gone) OR p.scope_id = ANY (gone))
  ) INTO needed;
  FOR kind IN SELECT t.name, t.is_bound_to_roles FROM heimdall_table t WHERE t.is_placed ORDER BY t.name LOOP
    parts := parts || format('%I AS (DELETE FROM %I WHERE scope_id = ANY ($1))', kind.name || '_gone', kind.name);
    CONTINUE WHEN needed OR NOT kind.is_bound_to_roles;
    EXECUTE format('SELECT EXISTS (SELECT FROM %I b JOIN role r ON r.id = b.role_id JOIN %I x ON x.id = b.%I
      WHERE r.scope_id = ANY ($1) AND x.scope_id <> ALL ($1))',
      kind.name || '_role', kind.name, kind.name || '_id') INTO needed USING gone;
  END LOOP;
  IF needed THEN
    RAISE EXCEPTION USING ERRCODE = 'foreign_key_violation', MESSAGE =
      'D23: something elsewhere needs what is within';
  END IF;
  -- In one statement, so that what refers to one another within goes whatever the order: keys are looked at when
  -- all of it is gone.
  EXECUTE 'WITH ' || array_to_string(parts, ', ') || ' DELETE FROM scope WHERE id = ANY ($1)' USING gone;
END $$;
COMMENT ON FUNCTION heimdall_delete_subtree(uuid) IS
  'D21, D23: deletes a scope, those below it, and all rows of registered tables that live there; refuses where something elsewhere refers to any of it. Who may is decided before';

-- Each finds its tables by itself, as in 20261126000100.
DO $$
DECLARE
  own text;
BEGIN
  FOREACH own IN ARRAY ARRAY['heimdall_edge_fits()', 'heimdall_edge_removed()', 'heimdall_delete_subtree(uuid)'] LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', own, current_schema());
  END LOOP;
END $$;
