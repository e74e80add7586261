-- Which tables take part in what the database keeps: a registry, and the functions that put a table
-- into it. A new resource type is its tables, their keys and indexes as Prisma writes them, and one
-- call; no function has a list of tables in its body.
--
--   SELECT heimdall_register('note', owned => true, cascades_by => 'name', bound_to_roles => true,
--     refers_to => '{"form_id": "form"}', actions => ARRAY['read', 'create', 'update', 'delete']);
--   SELECT heimdall_register_reference('note_agent', 'agent_id', 'agent', 'note', 'note_id');

-- --- The registry ---------------------------------------------------------------------------------

CREATE TABLE "heimdall_table" (
    "name" TEXT COLLATE "C" NOT NULL,
    "is_placed" BOOLEAN NOT NULL,
    "is_owned" BOOLEAN NOT NULL,
    "cascades_by" TEXT,
    "is_bound_to_roles" BOOLEAN NOT NULL,

    CONSTRAINT "heimdall_table_pkey" PRIMARY KEY ("name")
);
COMMENT ON TABLE "heimdall_table" IS
  'D2, D6, D7, D8: the tables of resources: whether rows live at a scope, have a creator, an owner and a team, by which column they cascade, and whether roles are bound to them';

-- The tables that are there have what heimdall_register would give them (test/data/registered-tables.test.ts
-- shows it), so that a running gateway is not kept waiting for their locks. Organizations, users and
-- scopes have triggers of their own, and little of what is registered.
INSERT INTO "heimdall_table" (name, is_placed, is_owned, cascades_by, is_bound_to_roles) VALUES
  ('team', false, false, NULL, false),
  ('scope_type', false, false, NULL, false),
  ('role', true, false, NULL, false),
  ('permission', true, false, NULL, false),
  ('membership', true, false, NULL, false),
  ('scope_override', true, false, NULL, false),
  ('virtual_key', true, true, NULL, false),
  ('api_key', true, true, NULL, false),
  ('form', true, true, 'name', true),
  ('workflow', true, true, 'name', true),
  ('agent', true, true, 'name', true),
  ('app', true, true, 'slug', true),
  ('config', true, true, 'key', false);

-- INVARIANT: what is registered stays so. A placed table that were forgotten would keep, when a scope
-- moves, the grants of where it was.
CREATE TRIGGER heimdall_table_0_guard BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON "heimdall_table"
  FOR EACH STATEMENT WHEN (current_setting('heimdall.registering', true) IS DISTINCT FROM 'on')
  EXECUTE FUNCTION heimdall_refused('D8: which tables the database keeps is written by migrations alone');

CREATE OR REPLACE FUNCTION heimdall_governed_anew() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  t text;
BEGIN
  IF NOT EXISTS (SELECT FROM new_rows n JOIN old_rows o USING (id)
      WHERE n.inherits_from IS DISTINCT FROM o.inherits_from) THEN
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

CREATE OR REPLACE FUNCTION heimdall_shadow_moved(moved uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  kind record;
BEGIN
  -- Pairs inside of the moved subtree, and those with global rows, stay as they are.
  FOR kind IN SELECT t.name, t.cascades_by FROM heimdall_table t
    WHERE t.cascades_by IS NOT NULL ORDER BY t.name
  LOOP
    EXECUTE format($sql$
      DELETE FROM %1$I pair USING scope s, %2$I near, %2$I far
      WHERE s.path @> ARRAY[$1] AND near.scope_id = s.id AND pair.near_id = near.id
        AND far.id = pair.far_id AND far.scope_id <> ALL (s.path)
    $sql$, kind.name || '_shadow', kind.name) USING moved;
    EXECUTE format($sql$
      INSERT INTO %1$I (far_id, near_id, near_scope_id)
      SELECT far.id, near.id, near.scope_id
      FROM scope s
      JOIN %2$I near ON near.scope_id = s.id
      JOIN %2$I far ON far.%3$I = near.%3$I
        AND far.scope_id = ANY ((SELECT path[2:] FROM scope WHERE id = $1)::uuid[])
      WHERE s.path @> ARRAY[$1]
      ON CONFLICT DO NOTHING
    $sql$, kind.name || '_shadow', kind.name, kind.cascades_by) USING moved;
  END LOOP;
END $$;

-- --- Who may use a row by its roles ---------------------------------------------------------------

CREATE FUNCTION heimdall_usable_by(role_ids uuid[], governed_by uuid[]) RETURNS uuid[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(array_agg(
    encode(substring(sha256(uuid_send(r.id) || uuid_send(s.id)) FOR 16), 'hex')::uuid), '{}')
  FROM unnest(role_ids) r (id) CROSS JOIN unnest(governed_by) s (id)
$$;
COMMENT ON FUNCTION heimdall_usable_by(uuid[], uuid[]) IS
  'D6: the name of each pair of a bound role and a scope whose grants reach the row: half of the SHA-256 of both ids. Who holds hundreds of roles, each at a scope of its own, is let in by one overlap of two arrays; two pairs of one name are less likely than two rows of one id';

CREATE FUNCTION heimdall_add_usable_by(relation text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  -- Generated: whatever writes the row, and never a client, says what it is.
  EXECUTE format('ALTER TABLE %I ADD COLUMN IF NOT EXISTS usable_by uuid[]
    GENERATED ALWAYS AS (heimdall_usable_by(role_ids, governed_by)) STORED', relation);
END $$;
COMMENT ON FUNCTION heimdall_add_usable_by(text) IS 'Gives a table to which roles are bound its usable_by';

SELECT heimdall_add_usable_by(t) FROM unnest(ARRAY['form', 'workflow', 'agent', 'app']) t;

-- --- What a table must have -----------------------------------------------------------------------

CREATE FUNCTION heimdall_lacks(relation text, columns jsonb, foreign_keys jsonb, unique_keys text[])
RETURNS text[] LANGUAGE sql STABLE AS $$
  WITH t AS (
    SELECT c.oid FROM pg_class c
    WHERE c.relname = relation AND c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
  ), col AS (
    SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod)
      || CASE l.collname WHEN 'C' THEN ' collate "C"' ELSE '' END
      || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END AS is
    FROM t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_collation l ON l.oid = a.attcollation
  ), fkey AS (
    SELECT a.attname AS name, r.relname || CASE f.confdeltype
      WHEN 'a' THEN ' on delete no action' WHEN 'c' THEN ' on delete cascade' ELSE ' ' END AS is
    FROM t JOIN pg_constraint f ON f.conrelid = t.oid AND f.contype = 'f' AND cardinality(f.conkey) = 1
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = f.conkey[1]
    JOIN pg_class r ON r.oid = f.confrelid
    JOIN pg_attribute k ON k.attrelid = r.oid AND k.attnum = f.confkey[1] AND k.attname = 'id'
  ), ukey AS (
    SELECT string_agg(a.attname, ', ' ORDER BY k.n) AS is
    FROM t JOIN pg_index i ON i.indrelid = t.oid AND i.indisunique AND i.indpred IS NULL AND i.indexprs IS NULL
    CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY k (attnum, n)
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum
    WHERE k.n <= i.indnkeyatts GROUP BY i.indexrelid
  )
  SELECT CASE WHEN NOT EXISTS (SELECT FROM t) THEN ARRAY['the table ' || relation] ELSE ARRAY(
    SELECT l.what FROM (
      SELECT 1 AS part, relation || '.' || e.key || ' ' || e.value AS what FROM jsonb_each_text(columns) e
      WHERE NOT EXISTS (SELECT FROM col WHERE col.name = e.key AND starts_with(col.is || ' ', e.value || ' '))
      UNION ALL
      SELECT 2, relation || '.' || e.key || ' references ' || e.value FROM jsonb_each_text(foreign_keys) e
      WHERE NOT EXISTS (SELECT FROM fkey WHERE fkey.name = e.key AND starts_with(fkey.is || ' ', e.value || ' '))
      UNION ALL
      SELECT 3, relation || ' unique (' || k || ')' FROM unnest(unique_keys) k
      WHERE NOT EXISTS (SELECT FROM ukey WHERE ukey.is = k)
    ) l ORDER BY l.part, l.what COLLATE "C"
  ) END
$$;
COMMENT ON FUNCTION heimdall_lacks(text, jsonb, jsonb, text[]) IS
  'What of these a table does not have: columns and their types, single-column references to an id, unique keys';

CREATE FUNCTION heimdall_assert_nothing_lacks(relation text, lacking text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF cardinality(lacking) > 0 THEN
    RAISE EXCEPTION USING ERRCODE = 'invalid_table_definition', MESSAGE =
      format('%s cannot be registered, it lacks %s', relation, array_to_string(lacking, '; '));
  END IF;
END $$;
COMMENT ON FUNCTION heimdall_assert_nothing_lacks(text, text[]) IS 'Names everything that is lacking in one error';

-- --- What a table is given ------------------------------------------------------------------------

CREATE FUNCTION heimdall_attach(relation text, suffix text, definition text) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
  is_new boolean := NOT EXISTS (SELECT FROM pg_trigger
    WHERE tgrelid = format('%I', relation)::regclass AND tgname = relation || suffix);
BEGIN
  -- Replaced, not left: of one name there is one trigger, whichever table it is on.
  EXECUTE format('CREATE OR REPLACE TRIGGER %I %s', relation || suffix, definition);
  RETURN is_new;
END $$;
COMMENT ON FUNCTION heimdall_attach(text, text, text) IS
  'Gives a table a trigger, and says whether it had none of that name: then the rows that are there have yet to pass it';

CREATE FUNCTION heimdall_check(relation text, suffix text, condition text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_constraint
      WHERE conrelid = format('%I', relation)::regclass AND conname = relation || suffix) THEN
    EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I CHECK (%s)', relation, relation || suffix, condition);
  END IF;
END $$;
COMMENT ON FUNCTION heimdall_check(text, text, text) IS 'Gives a table a check, unless it has it';

CREATE FUNCTION heimdall_register_reference(
  relation text, reference text, target text, source text DEFAULT NULL, source_column text DEFAULT 'id'
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  source := coalesce(source, relation);
  PERFORM heimdall_assert_nothing_lacks(relation,
    heimdall_lacks(relation, jsonb_build_object(reference, 'uuid', source_column, 'uuid not null'),
      jsonb_build_object(reference, target)
        || CASE WHEN source = relation THEN '{}' ELSE jsonb_build_object(source_column, source) END, '{}')
    || heimdall_lacks(target, '{"id": "uuid not null", "organization_id": "uuid"}', '{}', '{}')
    || heimdall_lacks(source, '{"id": "uuid not null", "organization_id": "uuid"}', '{}', '{}'));
  IF source = relation AND source_column <> 'id' THEN
    RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE =
      format('%s refers for itself by its id, not by %s', relation, source_column);
  END IF;
  IF heimdall_attach(relation, '_2_' || reference, format('AFTER INSERT OR UPDATE OF %s ON %I FOR EACH ROW
      EXECUTE FUNCTION heimdall_reference(%L, %L, %L, %L)',
      CASE WHEN source_column <> 'id' THEN format('%I, ', source_column) ELSE '' END || format('%I', reference),
      relation, source, source_column, target, reference)) THEN
    EXECUTE format('UPDATE %1$I SET %2$I = %2$I', relation, reference);
  END IF;
END $$;
COMMENT ON FUNCTION heimdall_register_reference(text, text, text, text, text) IS
  'D20: what the column `reference` of a table names is of the organization of `source`, which `source_column` names, or global. Without a source the row itself refers; with one the table joins the two';

CREATE FUNCTION heimdall_register_actions(resource text, actions text[], viewers_read boolean DEFAULT true)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  action text;
BEGIN
  FOREACH action IN ARRAY resource || actions LOOP
    IF action IS NULL OR action !~ '^[a-z][A-Za-z0-9]*$' THEN
      RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE =
        format('%s is no name of a resource type or an action', coalesce(quote_literal(action), 'null'));
    END IF;
  END LOOP;
  WITH permitted AS (
    INSERT INTO permission (id, scope_id, resource_type, action, resource_pattern)
    SELECT ('00000000-0000-7000-8001-' || left(md5(resource || ':' || a.name), 12))::uuid,
      '00000000-0000-7000-8000-000000000001', resource, a.name, '*'
    FROM (SELECT DISTINCT unnest(actions)) a (name)
    ON CONFLICT DO NOTHING
    RETURNING id, permission.action AS name
  )
  -- With the permissions that are new alone: what an operator took from a role stays taken.
  INSERT INTO role_permission (role_id, permission_id)
  SELECT r.id, p.id FROM role r JOIN permitted p ON CASE r.id
    WHEN '00000000-0000-7000-8000-000000000020' THEN true
    WHEN '00000000-0000-7000-8000-000000000021' THEN true
    WHEN '00000000-0000-7000-8000-000000000023' THEN p.name = 'read' AND viewers_read
    ELSE false END;
END $$;
COMMENT ON FUNCTION heimdall_register_actions(text, text[], boolean) IS
  'D8: a global permission for each action that the vocabulary permits on a type of resource, given to the system roles as those from the start are: to Owner and Admin, and what reads to Viewer unless it is a secret';

CREATE FUNCTION heimdall_register(
  relation text,
  placed boolean DEFAULT true,
  owned boolean DEFAULT false,
  cascades_by text DEFAULT NULL,
  bound_to_roles boolean DEFAULT false,
  may_be_private boolean DEFAULT false,
  listed_by text DEFAULT NULL,
  refers_to jsonb DEFAULT '{}',
  actions text[] DEFAULT '{}',
  resource text DEFAULT NULL,
  viewers_read boolean DEFAULT true
) RETURNS void LANGUAGE plpgsql SET heimdall.registering = 'on' SET client_min_messages = 'warning' AS $$
DECLARE
  shadow text := relation || '_shadow';
  binding text := relation || '_role';
  binding_id text := relation || '_id';
  known record;
  named text;
BEGIN
  -- What was registered once can be added to, and never taken back.
  SELECT t.* INTO known FROM heimdall_table t WHERE t.name = relation;
  IF known.is_placed > placed OR known.is_owned > owned OR known.is_bound_to_roles > bound_to_roles
    OR (known.cascades_by IS NOT NULL AND known.cascades_by IS DISTINCT FROM cascades_by) THEN
    RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE =
      format('%s is registered otherwise: %s', relation, to_jsonb(known));
  END IF;
  IF NOT placed AND (owned OR bound_to_roles OR cascades_by IS NOT NULL) THEN
    RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE =
      format('%s must be placed to be owned, to cascade or to have roles bound to it', relation);
  END IF;

  listed_by := coalesce(listed_by, cascades_by);
  PERFORM heimdall_assert_nothing_lacks(relation, heimdall_lacks(relation,
      '{"id": "uuid not null", "organization_id": "uuid"}'
        || CASE WHEN placed THEN '{"scope_id": "uuid not null", "governed_by": "uuid[]"}' ELSE '{}' END::jsonb
        || CASE WHEN owned THEN '{"created_by_id": "uuid", "owner_id": "uuid", "team_id": "uuid"}' ELSE '{}' END::jsonb
        || CASE WHEN bound_to_roles
          THEN '{"is_active": "boolean not null", "access_level": "text", "role_ids": "uuid[]"}' ELSE '{}' END::jsonb
        || jsonb_strip_nulls(jsonb_build_object(
          coalesce(cascades_by, ''), CASE WHEN cascades_by <> '' THEN 'text collate "C" not null' END,
          coalesce(listed_by, ' '), CASE WHEN listed_by <> '' THEN 'text collate "C" not null' END)),
      '{"organization_id": "organization on delete cascade"}'
        || CASE WHEN placed THEN '{"scope_id": "scope on delete no action"}' ELSE '{}' END::jsonb
        || CASE WHEN owned THEN '{"created_by_id": "user on delete no action",
          "owner_id": "user on delete no action", "team_id": "team on delete no action"}' ELSE '{}' END::jsonb
        || refers_to,
      array_remove(ARRAY['id', 'scope_id, ' || cascades_by], NULL))
    || CASE WHEN cascades_by <> '' THEN heimdall_lacks(shadow,
      '{"far_id": "uuid not null", "near_id": "uuid not null", "near_scope_id": "uuid not null"}',
      jsonb_build_object('far_id', relation || ' on delete cascade', 'near_id', relation || ' on delete cascade'),
      '{"far_id, near_scope_id"}') END
    || CASE WHEN bound_to_roles THEN heimdall_lacks(binding,
      jsonb_build_object(binding_id, 'uuid not null', 'role_id', 'uuid not null'),
      jsonb_build_object(binding_id, relation || ' on delete cascade', 'role_id', 'role on delete cascade'),
      ARRAY[binding_id || ', role_id']) END);

  -- Whatever is derived from an id or an organization (paths, pairs, references) relies on these
  -- never changing.
  PERFORM heimdall_attach(relation, '_0_id', format('BEFORE UPDATE OF id ON %I FOR EACH ROW
    WHEN (OLD.id <> NEW.id) EXECUTE FUNCTION heimdall_refused(%L)', relation, 'D1: an id never changes'));
  PERFORM heimdall_attach(relation, '_0_organization', format('BEFORE UPDATE OF organization_id ON %I FOR EACH ROW
    WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id) EXECUTE FUNCTION heimdall_refused(%L)',
    relation, 'D1: the organization of a row never changes'));

  -- D1, D8. The rows that are there are placed and governed like all others.
  IF placed THEN
    PERFORM heimdall_attach(relation, '_1_placed', format('AFTER INSERT OR UPDATE OF scope_id ON %I FOR EACH ROW
      EXECUTE FUNCTION heimdall_placed()', relation));
    IF heimdall_attach(relation, '_1_governed', format('BEFORE INSERT OR UPDATE OF scope_id, governed_by ON %I
        FOR EACH ROW EXECUTE FUNCTION heimdall_governed()', relation)) THEN
      EXECUTE format('UPDATE %I SET scope_id = scope_id', relation);
    END IF;
  END IF;

  -- D10: what means something in a pattern is no name.
  FOR named IN SELECT column_name FROM information_schema.columns
    WHERE table_schema = current_schema() AND table_name = relation
      AND column_name IN ('name', 'slug', cascades_by, listed_by) ORDER BY 1
  LOOP
    PERFORM heimdall_check(relation, '_' || named || '_check', format('%I NOT IN (''*'', ''owned'')', named));
  END LOOP;

  -- D3.
  IF cascades_by IS NOT NULL THEN
    PERFORM heimdall_attach(relation, '_3_named_insert', format('AFTER INSERT ON %I
      REFERENCING NEW TABLE AS new_rows
      FOR EACH STATEMENT EXECUTE FUNCTION heimdall_named(%L)', relation, cascades_by));
    IF heimdall_attach(relation, '_3_named_update', format('AFTER UPDATE ON %I
        REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
        FOR EACH STATEMENT EXECUTE FUNCTION heimdall_named(%L)', relation, cascades_by)) THEN
      EXECUTE format('SELECT heimdall_pair(%L, %L, array_agg(id)) FROM %I', relation, cascades_by, relation);
    END IF;
    PERFORM heimdall_attach(shadow, '_0_guard', format('BEFORE INSERT OR UPDATE OR DELETE ON %I FOR EACH ROW
      WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION heimdall_refused(%L)',
      shadow, 'D3: shadows are kept by the database alone'));
  END IF;

  -- D6. PRIVATE is for agents alone.
  IF bound_to_roles THEN
    IF NOT may_be_private THEN
      PERFORM heimdall_check(relation, '_private_check', 'access_level IS DISTINCT FROM ''PRIVATE''');
    END IF;
    IF heimdall_attach(relation, '_1_roles_insert', format('BEFORE INSERT ON %I FOR EACH ROW
        WHEN (NEW.role_ids IS DISTINCT FROM ''{}'') EXECUTE FUNCTION heimdall_roles_guard()', relation)) THEN
      EXECUTE format('UPDATE %I SET role_ids = ''{}'' WHERE role_ids IS DISTINCT FROM ''{}''', relation);
    END IF;
    PERFORM heimdall_attach(relation, '_1_roles_update', format('BEFORE UPDATE OF role_ids ON %I FOR EACH ROW
      WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION heimdall_roles_guard()', relation));
    PERFORM heimdall_attach(binding, '_3_insert', format('AFTER INSERT ON %I REFERENCING NEW TABLE AS new_rows
      FOR EACH STATEMENT EXECUTE FUNCTION heimdall_roles_kept(%L)', binding, relation));
    PERFORM heimdall_attach(binding, '_3_update', format('AFTER UPDATE ON %I
      REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
      FOR EACH STATEMENT EXECUTE FUNCTION heimdall_roles_kept(%L)', binding, relation));
    PERFORM heimdall_attach(binding, '_3_delete', format('AFTER DELETE ON %I REFERENCING OLD TABLE AS old_rows
      FOR EACH STATEMENT EXECUTE FUNCTION heimdall_roles_kept(%L)', binding, relation));
    PERFORM heimdall_add_usable_by(relation);
    -- The last of the binding's triggers: with it, the bindings that are there pass all of them.
    PERFORM heimdall_register_reference(binding, 'role_id', 'role', relation, binding_id);
  END IF;

  -- D20.
  FOR named IN SELECT k.name FROM jsonb_object_keys(refers_to) k (name) ORDER BY 1 LOOP
    PERFORM heimdall_register_reference(relation, named, refers_to ->> named);
  END LOOP;

  -- D4: the arms of a list, of the global rows (a null gives the tenant's index no order) and of all
  -- tenants' rows, by name and by time. Prisma's schema knows no partial indexes and no statistics.
  IF listed_by IS NOT NULL THEN
    FOR named IN SELECT DISTINCT c FROM unnest(ARRAY[listed_by, cascades_by]) c WHERE c IS NOT NULL ORDER BY 1 LOOP
      EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON %I (%I, id) WHERE organization_id IS NULL',
        relation || '_global_' || named || '_idx', relation, named);
    END LOOP;
    EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON %I (%I, id) WHERE organization_id IS NOT NULL',
      relation || '_everywhere_' || listed_by || '_idx', relation, listed_by);
    FOR named IN SELECT column_name FROM information_schema.columns
      WHERE table_schema = current_schema() AND table_name = relation
        AND column_name IN ('created_at', 'updated_at') ORDER BY 1
    LOOP
      EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON %I (organization_id, %I, id) WHERE organization_id IS NOT NULL',
        relation || '_' || named || '_idx', relation, named);
      EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON %I (%I, id) WHERE organization_id IS NULL',
        relation || '_global_' || named || '_idx', relation, named);
    END LOOP;
    IF owned THEN
      EXECUTE format('CREATE STATISTICS IF NOT EXISTS %I ON organization_id, owner_id%s FROM %I',
        relation || '_tenancy_stats', CASE WHEN bound_to_roles THEN ', access_level' ELSE '' END, relation);
    END IF;
  END IF;

  IF cardinality(actions) > 0 THEN
    PERFORM heimdall_register_actions(coalesce(resource,
      left(relation, 1) || substr(replace(initcap(replace(relation, '_', ' ')), ' ', ''), 2)),
      actions, viewers_read);
  END IF;

  INSERT INTO heimdall_table (name, is_placed, is_owned, cascades_by, is_bound_to_roles)
  VALUES (relation, placed, owned, cascades_by, bound_to_roles)
  ON CONFLICT (name) DO UPDATE SET is_placed = EXCLUDED.is_placed, is_owned = EXCLUDED.is_owned,
    cascades_by = EXCLUDED.cascades_by, is_bound_to_roles = EXCLUDED.is_bound_to_roles;
END $$;
COMMENT ON FUNCTION heimdall_register(text, boolean, boolean, text, boolean, boolean, text, jsonb, text[], text, boolean) IS
  'D1 to D20: makes a table one of resources: checks its columns and keys, attaches what the database keeps and refuses, makes what lists need and Prisma does not know, permits its actions, and notes it in the registry. The same call again changes nothing';

CREATE FUNCTION heimdall_unregister(relation text) RETURNS void
LANGUAGE plpgsql SET heimdall.registering = 'on' AS $$
BEGIN
  IF to_regclass(format('%I', relation)) IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'object_in_use', MESSAGE =
      format('%s still exists: a table is dropped first and then forgotten', relation);
  END IF;
  DELETE FROM heimdall_table WHERE name = relation;
END $$;
COMMENT ON FUNCTION heimdall_unregister(text) IS 'D8: forgets a table that was dropped, so that scopes can be moved again';
