-- Schedules (D36; issue 15): what runs when, as its owner.

CREATE TABLE schedule (
  id uuid PRIMARY KEY,
  name text COLLATE "C" NOT NULL,
  cron text COLLATE "C" NOT NULL,
  timezone text COLLATE "C" NOT NULL,
  workflow_id uuid REFERENCES workflow (id) ON DELETE NO ACTION ON UPDATE CASCADE,
  agent_id uuid REFERENCES agent (id) ON DELETE NO ACTION ON UPDATE CASCADE,
  input jsonb NOT NULL DEFAULT '{}',
  content_bytes integer NOT NULL GENERATED ALWAYS AS (octet_length(input::text)) STORED,
  is_active boolean NOT NULL DEFAULT true,
  on_overlap text COLLATE "C" NOT NULL DEFAULT 'SKIP',
  on_missed text COLLATE "C" NOT NULL DEFAULT 'SKIP',
  next_at timestamptz(3),
  last_at timestamptz(3),
  -- How often in a row it was denied.
  denials integer NOT NULL DEFAULT 0,
  disabled_reason text COLLATE "C",
  organization_id uuid NOT NULL REFERENCES organization (id) ON DELETE CASCADE ON UPDATE CASCADE,
  scope_id uuid NOT NULL REFERENCES scope (id) ON DELETE NO ACTION ON UPDATE CASCADE,
  governed_by uuid[] DEFAULT '{}',
  created_by_id uuid REFERENCES "user" (id) ON DELETE NO ACTION ON UPDATE CASCADE,
  owner_id uuid NOT NULL REFERENCES "user" (id) ON DELETE NO ACTION ON UPDATE CASCADE,
  team_id uuid REFERENCES team (id) ON DELETE NO ACTION ON UPDATE CASCADE,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT schedule_target_check CHECK (num_nonnulls(workflow_id, agent_id) = 1),
  CONSTRAINT schedule_on_overlap_check CHECK (on_overlap IN ('SKIP', 'QUEUE', 'REPLACE')),
  CONSTRAINT schedule_on_missed_check CHECK (on_missed IN ('SKIP', 'ONCE')),
  -- What is due is active, and what is active is due some time.
  CONSTRAINT schedule_next_at_check CHECK (is_active = (next_at IS NOT NULL)));
CREATE UNIQUE INDEX schedule_scope_id_name_key ON schedule (scope_id, name);
CREATE INDEX schedule_organization_id_name_id_idx ON schedule (organization_id, name, id);
CREATE INDEX schedule_workflow_id_idx ON schedule (workflow_id);
CREATE INDEX schedule_agent_id_idx ON schedule (agent_id);
CREATE INDEX schedule_owner_id_idx ON schedule (owner_id);
-- What fires reads no others.
CREATE INDEX schedule_due_idx ON schedule (next_at, id) WHERE is_active;

-- Each due time once, whichever gateway is first (D36): what came of it.
CREATE TABLE schedule_firing (
  schedule_id uuid NOT NULL REFERENCES schedule (id) ON DELETE CASCADE ON UPDATE CASCADE,
  due_at timestamptz(3) NOT NULL,
  outcome text COLLATE "C" NOT NULL,
  PRIMARY KEY (schedule_id, due_at),
  CONSTRAINT schedule_firing_outcome_check CHECK (outcome IN ('LAUNCHED', 'OVERLAPPED', 'MISSED', 'DENIED')));

SELECT heimdall_register('schedule', owned => true, listed_by => 'name',
  refers_to => '{"workflow_id": "workflow", "agent_id": "agent"}',
  actions => ARRAY['read', 'create', 'update', 'delete', 'transfer']);
-- INVARIANT: no foreign key leads from execution.schedule_id here: executions are kept by retention alone (D31), and a schedule
-- that ever launched one could not be deleted by who may.
-- Editors read what viewers read.
INSERT INTO role_permission (role_id, permission_id)
SELECT '00000000-0000-7000-8000-000000000024', p.id FROM permission p
WHERE p.scope_id = '00000000-0000-7000-8000-000000000001' AND p.resource_type = 'schedule' AND p.action = 'read'
ON CONFLICT DO NOTHING;
SELECT heimdall_bound_moments('schedule_firing');
