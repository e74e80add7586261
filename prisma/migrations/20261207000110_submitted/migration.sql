-- D33: what was submitted with a form that fixes parameters. Its submitters see this, and not what the form fixes.
ALTER TABLE execution ADD COLUMN submitted jsonb;
CREATE TRIGGER execution_0_submitted BEFORE UPDATE OF submitted ON execution FOR EACH ROW
  WHEN (OLD.submitted IS DISTINCT FROM NEW.submitted) EXECUTE FUNCTION heimdall_refused('D31: an execution is never edited');
-- A page of executions is weighed by it too.
ALTER TABLE execution DROP COLUMN content_bytes;
ALTER TABLE execution ADD COLUMN content_bytes integer NOT NULL GENERATED ALWAYS AS (octet_length(input::text)
  + coalesce(octet_length(submitted::text), 0) + coalesce(octet_length(result::text), 0)
  + coalesce(octet_length(error_detail::text), 0) + coalesce(octet_length(progress::text), 0)) STORED;
