-- The record (D19, D44): who did what, acting where, in a table that takes no change, a partition for
-- each month. And the keys by which a repeated mutation is known (issue 11).

-- --- Ids that tell the time -----------------------------------------------------------------------

CREATE FUNCTION heimdall_id_from(moment timestamptz) RETURNS uuid
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT rpad(lpad(to_hex(floor(extract(epoch FROM moment) * 1000)::bigint), 12, '0'), 32, '0')::uuid
$$;
COMMENT ON FUNCTION heimdall_id_from(timestamptz) IS 'The least UUIDv7 of a moment, and so the bound of a range of them';

CREATE FUNCTION heimdall_moment_of(id uuid) RETURNS timestamptz
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT to_timestamp(('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint / 1000.0)
$$;
COMMENT ON FUNCTION heimdall_moment_of(uuid) IS 'When a UUIDv7 was made, to the millisecond';

CREATE FUNCTION heimdall_next_id() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
  -- The twelve bits after the version are the part of the millisecond that is over, as in PostgreSQL 18.
  SELECT (lpad(to_hex(t.us / 1000), 12, '0') || '7' || lpad(to_hex(t.us % 1000 * 4096 / 1000), 3, '0')
    || substr(replace(gen_random_uuid()::text, '-', ''), 17))::uuid
  FROM (SELECT floor(extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS us) t
$$;
COMMENT ON FUNCTION heimdall_next_id() IS
  'A UUIDv7 by the clock of the database, to the microsecond, so that entries of one gateway or many sort as they were made';

-- --- Where the rows of a scope were governed from ---------------------------------------------------

-- An entry outlives the scope that it speaks of, and who reached that one must still be known.
CREATE TABLE "audit_place" (
    "scope_id" UUID NOT NULL,
    "governed_by" UUID[] NOT NULL DEFAULT ARRAY[]::UUID[],

    CONSTRAINT "audit_place_pkey" PRIMARY KEY ("scope_id")
);
COMMENT ON TABLE "audit_place" IS
  'D8, D19: inherits(S) of every scope, as it is, or as it was when the scope was deleted; kept by the database alone';

INSERT INTO "audit_place" (scope_id, governed_by) SELECT id, inherits_from FROM "scope";

CREATE TRIGGER audit_place_0_guard BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON "audit_place"
  FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0)
  EXECUTE FUNCTION heimdall_refused('D19: what is kept of deleted scopes is written by the database alone');

CREATE FUNCTION heimdall_audit_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_place (scope_id, governed_by) VALUES (NEW.id, NEW.inherits_from)
  ON CONFLICT (scope_id) DO UPDATE SET governed_by = EXCLUDED.governed_by;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION heimdall_audit_place() IS
  'D8: a moved, retyped or flipped scope takes along who reads of it in the record';

CREATE TRIGGER scope_5_audit_insert AFTER INSERT ON "scope"
  FOR EACH ROW EXECUTE FUNCTION heimdall_audit_place();
CREATE TRIGGER scope_5_audit_update AFTER UPDATE ON "scope" FOR EACH ROW
  WHEN (OLD.inherits_from IS DISTINCT FROM NEW.inherits_from) EXECUTE FUNCTION heimdall_audit_place();

-- --- The record -----------------------------------------------------------------------------------

-- Nothing has written to the first one, which was no more than a place for it.
DO $$
BEGIN
  IF EXISTS (SELECT FROM audit_entry) THEN
    PERFORM heimdall_refuse('D19: audit_entry has rows that no version of the gateway wrote: put them elsewhere first');
  END IF;
END $$;
DROP TABLE "audit_entry";

CREATE TABLE "audit_entry" (
    "id" UUID NOT NULL DEFAULT heimdall_next_id(),
    "at" TIMESTAMPTZ(3) GENERATED ALWAYS AS (heimdall_moment_of("id")) STORED NOT NULL,
    "organization_id" UUID,
    "scope_id" UUID,
    "governed_by" UUID[] NOT NULL DEFAULT ARRAY[]::UUID[],
    "actor_kind" TEXT COLLATE "C" NOT NULL,
    "actor_user_id" UUID,
    "actor_key_id" UUID,
    "actor_label" TEXT COLLATE "C" NOT NULL,
    "acting_organization_id" UUID,
    "is_switched" BOOLEAN NOT NULL,
    "bypass" TEXT COLLATE "C",
    "action" TEXT COLLATE "C" NOT NULL,
    "resource_type" TEXT COLLATE "C" NOT NULL,
    "resource_id" UUID,
    "outcome" TEXT COLLATE "C" NOT NULL,
    "reason" TEXT COLLATE "C",
    "before" JSONB,
    "after" JSONB,
    "request_id" TEXT COLLATE "C",

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "audit_entry_id_check" CHECK (substr("id"::text, 15, 1) = '7'),
    CONSTRAINT "audit_entry_outcome_check" CHECK ("outcome" IN ('PERMITTED', 'DENIED', 'FAILED'))
) PARTITION BY RANGE ("id");
COMMENT ON TABLE "audit_entry" IS
  'D19: who did what, acting where, and why it was permitted or denied. Append-only, a partition a month. It outlives what it is about, so nothing here is a foreign key';

-- An insert must never fail for want of a partition: what none has been made for lands here.
CREATE TABLE "audit_entry_rest" PARTITION OF "audit_entry" DEFAULT;

CREATE INDEX "audit_entry_organization_id_at_id_idx" ON "audit_entry" ("organization_id", "at", "id");
CREATE INDEX "audit_entry_resource_id_at_id_idx" ON "audit_entry" ("resource_id", "at", "id");
CREATE INDEX "audit_entry_actor_user_id_at_id_idx" ON "audit_entry" ("actor_user_id", "at", "id");
-- The arms of a list (D4): of the global rows, and of all tenants'. Prisma's schema knows no partial indexes.
CREATE INDEX "audit_entry_global_at_idx" ON "audit_entry" ("at", "id") WHERE "organization_id" IS NULL;
CREATE INDEX "audit_entry_everywhere_at_idx" ON "audit_entry" ("at", "id") WHERE "organization_id" IS NOT NULL;

SELECT heimdall_bound_moments('audit_entry');

-- INVARIANT: no row of the record is changed or deleted, by nobody. The retention drops and detaches
-- whole partitions, which is for the owner of the tables.
CREATE TRIGGER audit_entry_0_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_entry"
  FOR EACH STATEMENT EXECUTE FUNCTION heimdall_refused('D19: the audit record is append-only');

CREATE FUNCTION heimdall_audit_sealed(part text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE OR TRUNCATE ON %I
    FOR EACH STATEMENT EXECUTE FUNCTION heimdall_refused(''D19: the audit record is append-only'')',
    part || '_0_append_only', part);
END $$;
COMMENT ON FUNCTION heimdall_audit_sealed(text) IS
  'D19: a statement that names a partition passes the triggers of the whole by, so each has its own';

SELECT heimdall_audit_sealed('audit_entry_rest');

CREATE FUNCTION heimdall_audit_placed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.scope_id IS NULL AND NEW.organization_id IS NULL THEN
    NEW.scope_id := '00000000-0000-7000-8000-000000000001';
  ELSIF NEW.scope_id IS NULL THEN
    SELECT s.id INTO NEW.scope_id FROM scope s
    WHERE s.organization_id = NEW.organization_id AND s.parent_id = '00000000-0000-7000-8000-000000000001';
  END IF;
  SELECT p.governed_by INTO NEW.governed_by FROM audit_place p WHERE p.scope_id = NEW.scope_id;
  NEW.governed_by := coalesce(NEW.governed_by, '{}');
  RETURN NEW;
END $$;
COMMENT ON FUNCTION heimdall_audit_placed() IS
  'D8, D44: an entry keeps who reached its scope when it was made; one that names no scope lives at the root of its organization, one without that at the platform root; of an organization that is gone nobody but platform admins reads';

CREATE TRIGGER audit_entry_1_placed BEFORE INSERT ON "audit_entry" FOR EACH ROW
  WHEN (current_setting('heimdall.settling', true) IS DISTINCT FROM 'on')
  EXECUTE FUNCTION heimdall_audit_placed();

-- --- Its partitions -------------------------------------------------------------------------------

CREATE FUNCTION heimdall_audit_partition(moment timestamptz) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  month timestamptz := date_trunc('month', moment, 'UTC');
  part text := 'audit_entry_' || to_char(month AT TIME ZONE 'UTC', 'YYYYMM');
  bounds text := format('FOR VALUES FROM (%L) TO (%L)', heimdall_id_from(month),
    heimdall_id_from((month AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC'));
BEGIN
  IF to_regclass(format('%I', part)) IS NOT NULL THEN
    RETURN NULL;
  END IF;
  -- Attached, not made in its place: that would keep every reader and writer of the record waiting.
  EXECUTE format('CREATE TABLE %I (LIKE audit_entry INCLUDING ALL)', part);
  EXECUTE format('ALTER TABLE audit_entry ATTACH PARTITION %I %s', part, bounds);
  PERFORM heimdall_audit_sealed(part);
  RETURN part;
END $$;
COMMENT ON FUNCTION heimdall_audit_partition(timestamptz) IS
  'D19: makes the partition of the month, by UTC, in which a moment lies, and returns its name; null if it is there';

-- With the rights of who migrated: a gateway need not own the tables for its record to go on.
CREATE FUNCTION heimdall_audit_partitions(ahead integer DEFAULT 2) RETURNS text[]
LANGUAGE plpgsql SECURITY DEFINER SET lock_timeout = '2s' SET client_min_messages = 'warning' AS $$
DECLARE
  made text[] := '{}';
  month timestamp;
BEGIN
  -- Several gateways may start at once.
  PERFORM pg_advisory_xact_lock(72707372);
  FOR month IN SELECT date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => n)
    FROM generate_series(0, least(greatest(ahead, 0), 24)) n
  LOOP
    -- Entries of this month that lie in the rest keep its partition from being made: the retention moves them.
    CONTINUE WHEN EXISTS (SELECT FROM audit_entry_rest
      WHERE id >= heimdall_id_from(month AT TIME ZONE 'UTC')
        AND id < heimdall_id_from((month + interval '1 month') AT TIME ZONE 'UTC'));
    made := made || heimdall_audit_partition(month AT TIME ZONE 'UTC');
  END LOOP;
  RETURN array_remove(made, NULL);
END $$;
COMMENT ON FUNCTION heimdall_audit_partitions(integer) IS
  'D19: makes the partitions of this month and of as many after it, and returns the names of those that it made';

CREATE FUNCTION heimdall_audit_settle() RETURNS bigint
LANGUAGE plpgsql SET heimdall.settling = 'on' SET client_min_messages = 'warning' AS $$
DECLARE
  moment timestamptz;
  moved bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(72707372);
  LOCK TABLE audit_entry IN ACCESS EXCLUSIVE MODE;
  IF NOT EXISTS (SELECT FROM audit_entry_rest) THEN
    RETURN 0;
  END IF;
  -- No row is deleted: the table that they are in is replaced by a new one and dropped when it is copied.
  ALTER TABLE audit_entry DETACH PARTITION audit_entry_rest;
  ALTER TABLE audit_entry_rest RENAME TO audit_entry_settling;
  CREATE TABLE audit_entry_rest PARTITION OF audit_entry DEFAULT;
  PERFORM heimdall_audit_sealed('audit_entry_rest');
  FOR moment IN SELECT DISTINCT date_trunc('month', e.at, 'UTC') FROM audit_entry_settling e LOOP
    PERFORM heimdall_audit_partition(moment);
  END LOOP;
  INSERT INTO audit_entry (id, organization_id, scope_id, governed_by, actor_kind, actor_user_id, actor_key_id,
    actor_label, acting_organization_id, is_switched, bypass, action, resource_type, resource_id, outcome, reason,
    before, after, request_id)
  SELECT id, organization_id, scope_id, governed_by, actor_kind, actor_user_id, actor_key_id,
    actor_label, acting_organization_id, is_switched, bypass, action, resource_type, resource_id, outcome, reason,
    before, after, request_id
  FROM audit_entry_settling;
  GET DIAGNOSTICS moved = ROW_COUNT;
  DROP TABLE audit_entry_settling;
  RETURN moved;
END $$;
COMMENT ON FUNCTION heimdall_audit_settle() IS
  'D19: gives entries that landed in the rest their months'' partitions, and returns how many; they stay what they were';

SELECT heimdall_audit_partitions();

-- --- Repeated mutations ---------------------------------------------------------------------------

CREATE TABLE "idempotency_key" (
    "principal" TEXT COLLATE "C" NOT NULL,
    "key" TEXT COLLATE "C" NOT NULL,
    "payload_hash" TEXT COLLATE "C" NOT NULL,
    "outcome" JSONB,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("principal", "key")
);
CREATE INDEX "idempotency_key_expires_at_idx" ON "idempotency_key" ("expires_at");
COMMENT ON TABLE "idempotency_key" IS
  'Issue 11: what came of a mutation that named an Idempotency-Key: outcome and ids, never secrets, for 24 hours';
SELECT heimdall_bound_moments('idempotency_key');

DO $$
DECLARE
  own regprocedure;
BEGIN
  FOR own IN
    SELECT p.oid FROM pg_proc p
    WHERE p.pronamespace = current_schema()::regnamespace
      AND (p.proname LIKE 'heimdall\_audit\_%'
        OR p.proname IN ('heimdall_id_from', 'heimdall_moment_of', 'heimdall_next_id'))
  LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', own, current_schema());
  END LOOP;
END $$;
