-- Conversations with agents, and their messages (D35; issue 15): their creators' alone.

CREATE TABLE conversation (
  id uuid PRIMARY KEY,
  agent_id uuid NOT NULL REFERENCES agent (id) ON DELETE NO ACTION ON UPDATE CASCADE,
  title text COLLATE "C",
  organization_id uuid NOT NULL REFERENCES organization (id) ON DELETE CASCADE ON UPDATE CASCADE,
  scope_id uuid NOT NULL REFERENCES scope (id) ON DELETE NO ACTION ON UPDATE CASCADE,
  governed_by uuid[] DEFAULT '{}',
  created_by_id uuid NOT NULL REFERENCES "user" (id) ON DELETE NO ACTION ON UPDATE CASCADE,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP);
CREATE INDEX conversation_created_by_id_created_at_id_idx ON conversation (created_by_id, created_at, id);
CREATE INDEX conversation_organization_id_created_at_id_idx ON conversation (organization_id, created_at, id);
CREATE INDEX conversation_agent_id_idx ON conversation (agent_id);

CREATE TABLE message (
  id uuid PRIMARY KEY,
  conversation_id uuid NOT NULL REFERENCES conversation (id) ON DELETE CASCADE ON UPDATE CASCADE,
  seq integer NOT NULL,
  role text COLLATE "C" NOT NULL,
  content text COLLATE "C" NOT NULL,
  tool_call jsonb,
  -- The run that it launched, or that wrote it: executions are kept by retention alone (D31), and messages longer.
  execution_id uuid,
  created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  content_bytes integer NOT NULL GENERATED ALWAYS AS (octet_length(content) + coalesce(octet_length(tool_call::text), 0)) STORED,
  CONSTRAINT message_role_check CHECK (role IN ('USER', 'ASSISTANT', 'TOOL')),
  CONSTRAINT message_content_check CHECK (octet_length(content) <= 65536),
  CONSTRAINT message_tool_call_check CHECK (octet_length(tool_call::text) <= 131072));
CREATE UNIQUE INDEX message_conversation_id_seq_key ON message (conversation_id, seq);
CREATE INDEX message_execution_id_idx ON message (execution_id);
CREATE TRIGGER message_0_kept BEFORE UPDATE ON message FOR EACH ROW
  EXECUTE FUNCTION heimdall_refused('D35: what was said stays as it was said');
SELECT heimdall_bound_moments('message');

-- D35: one run of a conversation at a time; what it launches besides is not the conversation's.
CREATE UNIQUE INDEX execution_conversation_live_key ON execution (conversation_id)
  WHERE parent_id IS NULL AND status IN ('QUEUED', 'RUNNING', 'CANCELLING');

SELECT heimdall_register('conversation', refers_to => '{"agent_id": "agent"}');
-- Owners alone inspect.
WITH made AS (
  INSERT INTO permission (id, scope_id, resource_type, action, resource_pattern)
  VALUES (('00000000-0000-7000-8001-' || left(md5('conversation:inspect'), 12))::uuid,
    '00000000-0000-7000-8000-000000000001', 'conversation', 'inspect', '*')
  ON CONFLICT DO NOTHING RETURNING id
)
INSERT INTO role_permission (role_id, permission_id)
SELECT '00000000-0000-7000-8000-000000000020', id FROM made;
