-- Who is in any of these teams, oneself included (D7); null where they are more than `p_most`. A list
-- over rows of teammates can then name them, where it would join two tables to each row.
--
-- A function for the same reason as heimdall_principal: its plan is kept.
CREATE FUNCTION heimdall_team_members(p_team_ids text[], p_most int) RETURNS text[]
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  members text[];
BEGIN
  -- One more than wanted tells that there are more, however many there are.
  SELECT array_agg(m.user_id::text ORDER BY m.user_id) INTO members FROM (
    SELECT DISTINCT user_id FROM team_member
    WHERE team_id = ANY (p_team_ids::uuid[]) LIMIT p_most + 1) m;
  IF cardinality(members) > p_most THEN RETURN NULL; END IF;
  RETURN coalesce(members, '{}');
END $$;
