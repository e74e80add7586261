-- Names: which row shadows which (D3), role bindings beside the row (D6), and the indexes for both.

-- --- Role bindings --------------------------------------------------------------------------------

CREATE FUNCTION heimdall_roles_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.role_ids := CASE TG_OP WHEN 'INSERT' THEN '{}' ELSE OLD.role_ids END;
  RETURN NEW;
END $$;
COMMENT ON FUNCTION heimdall_roles_guard() IS 'D6: the roles of a row are those bound to it, never a client''s list';

CREATE FUNCTION heimdall_roles_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  resource text := TG_ARGV[0];
  ids uuid[];
BEGIN
  EXECUTE format('SELECT array_agg(DISTINCT %I) FROM %s', resource || '_id', CASE TG_OP
    WHEN 'INSERT' THEN 'new_rows'
    WHEN 'DELETE' THEN 'old_rows'
    ELSE '(SELECT * FROM old_rows UNION ALL SELECT * FROM new_rows) both_rows' END) INTO ids;
  IF ids IS NULL THEN
    RETURN NULL;
  END IF;
  -- Locked in a statement of its own, so that the next one sees what a concurrent binding committed.
  EXECUTE format('SELECT FROM %I WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE', resource) USING ids;
  EXECUTE format($sql$
    UPDATE %1$I r SET role_ids = k.role_ids
    FROM (
      SELECT i.id, coalesce(array_agg(b.role_id ORDER BY b.role_id) FILTER (WHERE b.role_id IS NOT NULL), '{}')
        AS role_ids
      FROM unnest($1) i (id) LEFT JOIN %2$I b ON b.%3$I = i.id GROUP BY i.id
    ) k
    WHERE r.id = k.id AND r.role_ids IS DISTINCT FROM k.role_ids
  $sql$, resource, resource || '_role', resource || '_id') USING ids;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION heimdall_roles_kept() IS 'D6: role_ids is the sorted list of the roles bound to a row. Argument: the resource''s table';

-- --- Shadows --------------------------------------------------------------------------------------

CREATE FUNCTION heimdall_pair(resource text, name text, ids uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  -- As the near one: namesakes at the scopes above.
  EXECUTE format($sql$
    INSERT INTO %1$I (far_id, near_id, near_scope_id)
    SELECT far.id, near.id, near.scope_id
    FROM %2$I near
    JOIN scope s ON s.id = near.scope_id
    CROSS JOIN LATERAL unnest(s.path[2:]) above (id)
    JOIN %2$I far ON far.scope_id = above.id AND far.%3$I = near.%3$I
    WHERE near.id = ANY ($1)
    ON CONFLICT DO NOTHING
  $sql$, resource || '_shadow', resource, name) USING ids;
  -- As the far one: namesakes at the scopes below. Asked from each namesake upward, so that many
  -- namesakes of one statement are not compared each with each.
  EXECUTE format($sql$
    INSERT INTO %1$I (far_id, near_id, near_scope_id)
    SELECT far.id, near.id, near.scope_id
    FROM (SELECT DISTINCT organization_id, %3$I AS name FROM %2$I WHERE id = ANY ($1)) named
    JOIN %2$I near ON near.organization_id = named.organization_id AND near.%3$I = named.name
    JOIN scope s ON s.id = near.scope_id
    CROSS JOIN LATERAL unnest(s.path[2:]) above (id)
    JOIN %2$I far ON far.scope_id = above.id AND far.%3$I = near.%3$I
    WHERE far.id = ANY ($1)
    ON CONFLICT DO NOTHING
  $sql$, resource || '_shadow', resource, name) USING ids;
  -- As the far one at the platform root: all namesakes of all organizations.
  EXECUTE format($sql$
    INSERT INTO %1$I (far_id, near_id, near_scope_id)
    SELECT far.id, near.id, near.scope_id
    FROM %2$I far
    CROSS JOIN organization o
    JOIN %2$I near ON near.organization_id = o.id AND near.%3$I = far.%3$I
    WHERE far.id = ANY ($1) AND far.organization_id IS NULL
    ON CONFLICT DO NOTHING
  $sql$, resource || '_shadow', resource, name) USING ids;
END $$;
COMMENT ON FUNCTION heimdall_pair(text, text, uuid[]) IS
  'D3: adds the pairs in which the given rows take part: far is at a strict ancestor of near''s scope, and both have the same name, byte for byte';

CREATE FUNCTION heimdall_named() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  name text := TG_ARGV[0];
  ids uuid[];
  organizations uuid[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT array_agg(n.id), array_agg(DISTINCT n.organization_id) INTO ids, organizations FROM new_rows n;
  ELSE
    EXECUTE format('SELECT array_agg(n.id), array_agg(DISTINCT n.organization_id)
      FROM new_rows n JOIN old_rows o USING (id) WHERE n.%1$I <> o.%1$I OR n.scope_id <> o.scope_id', name)
      INTO ids, organizations;
  END IF;
  IF ids IS NULL THEN
    RETURN NULL;
  END IF;
  -- Whoever comes second waits here and then sees the other's rows.
  PERFORM heimdall_lock(organizations);
  IF TG_OP = 'UPDATE' THEN
    EXECUTE format('DELETE FROM %I WHERE far_id = ANY ($1)', TG_TABLE_NAME || '_shadow') USING ids;
    EXECUTE format('DELETE FROM %I WHERE near_id = ANY ($1)', TG_TABLE_NAME || '_shadow') USING ids;
  END IF;
  PERFORM heimdall_pair(TG_TABLE_NAME, name, ids);
  RETURN NULL;
END $$;
COMMENT ON FUNCTION heimdall_named() IS
  'D3: keeps the pairs of new, renamed and moved rows; deleted ones take theirs along by the foreign keys. Argument: the column that names a row';

CREATE FUNCTION heimdall_shadow_moved(moved uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  kind text[];
BEGIN
  -- Pairs inside of the moved subtree, and those with global rows, stay as they are.
  FOREACH kind SLICE 1 IN ARRAY ARRAY[['form', 'name'], ['workflow', 'name'], ['agent', 'name'],
    ['app', 'slug'], ['config', 'key']]
  LOOP
    EXECUTE format($sql$
      DELETE FROM %1$I pair USING scope s, %2$I near, %2$I far
      WHERE s.path @> ARRAY[$1] AND near.scope_id = s.id AND pair.near_id = near.id
        AND far.id = pair.far_id AND far.scope_id <> ALL (s.path)
    $sql$, kind[1] || '_shadow', kind[1]) USING moved;
    EXECUTE format($sql$
      INSERT INTO %1$I (far_id, near_id, near_scope_id)
      SELECT far.id, near.id, near.scope_id
      FROM scope s
      JOIN %2$I near ON near.scope_id = s.id
      JOIN %2$I far ON far.%3$I = near.%3$I
        AND far.scope_id = ANY ((SELECT path[2:] FROM scope WHERE id = $1)::uuid[])
      WHERE s.path @> ARRAY[$1]
      ON CONFLICT DO NOTHING
    $sql$, kind[1] || '_shadow', kind[1], kind[2]) USING moved;
  END LOOP;
END $$;
COMMENT ON FUNCTION heimdall_shadow_moved(uuid) IS 'D3: after a scope has moved, the pairs between its subtree and the scopes above it';

-- --- Where they are kept --------------------------------------------------------------------------

DO $$
DECLARE
  kind text[];
  resource text;
BEGIN
  FOREACH kind SLICE 1 IN ARRAY ARRAY[['form', 'name'], ['workflow', 'name'], ['agent', 'name'],
    ['app', 'slug'], ['config', 'key']]
  LOOP
    resource := kind[1];
    EXECUTE format($sql$
      CREATE TRIGGER %2$I AFTER INSERT ON %1$I REFERENCING NEW TABLE AS new_rows
        FOR EACH STATEMENT EXECUTE FUNCTION heimdall_named(%4$L);
      CREATE TRIGGER %3$I AFTER UPDATE ON %1$I REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
        FOR EACH STATEMENT EXECUTE FUNCTION heimdall_named(%4$L);
    $sql$, resource, resource || '_3_named_insert', resource || '_3_named_update', kind[2]);
    EXECUTE format($sql$
      CREATE TRIGGER %2$I BEFORE INSERT OR UPDATE OR DELETE ON %1$I FOR EACH ROW
        WHEN (pg_trigger_depth() = 0)
        EXECUTE FUNCTION heimdall_refused('D3: shadows are kept by the database alone');
    $sql$, resource || '_shadow', resource || '_shadow_0_guard');
    -- The global arm of a list: a null gives the tenant's index no order.
    EXECUTE format('CREATE INDEX %I ON %I (%I, id) WHERE organization_id IS NULL',
      resource || '_global_' || kind[2] || '_idx', resource, kind[2]);

    IF resource = 'config' THEN
      CREATE STATISTICS config_tenancy_stats ON organization_id, owner_id FROM config;
      CONTINUE;
    END IF;
    EXECUTE format('CREATE STATISTICS %I ON organization_id, owner_id, access_level FROM %I',
      resource || '_tenancy_stats', resource);
    EXECUTE format($sql$
      CREATE TRIGGER %2$I BEFORE INSERT ON %1$I FOR EACH ROW
        WHEN (NEW.role_ids IS DISTINCT FROM '{}') EXECUTE FUNCTION heimdall_roles_guard();
      CREATE TRIGGER %3$I BEFORE UPDATE OF role_ids ON %1$I FOR EACH ROW
        WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION heimdall_roles_guard();
      CREATE TRIGGER %5$I AFTER INSERT ON %4$I REFERENCING NEW TABLE AS new_rows
        FOR EACH STATEMENT EXECUTE FUNCTION heimdall_roles_kept(%1$L);
      CREATE TRIGGER %6$I AFTER UPDATE ON %4$I REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
        FOR EACH STATEMENT EXECUTE FUNCTION heimdall_roles_kept(%1$L);
      CREATE TRIGGER %7$I AFTER DELETE ON %4$I REFERENCING OLD TABLE AS old_rows
        FOR EACH STATEMENT EXECUTE FUNCTION heimdall_roles_kept(%1$L);
    $sql$, resource, resource || '_1_roles_insert', resource || '_1_roles_update', resource || '_role',
      resource || '_role_3_insert', resource || '_role_3_update', resource || '_role_3_delete');
  END LOOP;

  -- Apps shadow by slug, but are listed by name.
  CREATE INDEX app_global_name_idx ON app (name, id) WHERE organization_id IS NULL;
END $$;
