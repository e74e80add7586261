-- Turns tables into ones that are hash-partitioned by organization, with their rows (docs/scale.md). An experiment for a test, not a
-- migration: it shows that answers stay what they are, and writes down what stands in for what a partitioned table cannot have.
--
-- A unique key of a partitioned table has to contain organization_id, which decides the partition. So a key is unique in its
-- organization alone: for (scope_id, name) that is the same, because a scope is of one organization; for the id it is not, and two
-- organizations could have rows of one id. Nobody but who writes SQL by hand chooses ids.
-- And nothing can refer to (id) by a foreign key any more: triggers keep those references here.

-- What a foreign key does when a row is made or changed that refers to another one.
CREATE FUNCTION heimdall_refers() RETURNS trigger
LANGUAGE plpgsql SET search_path TO 'public', 'pg_temp' AS $$
DECLARE
  target uuid := (to_jsonb(NEW)->>TG_ARGV[1])::uuid;
  found boolean;
BEGIN
  IF target IS NULL THEN RETURN NULL; END IF;
  EXECUTE format('SELECT true FROM %I WHERE id = $1 FOR KEY SHARE', TG_ARGV[0]) INTO found USING target;
  IF found IS NULL THEN
    RAISE 'insert or update on table "%" violates foreign key constraint "%"', TG_TABLE_NAME, TG_ARGV[2]
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = TG_ARGV[2], TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END $$;

-- What it does when the row that is referred to is deleted: ON DELETE CASCADE, or NO ACTION.
CREATE FUNCTION heimdall_referred_to() RETURNS trigger
LANGUAGE plpgsql SET search_path TO 'public', 'pg_temp' AS $$
DECLARE
  needed boolean;
BEGIN
  IF TG_ARGV[3]::boolean THEN
    EXECUTE format('DELETE FROM %I WHERE %I = $1', TG_ARGV[0], TG_ARGV[1]) USING OLD.id;
    RETURN NULL;
  END IF;
  EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE %I = $1)', TG_ARGV[0], TG_ARGV[1]) INTO needed USING OLD.id;
  IF needed THEN
    RAISE 'update or delete on table "%" violates foreign key constraint "%" on table "%"', TG_TABLE_NAME, TG_ARGV[2], TG_ARGV[0]
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = TG_ARGV[2], TABLE = TG_ARGV[0];
  END IF;
  RETURN NULL;
END $$;

-- One table. Each partition has the table's name, in a schema of its own: triggers of rows ask for the name of the table that they
-- are on, and that is the partition; and a key that is violated is told by the name of the partition's index.
CREATE FUNCTION heimdall_partition_table(target text, partitions integer) RETURNS void
LANGUAGE plpgsql SET search_path TO 'public', 'pg_temp' AS $$
DECLARE
  indexes text[] := (SELECT array_agg(
      CASE WHEN indisunique THEN regexp_replace(pg_get_indexdef(indexrelid), '\)$', ', organization_id) NULLS NOT DISTINCT')
        ELSE pg_get_indexdef(indexrelid) END)
    FROM pg_index WHERE indrelid = target::regclass);
  statistics text[] := (SELECT coalesce(array_agg(pg_get_statisticsobjdef(oid)), '{}')
    FROM pg_statistic_ext WHERE stxrelid = target::regclass);
  triggers text[] := (SELECT array_agg(pg_get_triggerdef(oid) ORDER BY tgname)
    FROM pg_trigger WHERE tgrelid = target::regclass AND NOT tgisinternal);
  keys text[] := (SELECT array_agg(format('ALTER TABLE %I ADD CONSTRAINT %I %s', target, conname, pg_get_constraintdef(oid)))
    FROM pg_constraint WHERE conrelid = target::regclass AND contype = 'f');
  columns text := (SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute
    WHERE attrelid = target::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '');
  place text;
  one text;
BEGIN
  EXECUTE format('ALTER TABLE %I SET SCHEMA heimdall_whole', target);
  EXECUTE format('CREATE TABLE %1$I (LIKE heimdall_whole.%1$I INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING CONSTRAINTS)
    PARTITION BY HASH (organization_id)', target);
  FOR nth IN 0..partitions - 1 LOOP
    place := 'heimdall_part_' || nth;
    EXECUTE format('CREATE TABLE %I.%I PARTITION OF %2$I FOR VALUES WITH (MODULUS %s, REMAINDER %s)', place, target, partitions, nth);
    FOREACH one IN ARRAY indexes LOOP
      EXECUTE replace(one, format(' ON public.%I ', target), format(' ON %I.%I ', place, target));
    END LOOP;
    FOREACH one IN ARRAY statistics LOOP
      EXECUTE replace(regexp_replace(one, '(FROM \S+)$', format('FROM %I.%I', place, target)), 'public.', place || '.');
    END LOOP;
  END LOOP;
  -- Finds the partitions' indexes, and takes them for its own.
  FOREACH one IN ARRAY indexes LOOP EXECUTE one; END LOOP;
  EXECUTE format('INSERT INTO %1$I (%2$s) SELECT %2$s FROM heimdall_whole.%1$I', target, columns);
  FOREACH one IN ARRAY keys LOOP EXECUTE one; END LOOP;
  FOREACH one IN ARRAY triggers LOOP EXECUTE one; END LOOP;
  EXECUTE format('DROP TABLE heimdall_whole.%I', target);
END $$;

CREATE FUNCTION heimdall_partition_by_organization(tables text[], partitions integer) RETURNS void
LANGUAGE plpgsql SET search_path TO 'public', 'pg_temp' AS $$
DECLARE
  target text;
  one record;
BEGIN
  CREATE SCHEMA heimdall_whole;
  FOR nth IN 0..partitions - 1 LOOP
    EXECUTE format('CREATE SCHEMA %I', 'heimdall_part_' || nth);
  END LOOP;
  CREATE TEMPORARY TABLE reference ON COMMIT DROP AS
    SELECT conname AS name, child.relname AS child, parent.relname AS parent, attname AS col, confdeltype = 'c' AS cascades
    FROM pg_constraint
      JOIN pg_class child ON child.oid = conrelid
      JOIN pg_class parent ON parent.oid = confrelid
      JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
    WHERE contype = 'f' AND confrelid = ANY (tables::regclass[]);
  FOR one IN SELECT * FROM reference LOOP
    EXECUTE format('ALTER TABLE %I DROP CONSTRAINT %I', one.child, one.name);
  END LOOP;
  FOREACH target IN ARRAY tables LOOP
    PERFORM heimdall_partition_table(target, partitions);
  END LOOP;
  FOR one IN SELECT * FROM reference LOOP
    -- By these names they come where a foreign key's own triggers would.
    EXECUTE format('CREATE TRIGGER %1$I AFTER INSERT OR UPDATE OF %2$I ON %3$I FOR EACH ROW EXECUTE FUNCTION heimdall_refers(%4$L, %2$L, %5$L)',
      'RI_' || one.name, one.col, one.child, one.parent, one.name);
    EXECUTE format('CREATE TRIGGER %I AFTER DELETE ON %I FOR EACH ROW EXECUTE FUNCTION heimdall_referred_to(%L, %L, %L, %L)',
      'RI_' || one.name || '_deleted', one.parent, one.child, one.col, one.name, one.cascades);
  END LOOP;
  DROP SCHEMA heimdall_whole;
END $$;
