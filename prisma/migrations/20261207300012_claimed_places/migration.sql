-- Whoever claims walks the organizations and places that it reaches, and reads of each no more than it may take (D34): neither other
-- tenants' queues nor other queues of a place are read.
CREATE INDEX execution_claimed_at_idx ON execution (organization_id, queue, scope_id, (coalesce(not_before, created_at)), id)
  WHERE status = 'QUEUED';
DROP INDEX execution_claimed_from_idx;
