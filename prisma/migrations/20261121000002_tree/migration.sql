-- The tree of scopes (D1), and what follows from it for permissions (D8).
--
-- Kept columns are written by triggers alone: a client's own statement runs at trigger depth 0, and
-- there the guards put back what was.

-- --- Columns of one scope -------------------------------------------------------------------------

CREATE FUNCTION heimdall_scope_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.path := OLD.path;
  NEW.inherits_from := OLD.inherits_from;
  NEW.home_id := OLD.home_id;
  NEW.governed_by := OLD.governed_by;
  RETURN NEW;
END $$;
COMMENT ON FUNCTION heimdall_scope_guard() IS 'D8: who reaches a scope is derived from the tree, never taken from a client';

CREATE TRIGGER scope_1_guard BEFORE UPDATE OF path, inherits_from, home_id, governed_by ON "scope"
  FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION heimdall_scope_guard();

CREATE FUNCTION heimdall_scope_keep() RETURNS trigger LANGUAGE plpgsql AS $$
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
  IF (NEW.id IS NOT DISTINCT FROM NEW.organization_id) <> (parent.parent_id IS NULL)
    OR (parent.parent_id IS NOT NULL AND parent.organization_id IS DISTINCT FROM NEW.organization_id) THEN
    PERFORM heimdall_refuse('D1: the parent of a scope must be a scope of its own organization');
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
COMMENT ON FUNCTION heimdall_scope_keep() IS
  'D1, D8: one tree inside one organization, contained as the types allow; path is the scope and all above it, inherits_from those whose grants reach it, governed_by those whose grants reach it as a row';

CREATE TRIGGER scope_2_insert BEFORE INSERT ON "scope"
  FOR EACH ROW EXECUTE FUNCTION heimdall_scope_keep();
CREATE TRIGGER scope_2_update BEFORE UPDATE OF parent_id, type_id ON "scope" FOR EACH ROW
  WHEN (OLD.parent_id IS DISTINCT FROM NEW.parent_id OR OLD.type_id <> NEW.type_id)
  EXECUTE FUNCTION heimdall_scope_keep();

-- --- Columns of the scopes below ------------------------------------------------------------------

CREATE FUNCTION heimdall_inherit(which text, argument uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  -- inherits(S) is the path of S up to and including the first scope that does not merge.
  EXECUTE format($sql$
    UPDATE scope s SET inherits_from = k.inherits_from, governed_by = k.governed_by
    FROM (
      SELECT d.id,
        d.path[1:coalesce(min(p.n) FILTER (WHERE t.permission_mode <> 'MERGE'), cardinality(d.path))]
          AS inherits_from,
        CASE WHEN d.home_id = d.id THEN
          d.path[1:coalesce(min(p.n) FILTER (WHERE t.permission_mode <> 'MERGE'), cardinality(d.path))]
        ELSE
          d.path[2:coalesce(min(p.n) FILTER (WHERE p.n > 1 AND t.permission_mode <> 'MERGE'), cardinality(d.path))]
        END AS governed_by
      FROM scope d
      CROSS JOIN LATERAL unnest(d.path) WITH ORDINALITY p (id, n)
      JOIN scope a ON a.id = p.id
      JOIN scope_type t ON t.id = a.type_id
      WHERE %s
      GROUP BY d.id
    ) k
    WHERE s.id = k.id
      AND (s.inherits_from, s.governed_by) IS DISTINCT FROM (k.inherits_from, k.governed_by)
  $sql$, which) USING argument;
END $$;
COMMENT ON FUNCTION heimdall_inherit(text, uuid) IS
  'D8: recomputes inheritance, in one statement, for the scopes d that a condition on $1 selects; only a type''s MERGE, exactly, inherits';

CREATE FUNCTION heimdall_scope_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.parent_id IS DISTINCT FROM NEW.parent_id THEN
    UPDATE scope SET path = path[1:array_position(path, NEW.id)] || NEW.path[2:]
      WHERE path @> ARRAY[NEW.id] AND id <> NEW.id;
  END IF;
  PERFORM heimdall_inherit('d.path @> ARRAY[$1]', NEW.id);
  IF OLD.parent_id IS DISTINCT FROM NEW.parent_id THEN
    PERFORM heimdall_assert_assignments('s.path @> ARRAY[$1]', NEW.id);
    PERFORM heimdall_assert_bindings('s.path @> ARRAY[$1]', NEW.id);
    PERFORM heimdall_shadow_moved(NEW.id);
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION heimdall_scope_moved() IS
  'D3, D8: a moved or retyped scope takes along everything below it: paths, inheritance and shadows; a move that would strand an assignment or a role''s permission is refused';

CREATE TRIGGER scope_3_moved AFTER UPDATE OF parent_id, type_id ON "scope" FOR EACH ROW
  WHEN (OLD.parent_id IS DISTINCT FROM NEW.parent_id OR OLD.type_id <> NEW.type_id)
  EXECUTE FUNCTION heimdall_scope_moved();

CREATE FUNCTION heimdall_mode_flipped() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM heimdall_lock(NEW.organization_id);
  IF NEW.organization_id IS NULL THEN
    PERFORM heimdall_inherit('$1 IS NULL', NULL);
  ELSE
    PERFORM heimdall_inherit('d.organization_id = $1', NEW.organization_id);
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION heimdall_mode_flipped() IS 'D8: flipping a type''s mode acts on the next request';

CREATE TRIGGER scope_type_3_flipped AFTER UPDATE OF permission_mode ON "scope_type" FOR EACH ROW
  WHEN ((OLD.permission_mode = 'MERGE') <> (NEW.permission_mode = 'MERGE'))
  EXECUTE FUNCTION heimdall_mode_flipped();

-- --- Roots ----------------------------------------------------------------------------------------

CREATE FUNCTION heimdall_organization_root() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO scope (id, type_id, parent_id, organization_id) VALUES
    (NEW.id, '00000000-0000-7000-8000-000000000011', '00000000-0000-7000-8000-000000000001', NEW.id);
  RETURN NULL;
END $$;
COMMENT ON FUNCTION heimdall_organization_root() IS 'D1: an organization''s id is also the id of its root scope, which is made with it';

CREATE TRIGGER organization_3_root AFTER INSERT ON "organization"
  FOR EACH ROW EXECUTE FUNCTION heimdall_organization_root();

CREATE FUNCTION heimdall_root_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- When the organization itself is deleted, it is gone by the time its scopes follow.
  IF OLD.organization_id IS NULL OR EXISTS (SELECT FROM organization WHERE id = OLD.id) THEN
    PERFORM heimdall_refuse('D1: a root scope cannot be deleted while its organization exists');
  END IF;
  RETURN OLD;
END $$;
COMMENT ON FUNCTION heimdall_root_stays() IS 'D1: an organization is never without its root scope, nor the platform';

CREATE TRIGGER scope_1_root_stays BEFORE DELETE ON "scope" FOR EACH ROW
  WHEN (OLD.home_id = OLD.id) EXECUTE FUNCTION heimdall_root_stays();

-- --- Which type may contain which -----------------------------------------------------------------

CREATE FUNCTION heimdall_edge_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT count(DISTINCT organization_id) FROM scope_type
      WHERE id IN (NEW.parent_type_id, NEW.child_type_id)) > 1 THEN
    PERFORM heimdall_refuse('D20: a scope type must contain types of its own organization or built-in ones');
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION heimdall_edge_added() IS 'D20: no edge between the types of two organizations';

CREATE TRIGGER scope_type_edge_2_added AFTER INSERT ON "scope_type_edge"
  FOR EACH ROW EXECUTE FUNCTION heimdall_edge_added();

CREATE FUNCTION heimdall_edge_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM heimdall_lock((SELECT max(organization_id::text) FROM scope_type
    WHERE id IN (OLD.parent_type_id, OLD.child_type_id))::uuid);
  IF EXISTS (SELECT FROM scope c JOIN scope p ON p.id = c.parent_id
      WHERE c.type_id = OLD.child_type_id AND p.type_id = OLD.parent_type_id) THEN
    PERFORM heimdall_refuse('D1: scopes of these types are still in each other');
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION heimdall_edge_removed() IS 'D1: a containment that scopes rely on cannot be taken away';

CREATE TRIGGER scope_type_edge_2_removed AFTER DELETE ON "scope_type_edge"
  FOR EACH ROW EXECUTE FUNCTION heimdall_edge_removed();
CREATE TRIGGER scope_type_edge_2_changed BEFORE UPDATE ON "scope_type_edge" FOR EACH ROW
  WHEN (OLD IS DISTINCT FROM NEW)
  EXECUTE FUNCTION heimdall_refused('D1: a containment is added and removed, never changed');

-- --- Where a role and a permission can be used ----------------------------------------------------

CREATE FUNCTION heimdall_assert_assignments(which text, argument uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  stranded boolean;
BEGIN
  EXECUTE format($sql$
    SELECT EXISTS (
      SELECT FROM scope s
      JOIN membership m ON m.scope_id = s.id
      JOIN role_assignment a ON a.membership_id = m.id
      JOIN role r ON r.id = a.role_id
      WHERE %s AND r.scope_id <> ALL (s.path))
  $sql$, which) INTO stranded USING argument;
  IF stranded THEN
    PERFORM heimdall_refuse('D8: a role can be assigned only in the scope that defines it and below');
  END IF;
END $$;
COMMENT ON FUNCTION heimdall_assert_assignments(text, uuid) IS
  'D8: refuses when, of the assignments that a condition on $1 selects, one is outside of its role''s subtree';

CREATE FUNCTION heimdall_assert_bindings(which text, argument uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  stranded boolean;
BEGIN
  EXECUTE format($sql$
    SELECT EXISTS (
      SELECT FROM scope s
      JOIN role r ON r.scope_id = s.id
      JOIN role_permission b ON b.role_id = r.id
      JOIN permission p ON p.id = b.permission_id
      WHERE %s AND p.scope_id <> ALL (s.path))
  $sql$, which) INTO stranded USING argument;
  IF stranded THEN
    PERFORM heimdall_refuse('D8: a permission can be given only to roles of the scope that defines it and below');
  END IF;
END $$;
COMMENT ON FUNCTION heimdall_assert_bindings(text, uuid) IS
  'D8: refuses when, of the permissions of roles that a condition on $1 selects, one is outside of its own subtree';

CREATE FUNCTION heimdall_usable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Locked first: a scope that is being moved must not pass by.
  CASE TG_TABLE_NAME
    WHEN 'role_assignment' THEN
      PERFORM heimdall_lock((SELECT organization_id FROM membership WHERE id = NEW.membership_id));
      PERFORM heimdall_assert_assignments('m.id = $1', NEW.membership_id);
    WHEN 'role_permission' THEN
      PERFORM heimdall_lock((SELECT organization_id FROM role WHERE id = NEW.role_id));
      PERFORM heimdall_assert_bindings('r.id = $1', NEW.role_id);
    WHEN 'membership' THEN
      PERFORM heimdall_lock(NEW.organization_id);
      PERFORM heimdall_assert_assignments('m.id = $1', NEW.id);
    WHEN 'role' THEN
      PERFORM heimdall_lock(NEW.organization_id);
      PERFORM heimdall_assert_assignments('r.id = $1', NEW.id);
      PERFORM heimdall_assert_bindings('r.id = $1', NEW.id);
    WHEN 'permission' THEN
      PERFORM heimdall_lock(NEW.organization_id);
      PERFORM heimdall_assert_bindings('p.id = $1', NEW.id);
  END CASE;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION heimdall_usable() IS
  'D8: a role defined at R is usable in R and below, likewise a permission; the platform root is above all';

CREATE TRIGGER role_assignment_2_usable AFTER INSERT OR UPDATE ON "role_assignment"
  FOR EACH ROW EXECUTE FUNCTION heimdall_usable();
CREATE TRIGGER role_permission_2_usable AFTER INSERT OR UPDATE ON "role_permission"
  FOR EACH ROW EXECUTE FUNCTION heimdall_usable();
CREATE TRIGGER membership_2_usable AFTER UPDATE OF scope_id ON "membership" FOR EACH ROW
  WHEN (OLD.scope_id <> NEW.scope_id) EXECUTE FUNCTION heimdall_usable();
CREATE TRIGGER role_2_usable AFTER UPDATE OF scope_id ON "role" FOR EACH ROW
  WHEN (OLD.scope_id <> NEW.scope_id) EXECUTE FUNCTION heimdall_usable();
CREATE TRIGGER permission_2_usable AFTER UPDATE OF scope_id ON "permission" FOR EACH ROW
  WHEN (OLD.scope_id <> NEW.scope_id) EXECUTE FUNCTION heimdall_usable();
