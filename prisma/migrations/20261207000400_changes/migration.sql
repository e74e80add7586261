-- What was changed, kept for a while for those who are subscribed to it: written by the transaction that changes, whoever
-- writes, and read by snapshots. A number cannot say what is new: of two transactions the one with the smaller may commit last. What
-- a snapshot sees and an older one does not is new, and nothing else is.
--
-- INVARIANT: of a row there is kept what its policy decides by, before and after, and nothing of what it says.

CREATE TABLE "change" (
    "seq" BIGINT GENERATED ALWAYS AS IDENTITY,
    -- As a number, because Prisma does not know xid8.
    "xid" BIGINT NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
    "model" TEXT COLLATE "C" NOT NULL,
    "row_id" UUID NOT NULL,
    "before" JSONB,
    "after" JSONB,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "change_pkey" PRIMARY KEY ("seq")
);
CREATE INDEX "change_xid_seq_idx" ON "change" ("xid", "seq");
COMMENT ON TABLE "change" IS
  'Changes of rows, for subscriptions: by which the policy decides it, before and after. seq orders the changes of one row, xid says which snapshots see them';

-- Up to where changes have been swept: who has seen none of a later snapshot may have missed some.
CREATE TABLE "change_sweep" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "xid" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "change_sweep_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "change_sweep_one_check" CHECK (id = 1)
);
INSERT INTO "change_sweep" DEFAULT VALUES;

-- INVARIANT: its trigger is the first of its table to fire, so that what another one writes to the same row comes after it.
CREATE FUNCTION heimdall_keeps_changes(name text, model text, decides_by jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  columns text;
BEGIN
  SELECT string_agg(format('%L, %%1$s.%I', key, value), ', ' ORDER BY key) INTO columns
  FROM jsonb_each_text(decides_by);
  EXECUTE format($f$
    CREATE FUNCTION %1$I() RETURNS trigger LANGUAGE plpgsql SET search_path = %2$I, pg_temp AS $t$
    BEGIN
      INSERT INTO change (model, row_id, before, after) VALUES (%3$L, coalesce(NEW.id, OLD.id),
        CASE WHEN TG_OP <> 'INSERT' THEN jsonb_build_object(%4$s) END,
        CASE WHEN TG_OP <> 'DELETE' THEN jsonb_build_object(%5$s) END);
      PERFORM pg_notify('heimdall_changed', '');
      RETURN NULL;
    END $t$ $f$, 'heimdall_' || name || '_changed', current_schema(), model, format(columns, 'OLD'), format(columns, 'NEW'));
  EXECUTE format('CREATE TRIGGER %I AFTER INSERT OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION %I()',
    'A_' || name || '_changed', name, 'heimdall_' || name || '_changed');
  EXECUTE format('CREATE TRIGGER %I AFTER UPDATE ON %I FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION %I()', 'A_' || name || '_changed_update', name, 'heimdall_' || name || '_changed');
  -- A bulk load that skips triggers does not skip these.
  EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER %I, ENABLE ALWAYS TRIGGER %I', name,
    'A_' || name || '_changed', 'A_' || name || '_changed_update');
END $$;
COMMENT ON FUNCTION heimdall_keeps_changes(text, text, jsonb) IS
  'Has the changes of a table kept for subscriptions; decides_by: the columns that its policy decides by, by the names that the gateway has for them';

SELECT heimdall_keeps_changes(name, model, jsonb_build_object('id', 'id', 'organizationId', 'organization_id',
  'scopeId', 'scope_id', 'governedBy', 'governed_by', 'createdById', 'created_by_id', 'ownerId', 'owner_id',
  'teamId', 'team_id', 'isActive', 'is_active') || more)
FROM (VALUES
  ('form', 'Form', '{"name": "name", "accessLevel": "access_level", "roleIds": "role_ids"}'::jsonb),
  ('workflow', 'Workflow', '{"name": "name", "accessLevel": "access_level", "roleIds": "role_ids"}'),
  ('agent', 'Agent', '{"name": "name", "accessLevel": "access_level", "roleIds": "role_ids"}'),
  ('app', 'App', '{"name": "name", "slug": "slug", "accessLevel": "access_level", "roleIds": "role_ids"}'),
  ('config', 'Config', '{"key": "key"}')) t (name, model, more);

-- What conditions ask of a scope (D11) decides rows that are not touched themselves.
CREATE FUNCTION heimdall_conditions_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO change (model, row_id, after)
  VALUES ('Scope', NEW.id, jsonb_build_object('organizationId', NEW.organization_id));
  PERFORM pg_notify('heimdall_changed', '');
  RETURN NULL;
END $$;
CREATE TRIGGER "A_scope_conditions_changed" AFTER UPDATE OF name, external_id, meta, type_id ON "scope" FOR EACH ROW
  WHEN ((OLD.name, OLD.external_id, OLD.meta, OLD.type_id) IS DISTINCT FROM (NEW.name, NEW.external_id, NEW.meta, NEW.type_id))
  EXECUTE FUNCTION heimdall_conditions_changed();
ALTER TABLE "scope" ENABLE ALWAYS TRIGGER "A_scope_conditions_changed";
CREATE TRIGGER "A_scope_type_conditions_changed" AFTER UPDATE OF name ON "scope_type" FOR EACH ROW
  WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION heimdall_conditions_changed();
ALTER TABLE "scope_type" ENABLE ALWAYS TRIGGER "A_scope_type_conditions_changed";

-- Who is subscribed is told to look when their authority (D18), or where they act, is another.
CREATE FUNCTION heimdall_told_to_look() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('heimdall_changed', '');
  RETURN NULL;
END $$;
CREATE TRIGGER authority_9_told AFTER UPDATE ON "authority" FOR EACH STATEMENT EXECUTE FUNCTION heimdall_told_to_look();
ALTER TABLE "authority" ENABLE ALWAYS TRIGGER authority_9_told;
CREATE TRIGGER scope_9_told AFTER UPDATE OF parent_id ON "scope" FOR EACH STATEMENT EXECUTE FUNCTION heimdall_told_to_look();
ALTER TABLE "scope" ENABLE ALWAYS TRIGGER scope_9_told;

-- Each finds its tables by itself, as in 20261126000100.
DO $$
DECLARE
  own text;
BEGIN
  FOREACH own IN ARRAY ARRAY['heimdall_keeps_changes(text, text, jsonb)', 'heimdall_conditions_changed()',
    'heimdall_told_to_look()'] LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', own, current_schema());
  END LOOP;
END $$;
SELECT heimdall_bound_moments('change');
