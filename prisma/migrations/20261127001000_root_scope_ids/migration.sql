-- D1: no two objects share an id. Until now an organization's root scope had the organization's own id,
-- and whoever keeps objects by id (Relay's stores, `node`) took one for the other. A root's id now
-- follows from its organization's: the same with the version digit 7 made an 8, which is a UUIDv8.
--
-- Everything that names a root scope is written anew, in one transaction; the rows' versions and times
-- stay. Of the record (D19) the columns that name a scope follow, what it quotes stays as it was said.

-- --- What ids can be ------------------------------------------------------------------------------

-- INVARIANT: of two ids of version 7 never the same id of version 8 follows, and none of version 7 is one.
DO $$
DECLARE
  others bigint;
BEGIN
  SELECT count(*) INTO others FROM organization
  WHERE NOT (substr(id::text, 15, 1) = '7' AND substr(id::text, 20, 1) IN ('8', '9', 'a', 'b'));
  -- Not converted: who has made these ids knows the organizations by them.
  IF others > 0 THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = format(
      'D1: the id of an organization must be a UUID of version 7, because that of its root scope follows from it; those of %s organizations are not (docs/production.md)',
      others);
  END IF;
END $$;
ALTER TABLE "organization" ADD CONSTRAINT "organization_id_check"
  CHECK (substr(id::text, 15, 1) = '7' AND substr(id::text, 20, 1) IN ('8', '9', 'a', 'b'));

CREATE FUNCTION heimdall_root_scope_id(organization uuid) RETURNS uuid
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT overlay(organization::text PLACING '8' FROM 15 FOR 1)::uuid
$$;
COMMENT ON FUNCTION heimdall_root_scope_id(uuid) IS
  'D1: the id of an organization''s root scope: the organization''s with the version digit 7 made an 8. As rootScopeId of src/policy/root-scope.ts';

-- --- What a root's type can be --------------------------------------------------------------------

-- The two that hold the tree together stand outside of what is inherited. Where one had been flipped, what
-- was held at the platform root reached into tenants: from here on it does not.
UPDATE "scope_type" SET permission_mode = 'DEFINE'
WHERE id IN ('00000000-0000-7000-8000-000000000010', '00000000-0000-7000-8000-000000000011')
  AND permission_mode <> 'DEFINE';
ALTER TABLE "scope_type" ADD CONSTRAINT "scope_type_root_check" CHECK (
  permission_mode = 'DEFINE'
  OR id NOT IN ('00000000-0000-7000-8000-000000000010', '00000000-0000-7000-8000-000000000011'));

-- --- The rows that are there ----------------------------------------------------------------------

DO $$
DECLARE
  silence text[];
  speak text[];
  statement text;
  one record;
  organizations uuid[];
  external_ids text[];
BEGIN
  IF NOT EXISTS (SELECT FROM organization) THEN
    RETURN;
  END IF;

  -- The triggers that refuse such changes, and those that would make all of it anew row by row, are quiet
  -- meanwhile; foreign keys, unique keys and checks hold throughout.
  SELECT array_agg(format('ALTER TABLE %s DISABLE TRIGGER %I', t.tgrelid::regclass, t.tgname)),
    array_agg(format('ALTER TABLE %s ENABLE %s TRIGGER %I', t.tgrelid::regclass,
      CASE t.tgenabled WHEN 'A' THEN 'ALWAYS' WHEN 'R' THEN 'REPLICA' ELSE '' END, t.tgname))
  INTO silence, speak
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
  WHERE c.relnamespace = current_schema()::regnamespace AND NOT t.tgisinternal AND t.tgenabled <> 'D';
  FOREACH statement IN ARRAY silence LOOP
    EXECUTE statement;
  END LOOP;

  -- The new roots beside the old ones, which keep what must be unique until they are gone.
  INSERT INTO scope (id, type_id, parent_id, organization_id, name, meta, path, inherits_from, home_id,
    governed_by, version, created_at, updated_at)
  SELECT r.id, s.type_id, s.parent_id, s.organization_id, s.name, s.meta, array_replace(s.path, s.id, r.id),
    array_replace(s.inherits_from, s.id, r.id), r.id, array_replace(s.governed_by, s.id, r.id),
    s.version, s.created_at, s.updated_at
  FROM scope s CROSS JOIN LATERAL heimdall_root_scope_id(s.organization_id) r (id)
  WHERE s.id = s.organization_id;
  SELECT array_agg(organization_id), array_agg(external_id) INTO organizations, external_ids
  FROM scope WHERE id = organization_id AND external_id IS NOT NULL;

  UPDATE scope s SET
    parent_id = CASE s.parent_id WHEN s.organization_id THEN r.id ELSE s.parent_id END,
    home_id = CASE s.home_id WHEN s.organization_id THEN r.id ELSE s.home_id END,
    path = array_replace(s.path, s.organization_id, r.id),
    inherits_from = array_replace(s.inherits_from, s.organization_id, r.id),
    governed_by = array_replace(s.governed_by, s.organization_id, r.id)
  FROM organization o CROSS JOIN LATERAL heimdall_root_scope_id(o.id) r (id)
  WHERE o.id = s.organization_id AND s.id NOT IN (o.id, r.id);

  -- A row can name no root but that of its own organization.
  FOR one IN SELECT t.name FROM heimdall_table t WHERE t.is_placed ORDER BY t.name LOOP
    EXECUTE format($sql$
      UPDATE %I SET
        scope_id = CASE scope_id WHEN organization_id THEN heimdall_root_scope_id(organization_id) ELSE scope_id END,
        governed_by = array_replace(governed_by, organization_id, heimdall_root_scope_id(organization_id))
      WHERE scope_id = organization_id OR organization_id = ANY (governed_by)
    $sql$, one.name);
  END LOOP;
  FOR one IN SELECT t.name FROM heimdall_table t WHERE t.cascades_by IS NOT NULL ORDER BY t.name LOOP
    EXECUTE format($sql$
      UPDATE %I SET near_scope_id = heimdall_root_scope_id(near_scope_id)
      WHERE near_scope_id IN (SELECT id FROM organization)
    $sql$, one.name || '_shadow');
  END LOOP;
  -- Whatever else refers to a scope, of whichever table.
  FOR one IN
    SELECT f.conrelid::regclass AS relation, a.attname AS name
    FROM pg_constraint f JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = ANY (f.conkey)
    JOIN pg_attribute k ON k.attrelid = f.confrelid AND k.attnum = f.confkey[array_position(f.conkey, a.attnum)]
    WHERE f.contype = 'f' AND f.confrelid = 'scope'::regclass AND k.attname = 'id' AND f.conparentid = 0
    ORDER BY 1, 2
  LOOP
    EXECUTE format($sql$
      UPDATE %1$s SET %2$I = heimdall_root_scope_id(%2$I) WHERE %2$I IN (SELECT id FROM organization)
    $sql$, one.relation, one.name);
  END LOOP;

  -- D10: a pattern can be the id of a scope.
  UPDATE permission p SET resource_pattern = r.id, key = p.resource_type || ':' || p.action || ':' || r.id
  FROM organization o CROSS JOIN LATERAL (SELECT heimdall_root_scope_id(o.id)::text) r (id)
  WHERE p.resource_type = 'scope' AND lower(p.resource_pattern) = o.id::text;
  -- D19.
  UPDATE audit_entry SET
    scope_id = CASE scope_id WHEN organization_id THEN heimdall_root_scope_id(organization_id) ELSE scope_id END,
    resource_id = CASE WHEN resource_type = 'scope' AND resource_id = organization_id
      THEN heimdall_root_scope_id(organization_id) ELSE resource_id END
  WHERE scope_id = organization_id OR resource_type = 'scope' AND resource_id = organization_id;

  -- A reference that had been forgotten would be refused here.
  DELETE FROM scope WHERE id = organization_id;
  UPDATE scope s SET external_id = n.external_id
  FROM unnest(organizations, external_ids) n (organization_id, external_id)
  WHERE s.id = heimdall_root_scope_id(n.organization_id);

  FOREACH statement IN ARRAY speak LOOP
    EXECUTE statement;
  END LOOP;

  -- What the planner knows is of the ids that are gone.
  FOR one IN
    SELECT c.oid::regclass AS relation FROM pg_class c
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND c.reltuples > 0
      AND (c.relname = 'scope' OR c.relname IN (
        SELECT n FROM heimdall_table t CROSS JOIN LATERAL unnest(ARRAY[t.name, t.name || '_shadow']) n))
    ORDER BY 1
  LOOP
    EXECUTE format('ANALYZE %s', one.relation);
  END LOOP;
END $$;

-- --- What makes and keeps a root ------------------------------------------------------------------

CREATE OR REPLACE FUNCTION heimdall_organization_root() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM scope WHERE id = NEW.id) THEN
    PERFORM heimdall_refuse('D1: an organization and a scope cannot share an id');
  END IF;
  INSERT INTO scope (id, type_id, parent_id, organization_id) VALUES (heimdall_root_scope_id(NEW.id),
    '00000000-0000-7000-8000-000000000011', '00000000-0000-7000-8000-000000000001', NEW.id);
  RETURN NULL;
END $$;
COMMENT ON FUNCTION heimdall_organization_root() IS 'D1: an organization''s root scope is made with it, under the id that follows from its own';

CREATE OR REPLACE FUNCTION heimdall_root_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- When the organization itself is deleted, it is gone by the time its scopes follow.
  IF OLD.organization_id IS NULL OR EXISTS (SELECT FROM organization WHERE id = OLD.organization_id) THEN
    PERFORM heimdall_refuse('D1: a root scope cannot be deleted while its organization exists');
  END IF;
  RETURN OLD;
END $$;

CREATE OR REPLACE FUNCTION heimdall_scope_keep() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  parent scope%ROWTYPE;
  merges boolean;
BEGIN
  PERFORM heimdall_lock(NEW.organization_id);
  IF TG_OP = 'UPDATE' AND OLD.home_id = OLD.id THEN
    PERFORM heimdall_refuse('D1: a root scope can neither be moved nor retyped');
  END IF;
  SELECT permission_mode = 'MERGE' INTO merges FROM scope_type WHERE id = NEW.type_id;

  IF NEW.parent_id IS NULL THEN
    NEW.path := ARRAY[NEW.id];
    NEW.inherits_from := ARRAY[NEW.id];
    NEW.home_id := NEW.id;
    NEW.governed_by := ARRAY[NEW.id];
    RETURN NEW;
  END IF;

  SELECT * INTO parent FROM scope WHERE id = NEW.parent_id;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'foreign_key_violation', MESSAGE = 'the parent of a scope must exist';
  END IF;
  IF (NEW.id IS NOT DISTINCT FROM heimdall_root_scope_id(NEW.organization_id)) <> (parent.parent_id IS NULL)
    OR (parent.parent_id IS NOT NULL AND parent.organization_id IS DISTINCT FROM NEW.organization_id) THEN
    PERFORM heimdall_refuse('D1: the parent of a scope must be a scope of its own organization');
  END IF;
  -- An organization's id names a place, and must not name another (D4).
  IF TG_OP = 'INSERT' AND EXISTS (SELECT FROM organization WHERE id = NEW.id) THEN
    PERFORM heimdall_refuse('D1: an organization and a scope cannot share an id');
  END IF;
  IF NEW.id = ANY (parent.path) THEN
    PERFORM heimdall_refuse('D1: a scope cannot be moved into itself or below itself');
  END IF;
  IF NOT EXISTS (SELECT FROM scope_type_edge
      WHERE parent_type_id = parent.type_id AND child_type_id = NEW.type_id) THEN
    PERFORM heimdall_refuse('D1: a scope of this type cannot be in a scope of that type');
  END IF;
  IF TG_OP = 'UPDATE' AND EXISTS (
      SELECT FROM scope child WHERE child.parent_id = NEW.id AND NOT EXISTS (
        SELECT FROM scope_type_edge e
        WHERE e.parent_type_id = NEW.type_id AND e.child_type_id = child.type_id)) THEN
    PERFORM heimdall_refuse('D1: a scope of this type cannot contain the scopes in it');
  END IF;

  NEW.path := NEW.id || parent.path;
  NEW.inherits_from := NEW.id || CASE WHEN merges THEN parent.inherits_from END;
  IF parent.parent_id IS NULL THEN
    NEW.home_id := NEW.id;
    NEW.governed_by := NEW.inherits_from;
  ELSE
    NEW.home_id := parent.id;
    NEW.governed_by := parent.inherits_from;
  END IF;
  RETURN NEW;
END $$;

-- Each function of ours looks where it was made (20261126000100): those above have lost it, or never had it.
DO $$
DECLARE
  own regprocedure;
BEGIN
  FOR own IN
    SELECT p.oid FROM pg_proc p
    WHERE p.pronamespace = current_schema()::regnamespace AND p.proname IN ('heimdall_root_scope_id',
      'heimdall_organization_root', 'heimdall_root_stays', 'heimdall_scope_keep')
  LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', own, current_schema());
  END LOOP;
END $$;
