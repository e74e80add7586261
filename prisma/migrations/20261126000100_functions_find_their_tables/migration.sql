-- Each function of ours looks for tables and functions where it was made itself, whatever the search_path
-- of who calls it: that of a restore is empty, and a caller may set theirs to anything. Temporary
-- tables come last, where they stand in for none of ours.
--
-- It is heimdall_principal's plan that is kept, so that the path costs a few microseconds a request. Of
-- heimdall_usable_by nothing changes: it was not put inline before, and is as immutable as it was.
DO $$
DECLARE
  own regprocedure;
BEGIN
  FOR own IN
    SELECT p.oid FROM pg_proc p
    WHERE p.pronamespace = current_schema()::regnamespace AND p.proname LIKE 'heimdall\_%'
  LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', own, current_schema());
  END LOOP;
END $$;
