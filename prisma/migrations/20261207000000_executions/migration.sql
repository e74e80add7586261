-- Executions (D31, D32; issue 15): what was launched, how far it is, and what came of it. One row is the truth.

-- --- What a workflow says of its executions -------------------------------------------------------

ALTER TABLE workflow
  ADD COLUMN kind text COLLATE "C" NOT NULL DEFAULT 'WORKFLOW',
  ADD COLUMN operations text[] COLLATE "C" NOT NULL DEFAULT ARRAY['*']::text[],
  ADD COLUMN queue text COLLATE "C" NOT NULL DEFAULT 'default',
  ADD COLUMN timeout_seconds integer NOT NULL DEFAULT 1800,
  ADD COLUMN max_attempts integer NOT NULL DEFAULT 1,
  ADD COLUMN cache_seconds integer NOT NULL DEFAULT 0,
  ADD CONSTRAINT workflow_kind_check CHECK (kind IN ('WORKFLOW', 'DATA_PROVIDER')),
  ADD CONSTRAINT workflow_timeout_seconds_check CHECK (timeout_seconds BETWEEN 1 AND 86400),
  ADD CONSTRAINT workflow_max_attempts_check CHECK (max_attempts BETWEEN 1 AND 20),
  ADD CONSTRAINT workflow_cache_seconds_check CHECK (cache_seconds BETWEEN 0 AND 300);
CREATE TRIGGER workflow_0_kind BEFORE UPDATE OF kind ON workflow FOR EACH ROW
  WHEN (OLD.kind <> NEW.kind) EXECUTE FUNCTION heimdall_refused('D27: the kind of a workflow never changes');

-- --- The record -----------------------------------------------------------------------------------

CREATE TABLE execution (
  id uuid PRIMARY KEY,
  kind text COLLATE "C" NOT NULL,
  status text COLLATE "C" NOT NULL DEFAULT 'QUEUED',
  -- Who brought it to its status, and when: no status is come to without saying so.
  moved_by text COLLATE "C" NOT NULL DEFAULT 'launch',
  moved_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  trigger text COLLATE "C" NOT NULL,
  workflow_id uuid REFERENCES workflow (id) ON DELETE NO ACTION ON UPDATE CASCADE,
  agent_id uuid REFERENCES agent (id) ON DELETE NO ACTION ON UPDATE CASCADE,
  target_name text COLLATE "C" NOT NULL,
  target_version integer NOT NULL,
  form_id uuid REFERENCES form (id) ON DELETE NO ACTION ON UPDATE CASCADE,
  app_id uuid REFERENCES app (id) ON DELETE NO ACTION ON UPDATE CASCADE,
  schedule_id uuid,
  conversation_id uuid,
  parent_id uuid REFERENCES execution (id) ON DELETE NO ACTION ON UPDATE CASCADE,
  root_id uuid NOT NULL REFERENCES execution (id) ON DELETE NO ACTION ON UPDATE CASCADE,
  depth integer NOT NULL DEFAULT 0,
  retry_of_id uuid REFERENCES execution (id) ON DELETE NO ACTION ON UPDATE CASCADE,
  launcher_kind text COLLATE "C" NOT NULL,
  launcher_key_id uuid,
  queue text COLLATE "C" NOT NULL DEFAULT 'default',
  not_before timestamptz(3),
  attempt integer NOT NULL DEFAULT 0,
  -- Attempts that were given back: the number of an attempt is never used twice.
  released integer NOT NULL DEFAULT 0,
  max_attempts integer NOT NULL DEFAULT 1,
  timeout_seconds integer NOT NULL DEFAULT 1800,
  lease_hash text COLLATE "C",
  lease_expires_at timestamptz(3),
  worker_key_id uuid,
  timeout_at timestamptz(3),
  started_at timestamptz(3),
  finished_at timestamptz(3),
  late boolean NOT NULL DEFAULT false,
  progress jsonb,
  reason text COLLATE "C",
  input jsonb NOT NULL DEFAULT '{}',
  result jsonb,
  error_code text COLLATE "C",
  error_message text COLLATE "C",
  error_detail jsonb,
  content_bytes integer NOT NULL GENERATED ALWAYS AS (octet_length(input::text)
    + coalesce(octet_length(result::text), 0) + coalesce(octet_length(error_detail::text), 0)
    + coalesce(octet_length(progress::text), 0)) STORED,
  organization_id uuid NOT NULL REFERENCES organization (id) ON DELETE CASCADE ON UPDATE CASCADE,
  scope_id uuid NOT NULL REFERENCES scope (id) ON DELETE NO ACTION ON UPDATE CASCADE,
  governed_by uuid[] DEFAULT '{}',
  created_by_id uuid REFERENCES "user" (id) ON DELETE NO ACTION ON UPDATE CASCADE,
  owner_id uuid REFERENCES "user" (id) ON DELETE NO ACTION ON UPDATE CASCADE,
  team_id uuid REFERENCES team (id) ON DELETE NO ACTION ON UPDATE CASCADE,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT execution_kind_check CHECK (
    CASE kind WHEN 'AGENT_RUN' THEN agent_id IS NOT NULL AND workflow_id IS NULL
      WHEN 'WORKFLOW' THEN workflow_id IS NOT NULL AND agent_id IS NULL
      WHEN 'DATA_PROVIDER' THEN workflow_id IS NOT NULL AND agent_id IS NULL ELSE false END),
  CONSTRAINT execution_trigger_check CHECK (trigger IN ('API', 'FORM', 'AGENT', 'SCHEDULE', 'APP')),
  CONSTRAINT execution_launcher_check CHECK (
    CASE launcher_kind WHEN 'USER' THEN launcher_key_id IS NULL AND created_by_id IS NOT NULL
      WHEN 'API_KEY' THEN launcher_key_id IS NOT NULL
      WHEN 'VIRTUAL_KEY' THEN launcher_key_id IS NOT NULL ELSE false END),
  CONSTRAINT execution_tree_check CHECK (
    CASE WHEN parent_id IS NULL THEN root_id = id AND depth = 0
      ELSE root_id <> id AND parent_id <> id AND depth BETWEEN 1 AND 10 END),
  CONSTRAINT execution_attempt_check CHECK (
    released BETWEEN 0 AND attempt AND attempt - released <= max_attempts AND max_attempts BETWEEN 1 AND 20),
  CONSTRAINT execution_timeout_seconds_check CHECK (timeout_seconds BETWEEN 1 AND 86400),
  CONSTRAINT execution_lease_check CHECK (status NOT IN ('RUNNING', 'CANCELLING')
    OR (lease_hash IS NOT NULL AND lease_expires_at IS NOT NULL AND timeout_at IS NOT NULL
      AND worker_key_id IS NOT NULL AND started_at IS NOT NULL)),
  CONSTRAINT execution_finished_check CHECK (
    (status IN ('QUEUED', 'RUNNING', 'CANCELLING')) = (finished_at IS NULL)),
  CONSTRAINT execution_late_check CHECK (NOT late OR status IN ('SUCCEEDED', 'FAILED')));
CREATE INDEX execution_organization_id_created_at_id_idx ON execution (organization_id, created_at, id);
CREATE INDEX execution_created_at_id_idx ON execution (created_at, id);
CREATE INDEX execution_created_by_id_created_at_id_idx ON execution (created_by_id, created_at, id);
CREATE INDEX execution_scope_id_idx ON execution (scope_id);
CREATE INDEX execution_workflow_id_created_at_id_idx ON execution (workflow_id, created_at, id);
CREATE INDEX execution_agent_id_created_at_id_idx ON execution (agent_id, created_at, id);
CREATE INDEX execution_form_id_idx ON execution (form_id);
CREATE INDEX execution_app_id_idx ON execution (app_id);
CREATE INDEX execution_parent_id_created_at_id_idx ON execution (parent_id, created_at, id);
CREATE INDEX execution_root_id_idx ON execution (root_id);
CREATE INDEX execution_retry_of_id_idx ON execution (retry_of_id);
CREATE INDEX execution_schedule_id_created_at_id_idx ON execution (schedule_id, created_at, id);
CREATE INDEX execution_conversation_id_created_at_id_idx ON execution (conversation_id, created_at, id);
-- What claims and what reaps reads no others.
CREATE INDEX execution_queued_idx ON execution (queue, (coalesce(not_before, created_at)), id) WHERE status = 'QUEUED';
CREATE INDEX execution_leased_idx ON execution (lease_expires_at) WHERE status IN ('RUNNING', 'CANCELLING');

CREATE TABLE execution_log (
  id uuid PRIMARY KEY,
  execution_id uuid NOT NULL REFERENCES execution (id) ON DELETE CASCADE ON UPDATE CASCADE,
  attempt integer NOT NULL,
  seq integer NOT NULL,
  level text COLLATE "C" NOT NULL,
  message text COLLATE "C" NOT NULL,
  data jsonb,
  at timestamptz(3) NOT NULL,
  content_bytes integer NOT NULL GENERATED ALWAYS AS (octet_length(message) + coalesce(octet_length(data::text), 0)) STORED,
  CONSTRAINT execution_log_level_check CHECK (level IN ('DEBUG', 'INFO', 'WARN', 'ERROR')));
CREATE UNIQUE INDEX execution_log_execution_id_attempt_seq_key ON execution_log (execution_id, attempt, seq);
SELECT heimdall_bound_moments('execution_log');

-- --- Its states -----------------------------------------------------------------------------------

-- D32, as src/execution/transitions.ts has it (test/execution/transitions.test.ts compares them).
CREATE FUNCTION heimdall_execution_moves(was text, becomes text, by text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT EXISTS (SELECT FROM (VALUES
    ('QUEUED', 'RUNNING', 'claim'),
    ('QUEUED', 'DENIED', 'claim'),
    ('QUEUED', 'CANCELLED', 'cancel'),
    ('QUEUED', 'CANCELLED', 'reaper'),
    ('QUEUED', 'FAILED', 'reaper'),
    ('RUNNING', 'SUCCEEDED', 'worker'),
    ('RUNNING', 'FAILED', 'worker'),
    ('RUNNING', 'QUEUED', 'worker'),
    ('RUNNING', 'QUEUED', 'reaper'),
    ('RUNNING', 'FAILED', 'reaper'),
    ('RUNNING', 'TIMED_OUT', 'reaper'),
    ('RUNNING', 'CANCELLING', 'cancel'),
    ('RUNNING', 'CANCELLING', 'reaper'),
    ('CANCELLING', 'CANCELLED', 'worker'),
    ('CANCELLING', 'CANCELLED', 'reaper'),
    ('CANCELLING', 'TIMED_OUT', 'reaper'),
    ('CANCELLING', 'SUCCEEDED', 'worker'),
    ('CANCELLING', 'FAILED', 'worker'),
    ('FAILED', 'SUCCEEDED', 'worker'),
    ('FAILED', 'FAILED', 'worker')
  ) AS m (a, b, c) WHERE (m.a, m.b, m.c) = (was, becomes, by))
$$;
COMMENT ON FUNCTION heimdall_execution_moves(text, text, text) IS
  'D32: whether an execution may come from one status to another, by whom';

CREATE FUNCTION heimdall_execution_moved() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF (NEW.status, NEW.moved_by, NEW.attempt, NEW.released, NEW.late) IS DISTINCT FROM ('QUEUED', 'launch', 0, 0, false) THEN
      RAISE EXCEPTION USING ERRCODE = 'HDX01', MESSAGE = 'D32: an execution begins QUEUED, by its launch';
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.status, NEW.late) IS NOT DISTINCT FROM (OLD.status, OLD.late) THEN
    -- INVARIANT: what came of it changes with its status alone; a terminal one stays as it is (D32).
    IF (NEW.attempt, NEW.released, NEW.moved_by, NEW.moved_at, NEW.started_at, NEW.timeout_at, NEW.finished_at, NEW.reason,
        NEW.lease_hash, NEW.worker_key_id, NEW.error_code, NEW.error_message, NEW.error_detail, NEW.result)
      IS DISTINCT FROM (OLD.attempt, OLD.released, OLD.moved_by, OLD.moved_at, OLD.started_at, OLD.timeout_at,
        OLD.finished_at, OLD.reason, OLD.lease_hash, OLD.worker_key_id, OLD.error_code, OLD.error_message,
        OLD.error_detail, OLD.result) THEN
      RAISE EXCEPTION USING ERRCODE = 'HDX01', MESSAGE = 'D32: this of an execution changes with its status alone';
    END IF;
    RETURN NEW;
  END IF;
  IF NOT heimdall_execution_moves(OLD.status, NEW.status, NEW.moved_by) THEN
    RAISE EXCEPTION USING ERRCODE = 'HDX01', MESSAGE =
      format('D32: an execution does not come from %s to %s by %s', OLD.status, NEW.status, NEW.moved_by);
  END IF;
  -- What FAILED is final, but for a late result of the attempt whose lease was lost.
  IF OLD.status = 'FAILED' AND (OLD.error_code IS DISTINCT FROM 'LEASE_LOST' OR OLD.late OR NOT NEW.late) THEN
    RAISE EXCEPTION USING ERRCODE = 'HDX01', MESSAGE = 'D32: only what lost its lease is finished late, and once';
  END IF;
  IF OLD.status <> 'FAILED' AND NEW.late THEN
    RAISE EXCEPTION USING ERRCODE = 'HDX01', MESSAGE = 'D32: only what lost its lease is finished late, and once';
  END IF;
  -- Each claim is an attempt of its own, and nothing else is; what is given back is given back by a worker.
  IF NEW.attempt <> OLD.attempt + (NEW.status = 'RUNNING')::int
    OR NOT (NEW.released = OLD.released OR (NEW.released = OLD.released + 1
      AND (OLD.status, NEW.status, NEW.moved_by) = ('RUNNING', 'QUEUED', 'worker'))) THEN
    RAISE EXCEPTION USING ERRCODE = 'HDX01', MESSAGE = 'D32: an attempt is a claim, and each claim is one';
  END IF;
  RETURN NEW;
END $$;
COMMENT ON FUNCTION heimdall_execution_moved() IS
  'D32: refuses every transition that is not in the table of them, and every change of what came of an execution without one';
CREATE TRIGGER execution_3_moved BEFORE INSERT OR UPDATE OF status, late, moved_by, moved_at, attempt, released, started_at,
    timeout_at, finished_at, reason, lease_hash, worker_key_id, error_code, error_message, error_detail, result
  ON execution FOR EACH ROW EXECUTE FUNCTION heimdall_execution_moved();

-- D31: what was launched, by whom and as part of what, is never edited.
CREATE TRIGGER execution_0_fixed BEFORE UPDATE OF kind, trigger, workflow_id, agent_id, target_name, target_version, form_id,
    app_id, schedule_id, conversation_id, parent_id, root_id, depth, retry_of_id, launcher_kind, launcher_key_id, queue,
    max_attempts, timeout_seconds, created_by_id, owner_id, team_id, created_at, input ON execution FOR EACH ROW
  WHEN ((OLD.kind, OLD.trigger, OLD.workflow_id, OLD.agent_id, OLD.target_name, OLD.target_version, OLD.form_id, OLD.app_id,
      OLD.schedule_id, OLD.conversation_id, OLD.parent_id, OLD.root_id, OLD.depth, OLD.retry_of_id, OLD.launcher_kind,
      OLD.launcher_key_id, OLD.queue, OLD.max_attempts, OLD.timeout_seconds, OLD.created_by_id, OLD.owner_id, OLD.team_id,
      OLD.created_at, OLD.input)
    IS DISTINCT FROM (NEW.kind, NEW.trigger, NEW.workflow_id, NEW.agent_id, NEW.target_name, NEW.target_version, NEW.form_id,
      NEW.app_id, NEW.schedule_id, NEW.conversation_id, NEW.parent_id, NEW.root_id, NEW.depth, NEW.retry_of_id,
      NEW.launcher_kind, NEW.launcher_key_id, NEW.queue, NEW.max_attempts, NEW.timeout_seconds, NEW.created_by_id,
      NEW.owner_id, NEW.team_id, NEW.created_at, NEW.input))
  EXECUTE FUNCTION heimdall_refused('D31: an execution is never edited');

-- D31: they are deleted by retention alone, and with their organization.
CREATE FUNCTION heimdall_execution_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'HDX02', MESSAGE = 'D31: executions are deleted by retention alone';
END $$;
CREATE TRIGGER execution_0_kept BEFORE DELETE ON execution FOR EACH ROW
  WHEN (pg_trigger_depth() = 0 AND current_setting('heimdall.retaining', true) IS DISTINCT FROM 'on')
  EXECUTE FUNCTION heimdall_execution_kept();

-- --- Who waits is told -----------------------------------------------------------------------------

-- On commit, whoever did it: workers of the queue of one that can be claimed, and who waits for one that is finished.
CREATE FUNCTION heimdall_execution_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.status = 'QUEUED' THEN
    PERFORM pg_notify('heimdall_queued', NEW.queue);
  ELSIF NEW.finished_at IS NOT NULL THEN
    PERFORM pg_notify('heimdall_finished', NEW.id::text);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER execution_4_told AFTER INSERT OR UPDATE OF status ON execution FOR EACH ROW
  EXECUTE FUNCTION heimdall_execution_told();

-- --- A resource -----------------------------------------------------------------------------------

SELECT heimdall_register('execution', owned => true, refers_to =>
  '{"workflow_id": "workflow", "agent_id": "agent", "form_id": "form", "app_id": "app", "parent_id": "execution",
    "root_id": "execution", "retry_of_id": "execution"}');
SELECT heimdall_register_actions('execution', ARRAY['read', 'cancel'], false);
-- Owners alone inspect, and nobody works but by a platform admin's grant (D34).
WITH made AS (
  INSERT INTO permission (id, scope_id, resource_type, action, resource_pattern)
  SELECT ('00000000-0000-7000-8001-' || left(md5('execution:' || a), 12))::uuid,
    '00000000-0000-7000-8000-000000000001', 'execution', a, '*'
  FROM unnest(ARRAY['inspect', 'work']) a
  ON CONFLICT DO NOTHING RETURNING id, action
)
INSERT INTO role_permission (role_id, permission_id)
SELECT '00000000-0000-7000-8000-000000000020', id FROM made WHERE action = 'inspect';

-- Each finds its tables by itself, as in 20261126000100.
DO $$
DECLARE
  own text;
BEGIN
  FOREACH own IN ARRAY ARRAY['heimdall_execution_moves(text, text, text)', 'heimdall_execution_moved()',
    'heimdall_execution_kept()', 'heimdall_execution_told()'] LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', own, current_schema());
  END LOOP;
END $$;
